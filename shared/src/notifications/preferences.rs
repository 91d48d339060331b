//! Reads and changes the caller's preferences for notifications.

use super::{error::Error, view::PreferencesView};
use domain::{
    command::{Fingerprint, Reply},
    identity::access::Action,
    identity::denied::Denied,
    ids::WorkspaceId,
    notifications::{preferences::PreferenceError, shelf::NotificationType},
};
use identity::Caller;
use std::collections::BTreeMap;
use store::Store;
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
    Ok(PreferencesView::new(&inside.take(&slot)?.unwrap_or_default(), role))
}

/// Turns types of notifications on (true) or off in the inbox of the caller. Others stay as they are.
///
/// # Errors
/// [`PreferenceError`] if the caller's role cannot turn one of them off, or concurrent changes exhaust the attempts. Any
/// other [`Error`] if the caller is not a member or the table fails.
pub async fn set_preferences(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    changes: &BTreeMap<NotificationType, bool>,
    command: Option<&Fingerprint>,
) -> Result<Reply<PreferencesView>, Error> {
    decide_again(MAX_DECISIONS, Error::is_lost, PreferenceError::ChangedMeanwhile, || async {
        let mut entry = store.enter(caller, workspace, command);
        let slot = entry.preferences();
        let inside = entry.load().await?.authorize(Action::UpdateNotifications)?;
        if let Some(answer) = inside.earlier_answer()? {
            return Ok(answer);
        }
        let role = inside.scope.role().ok_or(Denied::Stranger)?;
        let before = inside.take(&slot)?.unwrap_or_default();
        let Some(next) = before.changed(changes, role)? else {
            let view = PreferencesView::new(&before, role);
            return Ok(store.record_answer(inside.scope.actor(), command, view).await?);
        };
        let view = PreferencesView::new(&next, role);
        let done = store.write_preferences(&inside.scope, &before, &next, command, view).await?;
        Ok(done.ok_or(PreferenceError::ChangedMeanwhile)?)
    })
    .await
}
