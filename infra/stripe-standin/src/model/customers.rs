//! Customers (<https://docs.stripe.com/api/customers/object>).

use crate::{
    ids::{CustomerId, PaymentMethodId},
    params::Metadata,
};
use jiff::Timestamp;

/// Customer.
#[derive(Clone, Debug)]
pub(crate) struct Customer {
    pub(crate) id: CustomerId,
    pub(crate) created: Timestamp,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) metadata: Metadata,
    /// Set by the first subscription or invoice (<https://docs.stripe.com/billing/customer#currency>).
    pub(crate) currency: Option<&'static str>,
    /// Amount in cents that the next invoice adds, or if negative subtracts
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
}
