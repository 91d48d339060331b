//! Letters of invitations: what is read before one is sent, how far it got, and those that wait for the next day. The mailer
//! observes this; no person changes anything, so there is no audit record.

use crate::{
    Store,
    table::calls::Outcome,
    table::condition::Condition,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, decode, encode, number, text},
    table::keys,
    table::transaction::Transaction,
    team::members,
};
use domain::{
    ids::{InvitationId, WorkspaceId},
    notifications::recipient::Recipient,
    outbox::Message,
    team::invitation::{Delivery, Invitation, Returned},
    team::member::Member,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use system_scope::SystemScope;

/// A letter that is sent when the next day begins. It goes with its workspace.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredDeferral {
    version: u64,
}

impl Stored for StoredDeferral {
    const TYPE: &'static str = "deferred_letter";
}

pub(crate) const TYPE: &str = StoredDeferral::TYPE;

/// A letter that was deferred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deferral {
    /// Where its invitation is.
    pub workspace: WorkspaceId,
    /// The invitation.
    pub invitation: InvitationId,
    /// The version that the letter is for.
    pub version: u64,
}

impl Deferral {
    /// The message that has the letter sent, if it still is for this version.
    #[must_use]
    pub const fn message(self) -> Message {
        let Self { workspace, invitation, version } = self;
        Message::InvitationMail { workspace, invitation, version }
    }
}

pub(crate) fn parse(item: &Item) -> Result<Deferral, Corrupt> {
    let StoredDeferral { version } = decode(item)?;
    let corrupt = || Corrupt { wanted: StoredDeferral::TYPE, version: StoredDeferral::VERSION };
    Ok(Deferral {
        workspace: keys::workspace_of(item).ok_or_else(corrupt)?,
        invitation: keys::id_of(item, keys::DEFERRAL).ok_or_else(corrupt)?,
        version,
    })
}

/// What decides on a letter.
#[derive(Debug, Clone)]
pub struct BeforeLetter {
    /// The member who made the invitation.
    pub maker: Option<Member>,
    /// The member who asked for the letter.
    pub sender: Option<Member>,
    /// Whether its recipient wants no letters.
    pub stopped: bool,
}

impl Store {
    /// What decides on the letter of `invitation`, whose recipient is `recipient`.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn before_letter(
        &self,
        scope: &SystemScope,
        invitation: &Invitation,
        recipient: &Recipient,
    ) -> Result<BeforeLetter, Error> {
        let stop = keys::stop(recipient);
        let maker = keys::member(scope.workspace(), invitation.invited_by);
        let sender = invitation.sender.as_ref().map(|sender| keys::member(scope.workspace(), sender.user));
        let wanted: Vec<_> = [stop.clone(), maker.clone()].into_iter().chain(sender.clone()).collect();
        let found = self.batch_get(&wanted).await?;
        let member = |key: &keys::Key| found.get(key).map(members::parse).transpose();
        Ok(BeforeLetter {
            maker: member(&maker)?,
            sender: sender.as_ref().map(member).transpose()?.flatten(),
            stopped: found.contains_key(&stop),
        })
    }

    /// Records how far the letter of this version got. False if there is no such version any more.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn mark_delivery(
        &self,
        scope: &SystemScope,
        (id, version): (InvitationId, u64),
        delivery: Delivery,
    ) -> Result<bool, Error> {
        let key = keys::invitation(scope.workspace(), id);
        self.mark(&key, version, ("delivery", delivery.name()), None).await
    }

    /// Records that the letter of this version waits until `until`, when it is due. False if there is no such version any more.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn defer_letter(
        &self,
        scope: &SystemScope,
        (id, version): (InvitationId, u64),
        until: Timestamp,
    ) -> Result<bool, Error> {
        let key = keys::deferral(scope.workspace(), id);
        let mut item = encode(&key, &StoredDeferral { version })?;
        item.extend(keys::due(id.ulid(), until));
        let invitation = keys::invitation(scope.workspace(), id);
        self.mark(&invitation, version, ("delivery", Delivery::Deferred.name()), Some((key, item))).await
    }

    /// Forgets a deferral whose message is in its queue. One that has come in its place stays.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn forget_deferral(&self, deferral: Deferral) -> Result<(), Error> {
        let key = keys::deferral(deferral.workspace, deferral.invitation);
        let mut transaction = Transaction::default();
        transaction.require(&key, Condition::Equals("version", number(deferral.version)), ()).delete(&key);
        match self.transact(transaction).await? {
            Outcome::Done | Outcome::Refused(()) => Ok(()),
        }
    }

    /// Records that the letter of this version came back, as SES observed. False if there is no such version any more.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn mark_returned(
        &self,
        scope: &SystemScope,
        (id, version): (InvitationId, u64),
        returned: Returned,
    ) -> Result<bool, Error> {
        let key = keys::invitation(scope.workspace(), id);
        self.mark(&key, version, ("returned", returned.name()), None).await
    }

    /// Sets an attribute of the invitation at `key`, if it still is of `version`, and puts `also` in the same transaction.
    async fn mark(
        &self,
        key: &keys::Key,
        version: u64,
        (attribute, value): (&str, &str),
        also: Option<(keys::Key, Item)>,
    ) -> Result<bool, Error> {
        let mut transaction = Transaction::default();
        transaction
            .require(key, Condition::Equals("version", number(version)), ())
            .set(key, [(attribute.to_owned(), text(value))]);
        if let Some((key, item)) = also {
            transaction.put(&key, item);
        }
        match self.transact(transaction).await? {
            Outcome::Done => Ok(true),
            Outcome::Refused(()) => Ok(false),
        }
    }
}
