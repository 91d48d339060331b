//! Payments of which something went back: by a refund, or because the payer's bank disputes them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How many are kept of a workspace, the newest: an item of the table is bounded.
pub const KEPT: usize = 20;

/// A payment of which something went back, or may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reversal {
    /// Stripe's id of the charge.
    pub charge: String,
    /// When it was paid.
    pub paid_at: Timestamp,
    /// What was paid, in the currency's smallest unit: cents.
    pub amount: i64,
    /// The currency's code, in small letters.
    pub currency: String,
    /// What was refunded of it.
    pub refunded: i64,
    /// How it stands with its dispute; null if there is none.
    pub dispute: Option<DisputeState>,
}

/// How a dispute stands. <https://docs.stripe.com/api/disputes/object#dispute_object-status>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DisputeState {
    /// The bank has not decided.
    Open,
    /// The money is here to stay.
    Won,
    /// The money is gone.
    Lost,
}

/// The newest of `reversals`, newest first.
#[must_use]
pub fn newest(mut reversals: Vec<Reversal>) -> Vec<Reversal> {
    reversals.sort_by(|one, other| (other.paid_at, &other.charge).cmp(&(one.paid_at, &one.charge)));
    reversals.truncate(KEPT);
    reversals
}

/// Whether an event of type `kind` may tell of one.
#[must_use]
pub fn may_tell_of_one(kind: &str) -> bool {
    ["charge.refund", "charge.dispute.", "refund."].iter().any(|prefix| kind.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_are_kept() {
        let reversal = |n: i64| Reversal {
            charge: format!("ch_{n}"),
            paid_at: Timestamp::from_second(n).unwrap(),
            amount: 900,
            currency: "usd".to_owned(),
            refunded: 900,
            dispute: None,
        };
        let kept = newest((0..30).map(reversal).collect());
        assert_eq!((kept.len(), kept[0].charge.as_str(), kept[19].charge.as_str()), (20, "ch_29", "ch_10"));
    }

    #[test]
    fn events_of_payments_that_went_back() {
        let kinds = ["charge.refunded", "charge.refund.updated", "charge.dispute.closed", "refund.created"];
        assert!(kinds.into_iter().all(may_tell_of_one));
        assert!(!["charge.succeeded", "invoice.paid", ""].into_iter().any(may_tell_of_one));
    }
}
