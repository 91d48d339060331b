//! Controls for tests and people, besides Stripe's own API.

use super::{Refused, Standin};
use crate::{
    delivery::{DeliveryFaults, Sender, Webhook},
    desk::{LoggedRequest, RequestFault},
    ids::{ChargeId, CustomerId, DisputeId, Id, InvoiceId, PriceId, SessionId, SubscriptionId},
    model::{Buyer, Dunning},
    overview,
    params::Metadata,
    transitions::checkout::Settlement,
};
use jiff::SignedDuration;
use serde_json::Value;
use std::sync::{Arc, PoisonError};

impl Standin {
    /// Moves the stand-in's clock forward, and no other. Everything due in that time happens in its order.
    pub fn advance(&self, by: SignedDuration) {
        let wall = (self.shared.wall)();
        self.act(|world| world.advance(by, wall));
    }

    /// Sets if the customer's cards are declined from now on.
    ///
    /// # Errors
    /// [`Refused`] if there is no such customer.
    pub fn set_card_fails(&self, customer: &str, fails: bool) -> Result<(), Refused> {
        let customer = CustomerId::given(customer);
        Ok(self.act(|world| world.state.set_cards_fail(&customer, fails))?)
    }

    /// Deletes a customer as the dashboard does: their subscriptions end.
    ///
    /// # Errors
    /// [`Refused`] if there is no such customer.
    pub fn delete_customer(&self, customer: &str) -> Result<(), Refused> {
        let customer = CustomerId::given(customer);
        Ok(self.act(|world| world.state.delete_customer(&customer))?)
    }

    /// Sets if requests find the price from now on. Subscriptions keep it either way.
    ///
    /// # Errors
    /// [`Refused`] if the catalogue has no such price.
    pub fn set_price_known(&self, price: &str, known: bool) -> Result<(), Refused> {
        let price = PriceId::given(price);
        Ok(self.act(|world| world.state.set_price_known(&price, known))?)
    }

    /// Changes the collection of failed renewals from now on.
    pub fn set_dunning(&self, dunning: Dunning) {
        self.act(|world| world.state.settings.dunning = dunning);
    }

    /// Adds `number` copies of the newest invoice, if there is one, without events. Used to measure the growth of reads.
    pub fn repeat_invoice(&self, number: usize) {
        self.act(|world| world.state.repeat_invoice(number));
    }

    /// Refunds `amount` of a charge, or all that is left of it, and returns the refund's id.
    ///
    /// # Errors
    /// [`Refused`] if there is no such charge, or less than `amount` is left of it.
    pub fn refund(&self, charge: &str, amount: Option<i64>) -> Result<String, Refused> {
        let charge = ChargeId::given(charge);
        let id = self.act(|world| world.state.refund(&charge, amount, None, Metadata::default()))?;
        Ok(id.to_string())
    }

    /// Opens a dispute of a charge by the cardholder's bank and returns its id.
    ///
    /// # Errors
    /// [`Refused`] if there is no such charge, or nothing of it can be disputed.
    pub fn dispute(&self, charge: &str) -> Result<String, Refused> {
        let charge = ChargeId::given(charge);
        let id = self.act(|world| world.state.open_dispute(&charge))?;
        Ok(id.to_string())
    }

    /// Closes a dispute.
    ///
    /// # Errors
    /// [`Refused`] if there is no such dispute, or it is closed.
    pub fn close_dispute(&self, dispute: &str, won: bool) -> Result<(), Refused> {
        let dispute = DisputeId::given(dispute);
        Ok(self.act(|world| world.state.close_dispute(&dispute, won))?)
    }

    /// Cancels a subscription as the portal's "Cancel" does: in flexible billing mode that sets a time.
    ///
    /// # Errors
    /// [`Refused`] if there is no such subscription, or it cannot be cancelled.
    pub fn portal_cancel(&self, subscription: &str) -> Result<(), Refused> {
        let subscription = SubscriptionId::given(subscription);
        Ok(self.act(|world| world.state.portal_cancels(&subscription))?)
    }

    /// Pays a checkout session as its button "Pay" does. Returns true if the card was charged.
    ///
    /// # Errors
    /// [`Refused`] if there is no such session, or it is not open.
    pub fn pay(&self, session: &str) -> Result<bool, Refused> {
        self.settle(session, Settlement::Paid)
    }

    /// Declines the card as the button "Fail" does. The session stays open.
    ///
    /// # Errors
    /// [`Refused`] if there is no such session, or it is not open.
    pub fn fail(&self, session: &str) -> Result<bool, Refused> {
        self.settle(session, Settlement::Declined)
    }

