//! `Stripe-Signature` (<https://docs.stripe.com/webhooks#verify-manually>): HMAC-SHA256 over the time, a dot and the
//! exact bytes of the body, once with each valid secret of the endpoint.

use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;

/// Time during which a rolled secret stays valid (<https://docs.stripe.com/webhooks#roll-endpoint-secrets>).
const ROLLED: SignedDuration = SignedDuration::from_hours(24);

/// Signs the body with each of the secrets and returns the header.
#[must_use]
pub fn sign(secrets: &[&str], at: Timestamp, body: &[u8]) -> String {
    let seconds = at.as_second();
    let signatures = secrets.iter().map(|secret| format!(",v1={}", mac(secret, seconds, body)));
    format!("t={seconds}{}", signatures.collect::<String>())
}

fn mac(secret: &str, seconds: i64, body: &[u8]) -> String {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(seconds.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Secrets of the endpoint.
#[derive(Clone, Debug)]
pub(crate) struct Secrets {
    current: String,
    previous: Option<(String, Timestamp)>,
}

impl Secrets {
    pub(crate) const fn new(current: String) -> Self {
        Self { current, previous: None }
    }

    /// Replaces the current secret, which stays valid for a day.
    pub(crate) fn roll(&mut self, next: String, now: Timestamp) {
        let rolled = std::mem::replace(&mut self.current, next);
        self.previous = Some((rolled, crate::calendar::later(now, ROLLED)));
    }

    /// Returns the valid secrets, the current one first.
    pub(crate) fn valid(&self, now: Timestamp) -> Vec<&str> {
        let previous = self.previous.as_ref().filter(|(_, until)| now < *until);
        std::iter::once(self.current.as_str()).chain(previous.map(|(secret, _)| secret.as_str())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_matches_openssl() {
        // printf '1700000000.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_test
        let at = Timestamp::from_second(1_700_000_000).unwrap();
        let header = sign(&["whsec_test"], at, br#"{"id":"evt_1"}"#);
        assert_eq!(header, "t=1700000000,v1=c89214b5b5da833daed6f0b8c5bb6bd58cea9022bd80ccc78230f3942d632925");
    }

    #[test]
    fn a_rolled_secret_signs_for_a_day() {
        let mut secrets = Secrets::new("old".to_owned());
        let now = Timestamp::UNIX_EPOCH;
        secrets.roll("new".to_owned(), now);
        assert_eq!(secrets.valid(now), ["new", "old"]);
        assert_eq!(secrets.valid(now + ROLLED), ["new"]);
        assert_eq!(sign(&secrets.valid(now), now, b"x").matches(",v1=").count(), 2);
    }
}
