//! The stored shape of API keys, and their changes.

use super::uses;
use crate::{
    Store,
    partitions::ItemKind,
    table::calls::{Query, TransactionOutcome},
    table::change::Change,
    table::condition::Condition,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, decode, encode, number},
    table::keys,
    table::list::{Entries, List, Order},
    table::transaction::Transaction,
};
use domain::{
    identity::denied::Denied,
    ids::{KeyId, UserId},
    keys::{
        network::Network,
        record::{Allotments, ApiKey, Basis, KeyNotices, KeyTerms, PreviousSecret, Validity},
        scope::KeyScopes,
        secret::SecretDigest,
    },
    notifications::happening::Happening,
    page::PageRequest,
    text::KeyName,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use system_scope::SystemScope;

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredKey {
    name: KeyName,
    scopes: KeyScopes,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    networks: Vec<Network>,
    #[serde(default, skip_serializing_if = "Allotments::is_empty")]
    allotments: Allotments,
    maker: UserId,
    basis: Basis,
    digest: SecretDigest,
    hint: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    previous: Option<PreviousSecret>,
    validity: Validity,
    expires_at: Timestamp,
    created_at: Timestamp,
    rotated_at: Timestamp,
    notices: KeyNotices,
    version: u64,
    rights: u64,
}

impl Stored for StoredKey {
    const KIND: ItemKind = ItemKind::ApiKey;
}

pub(crate) const TYPE: &str = StoredKey::TYPE;

pub(crate) fn parse(item: &Item) -> Result<ApiKey, Corrupt> {
    let stored: StoredKey = decode(item)?;
    let corrupt = || Corrupt { wanted: StoredKey::TYPE, version: StoredKey::VERSION };
    let StoredKey { name, scopes, networks, allotments, maker, basis, digest, hint, previous, validity, .. } = stored;
    Ok(ApiKey {
        workspace: keys::workspace_of(item).ok_or_else(corrupt)?,
        id: keys::id_of(item, keys::API_KEY).ok_or_else(corrupt)?,
        terms: KeyTerms { name, scopes, networks, allotments },
        maker,
        basis,
        digest,
        hint,
        previous,
        validity,
        expires_at: stored.expires_at,
        created_at: stored.created_at,
        rotated_at: stored.rotated_at,
        notices: stored.notices,
        version: stored.version,
        rights: stored.rights,
    })
}

/// The item of `key`, whose next step is due at `due`.
fn item(at: &keys::Key, key: &ApiKey, due: Timestamp) -> Result<Item, Error> {
    let KeyTerms { name, scopes, networks, allotments } = key.terms.clone();
    let stored = StoredKey {
        name,
        scopes,
        networks,
        allotments,
        maker: key.maker,
        basis: key.basis,
        digest: key.digest,
        hint: key.hint.clone(),
        previous: key.previous,
        validity: key.validity,
        expires_at: key.expires_at,
        created_at: key.created_at,
        rotated_at: key.rotated_at,
        notices: key.notices,
        version: key.version,
        rights: key.rights,
    };
    let mut item = encode(at, &stored)?;
    item.extend(keys::due(key.id.ulid(), due));
    Ok(item)
}

/// Lists the API keys of a workspace, newest first.
#[must_use]
pub fn list(page: PageRequest<KeyId>) -> List<ApiKey, KeyId> {
    List {
        partition: keys::workspace_partition,
        entries: Entries {
            prefix: keys::API_KEY,
            order: Order::NewestFirst,
            parse,
            id: |key| key.id,
            parse_id: |id| id.parse().ok(),
        },
        within: None,
        page,
        filter: Vec::new(),
    }
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Writes the new API key `key`; `taken` if its id exists.
    pub fn create_key(&mut self, key: &ApiKey, taken: impl Into<E>) -> Result<&mut Self, Error> {
        let at = keys::api_key(key.workspace, key.id);
        let used = keys::key_use(key.workspace, key.id);
        let (item, secrets) = (item(&at, key, key.due_at(None))?, uses::item(&used, key)?);
        self.put_new(&at, item, taken);
        Ok(self.put(&used, secrets).count_keys(1))
    }

    /// Writes `next` in place of `before`; `changed` if somebody else wrote since that was read.
    pub fn write_key(&mut self, before: &ApiKey, next: &ApiKey, changed: impl Into<E>) -> Result<&mut Self, Error> {
        let at = keys::api_key(next.workspace, next.id);
        let used = keys::key_use(next.workspace, next.id);
        // When it is due, its use is read.
        let item = item(&at, next, next.due_at(None))?;
        self.require(&at, Condition::Equals("version", number(before.version)), changed).put(&at, item);
        if next.digest != before.digest {
            self.set(&used, uses::secrets(next));
        }
        Ok(self)
    }

    /// Deletes `key`; `changed` if somebody else wrote since it was read.
    pub fn delete_key(&mut self, key: &ApiKey, changed: impl Into<E>) -> &mut Self {
        let at = keys::api_key(key.workspace, key.id);
        self.require(&at, Condition::Equals("version", number(key.version)), changed);
        if key.is_service() {
            // It commanded the container under its own name.
            self.delete(&keys::allowance(key.actor()));
        }
        self.delete(&at).delete(&keys::key_use(key.workspace, key.id)).count_keys(-1)
    }
}

impl Store {
    /// Writes `next` in place of `before` and notifies the members of `happening`, for a worker. Returns false if somebody
    /// else wrote first.
    pub async fn mark_key(
        &self,
        (before, next): (&ApiKey, &ApiKey),
        due: Timestamp,
        happening: Option<Happening>,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let at = keys::api_key(next.workspace, next.id);
        let item = item(&at, next, due)?;
        let mut transaction = Transaction::default();
        transaction.require(&at, Condition::Equals("version", number(before.version)), ()).put(&at, item);
        if let Some(happening) = happening {
            transaction.notify_members(self, &SystemScope::of(next.workspace), happening, now)?;
        }
        Ok(matches!(self.transact(transaction).await?, TransactionOutcome::Done))
    }

    /// Reads all API keys of a workspace, for a worker.
    pub async fn api_keys(&self, scope: &SystemScope) -> Result<Vec<ApiKey>, Error> {
        let partition = keys::workspace_partition(scope.workspace());
        let (mut found, mut start) = (Vec::new(), None);
        loop {
            let query = Query::table(partition.clone()).starting_with(keys::API_KEY).after(start);
            let output = self.query(query).await?;
            for item in output.items() {
                found.push(parse(item)?);
            }
            start = output.last_evaluated_key;
            if start.is_none() {
                return Ok(found);
            }
        }
    }

    /// Reads the API key `id`, for a worker.
    pub async fn api_key(&self, scope: &SystemScope, id: KeyId) -> Result<Option<ApiKey>, Error> {
        self.read_item(&keys::api_key(scope.workspace(), id), parse).await
    }
}
