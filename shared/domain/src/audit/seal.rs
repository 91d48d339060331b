//! Audit records as they are stored: each value that may be personal has a salt, and a digest can stand in its place.
//!
//! The digest of a field is a hash of its salt, its name and its value. While the value is stored, the digest is computed;
//! erasing stores the digest and deletes value and salt. So the digests of a record are the same before and after, and
//! without the salt nobody can find the value by hashing guesses. A value that is too large for a record is stored as its
//! digest from the beginning.

use crate::{audit::record::Record, email::Email, ids::UserId};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Maximum size of a value in a record, in bytes of JSON.
pub const MAX_VALUE_BYTES: usize = 1024;

/// Maximum size of a member of an object that exceeds [`MAX_VALUE_BYTES`].
const MAX_MEMBER_BYTES: usize = 256;

/// Beginning of the names of large values among the salts.
const LARGE: &str = "large:";

/// The input of a digest begins with its purpose.
const PURPOSE: &str = "berth.audit.";

/// Fields of changes whose values are never personal: names from a fixed list, ids and times.
const IMPERSONAL: [&str; 22] = [
    "cancel_at",
    "cause",
    "covered",
    "covered_until",
    "event",
    "expires_at",
    "first_payment",
    "former_owner",
    "grace_until",
    "integration",
    "interval",
    "invitation_id",
    "meter",
    "period_end",
    "plan",
    "released_invitations",
    "revoked_invitations",
    "role",
    "scheduled",
    "status",
    "timezone",
    "trial_end",
];

/// A record with the salts of its values and the digests of those that were erased. Fields are named `actor_name`,
/// `ip_address`, `before.<field>` and `after.<field>`.
#[derive(Debug, Clone, PartialEq)]
pub struct SealedRecord {
    /// The record. Erased values are missing.
    pub record: Record,
    /// The salt of each value that can be erased, in base64url; under [`LARGE`] and the name, that of a large value.
    pub salts: BTreeMap<String, String>,
    /// The digest of each erased value.
    pub digests: BTreeMap<String, String>,
}

/// A person whose data is erased from records.
#[derive(Debug, Clone, Copy)]
pub struct ErasedPerson<'a> {
    /// Their user id, which stays.
    pub user: UserId,
    /// Addresses that are known to be theirs.
    pub addresses: &'a [Email],
}

/// Returns a salt made of `random` bits.
fn text_of(random: u128) -> String {
    URL_SAFE_NO_PAD.encode(random.to_be_bytes())
}

/// Returns the digest of `value` in the field `name`.
fn digest(salt: &str, name: &str, value: &Value) -> String {
    let hash = Sha256::new().chain_update(PURPOSE).chain_update(salt).chain_update([0]);
    let hash = hash.chain_update(name).chain_update([0]).chain_update(value.to_string());
    URL_SAFE_NO_PAD.encode(hash.finalize())
}

impl SealedRecord {
    /// Seals a new record: shortens large values and gives each value that may be personal a salt of its own.
    #[must_use]
    pub fn new(mut record: Record, mut random: impl FnMut() -> u128) -> Self {
        let mut salts = BTreeMap::new();
        for (side, changed) in [("before", &mut record.entry.before), ("after", &mut record.entry.after)] {
            for (field, value) in changed.iter_mut().filter(|(field, _)| *field != REASON && !is_impersonal(field)) {
                shorten(value, &format!("{side}.{field}"), &mut salts, &mut random);
            }
        }
        Self { record, salts, digests: BTreeMap::new() }.salted(random)
    }

