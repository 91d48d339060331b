//! Ends the memberships of a person whose account is being deleted, by the rules of leaving.

use super::DeleteAccountError as Error;
use domain::{
    audit::record::Entry,
    identity::{
        access::Role,
        account::{AccountDeletion, Departure, Progress, Search},
        origin::Origin,
        profile::ChosenName,
    },
    ids::{UserId, WorkspaceId},
    integrations::Occurrence,
    outbox::RuntimeMessage,
    team::{invitation::InviteError, member::Member, revocation::AT_ONCE, roster::RosterError},
    workspace::{deletion::Deletion, head::Workspace},
};
use jiff::{SignedDuration, Timestamp};
use store::{
    Change, Scope, Store,
    runtime::runtimes::{Recorded, RuntimeFacts},
};
use system_scope::SystemScope;

/// Number of memberships that end in one minute.
const AT_ONCE_ENDED: usize = 25;

/// Time after which memberships are tried again.
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// Time after which workspaces are tried again that have no other owner.
const LATER: SignedDuration = SignedDuration::from_mins(10);

/// Result for one membership.
enum Ended {
    Yes,
    /// Its workspace is being deleted, or has changed meanwhile.
    NotYet,
    /// The workspace needs the person as its owner.
    Blocked,
}

pub(super) async fn end_memberships(store: &Store, deletion: &AccountDeletion, origin: &Origin) -> Result<(), Error> {
    let (mut ended, mut waiting, mut blocked_by, mut failed) = (0, false, Vec::new(), None);
    let workspaces = store.workspaces_of_person(deletion.user).await?;
    let is_last = workspaces.is_empty();
    for workspace in workspaces {
        if ended == AT_ONCE_ENDED {
            waiting = true;
            break;
        }
        match end_membership(store, deletion.user, workspace, origin).await {
            Ok(Ended::Yes) => ended += 1,
            Ok(Ended::NotYet) => waiting = true,
            Ok(Ended::Blocked) => blocked_by.push(workspace),
            // The others end nevertheless.
            Err(error) => failed = Some(error),
        }
    }
    let now = store.ambient().now();
    let wait = if waiting || failed.is_some() || blocked_by.is_empty() { MINUTE } else { LATER };
    let progress = if is_last { Progress::Erasing(Search::default()) } else { Progress::Leaving { blocked_by } };
    let next = AccountDeletion { progress, ..deletion.clone() };
    let due = if is_last { now } else { now.saturating_add(wait).unwrap_or(Timestamp::MAX) };
    // If another worker was faster, its progress counts.
    let (Recorded::Yes | Recorded::ChangedMeanwhile) = store.advance_account_deletion(deletion, &next, due).await?;
    failed.map_or(Ok(()), Err)
}

async fn end_membership(store: &Store, user: UserId, workspace: WorkspaceId, origin: &Origin) -> Result<Ended, Error> {
    let system = SystemScope::of(workspace);
    let (head, member, facts) =
        tokio::try_join!(store.head(&system), store.member(&system, user), store.runtime_facts(&system))?;
    let Some(head) = head else {
        // The deletion of the workspace ends the membership.
        if store.deletion(&system).await?.is_none() {
            store.delete_stray_membership(user, workspace).await?;
            return Ok(Ended::Yes);
        }
        return Ok(Ended::NotYet);
    };
    let Some(member) = member.filter(Member::is_active) else {
        store.delete_stray_membership(user, workspace).await?;
        return Ok(Ended::Yes);
    };
    let scope = Scope::on_behalf_of(&system, user, origin.clone());
    let departure =
        Departure::of(member.role == Role::Owner, &head, &facts.billing, store.plans(), store.ambient().now());
    let ended = match departure {
        Departure::Blocked(_) => return Ok(Ended::Blocked),
        Departure::Leave => leave(store, &scope, &member).await,
        Departure::Delete => delete(store, &scope, &head, &member, &facts).await,
    };
    match ended {
        Ok(ended) => Ok(ended),
        Err(Error::Roster(RosterError::ChangedMeanwhile | RosterError::LastOwner))
        | Err(Error::Invite(InviteError::ChangedMeanwhile))
        | Err(Error::Store(store::Error::BillingChanged)) => Ok(Ended::NotYet),
        Err(error) => Err(error),
    }
}

/// Lets the member leave. The record of it has neither their name nor their address.
async fn leave(store: &Store, scope: &Scope, member: &Member) -> Result<Ended, Error> {
    let now = store.ambient().now();
    let (offers, _) = store.invitations_by_page(&scope.system(), member.user, None).await?;
    let revoked: Vec<_> = offers.into_iter().take(AT_ONCE).collect();
    let nameless = Member { email: None, name: None, chosen: ChosenName::default(), ..member.clone() };
    let mut change = Change::<Error>::begin(store, scope, Entry::left(&nameless).revoking(&revoked), now)?;
    change.require_live(RosterError::ChangedMeanwhile).remove_member(member)?;
    change.discount_workspace(member.user, RosterError::ChangedMeanwhile);
    change.report(Occurrence::MemberRemoved { user_id: member.user }, now)?;
    for invitation in &revoked {
        change.revoke(invitation);
    }
    change.request_revocation_check(member.user, now)?;
    change.commit(None, (), now).await?;
    Ok(Ended::Yes)
}

/// Deletes the workspace, in which the member is alone. Its deletion ends the membership.
async fn delete(
    store: &Store,
    scope: &Scope,
    workspace: &Workspace,
    member: &Member,
    RuntimeFacts { runtime, billing, .. }: &RuntimeFacts,
) -> Result<Ended, Error> {
    let now = store.ambient().now();
    let deletion = Deletion::requested(store.ambient().fresh(), workspace.id, member.user, now);
    let mut change = Change::<Error>::begin(store, scope, Entry::deleted(workspace), now)?;
    change
        .require_live(RosterError::ChangedMeanwhile)
        .require_alone(RosterError::ChangedMeanwhile)
        .require_as_read(member, RosterError::ChangedMeanwhile)
        .require_billing(billing)
        .delete_workspace(&deletion)?;
    change.enqueue(RuntimeMessage::Reconcile { workspace: workspace.id, generation: runtime.generation }, now)?;
    change.commit(None, (), now).await?;
    Ok(Ended::NotYet)
}
