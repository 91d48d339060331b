//! The record of a command that came under an idempotency key: the digest of its body, and its answer, for 48 hours.

use crate::{
    Store,
    table::calls::Outcome,
    table::error::Error,
    table::item::{Item, Stored, TTL, decode, encode, number},
    table::keys::{self, Key},
    table::transaction::Transaction,
};
use domain::{
    command::{Fingerprint, Reply},
    ids::UserId,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// How long a command is known: twice the day for which Stripe knows its own.
const KEPT: SignedDuration = SignedDuration::from_hours(48);

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredCommand {
    body: String,
    /// None while the command is under way.
    answer: Option<String>,
}

impl Stored for StoredCommand {
    const TYPE: &'static str = "command";
}

pub(crate) fn item(key: &Key, command: &Fingerprint, answer: &impl Serialize, now: Timestamp) -> Result<Item, Error> {
    let answer = serde_json::to_string(answer).map_err(|error| Error::Defect(error.into()))?;
    record(key, command, Some(answer), now)
}

/// The record of a command whose answer is not known yet: a command to Stripe, which must be on record before it is sent.
pub(crate) fn reservation(key: &Key, command: &Fingerprint, now: Timestamp) -> Result<Item, Error> {
    record(key, command, None, now)
}

fn record(key: &Key, command: &Fingerprint, answer: Option<String>, now: Timestamp) -> Result<Item, Error> {
    let mut item = encode(key, &StoredCommand { body: command.body.clone(), answer })?;
    item.insert(TTL.to_owned(), number(now.saturating_add(KEPT).unwrap_or(Timestamp::MAX).as_second()));
    Ok(item)
}

/// The answer in a record; `None` if the record has run out and waits for the table to delete it.
pub(crate) fn answer<T>(item: &Item, command: &Fingerprint, now: Timestamp) -> Result<Option<Reply<T>>, Error> {
    let stored: StoredCommand = decode(item)?;
    let kept_until = item.get(TTL).and_then(|until| until.as_n().ok()?.parse::<i64>().ok());
    if kept_until.is_some_and(|until| until <= now.as_second()) {
        return Ok(None);
    }
    if stored.body != command.body {
        return Err(Error::KeyReused);
    }
    RawValue::from_string(stored.answer.ok_or(Error::UnderWay)?)
        .map(|answer| Some(Reply::Again(answer)))
        .map_err(|error| Error::Defect(error.into()))
}

impl Store {
    /// Remembers that `user`'s `command` is answered with `answer`, and gives it; if it was given before, the answer that it got
    /// then.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn remember<T: Serialize>(
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
            Outcome::Done => Ok(Reply::First(answer)),
            Outcome::Refused(()) => self.earlier_answer(user, command).await?.ok_or(Error::Contended),
        }
    }

    /// The answer that `user` got when he gave this command before.
    ///
    /// # Errors
    /// [`Error::KeyReused`] if he gave another one under the same key.
    pub async fn earlier_answer<T>(
        &self,
        user: UserId,
        command: Option<&Fingerprint>,
    ) -> Result<Option<Reply<T>>, Error> {
        let Some(command) = command else { return Ok(None) };
        let key = keys::idempotency(user, &command.command);
        let found = self.batch_get(std::slice::from_ref(&key)).await?;
        Ok(found.get(&key).map(|item| answer(item, command, self.ambient.now())).transpose()?.flatten())
    }
}
