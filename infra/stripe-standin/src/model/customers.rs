//! Customers (<https://docs.stripe.com/api/customers/object>).

use crate::{
    ids::{CustomerId, PaymentMethodId},
    params::Metadata,
};
use jiff::Timestamp;

/// Who pays.
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
    /// What the next invoice takes in addition, or, below 0, what it leaves
    /// (<https://docs.stripe.com/billing/customer/balance>).
    pub(crate) balance: i64,
    pub(crate) default_payment_method: Option<PaymentMethodId>,
    pub(crate) invoice_prefix: String,
    pub(crate) next_invoice: u32,
    /// The most recent change of any of his invoices: an automatic payment that failed, or a payment or write-off
    /// (<https://docs.stripe.com/api/customers/object#customer_object-delinquent>).
    pub(crate) delinquent: bool,
    pub(crate) deleted: bool,
    /// Whether every card of his declines: the stand-in's own control.
    pub(crate) cards_fail: bool,
}
