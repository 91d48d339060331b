//! Reads and changes the caller's preferences for notifications.

use super::{error::Error, view::PreferencesView};
use domain::{
    command::{Fingerprint, Reply},
    identity::access::Action,
    identity::denied::Denied,
    ids::WorkspaceId,
    notifications::preferences::{PreferenceChanges, PreferenceError},
    text::Timezone,
};
use identity::Caller;
use store::{Authorized, Store};
use workers::decisions::{MAX_DECISIONS, decide_again};

/// Returns the caller's preferences in `workspace`.
///
/// # Errors
/// [`Error`] if the caller is not a member or the table fails.
pub async fn read_preferences(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
) -> Result<PreferencesView, Error> {
    let mut entry = store.enter(caller, workspace, None);
    let slot = entry.preferences();
    let inside = entry.authorize_read::<Error>(Action::ReadNotifications).await?;
    let role = inside.scope.role().ok_or(Denied::Stranger)?;
    Ok(PreferencesView::new(&inside.take(&slot)?.unwrap_or_default(), role, zone(&inside)))
}

/// Changes the caller's preferences in `workspace`. What `changes` does not name stays as it is.
///
/// # Errors
/// [`PreferenceError`] if the caller's role cannot turn one of the types off, or concurrent changes exhaust the attempts. Any
/// other [`Error`] if the caller is not a member or the table fails.
pub async fn set_preferences(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    changes: &PreferenceChanges,
    command: Option<&Fingerprint>,
) -> Result<Reply<PreferencesView>, Error> {
    decide_again(MAX_DECISIONS, Error::is_lost, PreferenceError::ChangedMeanwhile, || async {
        let mut entry = store.enter(caller, workspace, command);
        let slot = entry.preferences();
        let inside = entry.unaudited().load().await?.authorize(Action::UpdateNotifications)?;
        if let Some(answer) = inside.earlier_answer()? {
            return Ok(answer);
        }
        let role = inside.scope.role().ok_or(Denied::Stranger)?;
        let before = inside.take(&slot)?.unwrap_or_default();
        let Some(next) = before.changed(changes, role)? else {
            let view = PreferencesView::new(&before, role, zone(&inside));
            return Ok(store.record_answer(inside.scope.actor(), command, view).await?);
        };
        let view = PreferencesView::new(&next, role, zone(&inside));
        let done = store.write_preferences(&inside.scope, &before, &next, command, view).await?;
        Ok(done.ok_or(PreferenceError::ChangedMeanwhile)?)
    })
    .await
}

/// The zone of letters to the caller: that of their profile, or the workspace's.
fn zone<'a>(inside: &'a Authorized<'_>) -> &'a Timezone {
    inside.profile().timezone.as_ref().unwrap_or(&inside.workspace.timezone)
}
