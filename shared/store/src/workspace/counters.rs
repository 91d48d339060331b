//! All counters and guards of a workspace, read as of one moment, and their repair.

use crate::scope::Scope;
use crate::{
    Store,
    integrations::records,
    partitions::ItemKind,
    table::calls::Query,
    table::change::Change,
    table::condition::{Condition, is_still},
    table::error::Error,
    table::item::{Item, Stored, decode, encode, key_of, number, place, text},
    table::keys,
    team::addresses,
    team::invitations,
    team::members,
    workspace::workspaces,
};
use domain::{
    doctor::{AddressRepair, Counter, Holder, Repairs, WorkspaceSnapshot},
    identity::denied::Denied,
    ids::WorkspaceId,
    workspace::head::Workspace,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Maximum number of reads until two of them agree.
const READS: usize = 6;

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredRepairs {
    version: u64,
}

impl Stored for StoredRepairs {
    const KIND: ItemKind = ItemKind::Repairs;
}

impl Store {
    /// Reads the counters and guards of the workspace of `scope`; `None` if the workspace does not exist or is being
    /// deleted.
    ///
    /// Its items are read in pages, which are of different moments. So all are read twice: if nothing differs, the
    /// result is the state at the moment between the two reads.
    ///
    /// # Errors
    /// [`Error::Contended`] if the workspace keeps changing, or another [`Error`] if the table fails.
    pub async fn workspace_snapshot(&self, scope: &Scope) -> Result<Option<WorkspaceSnapshot>, Error> {
        let mut before = self.read_stored_counts(scope.workspace()).await?;
        for _ in 1..READS {
            let again = self.read_stored_counts(scope.workspace()).await?;
            if again == before {
                return Ok(again.filter(|stored| stored.workspace.live));
            }
            before = again;
        }
        Err(Error::Contended)
    }

    async fn read_stored_counts(&self, workspace: WorkspaceId) -> Result<Option<WorkspaceSnapshot>, Error> {
        let mut head: Option<Workspace> = None;
        let (mut people, mut offers, mut integrated) = (Vec::new(), Vec::new(), Vec::new());
        let (mut taken, mut repairs, mut api_keys) = (BTreeMap::new(), 0, 0_u64);
        for item in &self.all_of(workspace).await? {
            let Some(key) = key_of(item) else { continue };
            let Some(kind) = ItemKind::at(&key.pk, &key.sk) else { continue };
            match kind {
                ItemKind::Workspace => head = Some(workspaces::parse(item)?),
                ItemKind::Repairs => repairs = decode::<StoredRepairs>(item)?.version,
                ItemKind::Member => people.push(members::parse(item)?),
                ItemKind::Invitation => offers.push(invitations::parse(item)?),
                ItemKind::Integration => integrated.push(records::parse(item)?),
                ItemKind::ApiKey => api_keys = api_keys.saturating_add(1),
                ItemKind::Address => {
                    let address = key.sk.strip_prefix(keys::ADDRESS).unwrap_or_default();
                    taken.insert(address.to_owned(), addresses::parse(item)?);
                }
                // No counter or guard depends on these items of the workspace's own partition.
                ItemKind::Billing
                | ItemKind::Budget
                | ItemKind::DeferredLetter
                | ItemKind::Deletion
                | ItemKind::Heartbeat
                | ItemKind::Intent
                | ItemKind::Orphan
                | ItemKind::Revocation
                | ItemKind::Runtime
                | ItemKind::SeatCheck
                | ItemKind::SentLetter => {}
                // These are in other partitions.
                ItemKind::AccountDeletion
                | ItemKind::Allowance
                | ItemKind::Audit
                | ItemKind::AuditHead
                | ItemKind::AuditLinking
                | ItemKind::Checkpoint
                | ItemKind::Command
                | ItemKind::Comparison
                | ItemKind::Connection
                | ItemKind::DeletionReceipt
                | ItemKind::Delivery
                | ItemKind::Failing
                | ItemKind::Health
                | ItemKind::InboxHead
                | ItemKind::KeySpending
                | ItemKind::KeyUse
                | ItemKind::Incident
                | ItemKind::LettersOfDay
                | ItemKind::LettersReturned
                | ItemKind::LettersStopped
                | ItemKind::MailWindow
                | ItemKind::Membership
                | ItemKind::Notice
                | ItemKind::Notification
                | ItemKind::Outbox
                | ItemKind::Pace
                | ItemKind::Preferences
                | ItemKind::Publication
                | ItemKind::Profile
                | ItemKind::StripeEvent
                | ItemKind::Usage
                | ItemKind::UsageKey
                | ItemKind::User => {}
            }
        }
        let (members, invitations, integrations, addresses) = (people, offers, integrated, taken);
        Ok(head.map(|workspace| WorkspaceSnapshot {
            workspace,
            members,
            invitations,
            addresses,
            integrations,
            api_keys,
            repairs,
        }))
    }

    /// Reads all items of the workspace's own partition.
    async fn all_of(&self, workspace: WorkspaceId) -> Result<Vec<Item>, Error> {
        let (mut items, mut start) = (Vec::new(), None);
        loop {
            let page = self.query(Query::table(keys::workspace_partition(workspace)).after(start)).await?;
            let next = page.last_evaluated_key().and_then(key_of).map(|key| Item::from(place(&key)));
            items.extend(page.items.unwrap_or_default());
            match next {
                Some(next) => start = Some(next),
                None => return Ok(items),
            }
        }
    }
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Makes the repairs in `repairs`, which were decided on `stored`. `changed` if another repair came first, or the
    /// holder of an address is not as it was read. A counter is corrected by an addition, which is right whatever
    /// happened to it since.
    pub fn repair(
        &mut self,
        stored: &WorkspaceSnapshot,
        repairs: &Repairs,
        changed: fn() -> E,
    ) -> Result<&mut Self, Error> {
        let workspace = self.scope.workspace();
        let (key, head) = (keys::repairs(workspace), keys::workspace(workspace));
        let repaired = encode(&key, &StoredRepairs { version: stored.repairs.saturating_add(1) })?;
        self.require_live(Denied::Stranger).require(&key, is_still(stored.repairs), changed()).put(&key, repaired);
        for (counter, drift) in &repairs.counters {
            self.add(&head, counter.name(), *drift);
            if *counter == Counter::Members {
                self.request_seat_check()?;
            }
        }
        for repair in &repairs.addresses {
            match repair {
                AddressRepair::Take(email, holder) => {
                    self.require_holder_as_read(stored, *holder, changed).take_address(email, *holder, changed())?;
                }
                AddressRepair::Free(folded, holder) => {
                    let address = keys::folded_address(workspace, folded);
                    self.require_holder_as_read(stored, *holder, changed).free_address_at(&address, *holder, changed());
                }
            }
        }
        Ok(self)
    }

    /// Requires that the present or intended holder of an address is as it was read, or still does not exist.
    fn require_holder_as_read(&mut self, stored: &WorkspaceSnapshot, holder: Holder, changed: fn() -> E) -> &mut Self {
        let workspace = self.scope.workspace();
        let (key, conditions) = match holder {
            Holder::Member(user) => {
                let known = stored.members.iter().find(|member| member.user == user);
                let as_read = known.map(|member| Condition::Equals("status", text(member.status.name())));
                (keys::member(workspace, user), as_read)
            }
            Holder::Invitation(id) => {
                let known = stored.invitations.iter().find(|offer| offer.id == id);
                let as_read = known.map(|offer| Condition::Equals("version", number(offer.version)));
                (keys::invitation(workspace, id), as_read)
            }
        };
        self.require(&key, conditions.unwrap_or(Condition::Absent), changed())
    }
}
