//! Pending invitations. Members list, resend and revoke them; recipients list their own.

use super::{
    error::Error,
    view::{InvitationView, OwnInvitationView},
};
use domain::{
    audit::record::Entry,
    bounds::budget::Budget,
    command::{Fingerprint, Reply},
    identity::access::Action,
    identity::denied::Denied,
    ids::{InvitationId, WorkspaceId},
    outbox::MailMessage,
    page::{Page, PageRequest},
    team::invitation::{AcceptError, InviteError, Sender},
    team::roster::require_role_for,
};
use identity::Caller;
use store::{Change, Store, team::invitations as stored};
use workers::decisions::{MAX_DECISIONS, decide_again};

/// Returns a page of the workspace's invitations that can be accepted, newest first.
///
/// # Errors
/// [`Error`] if the caller may not list invitations or the table fails.
pub async fn list_invitations(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    page: PageRequest<InvitationId>,
) -> Result<Page<InvitationView, InvitationId>, Error> {
    let entry = store.enter(caller, workspace, None);
    let (_, mut page) = entry.page::<_, _, Error>(Action::ListInvitations, stored::list(page)).await?;
    let now = store.ambient().now();
    page.items.retain(|invitation| !invitation.has_expired(now));
    Ok(page.map(InvitationView::from))
}

/// Returns a page of the invitations to the caller's verified e-mail address in all workspaces, newest first. Each
/// invitation found by the index is checked for this address.
///
/// # Errors
/// [`Error`] if the table fails.
pub async fn list_own_invitations(
    store: &Store,
    caller: &Caller,
    page: PageRequest<InvitationId>,
) -> Result<Page<OwnInvitationView, InvitationId>, Error> {
    let Some(email) = caller.verified_email() else {
        return Ok(Page { items: Vec::new(), next: None });
    };
    let mut found = store.invitations_for(email, page).await?;
    let now = store.ambient().now();
    found.items.retain(|(workspace, invitation)| {
        // Invitations to suspended workspaces are hidden until the suspension ends.
        let open = workspace.live && workspace.suspended.is_none();
        open && invitation.email == *email && !invitation.has_expired(now)
    });
    Ok(found.map(OwnInvitationView::from))
}

/// Sends an invitation again. Its lifetime starts again, and earlier links become invalid. The letter names the caller
/// and counts against the recipient's daily budget.
///
/// # Errors
/// [`Error`] if the caller may not resend the invitation or has no verified e-mail address, the invitation is gone, the
/// budget is used up, the table fails, or concurrent changes exhaust the attempts.
pub async fn resend_invitation(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    id: InvitationId,
    command: Option<&Fingerprint>,
) -> Result<Reply<InvitationView>, Error> {
    decide_again(MAX_DECISIONS, Error::is_invitation_changed, InviteError::ChangedMeanwhile, || async {
        let mut entry = store.enter(caller, workspace, command);
        let slot = entry.invitation(id);
        let inside = entry.load().await?.authorize(Action::ResendInvitation)?;
        if let Some(answer) = inside.earlier_answer()? {
            return Ok(answer);
        }
        let before = inside.take(&slot)?.ok_or(AcceptError::Gone)?;
        require_role_for(inside.scope.role().ok_or(Denied::Stranger)?, before.role)?;
        let email = caller.verified_email().cloned().ok_or(InviteError::SenderUnverified)?;
        let now = store.ambient().now();
        let next = before.resent(Sender { user: caller.user(), email }, now);
        let mut change = Change::<Error>::begin(store, &inside.scope, Entry::resent(&before, &next), now)?;
        change.resend(&before, &next)?.require_inviter_may_grant(&before);
        change.take(Budget::Resends, now).take(Budget::Mails, now);
        change.enqueue(MailMessage::InvitationMail { workspace, invitation: id, version: next.version }, now)?;
        change.commit(command, InvitationView::from(next), now).await
    })
    .await
}

/// Revokes an invitation. This frees its seat and its e-mail address.
///
/// # Errors
/// [`Error`] if the caller may not revoke the invitation, it is gone, the table fails, or concurrent changes exhaust
/// the attempts.
pub async fn revoke_invitation(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    id: InvitationId,
) -> Result<(), Error> {
    decide_again(MAX_DECISIONS, Error::is_invitation_changed, InviteError::ChangedMeanwhile, || async {
        let mut entry = store.enter(caller, workspace, None);
        let slot = entry.invitation(id);
        let inside = entry.load().await?.authorize(Action::RevokeInvitation)?;
        let invitation = inside.take(&slot)?.ok_or(AcceptError::Gone)?;
        require_role_for(inside.scope.role().ok_or(Denied::Stranger)?, invitation.role)?;
        let now = store.ambient().now();
        let mut change = Change::<Error>::begin(store, &inside.scope, Entry::revoked(&invitation), now)?;
        change.revoke(&invitation);
        change.commit(None, (), now).await.map(drop)
    })
    .await
}
