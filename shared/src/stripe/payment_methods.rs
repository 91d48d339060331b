//! What a customer pays with.
//! <https://docs.stripe.com/api/payment_methods>

use super::{Account, Error};
use stripe_billing::subscription::RetrieveSubscription;
use stripe_core::customer::{RetrieveCustomer, RetrieveCustomerReturned};

/// Where a customer's answer has what he pays with, unless a subscription has its own.
const DEFAULT: &str = "invoice_settings.default_payment_method";

/// A card, as much of it as may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Its brand.
    pub brand: String,
    /// Its last four digits.
    pub last4: String,
}

impl Account {
    /// The card that pays for `subscription`, or would pay for `customer`; `None` if it is none, or no card. One call.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn card(&self, customer: &str, subscription: Option<&str>) -> Result<Option<Card>, Error> {
        match subscription {
            Some(subscription) => self.card_of_subscription(subscription).await,
            None => self.card_of_customer(customer).await,
        }
    }

    /// The subscription's own comes first. <https://docs.stripe.com/billing/subscriptions/overview>
    async fn card_of_subscription(&self, id: &str) -> Result<Option<Card>, Error> {
        let expand = ["default_payment_method".to_owned(), format!("customer.{DEFAULT}")];
        let subscription = match self.read(&RetrieveSubscription::new(id).expand(expand)).await {
            Ok(subscription) => subscription,
            Err(Error::Absent(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let own = subscription.default_payment_method.as_ref().and_then(|method| method.as_object());
        let settings = subscription.customer.as_object().and_then(|customer| customer.invoice_settings.as_ref());
        let general = settings.and_then(|settings| settings.default_payment_method.as_ref()?.as_object());
        let card = own.or(general).and_then(|method| method.card.as_ref());
        Ok(card.map(|card| Card { brand: card.brand.clone(), last4: card.last4.clone() }))
    }

    async fn card_of_customer(&self, id: &str) -> Result<Option<Card>, Error> {
        match self.read(&RetrieveCustomer::new(id).expand([DEFAULT.to_owned()])).await {
            Ok(RetrieveCustomerReturned::Customer(customer)) => {
                let settings = customer.invoice_settings.as_ref();
                let method = settings.and_then(|settings| settings.default_payment_method.as_ref()?.as_object());
                let card = method.and_then(|method| method.card.as_ref());
                Ok(card.map(|card| Card { brand: card.brand.clone(), last4: card.last4.clone() }))
            }
            Ok(RetrieveCustomerReturned::DeletedCustomer(_)) | Err(Error::Absent(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
