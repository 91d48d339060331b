//! Leftovers of a workspace that is being deleted, page by page.

use crate::{
    Store, api_keys,
    integrations::orphans,
    integrations::records,
    partitions::{EndOfLife, ItemKind, WorkspacePartition},
    runtime::runtimes::Recorded,
    table::calls::Query,
    table::condition::Condition,
    table::error::Error,
    table::item::{Item, key_of, number, place, text},
    table::keys::{self, Key},
    table::transaction::Transaction,
    team::members,
};
use domain::{ids::SecretId, integrations::Integration, integrations::orphan::Orphan, team::member::Member};
use system_scope::SystemScope;

/// Number of items read together.
const PAGE: usize = 25;

/// A leftover item.
#[derive(Debug, Clone, PartialEq)]
pub struct Leftover {
    key: Key,
    kind: LeftoverKind,
}

#[derive(Debug, Clone, PartialEq)]
enum LeftoverKind {
    /// A member's seat, or the record of a removed member.
    Member(Box<Member>),
    /// A service key, which commanded the container under its own name; holds the allowance of that.
    ServiceKey(Key),
    /// Any other item. Nothing outside the workspace depends on it.
    Item,
}

/// A leftover secret: of an integration, or recorded for deletion.
#[derive(Debug, Clone, PartialEq)]
pub enum LeftoverSecret {
    /// An integration refers to it.
    OfIntegration(SecretId, Box<Integration>),
    /// The secret is recorded for deletion.
    Orphan(Orphan),
}

/// True for the items that the deletion needs until its end, and for those that are deleted when their work is done:
/// records of secrets are due by themselves. An item of no registered kind is deleted.
fn stays(kind: Option<ItemKind>) -> bool {
    match kind.map(ItemKind::end) {
        Some(EndOfLife::AtEndOfDeletion | EndOfLife::WhenDone) => true,
        Some(EndOfLife::WithWorkspace | EndOfLife::Expires | EndOfLife::WithPerson | EndOfLife::Never(_)) | None => {
            false
        }
    }
}

impl Store {
    /// Reads some of the leftovers in `within`, and returns true if there are more.
    pub async fn leftovers(
        &self,
        scope: &SystemScope,
        within: WorkspacePartition,
        after: Option<&Leftover>,
    ) -> Result<(Vec<Leftover>, bool), Error> {
        let items = self.page_of(within.key(scope.workspace()), "", after.map(|leftover| &leftover.key)).await?;
        let more = items.len() >= PAGE;
        let leftovers = items.iter().filter_map(|item| {
            let key = key_of(item)?;
            let kind = ItemKind::at(&key.pk, &key.sk);
            Some((key, kind, item))
        });
        let leftovers = leftovers.filter(|(_, kind, _)| !stays(*kind)).map(|(key, kind, item)| {
            let kind = match kind {
                Some(ItemKind::Member) => LeftoverKind::Member(Box::new(members::parse(item)?)),
                Some(ItemKind::ApiKey) => match api_keys::records::parse(item)? {
                    own if own.is_service() => LeftoverKind::ServiceKey(keys::allowance(own.actor())),
                    _ => LeftoverKind::Item,
                },
                Some(_) | None => LeftoverKind::Item,
            };
            Ok(Leftover { key, kind })
        });
        Ok((leftovers.collect::<Result<_, Error>>()?, more))
    }

    /// Reads the leftover secrets.
    pub async fn leftover_secrets(&self, scope: &SystemScope) -> Result<Vec<LeftoverSecret>, Error> {
        let own = WorkspacePartition::Own.key(scope.workspace());
        let (integrated, noted) = tokio::try_join!(
            self.page_of(own.clone(), keys::INTEGRATION, None),
            self.page_of(own, keys::ORPHAN, None)
        )?;
        let mut kept = Vec::new();
        for item in &integrated {
            let integration = records::parse(item)?;
            let secret = integration.kept().map(|secret| secret.id);
            kept.extend(secret.map(|id| LeftoverSecret::OfIntegration(id, Box::new(integration))));
        }
        for item in &noted {
            kept.push(LeftoverSecret::Orphan(orphans::parse(item)?));
        }
        Ok(kept)
    }

    /// Deletes an integration whose secret was deleted, if it is unchanged.
    pub async fn delete_integration(&self, scope: &SystemScope, integration: &Integration) -> Result<Recorded, Error> {
        let key = keys::integration(scope.workspace(), integration.config.kind());
        let mut transaction = Transaction::default();
        transaction.require(&key, Condition::Equals("version", number(integration.version)), ()).delete(&key);
        self.recorded(transaction).await
    }

    /// Deletes a leftover item together with the other end of a membership. If two workers do so, one of them does
    /// nothing.
    pub async fn delete_leftover(&self, Leftover { key, kind }: &Leftover) -> Result<Recorded, Error> {
        let mut transaction = Transaction::default();
        match kind {
            LeftoverKind::Item => {
                transaction.delete(key);
            }
            LeftoverKind::ServiceKey(allowance) => {
                transaction.delete(key).delete(allowance);
            }
            LeftoverKind::Member(member) => {
                transaction
                    .require(key, Condition::Equals("status", text(member.status.name())), ())
                    .delete(key)
                    .delete(&keys::membership(member.user, member.workspace));
                if member.is_active() {
                    transaction.add(&keys::user(member.user), "workspace_count", -1);
                }
            }
        }
        self.recorded(transaction).await
    }

    /// Reads a page of the items in `partition` whose sort keys begin with `prefix`.
    async fn page_of(&self, partition: String, prefix: &str, after: Option<&Key>) -> Result<Vec<Item>, Error> {
        let after = after.map(|key| Item::from(place(key)));
        let output = self.query(Query::table(partition).starting_with(prefix).after(after).limit(PAGE)).await?;
        Ok(output.items.unwrap_or_default())
    }
}
