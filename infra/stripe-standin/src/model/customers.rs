//! Customers (<https://docs.stripe.com/api/customers/object>).

use super::currency::Currency;
use crate::{
    ids::{CustomerId, PaymentMethodId},
    params::Metadata,
};
use jiff::Timestamp;
use serde::Deserialize;

/// Customer.
#[derive(Clone, Debug)]
pub(crate) struct Customer {
    pub(crate) id: CustomerId,
    pub(crate) created: Timestamp,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) address: Option<Address>,
    pub(crate) tax_ids: Vec<TaxId>,
    pub(crate) metadata: Metadata,
    /// Set by the first subscription or invoice (<https://docs.stripe.com/billing/customer#currency>).
    pub(crate) currency: Option<Currency>,
    /// Amount in the minor unit of the currency that the next invoice adds, or if negative subtracts
    /// (<https://docs.stripe.com/billing/customer/balance>).
    pub(crate) balance: i64,
    pub(crate) default_payment_method: Option<PaymentMethodId>,
    pub(crate) invoice_prefix: String,
    pub(crate) next_invoice: u32,
    /// True if the most recent change of the customer's invoices was a failed automatic payment, and not a payment or
    /// write-off (<https://docs.stripe.com/api/customers/object#customer_object-delinquent>).
    pub(crate) delinquent: bool,
    pub(crate) deleted: bool,
    /// True if every card of the customer is declined. This is a control of the stand-in.
    pub(crate) cards_fail: bool,
    /// True if no invoice of the customer can be finalized. This is a control of the stand-in.
    pub(crate) finalization_fails: bool,
}

/// Postal address. Fields that were not given are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Address {
    /// First line.
    pub line1: String,
    /// Postal code.
    pub postal_code: String,
    /// City.
    pub city: String,
    /// Country of two letters.
    pub country: String,
}

/// Tax id, such as a VAT number of the EU (<https://docs.stripe.com/api/tax_ids/object>).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxId {
    /// Type, such as `eu_vat`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Number.
    pub value: String,
}

/// What a buyer types on Checkout's page or in the portal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Buyer {
    /// Name of the company or person.
    pub name: Option<String>,
    /// Billing address.
    pub address: Option<Address>,
    /// Tax id.
    pub tax_id: Option<TaxId>,
    /// Promotion code.
    pub promotion_code: Option<String>,
}
