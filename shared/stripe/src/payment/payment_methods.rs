//! Payment methods of customers.
//! <https://docs.stripe.com/api/payment_methods>

use crate::{Account, Error, shapes::Named};
use serde::Deserialize;
use stripe_billing::subscription::RetrieveSubscription;
use stripe_core::customer::RetrieveCustomer;

/// Path of a customer's default payment method, which applies if the subscription has none.
const DEFAULT: &str = "invoice_settings.default_payment_method";

/// The displayable part of a card.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Card {
    /// Brand of the card.
    pub brand: String,
    /// Last four digits of the card number.
    pub last4: String,
}

#[derive(Deserialize)]
struct Subscription {
    default_payment_method: Option<Named<Method>>,
    customer: Named<Customer>,
}

/// A customer. Deleted customers have no settings.
#[derive(Deserialize)]
struct Customer {
    invoice_settings: Option<Settings>,
}

#[derive(Deserialize)]
struct Settings {
    default_payment_method: Option<Named<Method>>,
}

#[derive(Deserialize)]
struct Method {
    card: Option<Card>,
}

impl Customer {
    fn method(&self) -> Option<&Method> {
        self.invoice_settings.as_ref()?.default_payment_method.as_ref()?.whole()
    }
}

impl Account {
    /// Returns the card that pays for `subscription`, or the default card of `customer`. Returns `None` if there is no
    /// payment method or it is not a card. Takes one call.
    pub async fn payment_card(&self, customer: &str, subscription: Option<&str>) -> Result<Option<Card>, Error> {
        match subscription {
            Some(subscription) => self.card_of_subscription(subscription).await,
            None => self.card_of_customer(customer).await,
        }
    }

    /// Returns the card of a subscription. The subscription's own payment method precedes the customer's default.
    /// <https://docs.stripe.com/billing/subscriptions/overview>
    async fn card_of_subscription(&self, id: &str) -> Result<Option<Card>, Error> {
        let expand = ["default_payment_method".to_owned(), format!("customer.{DEFAULT}")];
        let Subscription { default_payment_method: own, customer } =
            match self.get_retrying(&RetrieveSubscription::new(id).expand(expand)).await {
                Ok(subscription) => subscription,
                // A deleted customer has no settings that could be expanded.
                Err(Error::Absent(_) | Error::Refused(_)) => return Ok(None),
                Err(error) => return Err(error),
            };
        let own = own.as_ref().and_then(Named::whole);
        let method = own.or_else(|| customer.whole().and_then(Customer::method));
        Ok(method.and_then(|method| method.card.clone()))
    }

    async fn card_of_customer(&self, id: &str) -> Result<Option<Card>, Error> {
        match self.get_retrying::<Customer>(&RetrieveCustomer::new(id).expand([DEFAULT.to_owned()])).await {
            Ok(customer) => Ok(customer.method().and_then(|method| method.card.clone())),
            Err(Error::Absent(_) | Error::Refused(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
