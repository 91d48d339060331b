//! Stripe's invoice ids, as clients send them back in cursors.

use std::{fmt, str::FromStr};

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
