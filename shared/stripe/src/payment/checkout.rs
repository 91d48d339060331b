//! Checkout sessions: pages on which a subscription is paid. A session is open until it is paid, expired by us, or a day old.
//! <https://docs.stripe.com/api/checkout/sessions>

use crate::{Account, Error, customers::WORKSPACE, shapes::List};
use domain::{billing::intent::Offers, billing::trial::TrialDays, ids::WorkspaceId};
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::HashMap;
use stripe_checkout::{
    CheckoutSessionMode, CheckoutSessionStatus,
    checkout_session::{
        CreateCheckoutSession, CreateCheckoutSessionAutomaticTax, CreateCheckoutSessionCustomerUpdate,
        CreateCheckoutSessionCustomerUpdateAddress, CreateCheckoutSessionLineItems,
        CreateCheckoutSessionSubscriptionData, ExpireCheckoutSession, ListCheckoutSession, RetrieveCheckoutSession,
    },
};

/// Where a session's metadata name the price that it sells.
const PRICE: &str = "price";

/// Where they name the days on trial that it begins with.
const TRIAL: &str = "trial_days";

/// A session to be opened.
#[derive(Debug, Clone, Copy)]
pub struct NewSession<'a> {
    /// Whose it is.
    pub workspace: WorkspaceId,
    /// Stripe's id of the customer.
    pub customer: &'a str,
    /// Stripe's id of the price.
    pub price: &'a str,
    /// Where he comes back to once he has paid.
    pub success_url: &'a str,
    /// Where he comes back to if he does not.
    pub cancel_url: &'a str,
    /// The days on trial that the subscription begins with.
    pub trial: Option<TrialDays>,
    /// What else the page offers.
    pub offers: Offers,
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: String,
    /// The id of the price that it sells, where it was opened by Berth.
    pub price: Option<String>,
    /// The days on trial that it begins with.
    pub trial: Option<TrialDays>,
    /// From when on it cannot be paid.
    pub expires_at: Timestamp,
    /// How it is.
    pub state: SessionState,
}

/// How a session is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionState {
    /// It can be paid, at this address.
    Open {
        /// The address.
        url: String,
    },
    /// It was paid, or the payment is under way.
    Complete,
    /// Nobody can pay it any more.
    Expired,
}

/// The same as Stripe says it. <https://docs.stripe.com/api/checkout/sessions/object>
#[derive(Deserialize)]
struct Told {
    id: String,
    status: Option<String>,
    url: Option<String>,
    expires_at: i64,
    metadata: Option<HashMap<String, String>>,
}

impl Account {
    /// Opens a session.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn open_session(&self, new: NewSession<'_>, key: &str) -> Result<Session, Error> {
        let workspace = (WORKSPACE.to_owned(), new.workspace.to_string());
        let trial = new.trial.map(|days| (TRIAL.to_owned(), days.get().to_string()));
        let about = [workspace.clone(), (PRICE.to_owned(), new.price.to_owned())].into_iter().chain(trial);
        let request = CreateCheckoutSession::new()
            .mode(CheckoutSessionMode::Subscription)
            .customer(new.customer)
            .client_reference_id(new.workspace.to_string())
            .line_items([CreateCheckoutSessionLineItems {
                price: Some(new.price.to_owned()),
                quantity: Some(1),
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
        session(self.write(&offering(request, new.offers), key).await?)
    }

    /// A session, as it is now.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn session(&self, id: &str) -> Result<Session, Error> {
        session(self.read(&RetrieveCheckoutSession::new(id)).await?)
    }

    /// The sessions of `customer` that can be paid, newest first.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn open_sessions(&self, customer: &str) -> Result<Vec<Session>, Error> {
        let mut request = ListCheckoutSession::new().customer(customer).status(CheckoutSessionStatus::Open).limit(100);
        let mut sessions = Vec::new();
        loop {
            let page: List<Told> = self.read(&request).await?;
            let next = page.data.last().map(|last| last.id.clone()).filter(|_| page.has_more);
            sessions.extend(page.data.into_iter().map(session).collect::<Result<Vec<_>, _>>()?);
            match next {
                Some(last) => request = request.starting_after(last),
                None => return Ok(sessions),
            }
        }
    }

    /// Closes a session, so that nobody can pay it any more, and tells how it is then: it may have been paid before.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn expire_session(&self, id: &str) -> Result<Session, Error> {
        // Without a key: it does the same however often it is asked for.
        match self.ask(&ExpireCheckoutSession::new(id)).await {
            Ok(expired) => session(expired),
            Err(Error::Refused(_) | Error::Failed(_)) => self.session(id).await,
            Err(error) => Err(error),
        }
    }
}

/// The same request with what else the page offers. Taxes are reckoned by the address that the page asks for, so it has to keep
/// that. <https://docs.stripe.com/tax/checkout/existing-customers>
fn offering(request: CreateCheckoutSession, offers: Offers) -> CreateCheckoutSession {
    let request = if offers.promotion_codes { request.allow_promotion_codes(true) } else { request };
    if !offers.automatic_tax {
        return request;
    }
    request.automatic_tax(CreateCheckoutSessionAutomaticTax::new(true)).customer_update(
        CreateCheckoutSessionCustomerUpdate {
            address: Some(CreateCheckoutSessionCustomerUpdateAddress::Auto),
            ..CreateCheckoutSessionCustomerUpdate::new()
        },
    )
}

/// <https://docs.stripe.com/api/checkout/sessions/object#checkout_session_object-status>
fn session(session: Told) -> Result<Session, Error> {
    let unreadable = || Error::Unanswered("Stripe gave a checkout session that cannot be read".into());
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
        trial: about.remove(TRIAL).and_then(|days| days.parse().ok()),
        expires_at: Timestamp::from_second(session.expires_at).map_err(|_| unreadable())?,
        state,
    })
}
