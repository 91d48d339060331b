//! Payments that were refunded, or disputed by the payer's bank.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Maximum number of reversals kept per workspace, newest first; the size of an item is limited.
pub const KEPT: usize = 20;

/// A payment that was refunded or disputed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reversal {
    /// Stripe's id of the charge.
    pub charge: String,
    /// Time of the payment (RFC 3339, UTC).
    pub paid_at: Timestamp,
    /// Amount paid, in the currency's smallest unit, such as cents.
    pub amount: i64,
    /// ISO 4217 code of the currency, in lower case.
    pub currency: String,
    /// Amount refunded, in the currency's smallest unit.
    pub refunded: i64,
    /// State of the dispute; null if there is none.
    pub dispute: Option<DisputeState>,
}

/// A reversal as Stripe has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReversalAtStripe {
    /// The payment.
    pub reversal: Reversal,
    /// Time at which the dispute began, if there is one.
    pub disputed_at: Option<Timestamp>,
}

/// State of a dispute: `open` until the bank decides, `won` if the payment is kept, `lost` if it was returned.
/// <https://docs.stripe.com/api/disputes/object#dispute_object-status>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DisputeState {
    /// The bank has not decided yet.
    Open,
    /// The payment is kept.
    Won,
    /// The payment was returned.
    Lost,
}

/// The payments of `reversals`, as they are stored.
#[must_use]
pub fn known(reversals: Vec<ReversalAtStripe>) -> Vec<Reversal> {
    newest(reversals.into_iter().map(|held| held.reversal).collect())
}

/// The beginning of the newest dispute that was lost since `stored` was written.
#[must_use]
pub fn newly_lost(stored: &[Reversal], held: &[ReversalAtStripe]) -> Option<Timestamp> {
    let lost = |reversal: &Reversal| reversal.dispute == Some(DisputeState::Lost);
    let before = |charge: &str| stored.iter().any(|stored| stored.charge == charge && lost(stored));
    let news = held.iter().filter(|held| lost(&held.reversal) && !before(&held.reversal.charge));
    news.filter_map(|held| held.disputed_at).max()
}

/// Returns the newest of `reversals`, newest first.
#[must_use]
pub fn newest(mut reversals: Vec<Reversal>) -> Vec<Reversal> {
    reversals.sort_by(|one, other| (other.paid_at, &other.charge).cmp(&(one.paid_at, &one.charge)));
    reversals.truncate(KEPT);
    reversals
}

/// True if an event of type `kind` may report a reversal.
#[must_use]
pub fn may_report_reversal(kind: &str) -> bool {
    ["charge.refund", "charge.dispute.", "refund."].iter().any(|prefix| kind.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dispute_is_newly_lost_once() {
        let held = |charge: &str, dispute, day: i64| ReversalAtStripe {
            reversal: Reversal {
                charge: charge.to_owned(),
                paid_at: Timestamp::UNIX_EPOCH,
                amount: 900,
                currency: "usd".to_owned(),
                refunded: 0,
                dispute: Some(dispute),
            },
            disputed_at: Timestamp::from_second(day).ok(),
        };
        let open = vec![held("ch_1", DisputeState::Open, 1), held("ch_2", DisputeState::Won, 2)];
        let lost = vec![held("ch_1", DisputeState::Lost, 1), held("ch_2", DisputeState::Won, 2)];
        assert_eq!(newly_lost(&[], &open), None);
        assert_eq!(newly_lost(&known(open), &lost), Timestamp::from_second(1).ok());
        assert_eq!(newly_lost(&[], &lost), Timestamp::from_second(1).ok());
        assert_eq!(newly_lost(&known(lost.clone()), &lost), None);
    }

    #[test]
    fn only_the_newest_reversals_are_kept() {
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
    fn refund_and_dispute_events_may_report_a_reversal() {
        let kinds = ["charge.refunded", "charge.refund.updated", "charge.dispute.closed", "refund.created"];
        assert!(kinds.into_iter().all(may_report_reversal));
        assert!(!["charge.succeeded", "invoice.paid", ""].into_iter().any(may_report_reversal));
    }
}
