//! Disables an integration whose receiver is gone or keeps failing.

use super::error::Error;
use crate::decisions::{MAX_INTEGRATION_DECISIONS, decide_again};
use domain::{
    audit::record::Entry,
    identity::origin::Origin,
    integrations::{Cause, Failing, Integration},
    notifications::happening::Happening,
    outbox::MailMessage,
};
use store::Scope;
use store::{Change, Store};
use system_scope::SystemScope;

/// The end of an integration's deliveries.
#[derive(Debug, Clone, Copy)]
pub(super) enum End {
    /// The receiver reported that it is permanently gone.
    Gone,
    /// Deliveries have failed for so long.
    Failing(Failing),
}

impl End {
    const fn cause(self) -> Cause {
        match self {
            Self::Gone => Cause::Gone,
            Self::Failing(_) => Cause::Failing,
        }
    }

    /// True if nothing has arrived since, where `failing` are the failures of now.
    fn is_still(self, failing: Option<Failing>) -> bool {
        match self {
            Self::Gone => true,
            Self::Failing(Failing { since, .. }) => failing.is_some_and(|failing| failing.since == since),
        }
    }
}

/// Disables `seen` and mails the admins, unless the integration has changed since or, if it was failing, something has
/// arrived since. The change is recorded on behalf of the user who changed the integration last.
///
/// # Errors
/// [`Error`] if the table fails, or if concurrent changes exhaust the attempts.
pub(super) async fn disable(
    store: &Store,
    scope: &SystemScope,
    seen: &Integration,
    end: End,
    request_id: &str,
) -> Result<(), Error> {
    let kind = seen.config.kind();
    decide_again(MAX_INTEGRATION_DECISIONS, Error::is_lost, Error::ChangedMeanwhile, || async {
        let facts = store.delivery_facts(scope, &[kind]).await?;
        let same = facts
            .integrations
            .into_iter()
            .find(|(integration, failing)| integration.version == seen.version && end.is_still(*failing));
        let now = store.ambient().now();
        let next = same.and_then(|(before, _)| before.disabled(end.cause(), now));
        let (Some(_), Some(next)) = (facts.workspace, next) else { return Ok(()) };
        let origin = Origin { request_id: request_id.to_owned(), ip_address: None };
        let scope = Scope::on_behalf_of(scope, seen.changed_by, origin);
        let mut change = Change::<Error>::begin(store, &scope, Entry::disabled(seen, end.cause()), now)?;
        change.write_integration(Some(seen), &next, now, || Error::ChangedMeanwhile)?;
        if let End::Failing(failing) = end {
            change.require_failing(kind, &failing, Error::ChangedMeanwhile)?;
        }
        let (workspace, version) = (seen.workspace, next.version);
        change.enqueue(MailMessage::IntegrationMail { workspace, integration: kind, version }, now)?;
        change.notify_members(Happening::IntegrationDisabled { integration: kind }, now)?;
        change.commit(None, (), now).await.map(drop)
    })
    .await
}
