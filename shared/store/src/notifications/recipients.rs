//! Limits of letters to a recipient across all workspaces: the number sent in a day, and whether the recipient has
//! unsubscribed.
//!
//! Both are stored under the recipient's digest, so they name neither an address nor a workspace, and they outlive
//! every workspace.

use crate::{
    Store,
    partitions::ItemKind,
    table::calls::{TransactionOutcome, Updated},
    table::condition::Terms,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, TTL, decode, encode, number, place, stamp, text},
    table::keys,
    table::slot::Slot,
    table::transaction::Transaction,
    workspace::entry::Entry,
};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    ids::UserId,
    notifications::happening::Happening,
    notifications::letter_link::LetterHolder,
    notifications::recipient::{LETTERS_A_DAY, LetterDay, LetterName, Recipient},
    team::invitation::Returned,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use system_scope::SystemScope;

/// The letters of one day. Written by additions to a set, so that a letter counts once however often its message is
/// delivered.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredDay {
    letters: BTreeSet<String>,
}

impl Stored for StoredDay {
    const KIND: ItemKind = ItemKind::LettersOfDay;
}

/// A recipient who has unsubscribed.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredStop {
    at: Timestamp,
}

impl Stored for StoredStop {
    const KIND: ItemKind = ItemKind::LettersStopped;
}

/// A recipient whose letter came back.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredReturn {
    pub(super) at: Timestamp,
    pub(super) reason: Returned,
}

impl Stored for StoredReturn {
    const KIND: ItemKind = ItemKind::LettersReturned;
}

pub(super) fn parse_return(item: &Item) -> Result<StoredReturn, Corrupt> {
    decode(item)
}

/// Time after which a mailbox that returned a letter is tried again.
const RETURNED: SignedDuration = SignedDuration::from_hours(90 * 24);

impl Entry<'_> {
    /// Reads the unsubscription of `recipient`. The slot is filled if they have unsubscribed.
    pub fn unsubscription(&mut self, recipient: &Recipient) -> Slot<()> {
        self.also_item(keys::stop(recipient), |_| Ok(()))
    }
}

impl Store {
    /// Returns true if `recipient` has unsubscribed.
    pub async fn is_unsubscribed(&self, recipient: &Recipient) -> Result<bool, Error> {
        let key = keys::stop(recipient);
        Ok(!self.batch_get(std::slice::from_ref(&key)).await?.is_empty())
    }

    /// Counts `letter` among the recipient's letters of the day; false if the day has none left. A letter that was
    /// already counted does not count again.
    pub async fn count_letter_of_day(
        &self,
        recipient: &Recipient,
        letter: &LetterName,
        day: LetterDay,
    ) -> Result<bool, Error> {
        let key: Item = HashMap::from(place(&keys::letters_of_day(recipient, day)));
        let mut terms = Terms::default();
        let letters = terms.name("letters");
        let (name, most) = (terms.value(text(letter.as_str())), terms.value(number(LETTERS_A_DAY)));
        let left =
            format!("attribute_not_exists({letters}) OR size({letters}) < {most} OR contains({letters}, {name})");
        let kept_until = (TTL.to_owned(), number(day.kept_until().as_second()));
        let set = set(stamp::<StoredDay>().into_iter().chain([kept_until]), &mut terms);
        let added = terms.value(AttributeValue::Ss(vec![letter.as_str().to_owned()]));
        let taken = self.update_if(|update| {
            update
                .set_key(Some(key))
                .update_expression(format!("{set} ADD {letters} {added}"))
                .condition_expression(left)
                .set_expression_attribute_names(terms.names())
                .set_expression_attribute_values(terms.values())
        });
        Ok(match taken.await? {
            Updated::Done(_) => true,
            Updated::Refused(_) => false,
        })
    }

    /// Records that the recipient of a letter has unsubscribed. Repeating it has no further effect.
    pub async fn unsubscribe(&self, holder: &LetterHolder, now: Timestamp) -> Result<(), Error> {
        let key: Item = HashMap::from(place(&keys::stop(holder.recipient())));
        let mut terms = Terms::default();
        let set = set(stamp::<StoredStop>().into_iter().chain([("at".to_owned(), text(now.to_string()))]), &mut terms);
        self.update(|update| {
            update
                .set_key(Some(key))
                .update_expression(set)
                .set_expression_attribute_names(terms.names())
                .set_expression_attribute_values(terms.values())
        })
        .await
    }

    /// Records that a letter to `member` came back from their mailbox `recipient`, and notifies members the first time.
    /// Returns false if that was recorded before.
    pub async fn mark_recipient_returned(
        &self,
        scope: &SystemScope,
        member: UserId,
        recipient: &Recipient,
        reason: Returned,
    ) -> Result<bool, Error> {
        let (key, now) = (keys::returned(recipient), self.ambient().now());
        let mut item = encode(&key, &StoredReturn { at: now, reason })?;
        let until = now.saturating_add(RETURNED).unwrap_or(Timestamp::MAX);
        item.insert(TTL.to_owned(), number(until.as_second()));
        let mut transaction = Transaction::default();
        transaction.first(&key, item, (), now).notify_members(
            self,
            scope,
            Happening::MailReturned { user_id: member },
            now,
        )?;
        match self.transact(transaction).await? {
            TransactionOutcome::Done => Ok(true),
            TransactionOutcome::Refused(()) => Ok(false),
        }
    }

    /// Deletes the record that the recipient of a letter has unsubscribed.
    pub async fn resubscribe(&self, holder: &LetterHolder) -> Result<(), Error> {
        self.delete(&keys::stop(holder.recipient())).await
    }
}

/// Returns the expression that sets `attributes`.
fn set(attributes: impl Iterator<Item = (String, AttributeValue)>, terms: &mut Terms) -> String {
    let parts: Vec<_> =
        attributes.map(|(name, value)| format!("{} = {}", terms.name(&name), terms.value(value))).collect();
    format!("SET {}", parts.join(", "))
}
