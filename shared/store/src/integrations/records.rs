//! Integrations, one item for each type that was ever set up. Their secrets are stored in Secrets Manager.

use crate::{
    partitions::ItemKind,
    table::change::Change,
    table::condition::Condition,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, decode, encode, number},
    table::keys::{self, HealthPart},
    table::slot::Slot,
    workspace::entry::Entry,
};
use domain::{
    identity::denied::Denied,
    ids::UserId,
    integrations::{Config, Event, Integration, IntegrationState, IntegrationType, Setup},
    text::IntegrationName,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredIntegration {
    name: IntegrationName,
    config: Value,
    events: BTreeSet<Event>,
    state: IntegrationState,
    version: u64,
    /// `None` if the integration was written before setups were stored.
    #[serde(default)]
    setup: Option<Setup>,
    created_at: Timestamp,
    updated_at: Timestamp,
    changed_by: UserId,
}

impl Stored for StoredIntegration {
    const KIND: ItemKind = ItemKind::Integration;
}

pub(crate) fn parse(item: &Item) -> Result<Integration, Corrupt> {
    let stored: StoredIntegration = decode(item)?;
    let corrupt = || Corrupt { wanted: StoredIntegration::TYPE, version: StoredIntegration::VERSION };
    let kind: IntegrationType = keys::id_of(item, keys::INTEGRATION).ok_or_else(corrupt)?;
    Ok(Integration {
        workspace: keys::workspace_of(item).ok_or_else(corrupt)?,
        name: stored.name,
        config: Config::stored(kind, stored.config).ok_or_else(corrupt)?,
        events: stored.events,
        state: stored.state,
        version: stored.version,
        setup: stored.setup.unwrap_or(Setup { version: 0, at: stored.created_at }),
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        changed_by: stored.changed_by,
    })
}

fn item(key: &keys::Key, integration: &Integration) -> Result<Item, Error> {
    let stored = StoredIntegration {
        name: integration.name.clone(),
        config: serde_json::to_value(&integration.config).map_err(|error| Error::Defect(error.into()))?,
        events: integration.events.clone(),
        state: integration.state.clone(),
        version: integration.version,
        setup: Some(integration.setup),
        created_at: integration.created_at,
        updated_at: integration.updated_at,
        changed_by: integration.changed_by,
    };
    encode(key, &stored)
}

impl Entry<'_> {
    /// Reads the integration of the type `kind`. The slot is empty if it was never set up.
    pub fn integration(&mut self, kind: IntegrationType) -> Slot<Integration> {
        let key = keys::integration(self.workspace, kind);
        self.also_item(key, parse)
    }
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Writes `next` in place of `before`; `changed` if somebody else wrote since that was read. A new secret is
    /// assigned, a secret that is given up is scheduled for deletion, and the number of enabled integrations is
    /// updated.
    pub fn write_integration(
        &mut self,
        before: Option<&Integration>,
        next: &Integration,
        now: Timestamp,
        changed: fn() -> E,
    ) -> Result<&mut Self, Error> {
        let key = keys::integration(self.scope.workspace(), next.config.kind());
        let condition = match before {
            Some(before) => Condition::Equals("version", number(before.version)),
            None => Condition::Absent,
        };
        let item = item(&key, next)?;
        self.require(&key, condition, changed()).put(&key, item);
        let (old, new) = (before.and_then(Integration::kept), next.kept());
        if old.map(|kept| kept.id) != new.map(|kept| kept.id) {
            if let Some(new) = new {
                // The secret was scheduled for deletion while it was being created, because that took too long.
                self.assign_secret(new.id, Error::Contended);
            }
            if let Some(old) = old {
                self.release_secret(old.id, now)?;
            }
        }
        let was = before.is_some_and(Integration::is_enabled);
        let more = i64::from(next.is_enabled()) - i64::from(was);
        if more != 0 {
            self.require_live(Denied::Stranger).count_integrations(more);
        }
        self.select_audit_events(before, next);
        // A changed integration gets the whole grace period again.
        Ok(self.delete(&keys::health(self.scope.workspace(), next.config.kind(), HealthPart::Failing)))
    }
}
