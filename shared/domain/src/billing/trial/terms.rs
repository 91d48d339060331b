//! The trial that a workspace's next subscription may begin with.

use super::TrialDays;
use crate::billing::account::Billing;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The trial of a subscription: its days, and the condition under which it is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// Number of days.
    pub days: TrialDays,
    /// A trial that began at this time or later has used this one up; `None` means that any earlier trial has.
    pub used_since: Option<Timestamp>,
}

impl Trial {
    /// The trial available to a workspace with this `billing`, where every workspace gets `offered` once.
    #[must_use]
    pub fn of(billing: &Billing, offered: Option<TrialDays>) -> Option<Self> {
        let granted = billing.granted.map(|grant| Self { days: grant.days, used_since: Some(grant.at) });
        let offered = offered.map(|days| Self { days, used_since: None });
        granted.into_iter().chain(offered).find(|trial| trial.is_left(billing.trialed_at))
    }

    /// True if the trial is not used up, given the start of the newest trial.
    #[must_use]
    pub fn is_left(&self, trialed_at: Option<Timestamp>) -> bool {
        trialed_at.is_none_or(|began| self.used_since.is_some_and(|since| began < since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::account::Grant;
    use expect_test::{Expect, expect};

    fn at(day: &str) -> Timestamp {
        format!("2026-11-{day}T00:00:00Z").parse().unwrap()
    }

    #[track_caller]
    fn check(granted: Option<&str>, trialed: Option<&str>, offered: Option<u32>, wanted: Expect) {
        let days = |days: u32| TrialDays::try_from(days).unwrap();
        let granted = granted.map(|day| Grant { days: days(30), at: at(day) });
        let billing = Billing { granted, trialed_at: trialed.map(at), ..Billing::default() };
        let trial = Trial::of(&billing, offered.map(days));
        wanted.assert_eq(&trial.map_or_else(|| "none".to_owned(), |trial| trial.days.get().to_string()));
    }

    #[test]
    fn a_workspace_has_one_trial_and_granted_ones() {
        check(None, None, None, expect!["none"]);
        check(None, None, Some(14), expect!["14"]);
        check(None, Some("01"), Some(14), expect!["none"]);
        check(Some("05"), None, Some(14), expect!["30"]);
        check(Some("05"), Some("01"), Some(14), expect!["30"]);
        check(Some("05"), Some("05"), Some(14), expect!["none"]);
        check(Some("05"), Some("09"), None, expect!["none"]);
    }
}
