//! Reversed payments. The charge contains the refunded amount; the dispute contains its status.
//! <https://docs.stripe.com/api/charges/list>, <https://docs.stripe.com/api/disputes/list>

use crate::{Account, Error, shapes::List};
use domain::billing::reversal::{DisputeState, Reversal, ReversalAtStripe};
use jiff::Timestamp;
use serde::Deserialize;
use stripe_core::{charge::ListCharge, dispute::ListDispute};

#[derive(Deserialize)]
struct Charge {
    id: String,
    created: i64,
    amount: i64,
    currency: String,
    amount_refunded: i64,
    disputed: bool,
}

#[derive(Deserialize)]
struct Dispute {
    status: String,
    created: i64,
}

impl Account {
    /// Returns the reversed payments among the last hundred of `customer`. Each disputed payment takes one more
    /// call.
    pub async fn reversals(&self, customer: &str) -> Result<Vec<ReversalAtStripe>, Error> {
        let charges: List<Charge> = self.get_retrying(&ListCharge::new().customer(customer).limit(100)).await?;
        let mut found = Vec::new();
        for charge in charges.data.into_iter().filter(|charge| charge.amount_refunded > 0 || charge.disputed) {
            let unreadable = |_| Error::Unanswered("Stripe returned an unreadable charge".into());
            let dispute = if charge.disputed { self.dispute_of(&charge.id).await? } else { None };
            let reversal = Reversal {
                paid_at: Timestamp::from_second(charge.created).map_err(unreadable)?,
                amount: charge.amount,
                currency: charge.currency,
                refunded: charge.amount_refunded,
                dispute: dispute.as_ref().map(|dispute| state(&dispute.status)),
                charge: charge.id,
            };
            let disputed_at = dispute.and_then(|dispute| Timestamp::from_second(dispute.created).ok());
            found.push(ReversalAtStripe { reversal, disputed_at });
        }
        Ok(found)
    }

    /// Returns the newest dispute of `charge`.
    async fn dispute_of(&self, charge: &str) -> Result<Option<Dispute>, Error> {
        let disputes: List<Dispute> = self.get_retrying(&ListDispute::new().charge(charge).limit(1)).await?;
        Ok(disputes.data.into_iter().next())
    }
}

/// Converts a status. An unknown status counts as open.
/// <https://docs.stripe.com/api/disputes/object#dispute_object-status>
fn state(status: &str) -> DisputeState {
    match status {
        "won" | "warning_closed" | "prevented" => DisputeState::Won,
        "lost" => DisputeState::Lost,
        _ => DisputeState::Open,
    }
}
