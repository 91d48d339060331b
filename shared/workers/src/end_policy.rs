//! Choices of the operator about subscriptions that end.

use platform::config::{ConfigError, Environment};

/// Choices of the operator about subscriptions that end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EndPolicy {
    /// Open invoices of subscriptions that have ended.
    pub ended_invoices: EndedInvoices,
    /// Subscriptions of customers who have won a dispute of a payment.
    pub lost_dispute: OnLostDispute,
}

/// Consequence of the end of a subscription for its open invoices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EndedInvoices {
    /// They are voided: paying them gives nothing.
    #[default]
    Void,
    /// They stay debts, and can be paid.
    Keep,
}

/// Consequence of a lost dispute for the subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnLostDispute {
    /// It is cancelled at once.
    #[default]
    Cancel,
    /// It continues.
    Keep,
}

impl EndPolicy {
    /// Reads the choices from the environment.
    ///
    /// # Errors
    /// [`ConfigError`] if one is invalid.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let (invoices, dispute) = ("STRIPE_INVOICES_OF_ENDED_SUBSCRIPTIONS", "STRIPE_ON_LOST_DISPUTE");
        Ok(Self {
            ended_invoices: match environment.optional(invoices).as_deref() {
                None | Some("void") => EndedInvoices::Void,
                Some("keep") => EndedInvoices::Keep,
                Some(_) => return Err(unknown(invoices, "must be void or keep")),
            },
            lost_dispute: match environment.optional(dispute).as_deref() {
                None | Some("cancel") => OnLostDispute::Cancel,
                Some("keep") => OnLostDispute::Keep,
                Some(_) => return Err(unknown(dispute, "must be cancel or keep")),
            },
        })
    }
}

fn unknown(name: &'static str, problem: &str) -> ConfigError {
    ConfigError::Invalid { name, problem: problem.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_are_read_and_others_refused() {
        let read = |name: &str, value: &str| EndPolicy::from_environment(&Environment::from_iter([(name, value)]));
        let invoices =
            |value: &str| read("STRIPE_INVOICES_OF_ENDED_SUBSCRIPTIONS", value).map(|read| read.ended_invoices);
        let dispute = |value: &str| read("STRIPE_ON_LOST_DISPUTE", value).map(|read| read.lost_dispute);
        assert_eq!((invoices("void").unwrap(), invoices("keep").unwrap()), (EndedInvoices::Void, EndedInvoices::Keep));
        assert_eq!(
            (dispute("cancel").unwrap(), dispute("keep").unwrap()),
            (OnLostDispute::Cancel, OnLostDispute::Keep)
        );
        assert!(invoices("cancel").is_err() && dispute("void").is_err());
        assert_eq!(read("OTHER", "x").unwrap(), EndPolicy::default());
    }
}
