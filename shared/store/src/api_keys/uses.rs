//! The rate and the last use of API keys.

use crate::{
    Store,
    partitions::ItemKind,
    table::calls::{Query, Updated},
    table::condition::{Condition, Terms},
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, decode, encode, number, place, text},
    table::keys,
};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    ids::{KeyId, UserId, WorkspaceId},
    keys::{
        record::ApiKey,
        secret::{KeyClaim, SecretDigest},
        usage::{KeyUse, RateWindow},
    },
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// Number of attempts to count a request: one in the window, one that begins it, and one more for a race at its beginning.
const ATTEMPTS: u32 = 4;

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredKeyUse {
    /// The user for whom the key acts.
    actor: UserId,
    /// Digest of the secret.
    current: SecretDigest,
    /// Digest of the previous secret, while it is valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    previous: Option<SecretDigest>,
    /// Time from which the previous secret is not valid, in milliseconds.
    #[serde(default)]
    previous_until: i64,
    /// Time from which the key is not valid, in milliseconds.
    ends_at: i64,
    /// Number of the window.
    #[serde(default)]
    minute: i64,
    /// Requests in the window.
    #[serde(default)]
    requests: u64,
    #[serde(default)]
    last_used_at: Option<Timestamp>,
    #[serde(default)]
    last_address: Option<String>,
    #[serde(default)]
    uses: u64,
}

impl Stored for StoredKeyUse {
    const KIND: ItemKind = ItemKind::KeyUse;
}

pub(crate) fn parse(item: &Item) -> Result<KeyUse, Corrupt> {
    let StoredKeyUse { last_used_at, last_address, uses, .. } = decode(item)?;
    Ok(KeyUse { last_used_at, last_address, uses })
}

fn stored(key: &ApiKey) -> StoredKeyUse {
    StoredKeyUse {
        actor: key.actor(),
        current: key.digest,
        previous: key.previous.map(|previous| previous.digest),
        previous_until: key.previous.map_or(0, |previous| previous.until.as_millisecond()),
        ends_at: key.expires_at.as_millisecond(),
        minute: 0,
        requests: 0,
        last_used_at: None,
        last_address: None,
        uses: 0,
    }
}

/// The item of a new key.
pub(super) fn item(at: &keys::Key, key: &ApiKey) -> Result<Item, Error> {
    encode(at, &stored(key))
}

/// The attributes of a key whose secret was replaced.
pub(super) fn secrets(key: &ApiKey) -> [(String, AttributeValue); 4] {
    let stored = stored(key);
    let previous = stored.previous.map_or(AttributeValue::Null(true), |digest| text(digest.to_string()));
    [
        ("current".to_owned(), text(stored.current.to_string())),
        ("previous".to_owned(), previous),
        ("previous_until".to_owned(), number(stored.previous_until)),
        ("ends_at".to_owned(), number(stored.ends_at)),
    ]
}

/// Condition: the claim is that of the key, whose secret is valid at `now`. An expired key is genuine as well: what it is
/// refused for is said.
fn is_genuine(claim: &KeyClaim, now: Timestamp) -> Condition {
    let digest = || text(claim.digest.to_string());
    let previous =
        vec![Condition::Equals("previous", digest()), Condition::Above("previous_until", now.as_millisecond())];
    Condition::All(vec![
        Condition::Equals("actor", text(claim.actor.to_string())),
        Condition::Any(vec![Condition::Equals("current", digest()), Condition::All(previous)]),
    ])
}

/// Condition: the claim is that of the key, which is valid at `now`.
pub(crate) fn is_valid(claim: &KeyClaim, now: Timestamp) -> Condition {
    Condition::All(vec![is_genuine(claim, now), Condition::Above("ends_at", now.as_millisecond())])
}

impl Store {
    /// Counts a request with the key of `claim`. Returns the number of requests in this minute; `None` if there is no such
    /// key or its secret is another one, in which case nothing is written.
    pub(crate) async fn count_key_use(
        &self,
        claim: &KeyClaim,
        address: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<u64>, Error> {
        let window = RateWindow::of(now).number();
        let mut begins = false;
        for _ in 0..ATTEMPTS {
            match self.count_in_window(claim, address, now, begins).await? {
                Updated::Done(new) => {
                    let requests = new.get("requests").and_then(|count| count.as_n().ok()?.parse().ok());
                    return Ok(Some(requests.unwrap_or(1)));
                }
                Updated::Refused(None) => return Ok(None),
                Updated::Refused(Some(old)) if !is_genuine(claim, now).holds(Some(&old)) => return Ok(None),
                // The window of the item is another one than was thought.
                Updated::Refused(Some(old)) => begins = Condition::LacksOrBelow("minute", window).holds(Some(&old)),
            }
        }
        Err(Error::Contended)
    }

    /// Counts in the window of `now`, or begins it. An item that is ahead, because of another clock, counts as the window.
    async fn count_in_window(
        &self,
        claim: &KeyClaim,
        address: Option<&str>,
        now: Timestamp,
        begins: bool,
    ) -> Result<Updated, Error> {
        let this = RateWindow::of(now).number();
        let mut terms = Terms::default();
        let genuine = is_genuine(claim, now).expression(&mut terms);
        let earlier = Condition::LacksOrBelow("minute", this).expression(&mut terms);
        let (one, requests, uses) = (terms.value(number(1)), terms.name("requests"), terms.name("uses"));
        let (used_at, from) = (terms.name("last_used_at"), terms.name("last_address"));
        let at = terms.value(text(now.to_string()));
        let address = terms.value(address.map_or(AttributeValue::Null(true), text));
        let set = format!("{used_at} = {at}, {from} = {address}");
        let (update, condition) = if begins {
            let (minute, this) = (terms.name("minute"), terms.value(number(this)));
            (format!("SET {set}, {minute} = {this}, {requests} = {one} ADD {uses} {one}"), earlier)
        } else {
            (format!("SET {set} ADD {requests} {one}, {uses} {one}"), format!("NOT {earlier}"))
        };
        self.update_if(|request| {
            request
                .set_key(Some(HashMap::from(place(&keys::key_use(claim.workspace, claim.key)))))
                .update_expression(update)
                .condition_expression(format!("{genuine} AND {condition}"))
                .set_expression_attribute_names(terms.names())
                .set_expression_attribute_values(terms.values())
        })
        .await
    }

    /// Reads the use of all API keys of `workspace`.
    pub(crate) async fn key_uses(&self, workspace: WorkspaceId) -> Result<BTreeMap<KeyId, KeyUse>, Error> {
        let (mut found, mut start) = (BTreeMap::new(), None);
        loop {
            let query = Query::table(keys::key_partition(workspace)).starting_with(keys::KEY_USE).after(start);
            let output = self.query(query).await?;
            for item in output.items() {
                if let Some(id) = keys::id_of(item, keys::KEY_USE) {
                    found.insert(id, parse(item)?);
                }
            }
            start = output.last_evaluated_key;
            if start.is_none() {
                return Ok(found);
            }
        }
    }

    /// Reads the use of the API key `id`, for a worker.
    pub async fn key_use(&self, scope: &system_scope::SystemScope, id: KeyId) -> Result<Option<KeyUse>, Error> {
        self.read_item(&keys::key_use(scope.workspace(), id), parse).await
    }
}
