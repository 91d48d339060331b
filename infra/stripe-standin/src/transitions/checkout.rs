//! Checkout sessions in subscription mode (<https://docs.stripe.com/api/checkout/sessions>). The subscription is created
//! when the customer has paid
//! (<https://docs.stripe.com/changelog/basil/2025-03-31/checkout-legacy-subscription-upgrade>).

use crate::{
    error::{ApiError, Result},
    ids::{CustomerId, InvoiceId, SessionId},
    model::{
        Buyer, Currency, DiscountRequest, InvoiceStatus, NewSession, PaymentOutcome, Session, SessionStatus,
        SubscriptionStatus,
    },
    state::State,
    transitions::{invoices::Attempt, subscriptions::NewSubscription},
    view,
};
use jiff::SignedDuration;

/// Default lifetime of a session, and the bounds of a requested one
/// (<https://docs.stripe.com/api/checkout/sessions/create>, `expires_at`).
const LIFE: SignedDuration = SignedDuration::from_hours(24);
const SHORTEST: SignedDuration = SignedDuration::from_mins(30);

/// Result of a payment on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settlement {
    Paid,
    Declined,
    /// A bank debit, which succeeds or fails days later
    /// (<https://docs.stripe.com/payments/checkout/fulfill-orders#delayed-notification>).
    Delayed,
}

impl State {
    /// Opens a session.
    pub(crate) fn create_session(&mut self, new: NewSession) -> Result<SessionId> {
        self.live_customer(&new.customer, "customer")?;
        self.check_items(&new.items, &[], "line_items")?;
        let (_, currency) = self.bought(&new.items)?;
        self.check_currency(&new.customer, currency)?;
        self.check_discounts(&new.discounts, currency, "discounts")?;
        let expires_at = new.expires_at.unwrap_or_else(|| self.after(LIFE));
        if expires_at < self.after(SHORTEST) || expires_at > self.after(LIFE) {
            let message = "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session \
                           creation.";
            return Err(ApiError::invalid("expires_at", message));
        }
        let status = SessionStatus::Open;
        let session = Session { id: self.fresh(), created: self.now, status, expires_at, new, declined: false };
        let id = session.id.clone();
        self.sessions.put(id.clone(), session);
        Ok(id)
    }

    /// Handles the customer's "Pay": either the card is charged and the subscription begins, or it is declined and the
    /// session stays open for another attempt.
    pub(crate) fn pay_session(&mut self, id: &SessionId, card: Settlement, buyer: Buyer) -> Result<Settlement> {
        let session = self.sessions.find(id, "id")?;
        if session.status != SessionStatus::Open {
            return Err(ApiError::refused("This Checkout Session is no longer open."));
        }
        let mut new = session.new.clone();
        let (amount, currency) = self.bought(&new.items)?;
        let fails = self.live_customer(&new.customer, "customer")?.cards_fail && card == Settlement::Paid;
        if card == Settlement::Declined || fails {
            if new.subscription.trial_days.is_none() {
                let intent = self.open_intent(&new.customer, amount, currency, "Subscription creation");
                let method = self.make_card(None, "pm_card_chargeCustomerFail")?;
                self.charge(&intent, &method, PaymentOutcome::Declines)?;
            }
            self.sessions.known_mut(id)?.declined = true;
            return Ok(Settlement::Declined);
        }
        self.take_buyer(&mut new, buyer)?;
        let name = if card == Settlement::Delayed { "pm_usBankAccount_success" } else { "pm_card_visa" };
        let method = self.attach_card(&new.customer, name)?;
        let trial = new.subscription.trial_days.map(|days| self.after(SignedDuration::from_hours(24 * days)));
        let subscription = NewSubscription {
            customer: new.customer.clone(),
            items: new.items,
            discounts: new.discounts,
            metadata: new.subscription.metadata,
            description: new.subscription.description,
            default_payment_method: Some(method.clone()),
            trial_end: trial,
            automatic_tax: new.automatic_tax,
            pauses_without_method: false,
        };
        let (subscription, invoice) = self.start_subscription(subscription, SubscriptionStatus::Active)?;
        self.finalize_invoice(&invoice)?;
        if self.invoices.known(&invoice)?.status == InvoiceStatus::Open {
            self.collect_invoice(&invoice, Some(method), Attempt::Automatic)?;
        }
        let session = self.sessions.known_mut(id)?;
        session.declined = false;
        session.status = SessionStatus::Complete { subscription, invoice };
        self.emit_session("checkout.session.completed", id)?;
        Ok(card)
    }

    /// Emits the outcome of the delayed payment of a session, if the invoice belongs to one.
    pub(super) fn session_settled(&mut self, paid: &InvoiceId, kind: &'static str) -> Result<()> {
        let of =
            |session: &&Session| matches!(&session.status, SessionStatus::Complete { invoice, .. } if invoice == paid);
        let found = self.sessions.iter().find(of).map(|session| session.id.clone());
        match found {
            Some(id) => self.emit_session(kind, &id),
            None => Ok(()),
        }
    }

    /// Takes what the buyer typed: name and address become the customer's if the session may update them, a tax id is
    /// added (<https://docs.stripe.com/tax/checkout/tax-ids>), and a promotion code is redeemed.
    fn take_buyer(&mut self, new: &mut NewSession, buyer: Buyer) -> Result<()> {
        if let Some(text) = &buyer.promotion_code {
            let code = self.promotion_code(text).filter(|_| new.allow_promotion_codes == Some(true));
            let code = code.ok_or_else(|| ApiError::invalid("promotion_code", "This code is invalid."))?.id.clone();
            let requests = vec![DiscountRequest::PromotionCode(code)];
            self.check_discounts(&requests, self.bought(&new.items)?.1, "discounts")?;
            new.discounts = requests;
        }
        let tax_id = buyer.tax_id.filter(|_| new.collects_tax_id);
        let name = buyer.name.filter(|_| new.updates_name);
        let address = buyer.address.filter(|_| new.updates_address);
        self.amend_customer(&new.customer, |customer| {
            customer.name = name.or_else(|| customer.name.take());
            customer.address = address.or_else(|| customer.address.take());
            customer.tax_ids.extend(tax_id);
        })
    }

    /// Refuses a second currency (<https://docs.stripe.com/billing/customer#currency>).
    pub(in crate::transitions) fn check_currency(&self, customer: &CustomerId, currency: Currency) -> Result<()> {
        let live = self.subscriptions.iter().filter(|each| each.customer == *customer && each.is_live());
        for subscription in live {
            let other = self.currency_of(&subscription.items)?;
            if other != currency {
                return Err(ApiError::refused(format!(
                    "You cannot combine currencies on a single customer. This customer has an active subscription, \
                     subscription schedule, discount, quote, or invoice item with currency {other}."
                )));
            }
        }
        Ok(())
    }

    /// Expires an unpaid session, by request (<https://docs.stripe.com/api/checkout/sessions/expire>) or at the end of
    /// its lifetime.
    pub(crate) fn expire_session(&mut self, id: &SessionId) -> Result<()> {
        if self.sessions.find(id, "id")?.status != SessionStatus::Open {
            let message = format!(
                "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a \
                 status of {}.",
                view::session_status(&self.sessions.known(id)?.status)
            );
            return Err(ApiError::refused(message));
        }
        self.sessions.known_mut(id)?.status = SessionStatus::Expired;
        self.emit_session("checkout.session.expired", id)
    }

    fn emit_session(&mut self, kind: &'static str, id: &SessionId) -> Result<()> {
        let object = view::session(self, self.sessions.known(id)?)?;
        self.emit(kind, object);
        Ok(())
    }
}
