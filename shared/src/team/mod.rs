//! Members, invitations and activity: what the function `team` does, and the mail that it sets off.

mod accept;
mod error;
mod invitations;
mod invite;
mod letters;
mod mail;
mod release;
mod removal;
mod revoke;
mod roles;
mod room;
mod view;

pub use accept::{Shown, accept, decline, shown};
pub use error::Error;
pub use invitations::{cancel, invitations, own_invitations, resend};
pub use invite::invite;
pub use letters::{letter_holder, resume_letters, stop_letters};
pub use mail::{MailError, Mailing, Outcome, mail_invitation, mark_returned};
pub use release::release;
pub use removal::{leave, reactivate, remove};
pub use revoke::revoke_rest;
pub use roles::{give_role, transfer_ownership};
pub use view::{ActivityView, InvitationDelivery, InvitationView, MemberView, OwnInvitationView};

use domain::{
    audit::record::{Filter, shown_since},
    bounds::budget::Budget,
    identity::access::Action,
    identity::scope::Caller,
    ids::{AuditId, UserId, WorkspaceId},
    page::{Page, PageRequest},
};
use store::{Store, audit, team::members};

/// How often a change of a member is decided anew when another one came first.
const DECISIONS: usize = 5;

/// A page of the workspace's members, by id.
///
/// # Errors
/// [`Error`].
pub async fn members(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    filter: members::MemberFilter,
    page: PageRequest<UserId>,
) -> Result<Page<MemberView, UserId>, Error> {
    let entry = store.enter(caller, workspace, None);
    let (_, page) = entry.page::<_, _, Error>(Action::ListMembers, members::list(filter, page)).await?;
    Ok(page.map(MemberView::from))
}

/// A page of what was changed in the workspace, newest first, as far back as its plan shows.
///
/// # Errors
/// [`Error`].
pub async fn activity(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    filter: Filter,
    page: PageRequest<AuditId>,
) -> Result<Page<ActivityView, AuditId>, Error> {
    let entry = store.enter(caller, workspace, None);
    let (inside, page) = entry.page::<_, _, Error>(Action::ReadActivity, audit::list(filter, page)).await?;
    let now = store.ambient().now();
    let since = shown_since(&inside.billing.standing(now).limits(), now);
    let page = page.until(|record| record.at < since, |next| next.made_at() < since);
    Ok(page.map(ActivityView::from))
}

/// The same as a table, which takes of the workspace's budget for exports.
///
/// # Errors
/// [`Error`].
pub async fn export_activity(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    filter: Filter,
    page: PageRequest<AuditId>,
) -> Result<Page<ActivityView, AuditId>, Error> {
    let (page, taken) = tokio::join!(
        activity(store, caller, workspace, filter, page),
        store.take::<Error>(caller, workspace, Action::ReadActivity, Budget::Exports)
    );
    let page = page?;
    taken.map(|()| page)
}
