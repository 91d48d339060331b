//! Views of API keys. None has the secret but the one that is answered when it is made.

use super::error::Error;
use domain::{
    command::{Fingerprint, Reply},
    ids::{KeyId, UserId},
    keys::{
        record::{ApiKey, KeyState},
        scope::KeyScope,
        secret::KeyToken,
        usage::KeyUse,
    },
    text::KeyName,
};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use store::Change;

/// API key of a workspace.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = ApiKey)]
pub struct KeyView {
    /// Id of the key.
    pub id: KeyId,
    /// Name of the key.
    pub name: KeyName,
    /// Parts of the API that it may use.
    pub scopes: Vec<KeyScope>,
    /// Networks from which it may be used, in CIDR notation; none for all.
    pub networks: Vec<String>,
    /// Amount of each meter that it may consume in a month of UTC; without a limit of its own for meters that are missing.
    pub budgets: BTreeMap<String, u64>,
    /// True if it rests on the workspace instead of its maker's membership.
    pub service: bool,
    /// State of the key.
    pub state: KeyState,
    /// The last characters of its token.
    pub hint: String,
    /// Id of the member who made it.
    pub created_by: UserId,
    /// Time at which it was made (RFC 3339, UTC).
    pub created_at: Timestamp,
    /// Time at which its present secret was made (RFC 3339, UTC).
    pub rotated_at: Timestamp,
    /// Time from which it is no longer valid (RFC 3339, UTC). Rotating begins its validity again. An expired key is deleted
    /// after 30 days.
    pub expires_at: Timestamp,
    /// Time until which the secret that was replaced last is still valid (RFC 3339, UTC); null if it is not.
    pub previous_until: Option<Timestamp>,
    /// Time of the last request with it (RFC 3339, UTC); null if there was none.
    pub last_used_at: Option<Timestamp>,
    /// IP address of the last request with it.
    pub last_address: Option<String>,
    /// Number of requests with it.
    pub uses: u64,
}

impl KeyView {
    pub(super) fn new(key: &ApiKey, usage: Option<&KeyUse>, now: Timestamp) -> Self {
        Self {
            id: key.id,
            name: key.terms.name.clone(),
            scopes: key.terms.scopes.iter().collect(),
            networks: key.terms.networks.iter().map(ToString::to_string).collect(),
            budgets: key.terms.allotments.iter().map(|(meter, amount)| (meter.to_string(), *amount)).collect(),
            service: key.is_service(),
            state: key.state(now),
            hint: key.hint.clone(),
            created_by: key.maker,
            created_at: key.created_at,
            rotated_at: key.rotated_at,
            expires_at: key.expires_at,
            previous_until: key.previous.map(|previous| previous.until).filter(|until| now < *until),
            last_used_at: usage.and_then(|usage| usage.last_used_at),
            last_address: usage.and_then(|usage| usage.last_address.clone()),
            uses: usage.map_or(0, |usage| usage.uses),
        }
    }
}

/// API key with its new token.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = CreatedApiKey)]
pub struct CreatedKeyView {
    /// The key.
    #[serde(flatten)]
    pub key: KeyView,
    /// The token. It is shown in this answer only: a repetition of the request has null. Who lost it rotates the key.
    pub secret: Option<String>,
}

impl CreatedKeyView {
    /// Commits `change`. The answer is stored without the token, and the first one has it.
    pub(super) async fn answered(
        change: Change<'_, Error>,
        command: Option<&Fingerprint>,
        key: KeyView,
        token: &KeyToken,
        now: Timestamp,
    ) -> Result<Reply<Self>, Error> {
        Ok(match change.commit(command, Self { key, secret: None }, now).await? {
            Reply::First(answer) => Reply::First(Self { secret: Some(token.reveal().to_owned()), ..answer }),
            repeated @ Reply::Again(_) => repeated,
        })
    }
}
