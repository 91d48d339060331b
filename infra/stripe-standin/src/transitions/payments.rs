//! Payment methods, payment intents and charges.

use crate::{
    error::{ApiError, Result},
    ids::{ChargeId, CustomerId, Id, IntentId, InvoiceId, PaymentMethodId},
    model::{Behavior, Charge, Currency, Intent, IntentStatus, MethodKind, PaymentMethod, PaymentOutcome, SETTLEMENT},
    state::State,
    view,
};
use jiff::tz::TimeZone;

/// Test payment methods: name, brand, last digits, type and behaviour (<https://docs.stripe.com/testing#cards>,
/// <https://docs.stripe.com/payments/ach-direct-debit/accept-a-payment#test-integration>).
const TEST_METHODS: [(&str, &str, &str, MethodKind, Behavior); 7] = [
    ("pm_card_visa", "visa", "4242", MethodKind::Card, Behavior::Pays),
    ("pm_card_mastercard", "mastercard", "4444", MethodKind::Card, Behavior::Pays),
    ("pm_card_amex", "amex", "8431", MethodKind::Card, Behavior::Pays),
    ("pm_card_chargeCustomerFail", "visa", "0341", MethodKind::Card, Behavior::Declines),
    ("pm_card_authenticationRequired", "visa", "3184", MethodKind::Card, Behavior::NeedsAction),
    ("pm_usBankAccount_success", "", "6789", MethodKind::UsBankAccount, Behavior::Pays),
    ("pm_usBankAccount_insufficientFunds", "", "2227", MethodKind::UsBankAccount, Behavior::Declines),
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
        let method = TEST_METHODS.iter().find(|(known, ..)| *known == name);
        let (_, brand, last4, kind, behavior) =
            *method.ok_or_else(|| ApiError::missing(PaymentMethodId::NOUN, name, "payment_method"))?;
        let method = PaymentMethod {
            id: self.fresh(),
            created: self.now,
            customer,
            brand,
            last4,
            exp_month: 12,
            exp_year: self.now.to_zoned(TimeZone::UTC).year().saturating_add(4),
            fingerprint: self.letters(16),
            kind,
            behavior,
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

    /// Returns the outcome of an attempt without the customer. It is known beforehand, so that a refusal changes nothing.
    pub(super) fn outcome(&self, customer: &CustomerId, method: Option<&PaymentMethodId>) -> PaymentOutcome {
        let fails = self.customers.get(customer).is_none_or(|customer| customer.cards_fail);
        match method.and_then(|id| self.payment_methods.get(id)) {
            None => PaymentOutcome::Declines,
            Some(PaymentMethod { kind: MethodKind::UsBankAccount, .. }) => PaymentOutcome::Processing,
            Some(_) if fails => PaymentOutcome::Declines,
            Some(PaymentMethod { kind: MethodKind::Card, behavior, .. }) => match behavior {
                Behavior::Pays => PaymentOutcome::Succeeds,
                Behavior::Declines => PaymentOutcome::Declines,
                Behavior::NeedsAction => PaymentOutcome::NeedsAction,
            },
        }
    }

    /// Returns true if the method is a bank debit.
    pub(super) fn is_bank_debit(&self, method: Option<&PaymentMethodId>) -> bool {
        let method = method.and_then(|id| self.payment_methods.get(id));
        method.is_some_and(|method| method.kind == MethodKind::UsBankAccount)
    }

    /// Opens an intent to collect an amount.
    pub(super) fn open_intent(
        &mut self,
        customer: &CustomerId,
        amount: i64,
        currency: Currency,
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
            settles_at: None,
            secret: self.letters(25),
        };
        let (id, object) = (intent.id.clone(), view::intent(&intent));
        self.intents.put(id.clone(), intent);
        self.emit("payment_intent.created", object);
        id
    }

    /// Charges the method with this outcome.
    pub(super) fn charge(
        &mut self,
        intent: &IntentId,
        method: &PaymentMethodId,
        outcome: PaymentOutcome,
    ) -> Result<()> {
        let status = match outcome {
            PaymentOutcome::Succeeds => IntentStatus::Succeeded,
            PaymentOutcome::Declines => IntentStatus::RequiresPaymentMethod,
            PaymentOutcome::NeedsAction => IntentStatus::RequiresAction,
            PaymentOutcome::Processing => IntentStatus::Processing,
        };
        let settles_at = (status == IntentStatus::Processing).then(|| self.after(SETTLEMENT));
        // A payment that needs an action has not reached the bank.
        let charge = if status == IntentStatus::RequiresAction {
            None
        } else {
            Some(self.make_charge(intent, method, outcome)?)
        };
        let found = self.intents.known_mut(intent)?;
        found.latest_charge = charge.or_else(|| found.latest_charge.take());
        (found.status, found.settles_at) = (status, settles_at);
        found.payment_method = (status != IntentStatus::RequiresPaymentMethod).then(|| method.clone());
        self.emit_intent(intent)
    }

    fn make_charge(
        &mut self,
        intent: &IntentId,
        method: &PaymentMethodId,
        outcome: PaymentOutcome,
    ) -> Result<ChargeId> {
        let Intent { customer, amount, currency, .. } = self.intents.known(intent)?.clone();
        let charge = Charge {
            id: self.fresh(),
            created: self.now,
            intent: intent.clone(),
            customer,
            payment_method: method.clone(),
            amount,
            currency,
            succeeded: outcome == PaymentOutcome::Succeeds,
            pending: outcome == PaymentOutcome::Processing,
            refunded: 0,
            disputed: false,
        };
        let id = charge.id.clone();
        self.charges.put(id.clone(), charge);
        self.emit_charge_status(&id)?;
        Ok(id)
    }

    /// Ends the processing of a bank debit.
    pub(super) fn end_processing(&mut self, id: &IntentId, succeeded: bool) -> Result<()> {
        let intent = self.intents.known_mut(id)?;
        intent.settles_at = None;
        intent.status = if succeeded { IntentStatus::Succeeded } else { IntentStatus::RequiresPaymentMethod };
        if let Some(charge) = intent.latest_charge.clone() {
            let found = self.charges.known_mut(&charge)?;
            (found.pending, found.succeeded) = (false, succeeded);
            self.emit_charge_status(&charge)?;
        }
        self.emit_intent(id)
    }

    fn emit_charge_status(&mut self, id: &ChargeId) -> Result<()> {
        let charge = self.charges.known(id)?;
        let kind = match (charge.pending, charge.succeeded) {
            (true, _) => "charge.pending",
            (false, true) => "charge.succeeded",
            (false, false) => "charge.failed",
        };
        let object = view::charge(self, charge);
        self.emit(kind, object);
        Ok(())
    }

    fn emit_intent(&mut self, id: &IntentId) -> Result<()> {
        let intent = self.intents.known(id)?;
        let kind = match intent.status {
            IntentStatus::RequiresPaymentMethod => "payment_intent.payment_failed",
            IntentStatus::RequiresAction => "payment_intent.requires_action",
            IntentStatus::Processing => "payment_intent.processing",
            IntentStatus::Succeeded => "payment_intent.succeeded",
            IntentStatus::Canceled => "payment_intent.canceled",
        };
        let object = view::intent(intent);
        self.emit(kind, object);
        Ok(())
    }

    /// Cancels the collection.
    pub(super) fn cancel_intent(&mut self, id: &IntentId) -> Result<()> {
        let intent = self.intents.known_mut(id)?;
        if matches!(intent.status, IntentStatus::RequiresPaymentMethod | IntentStatus::RequiresAction) {
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
