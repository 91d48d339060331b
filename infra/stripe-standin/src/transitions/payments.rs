//! Cards, payment intents and charges.

use crate::{
    error::{ApiError, Result},
    ids::{CustomerId, Id, IntentId, InvoiceId, PaymentMethodId},
    model::{Charge, Intent, IntentStatus, PaymentMethod},
    state::State,
    view,
};
use jiff::tz::TimeZone;

/// Stripe's test cards: name, brand, last digits, and true if a charge succeeds
/// (<https://docs.stripe.com/testing#cards>).
const TEST_CARDS: [(&str, &str, &str, bool); 4] = [
    ("pm_card_visa", "visa", "4242", false),
    ("pm_card_mastercard", "mastercard", "4444", false),
    ("pm_card_amex", "amex", "8431", false),
    ("pm_card_chargeCustomerFail", "visa", "0341", true),
];

impl State {
    /// Attaches the test card with this name to the customer and returns its id.
    pub(crate) fn attach_card(&mut self, customer: &CustomerId, name: &str) -> Result<PaymentMethodId> {
        self.live_customer(customer, "customer")?;
        let id = self.make_card(Some(customer.clone()), name)?;
        let object = view::payment_method(self.payment_methods.known(&id)?);
        self.emit("payment_method.attached", object);
        Ok(id)
    }

    /// Creates a card from the test card with this name.
    pub(super) fn make_card(&mut self, customer: Option<CustomerId>, name: &str) -> Result<PaymentMethodId> {
        let card = TEST_CARDS.iter().find(|(known, ..)| *known == name);
        let (_, brand, last4, declines) =
            *card.ok_or_else(|| ApiError::missing(PaymentMethodId::NOUN, name, "payment_method"))?;
        let method = PaymentMethod {
            id: self.fresh(),
            created: self.now,
            customer,
            brand,
            last4,
            exp_month: 12,
            exp_year: self.now.to_zoned(TimeZone::UTC).year().saturating_add(4),
            fingerprint: self.letters(16),
            declines,
        };
        let id = method.id.clone();
        self.payment_methods.put(id.clone(), method);
        Ok(id)
    }

    /// Checks that the payment method belongs to the customer (<https://docs.stripe.com/api/payment_methods/attach>).
    pub(super) fn attached_to(&self, customer: &CustomerId, id: &PaymentMethodId, param: &str) -> Result<()> {
        let method = self.payment_methods.find(id, param)?;
        if method.customer.as_ref() == Some(customer) {
            return Ok(());
        }
        Err(ApiError::invalid(param, format!("The payment method {id} does not belong to the customer {customer}.")))
    }

    /// Returns true if a charge would be declined. It is checked beforehand, so that a refusal changes nothing.
    pub(super) fn would_decline(&self, customer: &CustomerId, method: Option<&PaymentMethodId>) -> bool {
        let fails = self.customers.get(customer).is_none_or(|customer| customer.cards_fail);
        let declines = method.and_then(|id| self.payment_methods.get(id)).is_none_or(|method| method.declines);
        fails || declines
    }

    /// Opens an intent to collect an amount.
    pub(super) fn open_intent(
        &mut self,
        customer: &CustomerId,
        amount: i64,
        currency: &'static str,
        description: &'static str,
    ) -> IntentId {
        let intent = Intent {
            id: self.fresh(),
            created: self.now,
            customer: customer.clone(),
            amount,
            currency,
            description,
            status: IntentStatus::RequiresPaymentMethod,
            payment_method: None,
            latest_charge: None,
            secret: self.letters(25),
        };
        let (id, object) = (intent.id.clone(), view::intent(&intent));
        self.intents.put(id.clone(), intent);
        self.emit("payment_intent.created", object);
        id
    }

    /// Charges the card. Returns true if it succeeded.
    pub(super) fn charge(&mut self, intent: &IntentId, method: &PaymentMethodId, succeeded: bool) -> Result<bool> {
        let Intent { customer, amount, currency, .. } = self.intents.known(intent)?.clone();
        let charge = Charge {
            id: self.fresh(),
            created: self.now,
            intent: intent.clone(),
            customer,
            payment_method: method.clone(),
            amount,
            currency,
            succeeded,
            refunded: 0,
            disputed: false,
        };
        let (id, object) = (charge.id.clone(), view::charge(self, &charge));
        self.charges.put(id.clone(), charge);
        self.emit(if succeeded { "charge.succeeded" } else { "charge.failed" }, object);
        let intent = self.intents.known_mut(intent)?;
        intent.latest_charge = Some(id);
        if succeeded {
            intent.status = IntentStatus::Succeeded;
            intent.payment_method = Some(method.clone());
        }
        let object = view::intent(intent);
        self.emit(if succeeded { "payment_intent.succeeded" } else { "payment_intent.payment_failed" }, object);
        Ok(succeeded)
    }

    /// Cancels the collection.
    pub(super) fn cancel_intent(&mut self, id: &IntentId) -> Result<()> {
        let intent = self.intents.known_mut(id)?;
        if intent.status == IntentStatus::RequiresPaymentMethod {
            intent.status = IntentStatus::Canceled;
            let object = view::intent(intent);
            self.emit("payment_intent.canceled", object);
        }
        Ok(())
    }

    /// Returns the payment method of a subscription's invoices: its own before the customer's
    /// (<https://docs.stripe.com/api/subscriptions/object>, `default_payment_method`).
    pub(super) fn payer(&self, customer: &CustomerId, own: Option<&PaymentMethodId>) -> Option<PaymentMethodId> {
        own.cloned().or_else(|| self.customers.get(customer)?.default_payment_method.clone())
    }

    /// Returns the intent that collects an invoice.
    pub(super) fn intent_of(&self, invoice: &InvoiceId) -> Option<IntentId> {
        self.invoices.get(invoice)?.payment.as_ref().map(|payment| payment.intent.clone())
    }
}
