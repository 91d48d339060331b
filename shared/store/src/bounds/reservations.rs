//! Reservations of commands with an effect outside of the table, such as a message to a customer's receiver. Of several
//! requests under one idempotency key, the one that has reserved the command executes it.
//!
//! A reservation ends with the answer, with its release if nothing was done, or by itself after
//! [`RESERVED`](domain::command::RESERVED): a process that dies holds its key no longer.

use crate::{
    Store,
    bounds::budgets::Refused,
    table::calls::TransactionOutcome,
    table::condition::Condition,
    table::error::Error,
    table::idempotency,
    table::item::text,
    table::keys::{self, Key},
    table::transaction::Transaction,
    workspace::entry::{Authorized, Entry},
};
use domain::{
    bounds::budget::{Budget, Exhausted},
    command::{Fingerprint, Reply},
    identity::access::Action,
    identity::denied::Denied,
    ids::UserId,
};
use jiff::Timestamp;
use serde::Serialize;

/// The right to execute a command; without an idempotency key, every request has it.
#[derive(Debug)]
#[must_use = "a reservation is answered or released"]
pub struct Reservation(Option<Reserved>);

#[derive(Debug)]
struct Reserved {
    user: UserId,
    command: Fingerprint,
    key: Key,
    holder: String,
}

impl Reserved {
    /// Condition: the reservation has not expired and been taken by another request.
    fn is_held(&self) -> Condition {
        Condition::Equals("holder", text(self.holder.as_str()))
    }
}

impl Reservation {
    /// Prepares the reservation of `user`'s `command`.
    fn of(store: &Store, user: UserId, command: Option<&Fingerprint>) -> Self {
        Self(command.map(|command| Reserved {
            user,
            command: command.clone(),
            key: keys::idempotency(user, &command.command),
            holder: format!("{:032x}", store.ambient().random()),
        }))
    }

    /// Reserves the command in `transaction`, unless another request has.
    fn reserve(&self, transaction: &mut Transaction<Refused>, now: Timestamp) -> Result<(), Error> {
        if let Some(Reserved { command, key, holder, .. }) = &self.0 {
            let item = idempotency::held(key, command, holder.clone(), now)?;
            transaction.first(key, item, Refused::Repeated, now);
        }
        Ok(())
    }
}

/// The turn of a command that may be a repetition.
#[derive(Debug)]
pub enum Turn<'a, T> {
    /// The command is executed now, by this request alone.
    Now(Box<Authorized<'a>>, Reservation),
    /// The command was executed before. Holds its answer.
    Before(Reply<T>),
}

impl<'a> Entry<'a> {
    /// Reads, and in the same round trip reserves the command and uses one unit of `budget`; opened to members who may
    /// do `action`. A repetition uses nothing of the budget.
    ///
    /// # Errors
    /// [`Error::InProgress`] if another request executes the command now, [`Error::KeyReused`] if the user sent another
    /// command under the same key, [`Exhausted`] if the budget is used up; all converted to `E`. Nothing is reserved
    /// then.
    pub async fn reserve<T, E>(self, action: Action, budget: Budget) -> Result<Turn<'a, T>, E>
    where
        E: From<Error> + From<Denied> + From<Exhausted>,
    {
        let (store, caller, workspace, command) = (self.store(), self.caller, self.workspace, self.command);
        let reservation = Reservation::of(store, caller.user(), command);
        let now = store.ambient().now();
        let mut transaction = store.taking(caller, workspace, action, budget, now);
        reservation.reserve(&mut transaction, now)?;
        let (read, taken) = tokio::join!(self.load(), store.transact(transaction));
        let inside = read.map_err(E::from).and_then(|read| Ok(read.authorize(action)?));
        match (inside, taken) {
            (Ok(inside), Ok(TransactionOutcome::Done)) => Ok(Turn::Now(Box::new(inside), reservation)),
            (Err(refusal), Ok(TransactionOutcome::Done)) => {
                // If this fails, the reservation expires.
                let (_, ()) =
                    tokio::join!(store.release_reserved(reservation), store.give_back(workspace, budget, now));
                Err(refusal)
            }
            (Err(refusal), _) => Err(refusal),
            (Ok(_), Err(error)) => Err(error.into()),
            (Ok(_), Ok(TransactionOutcome::Refused(Refused::Denied(denied)))) => Err(denied.into()),
            (Ok(_), Ok(TransactionOutcome::Refused(Refused::Exhausted(exhausted)))) => Err(exhausted.into()),
            (Ok(inside), Ok(TransactionOutcome::Refused(Refused::Repeated))) => match inside.earlier_answer()? {
                Some(answer) => Ok(Turn::Before(answer)),
                // The other request has reserved the command after the read.
                None => Ok(Turn::Before(store.earlier_answer(caller.user(), command).await?.ok_or(Error::Contended)?)),
            },
        }
    }
}

impl Store {
    /// Records `answer` as the answer to the command of `reservation`, and returns it. If the reservation has expired
    /// and another request has executed the command, its answer is returned.
    ///
    /// # Errors
    /// [`Error::InProgress`] if another request executes the command now, or another [`Error`] if the table fails.
    pub async fn record_reserved<T: Serialize>(&self, reservation: Reservation, answer: T) -> Result<Reply<T>, Error> {
        self.answer_reserved(Transaction::default(), reservation, answer).await
    }

    /// Like [`Self::record_reserved`], together with the writes of `transaction`.
    pub(crate) async fn answer_reserved<T: Serialize>(
        &self,
        mut transaction: Transaction<()>,
        Reservation(reserved): Reservation,
        answer: T,
    ) -> Result<Reply<T>, Error> {
        if let Some(reserved @ Reserved { command, key, .. }) = &reserved {
            let item = idempotency::item(key, command, &answer, self.ambient().now())?;
            transaction.require(key, reserved.is_held(), ()).put(key, item);
        }
        if transaction.is_empty() {
            return Ok(Reply::First(answer));
        }
        match (self.transact(transaction).await?, reserved) {
            (TransactionOutcome::Refused(()), Some(Reserved { user, command, .. })) => {
                self.earlier_answer(user, Some(&command)).await?.ok_or(Error::Contended)
            }
            (TransactionOutcome::Done | TransactionOutcome::Refused(()), _) => Ok(Reply::First(answer)),
        }
    }

    /// Releases the command of `reservation`, because nothing was done. If this fails, the reservation expires.
    pub async fn release_reserved(&self, Reservation(reserved): Reservation) -> Result<(), Error> {
        let Some(reserved) = reserved else { return Ok(()) };
        let mut transaction = Transaction::default();
        transaction.require(&reserved.key, reserved.is_held(), ()).delete(&reserved.key);
        // Another request may have the command by now.
        self.transact(transaction).await.map(|_: TransactionOutcome<()>| ())
    }
}
