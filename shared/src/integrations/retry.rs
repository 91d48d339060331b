//! Lists and retries the deliveries to an integration.

use super::{error::Error, view::DeliveryView};
use domain::{
    audit::record::Entry,
    bounds::budget::Budget,
    command::{Fingerprint, Reply},
    identity::access::Action,
    ids::{DeliveryId, WorkspaceId},
    integrations::IntegrationType,
    integrations::delivery::RetryError,
    page::{Page, PageRequest},
};
use identity::Caller;
use store::{Change, Store, integrations::deliveries as stored};
use workers::decisions::{MAX_INTEGRATION_DECISIONS, decide_again};

/// Returns a page of the deliveries to an integration, newest first.
///
/// # Errors
/// [`Error`] if the caller may not read deliveries or the table fails.
pub async fn list_deliveries(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    kind: IntegrationType,
    page: PageRequest<DeliveryId>,
) -> Result<Page<DeliveryView, DeliveryId>, Error> {
    let entry = store.enter(caller, workspace, None);
    let (_, page) = entry.page::<_, _, Error>(Action::ReadDeliveries, stored::list(kind, page)).await?;
    Ok(page.map(DeliveryView::from))
}

/// Schedules a new attempt of a delivery, whether or not it arrived, if its integration is enabled and receives its event.
/// The receiver that the integration has now gets it.
///
/// # Errors
/// [`RetryError`] if there is no such delivery, or the integration is disabled or does not receive the event. Any other [`Error`] if the caller may
/// not manage integrations, the budget is used up, the table fails, or concurrent changes exhaust the attempts.
pub async fn request_redelivery(
    store: &Store,
    caller: &Caller,
    (workspace, kind, id): (WorkspaceId, IntegrationType, DeliveryId),
    command: Option<&Fingerprint>,
) -> Result<Reply<DeliveryView>, Error> {
    decide_again(MAX_INTEGRATION_DECISIONS, Error::is_lost, Error::ChangedMeanwhile, || async {
        let mut entry = store.enter(caller, workspace, command);
        let (integration, delivery) = (entry.integration(kind), entry.delivery(id));
        let inside = entry.load().await?.authorize(Action::ManageIntegrations)?;
        if let Some(answer) = inside.earlier_answer()? {
            return Ok(answer);
        }
        let found = inside.take(&delivery)?.filter(|delivery| delivery.integration == kind);
        let before = found.ok_or(RetryError::Absent)?;
        let (integration, now) = (inside.take(&integration)?, store.ambient().now());
        let next = integration.ok_or(RetryError::Disabled)?.retry(&before, now)?;
        let mut change = Change::<Error>::begin(store, &inside.scope, Entry::retried(&before), now)?;
        change.retry(&before, &next, || Error::ChangedMeanwhile, now)?.take(Budget::Retries, now);
        change.commit(command, DeliveryView::from(next), now).await
    })
    .await
}
