//! What a test or a person does with a stand-in beside Stripe's own API.

use super::{Refused, Standin};
use crate::{
    delivery::{DeliveryFaults, Sender, Webhook},
    desk::{LoggedRequest, RequestFault},
    ids::{ChargeId, CustomerId, DisputeId, Id, SessionId, SubscriptionId},
    overview,
    params::Metadata,
    transitions::checkout::Settlement,
};
use jiff::SignedDuration;
use serde_json::Value;
use std::sync::{Arc, PoisonError};

impl Standin {
    /// Moves the clock ahead; everything that falls into the time happens in its order.
    pub fn advance(&self, by: SignedDuration) {
        let wall = (self.shared.wall)();
        self.act(|world| world.advance(by, wall));
    }

    /// Sets whether the customer's cards decline from now on.
    ///
    /// # Errors
    /// If there is no such customer.
    pub fn set_card_fails(&self, customer: &str, fails: bool) -> Result<(), Refused> {
        let customer = CustomerId::given(customer);
        Ok(self.act(|world| world.state.set_cards_fail(&customer, fails))?)
    }

    /// Has `number` more invoices like the newest, if there is one, of which nobody is told: for measuring how reading them grows.
    pub fn repeat_invoice(&self, number: usize) {
        self.act(|world| world.state.repeat_invoice(number));
    }

    /// Gives back `amount` of a charge, or all that is left of it, and gives the refund's id.
    ///
    /// # Errors
    /// If there is no such charge, or not as much left of it.
    pub fn refund(&self, charge: &str, amount: Option<i64>) -> Result<String, Refused> {
        let charge = ChargeId::given(charge);
        let id = self.act(|world| world.state.refund(&charge, amount, None, Metadata::default()))?;
        Ok(id.to_string())
    }

    /// Lets the cardholder's bank take a charge back, and gives the dispute's id.
    ///
    /// # Errors
    /// If there is no such charge, or nothing of it that could be disputed.
    pub fn dispute(&self, charge: &str) -> Result<String, Refused> {
        let charge = ChargeId::given(charge);
        let id = self.act(|world| world.state.open_dispute(&charge))?;
        Ok(id.to_string())
    }

    /// Ends a dispute.
    ///
    /// # Errors
    /// If there is no such dispute, or it has ended.
    pub fn close_dispute(&self, dispute: &str, won: bool) -> Result<(), Refused> {
        let dispute = DisputeId::given(dispute);
        Ok(self.act(|world| world.state.close_dispute(&dispute, won))?)
    }

    /// Does what the customer's "Cancel" in the portal does: in flexible billing mode that sets a time.
    ///
    /// # Errors
    /// If there is no such subscription, or it cannot be cancelled.
    pub fn portal_cancel(&self, subscription: &str) -> Result<(), Refused> {
        let subscription = SubscriptionId::given(subscription);
        Ok(self.act(|world| world.state.portal_cancels(&subscription))?)
    }

    /// Does what the button "Pay" on a checkout page does, and says whether the card was charged.
    ///
    /// # Errors
    /// If there is no such session, or it is not open.
    pub fn pay(&self, session: &str) -> Result<bool, Refused> {
        self.settle(session, Settlement::Paid)
    }

    /// Does what the button "Fail" does: the card declines, the session stays open.
    ///
    /// # Errors
    /// If there is no such session, or it is not open.
    pub fn fail(&self, session: &str) -> Result<bool, Refused> {
        self.settle(session, Settlement::Declined)
    }

    fn settle(&self, session: &str, card: Settlement) -> Result<bool, Refused> {
        let session = SessionId::given(session);
        let settlement = self.act(|world| world.state.pay_session(&session, card))?;
        Ok(settlement == Settlement::Paid)
    }

    /// Everything that it holds, by customer.
    #[must_use]
    pub fn state(&self) -> Value {
        overview::state(&self.world())
    }

    /// What was asked of its API, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.world().log.entries()
    }

    /// Lets requests go wrong. Faults strike in the order in which they were added.
    pub fn add_fault(&self, fault: RequestFault) {
        self.world().faults.push(fault);
    }

    /// Lets no request go wrong any more.
    pub fn clear_faults(&self) {
        self.world().faults.clear();
    }

    /// Sets what goes wrong with deliveries from now on.
    pub fn set_delivery(&self, faults: DeliveryFaults) {
        self.world().mailbox.faults = faults;
    }

    /// Gives the webhook a new secret. The old one stays valid for a day of the stand-in's clock.
    #[must_use = "the webhook has to know it"]
    pub fn roll_secret(&self) -> String {
        let mut world = self.world();
        let (secret, now) = (format!("whsec_{}", world.state.letters(32)), world.state.now);
        world.secrets.roll(secret.clone(), now);
        secret
    }

    /// Sets where events are sent from now on.
    pub fn set_webhook(&self, webhook: Webhook) {
        *self.shared.sender.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(Sender::new(webhook)));
        self.shared.posted.notify_one();
    }
}