    /// Returns the values that may be personal, by the names of their fields.
    fn values(&self) -> BTreeMap<String, Value> {
        let Record { actor_name, origin, entry, .. } = &self.record;
        let name = actor_name.as_ref().map(|name| ("actor_name".to_owned(), json!(name)));
        let address = origin.ip_address.as_ref().map(|address| ("ip_address".to_owned(), json!(address)));
        let within = |side: &'static str, changed: &Map<String, Value>| {
            let personal = changed.iter().filter(|(field, value)| is_text(value) && !is_impersonal(field));
            personal.map(|(field, value)| (format!("{side}.{field}"), value.clone())).collect::<Vec<_>>()
        };
        let changes = within("before", &entry.before).into_iter().chain(within("after", &entry.after));
        name.into_iter().chain(address).chain(changes).collect()
    }

    /// Returns the value of the field `name`, unless it was erased.
    fn value(&self, name: &str) -> Option<Value> {
        let Record { actor_name, origin, entry, .. } = &self.record;
        match name.split_once('.') {
            Some(("before", field)) => entry.before.get(field).cloned(),
            Some((_, field)) => entry.after.get(field).cloned(),
            None if name == "actor_name" => actor_name.as_ref().map(|name| json!(name)),
            None => origin.ip_address.as_ref().map(|address| json!(address)),
        }
    }

    /// True if it has a value that no digest binds: a name or an address without a salt, or one that was erased.
    #[must_use]
    pub fn has_unbound_values(&self) -> bool {
        let named = ["actor_name", "ip_address"].into_iter().chain(self.digests.keys().map(String::as_str));
        named.into_iter().any(|name| !self.salts.contains_key(name) && self.value(name).is_some())
    }

    /// Returns the values that can be erased and were not, with their salts, by the names of their fields.
    #[must_use]
    pub fn open_values(&self) -> BTreeMap<String, (String, Value)> {
        let names = self.salts.iter().filter(|(name, _)| !name.starts_with(LARGE));
        names.filter_map(|(name, salt)| Some((name.clone(), (salt.clone(), self.value(name)?)))).collect()
    }

    /// Returns the digest of each value that can be erased, erased or not. They do not change when values are erased, except
    /// those of records that were stored without salts.
    #[must_use]
    pub fn all_digests(&self) -> BTreeMap<String, String> {
        let open = self.open_values().into_iter();
        let present = open.map(|(name, (salt, value))| (name.clone(), digest(&salt, &name, &value)));
        self.digests.clone().into_iter().chain(present).collect()
    }

    /// True if the value of the field `name` can be erased, or was.
    pub(super) fn can_be_erased(&self, name: &str) -> bool {
        self.salts.contains_key(name) || self.digests.contains_key(name)
    }

    /// Gives each value that may be personal a salt of its own, unless it has one: records of an earlier version have none.
    #[must_use]
    pub fn salted(mut self, mut random: impl FnMut() -> u128) -> Self {
        for name in self.values().into_keys() {
            self.salts.entry(name).or_insert_with(|| text_of(random()));
        }
        self
    }

    /// Erases every value that may be personal; `None` if there is none.
    #[must_use]
    pub fn without_personal_data(&self, random: impl FnMut() -> u128) -> Option<Self> {
        self.without(|_, _| true, random).map(|erased| Self { salts: BTreeMap::new(), ..erased })
    }

    /// Erases the values that are about `person`; `None` if there is none: their name and IP address in records of their
    /// own changes, and their address wherever it is.
    #[must_use]
    pub fn without_person(&self, person: ErasedPerson<'_>, random: impl FnMut() -> u128) -> Option<Self> {
        let is_actor = self.record.actor == person.user;
        let is_target = self.record.entry.target == person.user.to_string();
        // What they called a key, and where they use it from.
        let is_their_key = is_actor && self.record.entry.action.is_of_keys();
        let theirs = |value: &Value| {
            let address = value.as_str().and_then(|text| Email::known(text).ok());
            address.is_some_and(|address| person.addresses.contains(&address))
        };
        self.without(
            |name, value| match name {
                "ip_address" => is_actor,
                // Staff act under their address, and have an id of their own there.
                "actor_name" => is_actor || theirs(value),
                "before.email" | "after.email" => is_target || theirs(value),
                "before.name" | "after.name" | "before.networks" | "after.networks" if is_their_key => true,
                _ => theirs(value),
            },
            random,
        )
    }

    fn without(&self, erased: impl Fn(&str, &Value) -> bool, mut random: impl FnMut() -> u128) -> Option<Self> {
        let values = self.values();
        let erased: Vec<_> = values.iter().filter(|(name, value)| erased(name, value)).collect();
        if erased.is_empty() {
            return None;
        }
        let mut next = self.clone();
        for (name, value) in erased {
            // Records of an earlier version have no salts. The salt of their digest is forgotten at once.
            let salt = next.salts.remove(name).unwrap_or_else(|| text_of(random()));
            next.digests.insert(name.clone(), digest(&salt, name, value));
            match name.split_once('.') {
                Some(("before", field)) => drop(next.record.entry.before.remove(field)),
                Some((_, field)) => drop(next.record.entry.after.remove(field)),
                None if name == "actor_name" => next.record.actor_name = None,
                None => next.record.origin.ip_address = None,
            }
        }
        Some(next)
    }

    /// Returns the record as it is shown: an erased value of a change is an object with its digest.
    #[must_use]
    pub fn shown(self) -> Record {
        let Self { mut record, digests, .. } = self;
        for (name, digest) in digests {
            let erased = json!({ "digest": digest });
            match name.split_once('.') {
                Some(("before", field)) => drop(record.entry.before.insert(field.to_owned(), erased)),
                Some((_, field)) => drop(record.entry.after.insert(field.to_owned(), erased)),
                None => {}
            }
        }
        record
    }
}

