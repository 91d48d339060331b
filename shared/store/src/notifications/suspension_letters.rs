//! Notes of the letters that owners were sent about a suspension, so that a message which comes twice sends each letter once.
//!
//! The time to live of a note is short while a letter is being sent, and long afterwards: a sender that died leaves a note which
//! the next one replaces, before the table deletes it too.

use crate::{
    Store,
    table::calls::Outcome,
    table::error::Error,
    table::item::{Stored, TTL, decode, encode, number},
    table::keys,
    table::transaction::Transaction,
};
use domain::ids::UserId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use system_scope::SystemScope;

/// How long a letter may be on its way to SES: longer than the mailer runs, and shorter than a failed message is hidden in its queue.
pub const SENDING: SignedDuration = SignedDuration::from_secs(60);

/// How long it is known that a letter was sent: longer than a message can wait, the dead-letter queue included.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredLetter {
    sent: bool,
}

impl Stored for StoredLetter {
    const TYPE: &'static str = "suspension_letter";
}

/// Which letter: about which version of the suspension, and to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// The version of the suspension.
    pub version: u64,
    /// The owner whom it is for.
    pub owner: UserId,
}

/// Whether a letter is to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claimed {
    /// It is, by the caller.
    Yes,
    /// It was sent.
    Sent,
    /// Another sender is sending it, or died while it was.
    BeingSent,
}

impl Store {
    /// Takes the sending of a letter upon the caller, unless it was sent or another sender has taken it within [`SENDING`].
    ///
    /// # Errors
    /// [`Error`].
    pub async fn claim_letter(&self, scope: &SystemScope, about: About, now: Timestamp) -> Result<Claimed, Error> {
        let key = keys::suspension_letter(scope.workspace(), about.version, about.owner);
        let mut transaction = Transaction::default();
        transaction.first(&key, item(&key, StoredLetter { sent: false }, now, SENDING)?, (), now);
        match self.transact(transaction).await? {
            Outcome::Done => Ok(Claimed::Yes),
            Outcome::Refused(()) => {
                let found = self.batch_get(std::slice::from_ref(&key)).await?;
                let sent = found.get(&key).map(decode::<StoredLetter>).transpose()?.is_some_and(|letter| letter.sent);
                Ok(if sent { Claimed::Sent } else { Claimed::BeingSent })
            }
        }
    }

    /// Notes that a letter was sent.
    ///
    /// # Errors
    /// [`Error`]; it is sent again once [`SENDING`] has passed.
    pub async fn letter_sent(&self, scope: &SystemScope, about: About, now: Timestamp) -> Result<(), Error> {
        let key = keys::suspension_letter(scope.workspace(), about.version, about.owner);
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
