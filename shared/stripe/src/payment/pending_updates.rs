//! Support of pending updates by the payment method of a subscription.
//! <https://docs.stripe.com/billing/subscriptions/pending-updates>

use crate::{Account, Error, shapes::Named};
use serde::Deserialize;
use stripe_billing::subscription::RetrieveSubscription;

/// Types of bank debits, for which Stripe makes no pending updates.
/// <https://docs.stripe.com/payments/bank-debits>
const BANK_DEBITS: [&str; 6] =
    ["acss_debit", "au_becs_debit", "bacs_debit", "nz_bank_account", "sepa_debit", "us_bank_account"];

/// Support of pending updates: changes that are made only once they are paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PendingUpdates {
    /// A card pays.
    Supported,
    /// A bank debit or a sent invoice pays.
    Unsupported,
    /// Another method pays, or none is known. Stripe decides when it is asked for a change.
    Unknown,
}

#[derive(Deserialize)]
struct Subscription {
    collection_method: Option<String>,
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
    #[serde(rename = "type")]
    kind: String,
}

impl Account {
    /// Returns the support of pending updates by the payment method of `subscription`. The subscription's own payment
    /// method precedes the customer's default.
    pub async fn pending_updates(&self, subscription: &str) -> Result<PendingUpdates, Error> {
        let expand = ["default_payment_method", "customer.invoice_settings.default_payment_method"];
        let request = RetrieveSubscription::new(subscription).expand(expand.map(ToOwned::to_owned));
        match self.get_retrying::<Subscription>(&request).await {
            Ok(subscription) => Ok(subscription.pending_updates()),
            // A deleted customer has no settings that could be expanded.
            Err(Error::Absent(_) | Error::Refused(_)) => Ok(PendingUpdates::Unknown),
            Err(error) => Err(error),
        }
    }
}

impl Subscription {
    fn pending_updates(&self) -> PendingUpdates {
        let settings = self.customer.whole().and_then(|customer| customer.invoice_settings.as_ref());
        let default = settings.and_then(|settings| settings.default_payment_method.as_ref());
        let own = self.default_payment_method.as_ref();
        let method = own.or(default).and_then(Named::whole).map(|method| method.kind.as_str());
        match (self.collection_method.as_deref(), method) {
            (Some("send_invoice"), _) => PendingUpdates::Unsupported,
            (_, Some(kind)) if BANK_DEBITS.contains(&kind) => PendingUpdates::Unsupported,
            (_, Some("card")) => PendingUpdates::Supported,
            (_, Some(_) | None) => PendingUpdates::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn of(collection: &str, own: Option<&str>, default: Option<&str>) -> PendingUpdates {
        let method = |kind: Option<&str>| kind.map_or(Value::Null, |kind| json!({ "id": "pm_1", "type": kind }));
        let subscription = json!({
            "collection_method": collection,
            "default_payment_method": method(own),
            "customer": { "invoice_settings": { "default_payment_method": method(default) } },
        });
        serde_json::from_value::<Subscription>(subscription).unwrap().pending_updates()
    }

    #[test]
    fn bank_debits_and_sent_invoices_make_no_pending_updates() {
        let automatic = "charge_automatically";
        assert_eq!(of(automatic, Some("card"), Some("sepa_debit")), PendingUpdates::Supported);
        assert_eq!(of(automatic, None, Some("card")), PendingUpdates::Supported);
        for kind in BANK_DEBITS {
            assert_eq!(of(automatic, Some(kind), Some("card")), PendingUpdates::Unsupported);
            assert_eq!(of(automatic, None, Some(kind)), PendingUpdates::Unsupported);
        }
        assert_eq!(of("send_invoice", Some("card"), None), PendingUpdates::Unsupported);
        assert_eq!(of(automatic, Some("twint"), Some("card")), PendingUpdates::Unknown);
        assert_eq!(of(automatic, None, None), PendingUpdates::Unknown);
    }
}
