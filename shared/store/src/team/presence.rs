//! When a member was last at work, and his name. Who changes something has it noted in his transaction; who only reads, by
//! a write that is under way together with the read. Neither waits for what it notes, nor fails with it.

use crate::{
    Store,
    table::change::Change,
    table::condition::{Condition, Terms},
    table::error::Error,
    table::item::{Item, place, text},
    table::keys,
};
use domain::{
    identity::denied::Denied,
    identity::presence::{Presence, since},
    ids::WorkspaceId,
    team::member::MemberStatus,
    text::PersonName,
};
use identity::Caller;
use jiff::Timestamp;
use std::{collections::HashMap, time::Duration};

/// How long a read waits for the note beside it, which seldom takes longer than itself.
pub(crate) const PATIENCE: Duration = Duration::from_millis(100);

/// What is noted at `now`. A provider that names nobody leaves the name as it is.
fn note(now: Timestamp, name: Option<&PersonName>) -> Vec<(String, aws_sdk_dynamodb::types::AttributeValue)> {
    let at = ("last_active_at".to_owned(), text(now.to_string()));
    let name = name.map(|name| ("full_name".to_owned(), text(name.as_str())));
    [at].into_iter().chain(name).collect()
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Notes that the actor is at work, if that is news. His seat is required by the same action already.
    pub(crate) fn note_presence(&mut self, presence: &Presence, now: Timestamp) -> &mut Self {
        if presence.is_news(now) {
            let key = keys::member(self.scope.workspace(), self.scope.actor());
            self.set(&key, note(now, presence.name.as_ref()));
        }
        self
    }
}

impl Store {
    /// Notes that `caller` is at work in `workspace`, if he has a seat there and it is news. What becomes of it is not told.
    pub(crate) async fn note_presence(&self, caller: &Caller, workspace: WorkspaceId) {
        let now = self.ambient().now();
        let mut terms = Terms::default();
        let seated = Condition::Equals("status", text(MemberStatus::Active.name())).expression(&mut terms);
        // Texts of times compare like the times, down to the second.
        let old = format!("{} < {}", terms.name("last_active_at"), terms.value(text(since(now).to_string())));
        let set: Vec<_> = note(now, caller.name())
            .into_iter()
            .map(|(name, value)| format!("{} = {}", terms.name(&name), terms.value(value)))
            .collect();
        let key: Item = HashMap::from(place(&keys::member(workspace, caller.user())));
        let write = self.update(|update| {
            update
                .set_key(Some(key))
                .update_expression(format!("SET {}", set.join(", ")))
                .condition_expression(format!("{seated} AND {old}"))
                .set_expression_attribute_names(terms.names())
                .set_expression_attribute_values(terms.values())
        });
        // Not noted now is noted with one of the next requests.
        let _ = tokio::time::timeout(PATIENCE, write).await;
    }
}
