//! Records of the letters sent to members, so that a message that is delivered twice, or again because the letter to
//! another member failed, sends each letter once.
//!
//! The time to live of a record is short while a letter is being sent, and long afterwards. A sender that died leaves a
//! record which the next sender replaces, and which the table deletes.

use crate::{
    Store,
    partitions::ItemKind,
    table::calls::TransactionOutcome,
    table::condition::Condition,
    table::error::Error,
    table::item::{Stored, TTL, decode, encode, number},
    table::keys,
    table::transaction::Transaction,
};
use domain::{
    ids::UserId,
    notifications::recipient::{LetterName, Recipient},
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use system_scope::SystemScope;

/// Longest time to pass a letter to SES. It is longer than the mailer runs, and shorter than a failed message is hidden
/// in its queue.
pub const SENDING: SignedDuration = SignedDuration::from_secs(60);

/// Time for which a sent letter is recorded. It is longer than a message can wait, including the dead-letter queue.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredLetter {
    sent: bool,
}

impl Stored for StoredLetter {
    const KIND: ItemKind = ItemKind::SentLetter;
}

/// A letter to one member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberLetter {
    /// Name of the letter, which all of its recipients get.
    pub name: LetterName,
    /// Member to whom the letter is sent.
    pub member: UserId,
}

/// Result of claiming a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claimed {
    /// The caller must send the letter.
    Yes,
    /// The letter was already sent.
    Sent,
    /// Another sender is sending it, or died while sending it.
    BeingSent,
    /// A letter to this mailbox came back, so nothing is sent to it.
    Returned,
}

impl Store {
    /// Claims a letter to `recipient` for the caller, unless it was sent, another sender has claimed it within [`SENDING`],
    /// or letters to the mailbox came back.
    pub async fn claim_letter(
        &self,
        scope: &SystemScope,
        about: &MemberLetter,
        recipient: &Recipient,
        now: Timestamp,
    ) -> Result<Claimed, Error> {
        let key = keys::sent_letter(scope.workspace(), &about.name, about.member);
        let mut transaction = Transaction::default();
        transaction.require(&keys::returned(recipient), Condition::absent_or_expired(now), Claimed::Returned).first(
            &key,
            item(&key, StoredLetter { sent: false }, now, SENDING)?,
            Claimed::Sent,
            now,
        );
        match self.transact(transaction).await? {
            TransactionOutcome::Done => Ok(Claimed::Yes),
            TransactionOutcome::Refused(Claimed::Returned) => Ok(Claimed::Returned),
            TransactionOutcome::Refused(Claimed::Yes | Claimed::Sent | Claimed::BeingSent) => {
                let sent = self.read_item(&key, decode::<StoredLetter>).await?.is_some_and(|letter| letter.sent);
                Ok(if sent { Claimed::Sent } else { Claimed::BeingSent })
            }
        }
    }

    /// Records that a letter was sent, or refused for good.
    ///
    /// # Errors
    /// [`Error`] if the table fails. The letter is then sent again once [`SENDING`] has passed.
    pub async fn mark_letter_sent(
        &self,
        scope: &SystemScope,
        about: &MemberLetter,
        now: Timestamp,
    ) -> Result<(), Error> {
        let key = keys::sent_letter(scope.workspace(), &about.name, about.member);
        let mut transaction: Transaction<()> = Transaction::default();
        transaction.put(&key, item(&key, StoredLetter { sent: true }, now, KEPT)?);
        self.transact(transaction).await.map(drop)
    }
}

fn item(
    key: &keys::Key,
    letter: StoredLetter,
    now: Timestamp,
    lives: SignedDuration,
) -> Result<crate::table::item::Item, Error> {
    let until = now.saturating_add(lives).unwrap_or(Timestamp::MAX);
    let mut item = encode(key, &letter)?;
    item.insert(TTL.to_owned(), number(until.as_second()));
    Ok(item)
}
