//! Usage returned by the operator. Its keys are separate from those of members and containers, so that nobody can use
//! one of them first.

use super::{
    count::{DealOfDay, Step, step},
    keyed,
};
use crate::scope::Scope;
use crate::{Store, table::change::Change, table::condition::Condition, table::error::Error, table::keys};
use domain::{
    identity::denied::Denied,
    usage::{Recorded, ShardChange, Span, UsageCommand, UsageKey},
};
use jiff::Timestamp;

impl Store {
    /// Reads the record of the usage that the operator returned under `key`.
    pub async fn returned_under(&self, scope: &Scope, key: &UsageKey) -> Result<Option<Recorded>, Error> {
        let key = keys::operator_return(scope.workspace(), key);
        let recorded = self.read_item(&key, keyed::parse).await?;
        Ok(recorded.filter(|recorded| keyed::holds(recorded, self.ambient().now())))
    }
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Returns `parts` to shards of this deal over `span`, and records it under the key of `command`; `changed` if the
    /// meter was moved first, or the key was already counted.
    pub fn return_usage(
        &mut self,
        command: &UsageCommand,
        span: Span,
        counted: DealOfDay,
        parts: &[ShardChange],
        changed: fn() -> E,
        now: Timestamp,
    ) -> Result<&mut Self, Error> {
        let workspace = self.scope.workspace();
        for part in parts {
            let Step { key, conditions, additions } = step(workspace, command.movement.meter, span, counted, *part);
            for condition in conditions {
                self.require(&key, condition, changed());
            }
            for (number, amount) in additions {
                self.add(&key, number, amount);
            }
        }
        let key = keys::operator_return(workspace, &command.key);
        let item = keyed::item(&key, command, span.month(), now)?;
        self.require(&key, Condition::absent_or_expired(now), changed()).put(&key, item);
        Ok(self)
    }
}
