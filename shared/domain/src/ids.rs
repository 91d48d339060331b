//! Identifiers: a prefix that names the kind, and 128 bits as a ULID (26 characters of Crockford's base 32).
//!
//! A parsed id is canonical: each value has exactly one spelling, so that it can be used in keys of the table.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use std::{fmt, str::FromStr};
use ulid::Ulid;
#[cfg(feature = "openapi")]
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};

/// The text is not an id of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be an id of the form {prefix} followed by 26 characters of 0-9 and A-Z without I, L, O and U")]
pub struct ParseIdError {
    /// The expected prefix.
    pub prefix: &'static str,
}

/// An id that can be generated from a time and random bits.
pub trait Fresh {
    /// Wraps `value`, whose first 48 bits are the time in milliseconds.
    fn fresh(value: Ulid) -> Self;
}

macro_rules! prefixed_id {
    ($($(#[doc = $doc:literal])* $name:ident = $prefix:literal;)*) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Ulid);

        impl $name {
            /// The prefix of every id of this kind.
            pub const PREFIX: &'static str = $prefix;
            /// The smallest possible id; never generated.
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
                let description = concat!($($doc,)* " Begins with `", $prefix, "`.").trim();
                let example = concat!($prefix, "01K9ZX3V8Q4M7N2P5R6S8T9W0Y");
                let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern));
                text.description(Some(description)).examples([example]).into()
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
    /// Id of a workspace.
    WorkspaceId = "ws_";
    /// Id of a user: one person at one identity provider.
    UserId = "usr_";
    /// Id of an invitation.
    InvitationId = "inv_";
    /// Id of an audit record; sorts by time.
    AuditId = "aud_";
    /// Id of a ticket for a live connection, and of the connection.
    LiveTicketId = "tkt_";
    /// Id of an outbox item; sorts by time.
    OutboxId = "out_";
    /// Id of the deletion of a workspace, and of its receipt.
    DeletionId = "del_";
    /// Id of a secret in Secrets Manager; never reused.
    SecretId = "sec_";
    /// Id of a note that a member's invitations must be reviewed.
    RevocationId = "rev_";
    /// Id of a request to compare the seats of a workspace with Stripe; sorts by time.
    SeatCheckId = "sea_";
    /// Id of an event in a workspace, which is the same for all its receivers.
    EventId = "evt_";
    /// Id of the delivery of one event to one integration; sorts by the event's time.
    DeliveryId = "dlv_";
    /// Id of a notification, which is the same in the inbox of every recipient; sorts by the event's time.
    NotificationId = "ntf_";
    /// Id of an API key; sorts by time.
    KeyId = "key_";
}

impl AuditId {
    /// Returns the smallest id of a time, which no record has.
    #[must_use]
    pub fn first_of(at: Timestamp) -> Self {
        Self(Ulid::from_parts(u64::try_from(at.as_millisecond()).unwrap_or_default(), 0))
    }

    /// Time at which the id was generated.
    #[must_use]
    pub fn made_at(self) -> Timestamp {
        made_at(self.0)
    }
}

impl SeatCheckId {
    /// Time at which the id was generated.
    #[must_use]
    pub fn made_at(self) -> Timestamp {
        made_at(self.0)
    }
}

impl LiveTicketId {
    /// Time at which the id was generated.
    #[must_use]
    pub fn made_at(self) -> Timestamp {
        made_at(self.0)
    }
}

impl NotificationId {
    /// Time of the event.
    #[must_use]
    pub fn made_at(self) -> Timestamp {
        made_at(self.0)
    }
}

impl UserId {
    /// Computes the id of the user whom `issuer` calls `subject`: the first 128 bits of SHA-256 over both. A user has
    /// the same id in every deployment, and the id reveals nothing about the subject.
    #[must_use]
    pub fn of(issuer: &str, subject: &str) -> Self {
        let digest = Sha256::new().chain_update(issuer).chain_update([0]).chain_update(subject).finalize();
        let mut half = [0; 16];
        half.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        Self(Ulid::from_bytes(half))
    }
}

impl KeyId {
    /// Returns the id under which a service key acts, behind which is nobody.
    #[must_use]
    pub fn actor(self) -> UserId {
        UserId::of("key", &self.to_string())
    }
}

impl DeliveryId {
    /// Computes the id of the delivery of `event` to the integration of type `kind`. It is deterministic, so that an
    /// event that arrives twice is delivered once. It begins with the event's time.
    #[must_use]
    pub fn of(event: EventId, kind: &str) -> Self {
        let digest = Sha256::new().chain_update(event.0.to_bytes()).chain_update(kind).finalize();
        let mut bytes = event.0.to_bytes();
        bytes.iter_mut().skip(6).zip(digest).for_each(|(to, from)| *to = from);
        Self(Ulid::from_bytes(bytes))
    }
}

/// Returns the time in `ulid`.
fn made_at(ulid: Ulid) -> Timestamp {
    let millisecond = i64::try_from(ulid.timestamp_ms()).ok();
    millisecond.and_then(|at| Timestamp::from_millisecond(at).ok()).unwrap_or_default()
}

/// Parses the ULID after `prefix`; `None` unless the text is canonical.
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
    fn non_canonical_ids_are_refused() {
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
    fn user_id_depends_on_issuer_and_subject() {
        assert_eq!(UserId::of("https://issuer", "ana"), UserId::of("https://issuer", "ana"));
        assert_ne!(UserId::of("https://issuer", "ana"), UserId::of("https://other", "ana"));
        assert_ne!(UserId::of("ab", "c"), UserId::of("a", "bc"));
    }

    proptest! {
        #[test]
        fn written_ids_parse_back(bits: u128) {
            let id = WorkspaceId::fresh(Ulid::from_bytes(bits.to_be_bytes()));
            prop_assert_eq!(id.to_string().parse(), Ok(id));
        }

        #[test]
        fn any_text_is_a_canonical_id_or_an_error(text in "\\PC{0,40}") {
            if let Ok(id) = text.parse::<WorkspaceId>() {
                prop_assert_eq!(id.to_string(), text);
            }
        }
    }
}
