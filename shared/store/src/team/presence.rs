//! The time of a member's last activity, and their name. A change records them in its own transaction; a read records
//! them in a concurrent write. Neither waits for the record, nor fails with it.

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
    identity::presence::{Presence, outdated_before},
    ids::WorkspaceId,
    team::member::MemberStatus,
    text::PersonName,
};
use identity::Caller;
use jiff::Timestamp;
use std::{collections::HashMap, time::Duration};

/// Time that a read waits for the concurrent record, which seldom takes longer than the read itself.
pub(crate) const PATIENCE: Duration = Duration::from_millis(100);

/// Returns the attributes recorded at `now`. If the identity provider has no name, the stored name stays.
fn note(now: Timestamp, name: Option<&PersonName>) -> Vec<(String, aws_sdk_dynamodb::types::AttributeValue)> {
    let at = ("last_active_at".to_owned(), text(now.to_string()));
    let name = name.map(|name| ("full_name".to_owned(), text(name.as_str())));
    [at].into_iter().chain(name).collect()
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Records that the actor is active, if the last record is old. The same action already requires their seat.
    pub(crate) fn note_presence(&mut self, presence: &Presence, now: Timestamp) -> &mut Self {
        if presence.is_due(now) {
            let key = keys::member(self.scope.workspace(), self.scope.actor());
            self.set(&key, note(now, presence.name.as_ref()));
        }
        self
    }
}

impl Store {
    /// Records that `caller` is active in `workspace`, if they have a seat there and the last record is old. Failures
    /// are ignored.
    pub(crate) async fn note_presence(&self, caller: &Caller, workspace: WorkspaceId) {
        let now = self.ambient().now();
        let mut terms = Terms::default();
        let seated = Condition::Equals("status", text(MemberStatus::Active.name())).expression(&mut terms);
        // Formatted times sort like the times themselves, down to the second.
        let old = format!("{} < {}", terms.name("last_active_at"), terms.value(text(outdated_before(now).to_string())));
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
        // One of the next requests makes up for a record that fails.
        let _ = tokio::time::timeout(PATIENCE, write).await;
    }
}
