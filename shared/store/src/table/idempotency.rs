//! The record of a command with an idempotency key: the digest of its body and its answer, kept for 48 hours.

use crate::{
    Store,
    partitions::ItemKind,
    table::calls::TransactionOutcome,
    table::condition::Condition,
    table::error::Error,
    table::item::{Item, Stored, TTL, decode, encode, number},
    table::keys::{self, Key},
    table::transaction::Transaction,
};
use domain::{
    command::{Fingerprint, RESERVED, Reply},
    ids::UserId,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// Time for which a command is recorded: twice the day for which Stripe records its idempotency keys.
const KEPT: SignedDuration = SignedDuration::from_hours(48);

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredCommand {
    body: String,
    /// `None` while the command is in progress.
    answer: Option<String>,
    /// The request that executes the command, if its reservation ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    holder: Option<String>,
}

impl Stored for StoredCommand {
    const KIND: ItemKind = ItemKind::Command;
}

pub(crate) fn item(key: &Key, command: &Fingerprint, answer: &impl Serialize, now: Timestamp) -> Result<Item, Error> {
    let answer = serde_json::to_string(answer).map_err(|error| Error::Defect(error.into()))?;
    record(key, StoredCommand { body: command.body.clone(), answer: Some(answer), holder: None }, now, KEPT)
}

/// Returns the record of a command to Stripe without an answer. It must be written before the command is sent.
pub(crate) fn reservation(key: &Key, command: &Fingerprint, now: Timestamp) -> Result<Item, Error> {
    record(key, StoredCommand { body: command.body.clone(), answer: None, holder: None }, now, KEPT)
}

/// Returns the record of a command that `holder` executes now. It must be written before any effect outside of the
/// table, and it expires after [`RESERVED`].
pub(crate) fn held(key: &Key, command: &Fingerprint, holder: String, now: Timestamp) -> Result<Item, Error> {
    let stored = StoredCommand { body: command.body.clone(), answer: None, holder: Some(holder) };
    record(key, stored, now, RESERVED)
}

fn record(key: &Key, stored: StoredCommand, now: Timestamp, kept: SignedDuration) -> Result<Item, Error> {
    let mut item = encode(key, &stored)?;
    item.insert(TTL.to_owned(), number(now.saturating_add(kept).unwrap_or(Timestamp::MAX).as_second()));
    Ok(item)
}

/// Returns the answer in a record, or `None` if the record has expired and the table has not yet deleted it.
pub(crate) fn answer<T>(item: &Item, command: &Fingerprint, now: Timestamp) -> Result<Option<Reply<T>>, Error> {
    let stored: StoredCommand = decode(item)?;
    if Condition::absent_or_expired(now).holds(Some(item)) {
        return Ok(None);
    }
    if stored.body != command.body {
        return Err(Error::KeyReused);
    }
    RawValue::from_string(stored.answer.ok_or(Error::InProgress)?)
        .map(|answer| Some(Reply::Again(answer)))
        .map_err(|error| Error::Defect(error.into()))
}

impl Store {
    /// Records `answer` as the answer to `user`'s `command` and returns it. If the command was already answered, the
    /// earlier answer is returned.
    ///
    /// # Errors
    /// [`Error::KeyReused`] if the user sent another command under the same key, [`Error::InProgress`] if the command
    /// has not finished, or another [`Error`] if the table fails.
    pub async fn record_answer<T: Serialize>(
        &self,
        user: UserId,
        command: Option<&Fingerprint>,
        answer: T,
    ) -> Result<Reply<T>, Error> {
        let Some(known) = command else { return Ok(Reply::First(answer)) };
        let (key, now) = (keys::idempotency(user, &known.command), self.ambient.now());
        let mut transaction = Transaction::default();
        transaction.first(&key, item(&key, known, &answer, now)?, (), now);
        match self.transact(transaction).await? {
            TransactionOutcome::Done => Ok(Reply::First(answer)),
            TransactionOutcome::Refused(()) => self.earlier_answer(user, command).await?.ok_or(Error::Contended),
        }
    }

    /// Returns the answer that `user` got when they sent this command before.
    ///
    /// # Errors
    /// [`Error::KeyReused`] if the user sent another command under the same key, [`Error::InProgress`] if the command
    /// has not finished, or another [`Error`] if the table fails.
    pub async fn earlier_answer<T>(
        &self,
        user: UserId,
        command: Option<&Fingerprint>,
    ) -> Result<Option<Reply<T>>, Error> {
        let Some(command) = command else { return Ok(None) };
        let key = keys::idempotency(user, &command.command);
        Ok(self.read_item(&key, |item| answer(item, command, self.ambient.now())).await?.flatten())
    }
}
