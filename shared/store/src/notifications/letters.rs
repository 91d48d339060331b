//! Letters: the e-mails of invitations. The facts read before one is sent, its delivery status, and the letters
//! deferred to the next day. These are observations of the mailer, not changes by a user, so there is no audit record.

use crate::{
    Store,
    partitions::ItemKind,
    table::calls::TransactionOutcome,
    table::condition::Condition,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, decode, encode, number, text},
    table::keys,
    table::transaction::Transaction,
    team::{members, profiles},
    workspace::workspaces,
};
use domain::{
    identity::{access::Role, profile::Profile},
    ids::{InvitationId, UserId, WorkspaceId},
    notifications::{happening::Happening, recipient::Recipient},
    outbox::MailMessage,
    team::invitation::{Invitation, LetterRefusal, LetterState, Returned},
    team::member::Member,
    text::Timezone,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use system_scope::SystemScope;

/// A letter that is sent when the next day begins. It is deleted with its workspace.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredDeferral {
    version: u64,
}

impl Stored for StoredDeferral {
    const KIND: ItemKind = ItemKind::DeferredLetter;
}

pub(crate) const TYPE: &str = StoredDeferral::TYPE;

/// A letter that was deferred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeferredLetter {
    /// Workspace of the invitation.
    pub workspace: WorkspaceId,
    /// The invitation.
    pub invitation: InvitationId,
    /// Version of the invitation that the letter is for.
    pub version: u64,
}

impl DeferredLetter {
    /// Returns the message that sends the letter, if the invitation still has this version.
    #[must_use]
    pub const fn message(self) -> MailMessage {
        let Self { workspace, invitation, version } = self;
        MailMessage::InvitationMail { workspace, invitation, version }
    }
}

pub(crate) fn parse(item: &Item) -> Result<DeferredLetter, Corrupt> {
    let StoredDeferral { version } = decode(item)?;
    let corrupt = || Corrupt { wanted: StoredDeferral::TYPE, version: StoredDeferral::VERSION };
    Ok(DeferredLetter {
        workspace: keys::workspace_of(item).ok_or_else(corrupt)?,
        invitation: keys::id_of(item, keys::DEFERRAL).ok_or_else(corrupt)?,
        version,
    })
}

/// Facts on which the sending of a letter is decided.
#[derive(Debug, Clone)]
pub struct LetterFacts {
    /// Member who made the invitation.
    pub maker: Option<Member>,
    /// Member who requested the letter.
    pub sender: Option<Member>,
    /// Profiles of the two.
    pub profiles: HashMap<UserId, Profile>,
    /// True if the recipient has unsubscribed.
    pub stopped: bool,
}

/// An owner or admin, with the facts on which the language and the times of their letters depend.
#[derive(Debug, Clone)]
pub struct AdminFacts {
    /// Their seat.
    pub member: Member,
    /// Their profile.
    pub profile: Profile,
    /// Time zone of the workspace.
    pub timezone: Timezone,
}

impl Store {
    /// Reads the workspace's active admins and owners, for a worker, in two round trips: the members, then their profiles
    /// together with the workspace.
    pub async fn admins(&self, scope: &SystemScope) -> Result<Vec<AdminFacts>, Error> {
        let members = self.active_members(scope).await?.into_iter();
        let admins: Vec<_> = members.filter(|member| member.role >= Role::Admin).collect();
        let head = keys::workspace(scope.workspace());
        let wanted = admins.iter().map(|admin| keys::profile(admin.user)).chain([head.clone()]);
        let found = self.batch_get(&wanted.collect::<Vec<_>>()).await?;
        let head = found.get(&head).map(workspaces::parse).transpose()?;
        let timezone = head.map(|head| head.timezone).unwrap_or_default();
        let facts = admins.into_iter().map(|member| {
            let profile = found.get(&keys::profile(member.user)).map(profiles::parse).transpose()?;
            Ok(AdminFacts { member, profile: profile.unwrap_or_default(), timezone: timezone.clone() })
        });
        facts.collect()
    }

