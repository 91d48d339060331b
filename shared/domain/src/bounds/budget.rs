//! Budgets limit how often a workspace may use resources that all workspaces share within a window of time: Stripe's
//! rate limit, that of Secrets Manager, strangers' mailboxes, and receivers. No workspace can use up a shared resource
//! alone.
//!
//! Windows follow the clock in UTC: an exhausted budget is full again when the next window begins.

use crate::{
    error::{Details, Kind, Refusal},
    named,
};
use jiff::{SignedDuration, Timestamp};

named! {
    /// An operation that a workspace may do a limited number of times per window.
    pub enum Budget {
        /// Reads of billing data at Stripe: the card, invoices, plan previews.
        BillingReads = "billing_reads",
        /// Synchronizations of the billing state with Stripe, requested by members.
        BillingSyncs = "billing_syncs",
        /// Commands to Stripe, which only owners may send. They have a separate budget, so that other members' polling
        /// cannot keep an owner from paying.
        BillingCommands = "billing_commands",
        /// Test messages to the receivers of integrations.
        Tests = "tests",
        /// New secrets of integrations.
        Secrets = "secrets",
        /// Pages of exported activity.
        Exports = "exports",
        /// Invitations sent by mail, including resent ones.
        Mails = "mails",
        /// Resent invitations.
        Resends = "resends",
        /// Deliveries retried by members.
        Retries = "retries",
        /// Examinations and repairs of the workspace by the doctor.
        Examinations = "examinations",
        /// Pages of an exported workspace.
        WorkspaceExports = "workspace_exports",
        /// Notifications that the workspace's container publishes.
        Publications = "publications",
    }
}

/// Size and window of a budget, and its words in a refusal.
struct Terms {
    most: u32,
    seconds: u32,
    what: &'static str,
}

const MINUTE: u32 = 60;
const HOUR: u32 = 60 * MINUTE;

impl Budget {
    const fn terms(self) -> Terms {
        let (most, seconds, what) = match self {
            Self::BillingReads => (30, MINUTE, "reads of its billing data"),
            Self::BillingSyncs => (20, MINUTE, "comparisons of its billing"),
            Self::BillingCommands => (10, MINUTE, "billing commands"),
            Self::Tests => (10, MINUTE, "tests of integrations"),
            Self::Secrets => (10, MINUTE, "new secrets of integrations"),
            Self::Exports => (30, MINUTE, "pages of exported activity"),
            Self::Mails => (100, HOUR, "invitations by mail"),
            Self::Resends => (20, HOUR, "invitations that are sent again"),
            Self::Retries => (30, MINUTE, "retries of deliveries"),
            Self::Examinations => (5, MINUTE, "examinations of the workspace"),
            Self::WorkspaceExports => (60, MINUTE, "pages of its export"),
            Self::Publications => (100, HOUR, "notifications that its container publishes"),
        };
        Terms { most, seconds, what }
    }

    /// Number of operations that a window allows.
    #[must_use]
    pub const fn most(self) -> u32 {
        self.terms().most
    }

    /// Length of a window.
    #[must_use]
    pub fn length(self) -> SignedDuration {
        SignedDuration::from_secs(self.seconds())
    }

    fn seconds(self) -> i64 {
        i64::from(self.terms().seconds)
    }

    /// The window that contains `now`.
    #[must_use]
    pub fn window(self, now: Timestamp) -> Window {
        Window { budget: self, number: now.as_second().div_euclid(self.seconds()) }
    }
}

/// A window of a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    budget: Budget,
    number: i64,
}

impl Window {
    /// Number of windows since 1970; the name of the window in the table.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.number
    }

    /// Time at which the window ends.
    #[must_use]
    pub fn end(self) -> Timestamp {
        let seconds = self.number.saturating_add(1).saturating_mul(self.budget.seconds());
        Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
    }

    /// The refusal of a request at `now` that exceeds the budget of the window.
    #[must_use]
    pub fn exhausted(self, now: Timestamp) -> Exhausted {
        let left = u64::try_from(self.end().duration_since(now).as_secs()).unwrap_or_default();
        Exhausted { budget: self.budget, resets_at: self.end(), retry_after: left.max(1) }
    }
}

/// The budget of the window is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the workspace has used all {} {} that it has {}; send the same request again after {resets_at}",
    budget.most(),
    budget.terms().what,
    if budget.terms().seconds == HOUR { "an hour" } else { "a minute" }
)]
pub struct Exhausted {
    /// The budget.
    pub budget: Budget,
    /// Time at which the next window begins.
    pub resets_at: Timestamp,
    /// Seconds until then.
    pub retry_after: u64,
}

impl Refusal for Exhausted {
    fn kind(&self) -> Kind {
        Kind::TooMany
    }

    fn code(&self) -> &'static str {
        match self.budget {
            // This code is older than the other budgets.
            Budget::Mails => "too_many_invitations",
            Budget::BillingReads
            | Budget::BillingSyncs
            | Budget::BillingCommands
            | Budget::Tests
            | Budget::Secrets
            | Budget::Exports
            | Budget::Resends
            | Budget::Retries
            | Budget::Examinations
            | Budget::WorkspaceExports
            | Budget::Publications => "budget_exhausted",
        }
    }

    fn details(&self) -> Details {
        Details {
            limit: Some(u64::from(self.budget.most())),
            resets_at: Some(self.resets_at),
            retry_after: Some(self.retry_after),
            ..Details::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[track_caller]
    fn check(budget: Budget, now: &str, end: &str, retry_after: u64) {
        let window = budget.window(at(now));
        assert_eq!((window.end(), window.exhausted(at(now)).retry_after), (at(end), retry_after));
        assert_ne!(budget.window(window.end()), window);
    }

    #[test]
    fn a_window_ends_where_the_next_begins() {
        check(Budget::Mails, "2026-11-21T12:00:00Z", "2026-11-21T13:00:00Z", 3600);
        check(Budget::Mails, "2026-11-21T12:59:59.999Z", "2026-11-21T13:00:00Z", 1);
        check(Budget::Tests, "2026-11-21T12:00:30Z", "2026-11-21T12:01:00Z", 30);
    }

    #[test]
    fn each_budget_has_a_name_of_its_own() {
        let names: BTreeSet<_> = Budget::ALL.map(Budget::name).into();
        assert_eq!(names.len(), Budget::ALL.len());
    }

    #[test]
    fn a_refusal_names_the_budget_and_the_time() {
        let exhausted = Budget::Tests.window(at("2026-11-21T12:00:30Z")).exhausted(at("2026-11-21T12:00:30Z"));
        assert_eq!(
            exhausted.to_string(),
            "the workspace has used all 10 tests of integrations that it has a minute; send the same request again after \
             2026-11-21T12:01:00Z"
        );
    }
}
