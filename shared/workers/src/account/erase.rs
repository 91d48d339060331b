//! Erases a person whose memberships have ended: their inbox, and the audit records and the commands to Stripe of every
//! workspace in which they have a record as a member, then that record. The person's own items are deleted last.

use super::DeleteAccountError as Error;
use domain::{
    audit::seal::ErasedPerson,
    identity::account::{AccountDeletion, Progress, Search},
    ids::WorkspaceId,
};
use store::{Store, runtime::runtimes::Recorded};
use system_scope::SystemScope;

/// Number of steps in one minute. A step reads a part of the table, or a page of audit records.
const STEPS: usize = 40;

/// What follows a step.
enum Step {
    More,
    /// Another worker was faster; the next minute continues.
    Pause,
    Finished,
}

pub(super) async fn erase_person(store: &Store, before: &AccountDeletion, search: Search) -> Result<(), Error> {
    let (mut deletion, mut search) = (before.clone(), search);
    for _ in 0..STEPS {
        match step(store, &mut deletion, &mut search).await? {
            Step::More => {}
            Step::Pause => break,
            Step::Finished => {
                let (Recorded::Yes | Recorded::ChangedMeanwhile) = store.finish_account_deletion(before).await?;
                return Ok(());
            }
        }
    }
    let next = AccountDeletion { progress: Progress::Erasing(search), ..deletion };
    let now = store.ambient().now();
    let (Recorded::Yes | Recorded::ChangedMeanwhile) = store.advance_account_deletion(before, &next, now).await?;
    Ok(())
}

async fn step(store: &Store, deletion: &mut AccountDeletion, search: &mut Search) -> Result<Step, Error> {
    if let Some(workspace) = search.found.first().copied() {
        return erase_in(store, deletion, search, workspace).await;
    }
    if search.is_over {
        let is_clean = store.delete_own_records(deletion.user).await?;
        return Ok(if is_clean { Step::Finished } else { Step::More });
    }
    let (found, next) = store.search_seats(deletion.user, search.position.take()).await?;
    search.found = found;
    search.is_over = next.is_none();
    search.position = next;
    Ok(Step::More)
}

/// Deletes a part of the person's inbox in `workspace`, or erases them from a page of its audit records; after the last page, deletes their record as a
/// former member.
async fn erase_in(
    store: &Store,
    deletion: &mut AccountDeletion,
    search: &mut Search,
    workspace: WorkspaceId,
) -> Result<Step, Error> {
    let scope = SystemScope::of(workspace);
    if search.erased_until.is_none() {
        let seat = store.member(&scope, deletion.user).await?;
        deletion.learn(seat.as_ref().and_then(|seat| seat.email.as_ref()));
        store.erase_from_intents(&scope, deletion.user).await?;
    }
    if !store.erase_inbox(&scope, deletion.user).await? {
        return Ok(Step::More);
    }
    let page = store.sealed_records(&scope, search.erased_until).await?;
    let Some(last) = page.last().map(|stored| stored.sealed.record.id) else {
        // A record that does not exist, or has a seat again, is no reason to wait.
        let (Recorded::Yes | Recorded::ChangedMeanwhile) = store.forget_former_member(&scope, deletion.user).await?;
        search.found.remove(0);
        search.erased_until = None;
        return Ok(Step::More);
    };
    let person = ErasedPerson { user: deletion.user, addresses: &deletion.addresses };
    for stored in &page {
        let erased = stored.sealed.without_person(person, || store.ambient().salt());
        if let Some(erased) = erased
            && !store.erase_from_record(&scope, stored, erased).await?
        {
            return Ok(Step::Pause);
        }
    }
    search.erased_until = Some(last);
    Ok(Step::More)
}