/// The field of the operator's reason, which is never shortened: it has 500 characters at most, and is for the owners to read.
const REASON: &str = "reason";

fn is_text(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
        Value::String(_) | Value::Array(_) | Value::Object(_) => true,
    }
}

fn is_impersonal(field: &str) -> bool {
    IMPERSONAL.contains(&field)
}

/// Replaces a large value by its digest and its size: first large members of an object, then the whole.
fn shorten(value: &mut Value, name: &str, salts: &mut BTreeMap<String, String>, random: &mut impl FnMut() -> u128) {
    let fits = |value: &Value, most: usize| value.to_string().len() <= most;
    if fits(value, MAX_VALUE_BYTES) {
        return;
    }
    let mut shortened = |name: String, value: &Value| {
        let salt = text_of(random());
        let short = json!({ "digest": digest(&salt, &name, value), "bytes": value.to_string().len() });
        salts.insert(format!("{LARGE}{name}"), salt);
        short
    };
    let mut short = value.clone();
    if let Value::Object(members) = &mut short {
        for (member, value) in members.iter_mut().filter(|(_, value)| !fits(value, MAX_MEMBER_BYTES)) {
            *value = shortened(format!("{name}.{member}"), value);
        }
    }
    if !fits(&short, MAX_VALUE_BYTES) {
        short = shortened(name.to_owned(), value);
    }
    *value = short;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        audit::record::{AuditAction, Entry},
        identity::origin::Origin,
        ids::AuditId,
    };
    use jiff::Timestamp;

    fn changed(before: Value, after: Value) -> SealedRecord {
        let fields = |value: Value| value.as_object().cloned().unwrap_or_default();
        let record = Record {
            id: AuditId::NIL,
            at: Timestamp::UNIX_EPOCH,
            actor: UserId::of("test", "ana"),
            actor_name: Some("Ana".parse().unwrap()),
            key: None,
            origin: Origin { request_id: "request".to_owned(), ip_address: Some("203.0.113.7".to_owned()) },
            entry: Entry {
                action: AuditAction::MemberRemoved,
                target: UserId::of("test", "ben").to_string(),
                before: fields(before),
                after: fields(after),
            },
        };
        let mut numbers = 1..;
        SealedRecord::new(record, || numbers.next().unwrap())
    }

    /// Invariant 45.
    #[test]
    fn erasing_leaves_the_digests_of_all_values() {
        let sealed = changed(json!({"email": "ben@example.com", "role": "viewer"}), json!({"name": "Anvils"}));
        let digests = sealed.all_digests();
        assert_eq!(digests.keys().collect::<Vec<_>>(), ["actor_name", "after.name", "before.email", "ip_address"]);
        let erased = sealed.without_personal_data(|| 0).unwrap();
        assert_eq!((erased.all_digests(), &erased.salts), (digests, &BTreeMap::new()));
        let text = format!("{erased:?}");
        for personal in ["Ana", "203.0.113.7", "ben@example.com", "Anvils"] {
            assert!(!text.contains(personal), "{personal}");
        }
        assert_eq!(erased.record.entry.before, json!({"role": "viewer"}).as_object().cloned().unwrap());
        assert_eq!(erased.without_personal_data(|| 0), None);
        let shown = erased.clone().shown();
        assert_eq!(shown.entry.before["email"], json!({"digest": erased.digests["before.email"]}));
    }

    /// Invariant 45.
    #[test]
    fn a_digest_cannot_be_guessed_without_its_salt() {
        let [one, other] = [1, 100].map(|first| {
            let mut numbers = first..;
            SealedRecord::new(changed(json!({}), json!({})).record, || numbers.next().unwrap()).all_digests()
        });
        assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
        assert!(one.iter().all(|(name, digest)| other[name] != *digest));
    }

    #[test]
    fn a_persons_data_is_erased_from_records_of_others() {
        let address = "ben@example.com".parse::<Email>().unwrap();
        let ben = ErasedPerson { user: UserId::of("test", "ben"), addresses: std::slice::from_ref(&address) };
        let sealed = changed(json!({"email": "BEN@example.com"}), json!({"note": "Anvils"}));
        let erased = sealed.without_person(ben, || 0).unwrap();
        assert_eq!(erased.digests.keys().collect::<Vec<_>>(), ["before.email"]);
        assert_eq!(erased.all_digests(), sealed.all_digests());
        assert_eq!(erased.without_person(ben, || 0), None);
        let ana = ErasedPerson { user: UserId::of("test", "ana"), addresses: &[] };
        let erased = erased.without_person(ana, || 0).unwrap();
        assert_eq!(erased.digests.keys().collect::<Vec<_>>(), ["actor_name", "before.email", "ip_address"]);
    }

    /// Staff act under their address, and have an id of their own there.
    #[test]
    fn name_that_is_a_persons_address_is_erased() {
        let address = "ben@example.com".parse::<Email>().unwrap();
        let ben = ErasedPerson { user: UserId::of("test", "ben"), addresses: std::slice::from_ref(&address) };
        let mut sealed = changed(json!({}), json!({"operator": "ben@example.com", "reason": "Spam"}));
        sealed.record.actor_name = Some("ben@example.com".parse().unwrap());
        let erased = sealed.without_person(ben, || 0).unwrap();
        assert_eq!(erased.digests.keys().collect::<Vec<_>>(), ["actor_name", "after.operator"]);
    }

    #[test]
    fn names_and_networks_of_a_persons_keys_are_erased() {
        let face = json!({"name": "Ben's laptop", "networks": ["203.0.113.7/32"], "scopes": ["team:read"]});
        let mut sealed = changed(json!({}), face);
        sealed.record.entry.action = AuditAction::ApiKeyCreated;
        let maker = ErasedPerson { user: sealed.record.actor, addresses: &[] };
        let erased = sealed.without_person(maker, || 0).unwrap();
        let wanted = ["actor_name", "after.name", "after.networks", "ip_address"];
        assert_eq!(erased.digests.keys().collect::<Vec<_>>(), wanted);
        // A workspace that they named keeps its name.
        sealed.record.entry.action = AuditAction::WorkspaceUpdated;
        let erased = sealed.without_person(maker, || 0).unwrap();
        assert_eq!(erased.digests.keys().collect::<Vec<_>>(), ["actor_name", "ip_address"]);
    }

    #[test]
    fn reasons_are_never_shortened() {
        let reason = json!("漢".repeat(500));
        let sealed = changed(json!({"reason": reason}), json!({"reason": reason}));
        let (before, after) = (&sealed.record.entry.before["reason"], &sealed.record.entry.after["reason"]);
        assert_eq!((before, after), (&reason, &reason));
    }

    /// New addresses must have such a domain that the DNS can have; stored ones need not.
    #[test]
    fn addresses_of_odd_domains_are_erased_from_records_of_others() {
        let address = Email::known("ben@192.0.2.1").unwrap();
        let ben = ErasedPerson { user: UserId::of("test", "other"), addresses: std::slice::from_ref(&address) };
        let erased = changed(json!({"email": "ben@192.0.2.1"}), json!({})).without_person(ben, || 0).unwrap();
        assert_eq!(erased.digests.keys().collect::<Vec<_>>(), ["before.email"]);
    }

    #[test]
    fn large_values_are_stored_as_digests_with_their_size() {
        let large = "x".repeat(2 * MAX_VALUE_BYTES);
        let sealed = changed(json!({}), json!({"settings": {"theme": "dark", "page": large.clone()}, "text": large}));
        let after = &sealed.record.entry.after;
        assert_eq!((&after["settings"]["theme"], &after["settings"]["page"]["bytes"]), (&json!("dark"), &json!(2050)));
        assert_eq!(after["text"]["bytes"], json!(2050));
        // Who has the value can still prove that it is the one.
        let salt = &sealed.salts[&format!("{LARGE}after.text")];
        assert_eq!(after["text"]["digest"], json!(digest(salt, "after.text", &json!(large))));
        let many: Map<_, _> = (0..500).map(|number| (number.to_string(), json!("small"))).collect();
        let sealed = changed(json!({}), json!({ "settings": many }));
        assert_eq!(sealed.record.entry.after["settings"]["bytes"], json!(6891));
    }
}
