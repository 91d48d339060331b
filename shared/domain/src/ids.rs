//! Identifiers: a prefix that names the kind, and 128 bits as a ULID (26 characters of Crockford's base 32).
//!
//! A parsed id is canonical: one byte string for each value, so that it may stand in a key of the table.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use std::{fmt, str::FromStr};
use ulid::Ulid;
#[cfg(feature = "openapi")]
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};

/// Why a text is not an id of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be an id of the form {prefix} followed by 26 characters of 0-9 and A-Z without I, L, O and U")]
pub struct ParseIdError {
    /// The prefix that the text should have begun with.
    pub prefix: &'static str,
}

/// An id that is made anew from a time and random bits.
pub trait Fresh {
    /// Wraps `value`, whose first 48 bits are the time in milliseconds.
    fn fresh(value: Ulid) -> Self;
}

macro_rules! prefixed_id {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Ulid);

        impl $name {
            /// What every id of this kind begins with.
            pub const PREFIX: &'static str = $prefix;
            /// The smallest id there can be; none is ever made.
            pub const NIL: Self = Self(Ulid::nil());

            /// The 128 bits behind the prefix.
            #[must_use]
            pub const fn ulid(self) -> Ulid {
                self.0
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let pattern = concat!("^", $prefix, "[0-7][0-9A-HJKMNP-TV-Z]{25}$");
                ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).into()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}

        impl Fresh for $name {
            fn fresh(value: Ulid) -> Self {
                Self(value)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut buffer = [0; ulid::ULID_LEN];
                f.write_str($prefix)?;
                f.write_str(self.0.array_to_str(&mut buffer))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                parse(text, $prefix).map(Self).ok_or(ParseIdError { prefix: $prefix })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

prefixed_id! {
    /// A workspace.
    WorkspaceId = "ws_";
    /// A user: one person at one identity provider.
    UserId = "usr_";
    /// An invitation.
    InvitationId = "inv_";
    /// An audit record; its order is that of time.
    AuditId = "aud_";
    /// An outbox item; its order is that of time.
    OutboxId = "out_";
    /// The deletion of a workspace, and its receipt.
    DeletionId = "del_";
    /// A secret in Secrets Manager; never used twice.
    SecretId = "sec_";
    /// A note that somebody's invitations are to be looked at.
    RevocationId = "rev_";
    /// Something that happened in a workspace, of which integrations are told.
    EventId = "evt_";
    /// The delivery of one event to one integration; its order is that of the events' time.
    DeliveryId = "dlv_";
}

impl AuditId {
    /// When it was made.
    #[must_use]
    pub fn made_at(self) -> Timestamp {
        i64::try_from(self.0.timestamp_ms())
            .ok()
            .and_then(|at| Timestamp::from_millisecond(at).ok())
            .unwrap_or_default()
    }
}

impl UserId {
    /// The id of the person whom `issuer` calls `subject`: the first 128 bits of SHA-256 over both. The same person
    /// has the same id in every deployment, and the id tells nothing of the subject.
    #[must_use]
    pub fn of(issuer: &str, subject: &str) -> Self {
        let digest = Sha256::new().chain_update(issuer).chain_update([0]).chain_update(subject).finalize();
        let mut half = [0; 16];
        half.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        Self(Ulid::from_bytes(half))
    }
}

impl DeliveryId {
    /// The id of the delivery of `event` to the integration of the type called `kind`: always the same, so that an event
    /// which comes twice is delivered once. It begins with the event's time.
    #[must_use]
    pub fn of(event: EventId, kind: &str) -> Self {
        let digest = Sha256::new().chain_update(event.0.to_bytes()).chain_update(kind).finalize();
        let mut bytes = event.0.to_bytes();
        bytes.iter_mut().skip(6).zip(digest).for_each(|(to, from)| *to = from);
        Self(Ulid::from_bytes(bytes))
    }
}

/// The ULID behind `prefix` in `text`, if that is how Berth would have written it.
fn parse(text: &str, prefix: &str) -> Option<Ulid> {
    let encoded = text.strip_prefix(prefix)?;
    let ulid = Ulid::from_string(encoded).ok()?;
    let mut buffer = [0; ulid::ULID_LEN];
    (ulid.array_to_str(&mut buffer) == encoded).then_some(ulid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_id_that_is_not_canonical_is_refused() {
        for text in [
            "",
            "ws_",
            "ws_01k9zx3v8q4m7n2p5r6s8t9w0y",
            "WS_01K9ZX3V8Q4M7N2P5R6S8T9W0Y",
            "usr_01K9ZX3V8Q4M7N2P5R6S8T9W0Y",
            "ws_01K9ZX3V8Q4M7N2P5R6S8T9W0Y,ws_01K9ZX3V8Q4M7N2P5R6S8T9W0Z",
            "ws_81K9ZX3V8Q4M7N2P5R6S8T9W0Y",
            "ws_O1K9ZX3V8Q4M7N2P5R6S8T9W0Y",
            " ws_01K9ZX3V8Q4M7N2P5R6S8T9W0Y",
        ] {
            assert_eq!(text.parse::<WorkspaceId>(), Err(ParseIdError { prefix: "ws_" }), "{text:?}");
        }
    }

    #[test]
    fn a_user_is_named_by_issuer_and_subject_together() {
        assert_eq!(UserId::of("https://issuer", "ana"), UserId::of("https://issuer", "ana"));
        assert_ne!(UserId::of("https://issuer", "ana"), UserId::of("https://other", "ana"));
        assert_ne!(UserId::of("ab", "c"), UserId::of("a", "bc"));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(bits: u128) {
            let id = WorkspaceId::fresh(Ulid::from_bytes(bits.to_be_bytes()));
            prop_assert_eq!(id.to_string().parse(), Ok(id));
        }

        #[test]
        fn any_text_is_an_id_or_an_error(text in "\\PC{0,40}") {
            if let Ok(id) = text.parse::<WorkspaceId>() {
                prop_assert_eq!(id.to_string(), text);
            }
        }
    }
}
