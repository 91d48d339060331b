//! Invoices as they are shown, and Stripe's invoice ids, as clients send them back in cursors.

use crate::billing::subscription::Period;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// An invoice of a customer. All amounts are in the currency's smallest unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    /// Number of the invoice; a draft has none.
    pub number: Option<String>,
    /// Status: draft, open, paid, uncollectible or void.
    pub status: Option<String>,
    /// Amount after discounts and taxes.
    pub total: i64,
    /// Amount to be paid, after the credit balance was applied.
    pub amount_due: i64,
    /// Amount that was paid.
    pub amount_paid: i64,
    /// Amount that the credit balance has paid. Negative if the invoice adds to the balance, or includes an amount that
    /// was owed before.
    pub credit_applied: i64,
    /// ISO 4217 currency code in lower case.
    pub currency: String,
    /// Period that the invoice covers.
    pub period: Period,
    /// Time of the payment.
    pub paid_at: Option<Timestamp>,
    /// URL of the invoice's page at Stripe, where an open invoice can be paid.
    pub hosted_url: Option<String>,
    /// URL of the invoice as a PDF.
    pub pdf_url: Option<String>,
    /// True if its subscription has ended, so that paying it gives nothing.
    #[serde(default)]
    pub is_of_ended: bool,
}

impl Invoice {
    /// The invoice without its links.
    #[must_use]
    pub fn without_links(&self) -> Self {
        Self { hosted_url: None, pdf_url: None, ..self.clone() }
    }
}

/// The id of an invoice: `in_`, followed by letters and digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceId(String);

/// The text is not an invoice id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not an invoice id")]
pub struct InvalidInvoiceId;

impl FromStr for InvoiceId {
    type Err = InvalidInvoiceId;

    fn from_str(text: &str) -> Result<Self, InvalidInvoiceId> {
        let rest = text.strip_prefix("in_").ok_or(InvalidInvoiceId)?;
        // Stripe's ids have at most 255 characters. <https://docs.stripe.com/upgrades>
        let fits =
            (1..=252).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidInvoiceId) }
    }
}

impl fmt::Display for InvoiceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_invoice_ids_are_refused() {
        assert_eq!("in_1Abc".parse::<InvoiceId>().unwrap().to_string(), "in_1Abc");
        for text in ["", "in_", "sub_1", "in_1.2", "in_a&customer=cus_2", "in_ü", &format!("in_{}", "x".repeat(253))] {
            assert_eq!(text.parse::<InvoiceId>(), Err(InvalidInvoiceId), "{text:?}");
        }
    }
}