    /// Pays a checkout session as a buyer who fills in its fields. Returns true if the card was charged.
    ///
    /// # Errors
    /// [`Refused`] if there is no such session, it is not open, or the promotion code is not valid.
    pub fn pay_as(&self, session: &str, buyer: Buyer) -> Result<bool, Refused> {
        let session = SessionId::given(session);
        let settlement = self.act(|world| world.state.pay_session(&session, Settlement::Paid, buyer))?;
        Ok(settlement == Settlement::Paid)
    }

    /// Sets if the customer's invoices cannot be finalized from now on.
    ///
    /// # Errors
    /// [`Refused`] if there is no such customer.
    pub fn set_finalization_fails(&self, customer: &str, fails: bool) -> Result<(), Refused> {
        let customer = CustomerId::given(customer);
        Ok(self.act(|world| world.state.set_finalization_fails(&customer, fails))?)
    }

    /// Pays an open invoice on its page, as its button "Pay" does.
    ///
    /// # Errors
    /// [`Refused`] if there is no such invoice, it is not open, or the payment fails.
    pub fn pay_invoice(&self, invoice: &str) -> Result<(), Refused> {
        let invoice = InvoiceId::given(invoice);
        Ok(self.act(|world| world.state.pay_invoice_on_page(&invoice))?)
    }

    /// Pays a checkout session by a bank debit, which settles four days later.
    ///
    /// # Errors
    /// [`Refused`] if there is no such session, or it is not open.
    pub fn pay_by_bank(&self, session: &str) -> Result<(), Refused> {
        self.settle(session, Settlement::Delayed).map(|_| ())
    }

    /// Settles the bank debit of an invoice now.
    ///
    /// # Errors
    /// [`Refused`] if there is no such invoice, or none of its payments is processing.
    pub fn settle_payment(&self, invoice: &str, succeeds: bool) -> Result<(), Refused> {
        let invoice = InvoiceId::given(invoice);
        Ok(self.act(|world| world.state.settle_invoice_payment(&invoice, succeeds))?)
    }

    /// Makes a test payment method pay for all subscriptions of the customer, as the portal does.
    ///
    /// # Errors
    /// [`Refused`] if there is no such customer or test payment method.
    pub fn use_method(&self, customer: &str, name: &str) -> Result<(), Refused> {
        let customer = CustomerId::given(customer);
        self.act(|world| world.state.portal_card(&customer, name))?;
        Ok(())
    }

    /// Changes the customer's billing details, as the customer does in the portal. Details that are `None` stay.
    ///
    /// # Errors
    /// [`Refused`] if there is no such customer.
    pub fn edit_details(&self, customer: &str, typed: Buyer) -> Result<(), Refused> {
        let customer = CustomerId::given(customer);
        self.act(|world| world.state.portal_details(&customer, typed))?;
        Ok(())
    }

    fn settle(&self, session: &str, card: Settlement) -> Result<bool, Refused> {
        let session = SessionId::given(session);
        let settlement = self.act(|world| world.state.pay_session(&session, card, Buyer::default()))?;
        Ok(settlement == Settlement::Paid)
    }

    /// Returns the complete content, by customer.
    #[must_use]
    pub fn state(&self) -> Value {
        overview::state(&self.world())
    }

    /// Returns the requests to the API, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.world().log.entries()
    }

    /// Injects a fault of requests. Faults apply in the order in which they were added.
    pub fn add_fault(&self, fault: RequestFault) {
        self.world().faults.push(fault);
    }

    /// Removes all faults of requests.
    pub fn clear_faults(&self) {
        self.world().faults.clear();
    }

    /// Sets the faults of deliveries.
    pub fn set_delivery(&self, faults: DeliveryFaults) {
        self.world().mailbox.faults = faults;
    }

    /// Rolls the webhook's secret and returns the new one. The old one stays valid for a day of the stand-in's clock.
    #[must_use = "the webhook has to know it"]
    pub fn roll_secret(&self) -> String {
        let mut world = self.world();
        let (secret, now) = (format!("whsec_{}", world.state.letters(32)), world.state.now);
        world.secrets.roll(secret.clone(), now);
        secret
    }

    /// Sets the address that events are sent to.
    pub fn set_webhook(&self, webhook: Webhook) {
        *self.shared.sender.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(Sender::new(webhook)));
        self.shared.posted.notify_one();
    }
}
