//! Reversals: refunds by the account, and disputes by a cardholder's bank.

use crate::{
    error::{ApiError, Result},
    ids::{ChargeId, DisputeId, RefundId},
    model::{Dispute, DisputeStatus, Refund},
    params::Metadata,
    state::State,
    view,
};

impl State {
    /// Refunds a part of a charge, or all that is left of it (<https://docs.stripe.com/api/refunds/create>).
    pub(crate) fn refund(
        &mut self,
        id: &ChargeId,
        amount: Option<i64>,
        reason: Option<String>,
        metadata: Metadata,
    ) -> Result<RefundId> {
        let charge = self.charges.find(id, "charge")?.clone();
        let left = if charge.succeeded { charge.amount.saturating_sub(charge.refunded) } else { 0 };
        if left == 0 {
            let message = format!("Charge {id} has already been refunded, or was never paid.");
            return Err(ApiError::refused_as("charge_already_refunded", message));
        }
        if charge.disputed {
            let message = format!("Charge {id} has been charged back; cannot issue a refund.");
            return Err(ApiError::refused_as("charge_disputed", message));
        }
        let amount = amount.unwrap_or(left);
        if !(1..=left).contains(&amount) {
            let message = format!("Refund amount ({amount}) is greater than unrefunded amount on charge ({left}).");
            return Err(ApiError::invalid("amount", message));
        }
        let refund =
            Refund { id: self.fresh(), created: self.now, charge: id.clone(), of: charge, amount, reason, metadata };
        let (made, object) = (refund.id.clone(), view::refund(&refund));
        self.refunds.put(made.clone(), refund);
        self.charges.known_mut(id)?.refunded += amount;
        self.emit("refund.created", object);
        self.emit_charge("charge.refunded", id)?;
        Ok(made)
    }

    /// Opens a dispute by the cardholder's bank. The amount is withdrawn until the dispute is won
    /// (<https://docs.stripe.com/disputes/how-disputes-work>).
    pub(crate) fn open_dispute(&mut self, id: &ChargeId) -> Result<DisputeId> {
        let charge = self.charges.find(id, "charge")?;
        if !charge.succeeded || charge.disputed {
            return Err(ApiError::refused(format!("There is nothing of charge {id} to dispute.")));
        }
        let charge = charge.clone();
        let dispute = Dispute { id: self.fresh(), created: self.now, charge, status: DisputeStatus::NeedsResponse };
        let made = dispute.id.clone();
        self.disputes.put(made.clone(), dispute);
        self.charges.known_mut(id)?.disputed = true;
        self.emit_dispute("charge.dispute.created", &made)?;
        self.emit_dispute("charge.dispute.funds_withdrawn", &made)?;
        Ok(made)
    }

    /// Closes a dispute with the bank's decision.
    pub(crate) fn close_dispute(&mut self, id: &DisputeId, won: bool) -> Result<()> {
        let dispute = self.disputes.find(id, "dispute")?;
        if dispute.status != DisputeStatus::NeedsResponse {
            return Err(ApiError::refused(format!("The dispute {id} has ended.")));
        }
        self.disputes.known_mut(id)?.status = if won { DisputeStatus::Won } else { DisputeStatus::Lost };
        self.emit_dispute("charge.dispute.closed", id)?;
        if won { self.emit_dispute("charge.dispute.funds_reinstated", id) } else { Ok(()) }
    }

    fn emit_charge(&mut self, kind: &'static str, id: &ChargeId) -> Result<()> {
        let object = view::charge(self, self.charges.known(id)?);
        self.emit(kind, object);
        Ok(())
    }

    fn emit_dispute(&mut self, kind: &'static str, id: &DisputeId) -> Result<()> {
        let object = view::dispute(self, self.disputes.known(id)?);
        self.emit(kind, object);
        Ok(())
    }
}
