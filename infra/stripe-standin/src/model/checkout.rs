//! Checkout sessions in subscription mode (<https://docs.stripe.com/api/checkout/sessions/object>).

use super::{catalogue::DiscountRequest, items::NewItem};
use crate::{
    ids::{CustomerId, InvoiceId, SessionId, SubscriptionId},
    params::Metadata,
};
use jiff::Timestamp;

/// Page on which a customer can subscribe once.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) id: SessionId,
    pub(crate) created: Timestamp,
    pub(crate) status: SessionStatus,
    pub(crate) expires_at: Timestamp,
    pub(crate) new: NewSession,
    /// True if the last payment attempt was declined, which the page shows.
    pub(crate) declined: bool,
}

/// Parameters of a new session.
#[derive(Clone, Debug)]
pub(crate) struct NewSession {
    pub(crate) customer: CustomerId,
    /// At least one.
    pub(crate) items: Vec<NewItem>,
    pub(crate) success_url: String,
    pub(crate) cancel_url: Option<String>,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) client_reference_id: Option<String>,
    pub(crate) metadata: Metadata,
    pub(crate) subscription: SubscriptionData,
    pub(crate) discounts: Vec<DiscountRequest>,
    pub(crate) allow_promotion_codes: Option<bool>,
    pub(crate) automatic_tax: bool,
    pub(crate) locale: Option<String>,
    pub(crate) billing_address_collection: Option<&'static str>,
    pub(crate) collects_tax_id: bool,
    /// True if the typed name becomes the customer's.
    pub(crate) updates_name: bool,
    /// True if the typed address becomes the customer's.
    pub(crate) updates_address: bool,
}

/// Parameters that the session passes to its subscription.
#[derive(Clone, Debug, Default)]
pub(crate) struct SubscriptionData {
    pub(crate) metadata: Metadata,
    pub(crate) description: Option<String>,
    pub(crate) trial_days: Option<i64>,
}

/// Status of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SessionStatus {
    Open,
    Complete { subscription: SubscriptionId, invoice: InvoiceId },
    Expired,
}

impl Session {
    /// Returns the URL of the customer's redirect after payment, with `{CHECKOUT_SESSION_ID}` filled in
    /// (<https://docs.stripe.com/payments/checkout/custom-success-page>).
    pub(crate) fn success_url(&self) -> String {
        self.new.success_url.replace("{CHECKOUT_SESSION_ID}", self.id.as_str())
    }
}
