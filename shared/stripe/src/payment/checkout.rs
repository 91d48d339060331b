//! Checkout sessions: pages on which a subscription is paid. A session is open until it is paid, expired by Berth, or a
//! day old.
//! <https://docs.stripe.com/api/checkout/sessions>

use crate::{Account, Error, customers::WORKSPACE, shapes::List};
use domain::{
    billing::intent::{Checkout, Offers},
    billing::trial::TrialDays,
    ids::WorkspaceId,
};
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::HashMap;
use stripe_checkout::{
    CheckoutSessionBillingAddressCollection, CheckoutSessionMode, CheckoutSessionStatus,
    checkout_session::{
        CreateCheckoutSession, CreateCheckoutSessionAutomaticTax, CreateCheckoutSessionCustomerUpdate,
        CreateCheckoutSessionCustomerUpdateAddress, CreateCheckoutSessionCustomerUpdateName,
        CreateCheckoutSessionLineItems, CreateCheckoutSessionSubscriptionData, CreateCheckoutSessionTaxIdCollection,
        ExpireCheckoutSession, ListCheckoutSession, RetrieveCheckoutSession,
    },
};

/// Metadata key with the price that a session sells.
const PRICE: &str = "price";

/// Metadata key with the number of times that the price is paid, unless it is 1.
const QUANTITY: &str = "quantity";

/// Metadata key with the length of the trial in days.
const TRIAL: &str = "trial_days";

/// Parameters of a new session.
#[derive(Debug, Clone, Copy)]
pub struct NewSession<'a> {
    /// Workspace of the customer.
    pub workspace: WorkspaceId,
    /// Stripe's id of the customer.
    pub customer: &'a str,
    /// Stripe's id of the price.
    pub price: &'a str,
    /// Number of times that the price is paid.
    pub quantity: u64,
    /// URL to return to after the payment.
    pub success_url: &'a str,
    /// URL to return to if the customer cancels.
    pub cancel_url: &'a str,
    /// Length of the trial.
    pub trial: Option<TrialDays>,
    /// Options of the page.
    pub offers: Offers,
}

/// A checkout session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Id of the session.
    pub id: String,
    /// Id of the price that the session sells, if Berth has opened it.
    pub price: Option<String>,
    /// Number of times that the price is paid.
    pub quantity: u64,
    /// Length of the trial.
    pub trial: Option<TrialDays>,
    /// Time after which the session cannot be paid.
    pub expires_at: Timestamp,
    /// URL to return to after the payment.
    pub success_url: Option<String>,
    /// URL to return to if the customer cancels.
    pub cancel_url: Option<String>,
    /// State of the session.
    pub state: SessionState,
}

impl Session {
    /// Returns true if the page leads back to the URLs of `checkout`.
    #[must_use]
    pub fn leads_back_to(&self, checkout: &Checkout) -> bool {
        (self.success_url.as_ref(), self.cancel_url.as_ref())
            == (Some(&checkout.success_url), Some(&checkout.cancel_url))
    }
}

/// State of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionState {
    /// The session can be paid.
    Open {
        /// URL of the page.
        url: String,
    },
    /// The session is paid, or the payment is pending.
    Complete,
    /// The session can no longer be paid.
    Expired,
}

/// Stripe's checkout session object. <https://docs.stripe.com/api/checkout/sessions/object>
#[derive(Deserialize)]
struct RawSession {
    id: String,
    status: Option<String>,
    url: Option<String>,
    success_url: Option<String>,
    cancel_url: Option<String>,
    expires_at: i64,
    metadata: Option<HashMap<String, String>>,
}

impl Account {
    /// Opens a session.
    pub async fn open_session(&self, new: NewSession<'_>, key: &str) -> Result<Session, Error> {
        let workspace = (WORKSPACE.to_owned(), new.workspace.to_string());
        let trial = new.trial.map(|days| (TRIAL.to_owned(), days.get().to_string()));
        let quantity = Some((QUANTITY.to_owned(), new.quantity.to_string())).filter(|_| new.quantity != 1);
        let price = (PRICE.to_owned(), new.price.to_owned());
        let about = [workspace.clone(), price].into_iter().chain(quantity).chain(trial);
        let request = CreateCheckoutSession::new()
            .mode(CheckoutSessionMode::Subscription)
            .customer(new.customer)
            .client_reference_id(new.workspace.to_string())
            .line_items([CreateCheckoutSessionLineItems {
                price: Some(new.price.to_owned()),
                quantity: Some(new.quantity),
                ..CreateCheckoutSessionLineItems::new()
            }])
            .success_url(new.success_url)
            .cancel_url(new.cancel_url)
            .metadata(HashMap::from_iter(about))
            .subscription_data(CreateCheckoutSessionSubscriptionData {
                metadata: Some([workspace].into()),
                trial_period_days: new.trial.map(TrialDays::get),
                ..CreateCheckoutSessionSubscriptionData::new()
            });
        session(self.send_keyed(&offering(request, new.offers), key).await?)
    }

