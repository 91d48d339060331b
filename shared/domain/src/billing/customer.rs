//! A customer's card, credit balance and newest invoices. They are stored with the billing, so that a page which shows
//! them does not depend on Stripe.

use crate::billing::invoice::Invoice;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Number of invoices that are stored per customer, newest first.
pub const NEWEST: usize = 5;

/// Time after which stored links to invoices are replaced. Links that Stripe has returned work for at least ten days.
/// <https://docs.stripe.com/invoicing/hosted-invoice-page#invoice-urls>
const LINK_AGE: SignedDuration = SignedDuration::from_hours(5 * 24);

/// A customer's card, credit balance and newest invoices, as Stripe had them at `read_at`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerFacts {
    /// The card that pays; `None` if nothing pays, or if it is not a card.
    pub card: Option<Card>,
    /// The credit balance; `None` if it is zero.
    pub credit: Option<Credit>,
    /// The newest invoices, newest first.
    pub invoices: Vec<Invoice>,
    /// Time of the comparison that wrote them.
    pub read_at: Timestamp,
}

/// The displayable part of a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Brand of the card.
    pub brand: String,
    /// Last four digits of the card number.
    pub last4: String,
    /// Month in which the card expires, from 1.
    pub exp_month: u8,
    /// Year in which the card expires.
    pub exp_year: u16,
}

/// A credit balance. <https://docs.stripe.com/billing/customer/balance>
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    /// Amount by which the next invoices are reduced, in the currency's smallest unit. A negative amount is added to the
    /// next invoice.
    pub amount: i64,
    /// ISO 4217 code of the currency, in lower case.
    pub currency: String,
}

impl CustomerFacts {
    /// Replaces `stored` by `read`, unless both show the same and the links of `stored` still work. Stripe may return
    /// another link to an invoice each time.
    #[must_use]
    pub fn renewed(stored: Option<Self>, read: Self) -> Self {
        match stored {
            Some(stored) if read.read_at < stored.links_until() && stored.shows_the_same_as(&read) => stored,
            Some(_) | None => read,
        }
    }

    fn links_until(&self) -> Timestamp {
        self.read_at.saturating_add(LINK_AGE).unwrap_or(Timestamp::MAX)
    }

    fn shows_the_same_as(&self, other: &Self) -> bool {
        let plain = |facts: &Self| Self {
            invoices: facts.invoices.iter().map(Invoice::without_links).collect(),
            read_at: Timestamp::UNIX_EPOCH,
            ..facts.clone()
        };
        plain(self) == plain(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::subscription::Period;

    fn invoice(link: &str) -> Invoice {
        let at = Timestamp::UNIX_EPOCH;
        Invoice {
            number: Some("A-1".to_owned()),
            status: Some("paid".to_owned()),
            total: 2_900,
            amount_due: 2_900,
            amount_paid: 2_900,
            credit_applied: 0,
            currency: "usd".to_owned(),
            period: Period { start: at, end: at },
            paid_at: Some(at),
            hosted_url: Some(link.to_owned()),
            pdf_url: Some(format!("{link}/pdf")),
            is_of_ended: false,
        }
    }

    #[test]
    fn facts_are_replaced_if_they_show_more_or_links_are_old() {
        let facts = |link: &str, read_at: Timestamp| CustomerFacts {
            card: None,
            credit: None,
            invoices: vec![invoice(link)],
            read_at,
        };
        let stored = facts("https://one", Timestamp::UNIX_EPOCH);
        let read = |after: SignedDuration| facts("https://two", Timestamp::UNIX_EPOCH + after);
        let renewed = |read: CustomerFacts| CustomerFacts::renewed(Some(stored.clone()), read);
        let (soon, late) = (read(LINK_AGE - SignedDuration::from_secs(1)), read(LINK_AGE));
        assert_eq!(renewed(soon.clone()), stored, "only the links differ, and they still work");
        assert_eq!(renewed(late.clone()), late, "the links are old");
        let credit = Some(Credit { amount: 500, currency: "usd".to_owned() });
        let credited = CustomerFacts { credit, ..soon.clone() };
        assert_eq!(renewed(credited.clone()), credited);
        assert_eq!(CustomerFacts::renewed(None, soon.clone()), soon, "stored before facts were");
    }
}
