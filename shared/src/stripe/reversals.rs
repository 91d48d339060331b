//! Payments of which something went back: what was refunded stands on the charge, how a dispute stands on the dispute.
//! <https://docs.stripe.com/api/charges/list>, <https://docs.stripe.com/api/disputes/list>

use super::{Account, Error};
use crate::domain::reversal::{DisputeState, Reversal, newest};
use jiff::Timestamp;
use stripe_core::{DisputeStatus, charge::ListCharge, dispute::ListDispute};

impl Account {
    /// The newest payments of `customer` of which something went back, among his last hundred. Each that is disputed takes a
    /// call more.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn reversals(&self, customer: &str) -> Result<Vec<Reversal>, Error> {
        let charges = self.read(&ListCharge::new().customer(customer).limit(100)).await?;
        let mut found = Vec::new();
        for charge in charges.data.iter().filter(|charge| charge.amount_refunded > 0 || charge.disputed) {
            let unreadable = |_| Error::Unanswered("Stripe gave a charge that cannot be read".into());
            found.push(Reversal {
                charge: charge.id.to_string(),
                paid_at: Timestamp::from_second(charge.created).map_err(unreadable)?,
                amount: charge.amount,
                currency: charge.currency.to_string(),
                refunded: charge.amount_refunded,
                dispute: if charge.disputed { self.dispute_of(charge.id.as_str()).await? } else { None },
            });
        }
        Ok(newest(found))
    }

    /// How the newest dispute of `charge` stands.
    async fn dispute_of(&self, charge: &str) -> Result<Option<DisputeState>, Error> {
        let disputes = self.read(&ListDispute::new().charge(charge).limit(1)).await?;
        Ok(disputes.data.first().map(|dispute| state(&dispute.status)))
    }
}

/// A status that Stripe may add is not known to be the end.
fn state(status: &DisputeStatus) -> DisputeState {
    match status {
        DisputeStatus::Won | DisputeStatus::WarningClosed | DisputeStatus::Prevented => DisputeState::Won,
        DisputeStatus::Lost => DisputeState::Lost,
        DisputeStatus::NeedsResponse
        | DisputeStatus::UnderReview
        | DisputeStatus::WarningNeedsResponse
        | DisputeStatus::WarningUnderReview
        | DisputeStatus::Unknown(_)
        | _ => DisputeState::Open,
    }
}
