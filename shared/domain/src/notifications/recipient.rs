//! Recipients of e-mails: a person's mailbox behind all spellings of their address, identified by a digest.
//!
//! Limits on e-mails must outlive workspaces and apply across all of them, so they are stored under the digest, not
//! under the address: the table contains no address of a person without an account.

use crate::{
    billing::account::Billing,
    billing::notice::BillingNoticeKind,
    email::Email,
    ids::{EventId, InvitationId, WorkspaceId},
    integrations::IntegrationType,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use std::fmt;

/// Maximum number of e-mails to a recipient per UTC day, from all workspaces together. E-mails about payments do not
/// count.
pub const LETTERS_A_DAY: u32 = 5;

/// The input of the digest begins with its purpose, so that it differs from every other digest of an address.
const PURPOSE: &str = "berth.recipient.";

/// Domains whose mailboxes ignore dots in the local part. <https://support.google.com/mail/answer/7436150>
const DOTLESS: [&str; 2] = ["gmail.com", "googlemail.com"];

/// The mailbox that an address leads to. Two addresses have the same recipient if they differ only in case, in a
/// sub-address (`+tag`) or, at Gmail, in dots.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Recipient([u8; 32]);

/// Debug output hides the recipient, which is personal data like the address it is computed from.
impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recipient(…)")
    }
}

impl Recipient {
    /// Computes the recipient behind `email`.
    #[must_use]
    pub fn of(email: &Email) -> Self {
        let (local, domain) = email.folded().rsplit_once('@').unwrap_or((email.folded(), ""));
        let domain = domain.trim_end_matches('.');
        // An address that begins with a plus has no name before it.
        let mailbox = local.split('+').next().filter(|mailbox| !mailbox.is_empty()).unwrap_or(local);
        let digest = Sha256::new().chain_update(PURPOSE);
        let digest = if DOTLESS.contains(&domain) {
            digest.chain_update(mailbox.replace('.', "")).chain_update("@gmail.com")
        } else {
            digest.chain_update(mailbox).chain_update("@").chain_update(domain)
        };
        Self(digest.finalize().into())
    }

    /// The digest as text, for keys and links.
    #[must_use]
    pub fn digest(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The recipient with this [`Self::digest`]; `None` if the text is not a digest.
    #[must_use]
    pub fn from_digest(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }
}

/// A UTC day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LetterDay(i64);

impl LetterDay {
    const SECONDS: i64 = 24 * 60 * 60;

    /// The day that contains `now`.
    #[must_use]
    pub fn of(now: Timestamp) -> Self {
        Self(now.as_second().div_euclid(Self::SECONDS))
    }

    /// Number of days since 1970; the name of the day in the table.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }

    /// Time at which the day ends and the next one begins.
    #[must_use]
    pub fn end(self) -> Timestamp {
        let seconds = self.0.saturating_add(1).saturating_mul(Self::SECONDS);
        Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
    }

    /// Time until which the counters of the day are kept: an hour longer than the day, so that a clock that is behind
    /// does not start again from zero.
    #[must_use]
    pub fn kept_until(self) -> Timestamp {
        self.end().saturating_add(SignedDuration::from_hours(1)).unwrap_or(Timestamp::MAX)
    }
}

/// Name of an e-mail, so that a message that its queue delivers twice counts once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterName(String);

impl LetterName {
    /// The e-mail for this version of an invitation.
    #[must_use]
    pub fn invitation(invitation: InvitationId, version: u64) -> Self {
        Self(format!("{invitation}.{version}"))
    }

    /// The e-mail with the notifications of a member that arrived after the number `after`.
    #[must_use]
    pub fn notifications(after: u64) -> Self {
        Self(format!("notifications.{after}"))
    }

    /// The e-mail that reports that this version of an integration was disabled.
    #[must_use]
    pub fn disabled(workspace: WorkspaceId, integration: IntegrationType, version: u64) -> Self {
        Self(format!("{workspace}.{integration}.{version}"))
    }

    /// The e-mail about this version of a workspace's suspension.
    #[must_use]
    pub fn suspension(version: u64) -> Self {
        Self(version.to_string())
    }

    /// The e-mail about the owner whom the operator set in this event.
    #[must_use]
    pub fn owner_set(event: EventId) -> Self {
        Self(format!("owner_set.{event}"))
    }

    /// The e-mail with a notice about `billing`, which records the notices that were sent.
    #[must_use]
    pub fn billing(billing: &Billing, notice: BillingNoticeKind) -> Self {
        let sent = &billing.sent_notices;
        let (kind, about) = match notice {
            BillingNoticeKind::PaymentFailed => {
                ("payment_failed", sent.owed.as_ref().map(|owed| format!("{}.{}", owed.invoice, owed.attempts)))
            }
            BillingNoticeKind::TrialEnding => ("trial_ending", sent.trial_end.map(|end| end.as_second().to_string())),
            BillingNoticeKind::PlanLapsed => ("plan_lapsed", sent.lapsed.clone()),
            BillingNoticeKind::PlanMigrated => {
                ("plan_migrated", sent.migration.as_ref().map(|migration| migration.attempt.to_string()))
            }
        };
        let about = about.unwrap_or_else(|| format!("version.{}", billing.version));
        Self(format!("{kind}.{about}"))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipient(address: &str) -> Recipient {
        Recipient::of(&address.parse().unwrap())
    }

    #[test]
    fn addresses_of_one_mailbox_have_one_recipient() {
        for (one, other) in [
            ("ben@example.com", "BEN@Example.COM"),
            ("ben@example.com", "ben+berth@example.com"),
            ("ben@example.com", "Ben+a+b@example.com"),
            ("benito@gmail.com", "b.e.n.ito+x@GoogleMail.com"),
        ] {
            assert_eq!(recipient(one), recipient(other), "{other}");
        }
        for (one, other) in [
            ("ben@example.com", "ben@example.org"),
            ("ben@example.com", "b.en@example.com"),
            ("ben@example.com", "ben-berth@example.com"),
            ("+a@example.com", "+b@example.com"),
        ] {
            assert_ne!(recipient(one), recipient(other), "{other}");
        }
    }

    #[test]
    fn a_recipient_parses_from_its_digest() {
        let ben = recipient("ben@example.com");
        assert_eq!(Recipient::from_digest(&ben.digest()), Some(ben));
        assert!(!ben.digest().contains('.'));
        for text in ["", "x", &format!("{}A", ben.digest()), "ben@example.com"] {
            assert_eq!(Recipient::from_digest(text), None, "{text:?}");
        }
    }

    #[test]
    fn debug_output_hides_the_recipient() {
        assert_eq!(format!("{:?}", recipient("ben@example.com")), "Recipient(…)");
    }

    #[test]
    fn a_day_ends_where_the_next_begins() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let day = LetterDay::of(at("2026-11-21T23:59:59.999Z"));
        assert_eq!((day, day.end()), (LetterDay::of(at("2026-11-21T00:00:00Z")), at("2026-11-22T00:00:00Z")));
        assert_ne!(LetterDay::of(day.end()), day);
    }
}