    /// Returns the current state of a session; `None` if Stripe does not know it.
    pub async fn find_session(&self, id: &str) -> Result<Option<Session>, Error> {
        match self.session(id).await {
            Ok(session) => Ok(Some(session)),
            Err(Error::Absent(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn session(&self, id: &str) -> Result<Session, Error> {
        session(self.get_retrying(&RetrieveCheckoutSession::new(id)).await?)
    }

    /// Returns the open sessions of `customer`, newest first.
    pub async fn open_sessions(&self, customer: &str) -> Result<Vec<Session>, Error> {
        let mut request = ListCheckoutSession::new().customer(customer).status(CheckoutSessionStatus::Open).limit(100);
        let mut sessions = Vec::new();
        loop {
            let page: List<RawSession> = self.get_retrying(&request).await?;
            let next = page.data.last().map(|last| last.id.clone()).filter(|_| page.has_more);
            sessions.extend(page.data.into_iter().map(session).collect::<Result<Vec<_>, _>>()?);
            match next {
                Some(last) => request = request.starting_after(last),
                None => return Ok(sessions),
            }
        }
    }

    /// Expires a session, so that it can no longer be paid, and returns its state: it may have been paid before.
    pub async fn expire_session(&self, id: &str) -> Result<Session, Error> {
        // The request is idempotent, so it needs no key.
        match self.send_once(&ExpireCheckoutSession::new(id)).await {
            Ok(expired) => session(expired),
            Err(Error::Refused(_) | Error::Failed(_)) => self.session(id).await,
            Err(error) => Err(error),
        }
    }
}

/// Adds the options of the page.
///
/// Taxes depend on the address that the page asks for, so the address is saved on the customer. Invoices show what the
/// customer has, so the name is saved as well. Stripe requires that for tax ids of existing customers.
/// <https://docs.stripe.com/tax/checkout/existing-customers>,
/// <https://docs.stripe.com/tax/checkout/tax-ids#existing-customers>
fn offering(request: CreateCheckoutSession, offers: Offers) -> CreateCheckoutSession {
    let Offers { automatic_tax, promotion_codes, billing_details } = offers;
    let mut request = request;
    if promotion_codes {
        request = request.allow_promotion_codes(true);
    }
    if automatic_tax {
        request = request.automatic_tax(CreateCheckoutSessionAutomaticTax::new(true));
    }
    if billing_details {
        request = request
            .tax_id_collection(CreateCheckoutSessionTaxIdCollection::new(true))
            .billing_address_collection(CheckoutSessionBillingAddressCollection::Required);
    }
    if !(automatic_tax || billing_details) {
        return request;
    }
    request.customer_update(CreateCheckoutSessionCustomerUpdate {
        address: Some(CreateCheckoutSessionCustomerUpdateAddress::Auto),
        name: billing_details.then_some(CreateCheckoutSessionCustomerUpdateName::Auto),
        ..CreateCheckoutSessionCustomerUpdate::new()
    })
}

/// Converts a session. <https://docs.stripe.com/api/checkout/sessions/object#checkout_session_object-status>
fn session(session: RawSession) -> Result<Session, Error> {
    let unreadable = || Error::Unanswered("Stripe returned an unreadable checkout session".into());
    let state = match session.status.as_deref() {
        Some("open") => SessionState::Open { url: session.url.ok_or_else(unreadable)? },
        Some("complete") => SessionState::Complete,
        Some("expired") => SessionState::Expired,
        Some(_) | None => return Err(unreadable()),
    };
    let mut about = session.metadata.unwrap_or_default();
    Ok(Session {
        id: session.id,
        price: about.remove(PRICE),
        quantity: about.remove(QUANTITY).and_then(|quantity| quantity.parse().ok()).unwrap_or(1),
        trial: about.remove(TRIAL).and_then(|days| days.parse().ok()),
        expires_at: Timestamp::from_second(session.expires_at).map_err(|_| unreadable())?,
        success_url: session.success_url,
        cancel_url: session.cancel_url,
        state,
    })
}
