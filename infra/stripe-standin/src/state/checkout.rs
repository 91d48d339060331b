//! Checkout sessions in subscription mode (<https://docs.stripe.com/api/checkout/sessions>). The subscription comes
//! into being when the customer has paid
//! (<https://docs.stripe.com/changelog/basil/2025-03-31/checkout-legacy-subscription-upgrade>).

use super::{InvoiceStatus, NewSubscription, State, SubscriptionStatus};
use crate::{
    error::{ApiError, Result},
    ids::{CustomerId, InvoiceId, PriceId, SessionId, SubscriptionId},
    params::Metadata,
    state::collection::Attempt,
    view,
};
use jiff::{SignedDuration, Timestamp};

/// How long a session can be paid unless it says otherwise, and the bounds of what it may say
/// (<https://docs.stripe.com/api/checkout/sessions/create>, `expires_at`).
const LIFE: SignedDuration = SignedDuration::from_hours(24);
const SHORTEST: SignedDuration = SignedDuration::from_mins(30);

/// A page on which a customer can subscribe, once.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) id: SessionId,
    pub(crate) created: Timestamp,
    pub(crate) status: SessionStatus,
    pub(crate) expires_at: Timestamp,
    pub(crate) new: NewSession,
    /// Whether the last try to pay was declined: the page says so.
    pub(crate) declined: bool,
}

/// What is asked of Checkout.
#[derive(Clone, Debug)]
pub(crate) struct NewSession {
    pub(crate) customer: CustomerId,
    pub(crate) price: PriceId,
    pub(crate) quantity: i64,
    pub(crate) success_url: String,
    pub(crate) cancel_url: Option<String>,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) client_reference_id: Option<String>,
    pub(crate) metadata: Metadata,
    pub(crate) subscription: SubscriptionData,
    pub(crate) allow_promotion_codes: Option<bool>,
    pub(crate) automatic_tax: bool,
    pub(crate) locale: Option<String>,
    pub(crate) billing_address_collection: Option<&'static str>,
}

/// What the session passes on to its subscription.
#[derive(Clone, Debug, Default)]
pub(crate) struct SubscriptionData {
    pub(crate) metadata: Metadata,
    pub(crate) description: Option<String>,
    pub(crate) trial_days: Option<i64>,
}

/// Where a session stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SessionStatus {
    Open,
    Complete { subscription: SubscriptionId, invoice: InvoiceId },
    Expired,
}

/// What the customer's card does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settlement {
    Paid,
    Declined,
}

impl State {
    /// Opens a session.
    pub(crate) fn create_session(&mut self, new: NewSession) -> Result<SessionId> {
        self.live_customer(&new.customer, "customer")?;
        self.prices.find(&new.price, "line_items[0][price]")?;
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

    /// The customer presses "Pay": his card is charged and the subscription begins, or it is declined and the session
    /// stays open for another try.
    pub(crate) fn pay_session(&mut self, id: &SessionId, card: Settlement) -> Result<Settlement> {
        let session = self.sessions.find(id, "id")?;
        if session.status != SessionStatus::Open {
            return Err(ApiError::refused("This Checkout Session is no longer open."));
        }
        let new = session.new.clone();
        let price = self.prices.known(&new.price)?;
        let (amount, currency) = (price.unit_amount.saturating_mul(new.quantity), price.currency);
        if card == Settlement::Declined || self.live_customer(&new.customer, "customer")?.cards_fail {
            if new.subscription.trial_days.is_none() {
                let intent = self.open_intent(&new.customer, amount, currency, "Subscription creation");
                let method = self.make_card(None, "pm_card_chargeCustomerFail")?;
                self.charge(&intent, &method, false)?;
            }
            self.sessions.known_mut(id)?.declined = true;
            return Ok(Settlement::Declined);
        }
        let method = self.attach_card(&new.customer, "pm_card_visa")?;
        let trial = new.subscription.trial_days.map(|days| self.after(SignedDuration::from_hours(24 * days)));
        let subscription = NewSubscription {
            customer: new.customer.clone(),
            price: new.price,
            quantity: new.quantity,
            metadata: new.subscription.metadata,
            description: new.subscription.description,
            default_payment_method: Some(method.clone()),
            trial_end: trial,
            automatic_tax: new.automatic_tax,
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
        Ok(Settlement::Paid)
    }

    /// Ends a session that nobody has paid, by request (<https://docs.stripe.com/api/checkout/sessions/expire>) or
    /// because its time is over.
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

impl Session {
    /// Where the customer goes when he has paid: `{CHECKOUT_SESSION_ID}` is filled in
    /// (<https://docs.stripe.com/payments/checkout/custom-success-page>).
    pub(crate) fn success_url(&self) -> String {
        self.new.success_url.replace("{CHECKOUT_SESSION_ID}", self.id.as_str())
    }
}
