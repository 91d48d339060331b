//! Audit entries of keys. They name scopes and networks, and nothing of a secret.

use super::record::ApiKey;
use crate::audit::record::{AuditAction, Entry};
use serde_json::{Map, Value, json};

impl Entry {
    /// The entry for a new key.
    #[must_use]
    pub fn key_created(key: &ApiKey) -> Self {
        Self::new(AuditAction::ApiKeyCreated, key.id, Map::new(), face(key))
    }

    /// The entry for a changed key.
    #[must_use]
    pub fn key_updated(before: &ApiKey, after: &ApiKey) -> Self {
        let (mut old, mut new) = (face(before), face(after));
        old.retain(|field, value| new.get(field) != Some(value));
        // Its name says which key it is.
        new.retain(|field, _| field == "name" || old.contains_key(field));
        Self::new(AuditAction::ApiKeyUpdated, before.id, old, new)
    }

    /// The entry for a key whose secret was replaced.
    #[must_use]
    pub fn key_rotated(before: &ApiKey, after: &ApiKey) -> Self {
        let end = |key: &ApiKey| ("expires_at".to_owned(), json!(key.expires_at));
        let name = ("name".to_owned(), json!(after.terms.name));
        let previous = ("previous_until".to_owned(), json!(after.previous.map(|previous| previous.until)));
        let (old, new) = (Map::from_iter([end(before)]), Map::from_iter([name, end(after), previous]));
        Self::new(AuditAction::ApiKeyRotated, before.id, old, new)
    }

    /// The entry for a key that was revoked.
    #[must_use]
    pub fn key_revoked(key: &ApiKey) -> Self {
        Self::new(AuditAction::ApiKeyRevoked, key.id, end_of(key), Map::new())
    }

    /// The entry for a key that was deleted some time after it had expired.
    #[must_use]
    pub fn key_expired(key: &ApiKey) -> Self {
        Self::new(AuditAction::ApiKeyExpired, key.id, end_of(key), Map::new())
    }
}

/// What is said of a key that is no more. The records of its maker's changes have its networks.
fn end_of(key: &ApiKey) -> Map<String, Value> {
    let mut face = face(key);
    face.remove("networks");
    face
}

fn face(key: &ApiKey) -> Map<String, Value> {
    Map::from_iter([
        ("name".to_owned(), json!(key.terms.name)),
        ("scopes".to_owned(), json!(key.terms.scopes)),
        ("networks".to_owned(), json!(key.terms.networks)),
        ("expires_at".to_owned(), json!(key.expires_at)),
        ("service".to_owned(), json!(key.is_service())),
    ])
}