    /// Reads the facts on which the sending of the letter of `invitation` to `recipient` is decided.
    pub async fn letter_facts(
        &self,
        scope: &SystemScope,
        invitation: &Invitation,
        recipient: &Recipient,
    ) -> Result<LetterFacts, Error> {
        let stop = keys::stop(recipient);
        let maker = keys::member(scope.workspace(), invitation.invited_by);
        let sender = invitation.sender.as_ref().map(|sender| keys::member(scope.workspace(), sender.user));
        let users = [invitation.invited_by].into_iter().chain(invitation.sender.as_ref().map(|sender| sender.user));
        let wanted = [stop.clone(), maker.clone()].into_iter().chain(sender.clone());
        let found = self.batch_get(&wanted.chain(users.clone().map(keys::profile)).collect::<Vec<_>>()).await?;
        let member = |key: &keys::Key| found.get(key).map(members::parse).transpose();
        let profile = |user| Some((user, found.get(&keys::profile(user))?));
        let profiles = users.filter_map(profile).map(|(user, item)| Ok((user, profiles::parse(item)?)));
        Ok(LetterFacts {
            profiles: profiles.collect::<Result<_, Error>>()?,
            maker: member(&maker)?,
            sender: sender.as_ref().map(member).transpose()?.flatten(),
            stopped: found.contains_key(&stop),
        })
    }

    /// Records the delivery status of the letter of this version. Returns false if the invitation no longer has this
    /// version.
    pub async fn mark_letter_state(
        &self,
        scope: &SystemScope,
        invitation: InvitationId,
        version: u64,
        delivery: LetterState,
    ) -> Result<bool, Error> {
        let key = keys::invitation(scope.workspace(), invitation);
        self.mark(&key, version, [("delivery", delivery.name())], None).await
    }

    /// Records that the mail service refuses the letter of this version. Returns false if the invitation no longer has
    /// this version.
    pub async fn mark_letter_refused(
        &self,
        scope: &SystemScope,
        invitation: InvitationId,
        version: u64,
        refusal: LetterRefusal,
    ) -> Result<bool, Error> {
        let key = keys::invitation(scope.workspace(), invitation);
        let failed = [("delivery", LetterState::Failed.name()), ("refusal", refusal.name())];
        self.mark(&key, version, failed, None).await
    }

    /// Records that the letter of this version waits until `until`, when it is due. Returns false if the invitation no
    /// longer has this version.
    pub async fn defer_letter(
        &self,
        scope: &SystemScope,
        invitation: InvitationId,
        version: u64,
        until: Timestamp,
    ) -> Result<bool, Error> {
        let key = keys::deferral(scope.workspace(), invitation);
        let mut item = encode(&key, &StoredDeferral { version })?;
        item.extend(keys::due(invitation.ulid(), until));
        let letter = keys::invitation(scope.workspace(), invitation);
        self.mark(&letter, version, [("delivery", LetterState::Deferred.name())], Some((key, item))).await
    }

    /// Deletes a deferral whose message was enqueued. A deferral that has replaced it stays.
    pub async fn delete_deferral(&self, deferral: DeferredLetter) -> Result<(), Error> {
        let key = keys::deferral(deferral.workspace, deferral.invitation);
        let mut transaction = Transaction::default();
        transaction.require(&key, Condition::Equals("version", number(deferral.version)), ()).delete(&key);
        match self.transact(transaction).await? {
            TransactionOutcome::Done | TransactionOutcome::Refused(()) => Ok(()),
        }
    }

    /// Records that SES reported the letter of this version as returned, and notifies members the first time. Returns
    /// false if the invitation no longer has this version.
    pub async fn mark_letter_returned(
        &self,
        scope: &SystemScope,
        invitation: InvitationId,
        version: u64,
        returned: Returned,
    ) -> Result<bool, Error> {
        let key = keys::invitation(scope.workspace(), invitation);
        let mut transaction = Transaction::default();
        transaction
            .require(&key, Condition::Equals("version", number(version)), ())
            .require(&key, Condition::Unset("returned"), ())
            .set(&key, [("returned".to_owned(), text(returned.name()))])
            .notify_members(
                self,
                scope,
                Happening::InvitationReturned { invitation_id: invitation },
                self.ambient().now(),
            )?;
        match self.transact(transaction).await? {
            TransactionOutcome::Done => Ok(true),
            // A report that is delivered again, or a further one, notifies nobody.
            TransactionOutcome::Refused(()) => self.mark(&key, version, [("returned", returned.name())], None).await,
        }
    }

    /// Sets attributes of the invitation at `key`, if it still has `version`, and writes `also` in the same
    /// transaction.
    async fn mark<const N: usize>(
        &self,
        key: &keys::Key,
        version: u64,
        attributes: [(&str, &str); N],
        also: Option<(keys::Key, Item)>,
    ) -> Result<bool, Error> {
        let mut transaction = Transaction::default();
        transaction
            .require(key, Condition::Equals("version", number(version)), ())
            .set(key, attributes.map(|(name, value)| (name.to_owned(), text(value))));
        if let Some((key, item)) = also {
            transaction.put(&key, item);
        }
        match self.transact(transaction).await? {
            TransactionOutcome::Done => Ok(true),
            TransactionOutcome::Refused(()) => Ok(false),
        }
    }
}
