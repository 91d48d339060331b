//! The plans and what each allows. The one place where these numbers stand.

use serde::{Deserialize, Serialize};

/// A price and a set of limits.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Plan {
    /// What every workspace begins with, and what it has as long as nothing is paid for it.
    #[default]
    Free,
    /// 9 USD a month.
    Starter,
    /// 29 USD a month.
    Pro,
    /// 79 USD a month.
    Business,
    /// By contract.
    Enterprise,
}

impl Plan {
    /// All plans, smallest first.
    pub const ALL: [Self; 5] = [Self::Free, Self::Starter, Self::Pro, Self::Business, Self::Enterprise];

    /// How many seats a workspace has: members and invitations together. `None` is no limit.
    #[must_use]
    pub const fn seats(self) -> Option<u64> {
        match self {
            Self::Free => Some(3),
            Self::Starter => Some(5),
            Self::Pro => Some(10),
            Self::Business => Some(50),
            Self::Enterprise => None,
        }
    }

    /// The smallest larger plan with more seats.
    #[must_use]
    pub fn with_more_seats(self) -> Option<Self> {
        let seats = self.seats()?;
        Self::ALL.into_iter().find(|plan| *plan > self && plan.seats().is_none_or(|more| more > seats))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_runs_out_of_seats_is_shown_a_plan_with_more() {
        assert_eq!(Plan::Free.with_more_seats(), Some(Plan::Starter));
        assert_eq!(Plan::Business.with_more_seats(), Some(Plan::Enterprise));
        assert_eq!(Plan::Enterprise.with_more_seats(), None);
    }
}
