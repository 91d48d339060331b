//! Occurrences of which integrations are notified when billing changes.

use super::account::Billing;
use crate::{integrations::Occurrence, plans::catalogue::Plans};
use jiff::Timestamp;

impl Billing {
    /// Returns what has happened between `before` and this billing, at `now`. The writer of a billing notifies
    /// integrations of them.
    #[must_use]
    pub fn occurrences_since(&self, plans: Plans, before: &Self, now: Timestamp) -> Vec<Occurrence> {
        let (from, to) = (before.standing(plans, now).plan.name, self.standing(plans, now).plan.name);
        let planned = (from != to).then_some(Occurrence::PlanChanged { from, to });
        let grace_until = self.subscription.as_ref().and_then(|paid| paid.grace_until);
        let payment = match (&before.last_error, &self.last_error) {
            (before, Some(error)) if before.as_ref() != Some(error) => Some(Occurrence::PaymentFailed { grace_until }),
            (Some(_), None) => Some(Occurrence::PaymentRecovered {}),
            (Some(_) | None, _) => None,
        };
        planned.into_iter().chain(payment).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{billing::account::BillingError, plans::contract::Contract, plans::samples::plans};
    use expect_test::{Expect, expect};

    fn failed(message: &str) -> Billing {
        let last_error = Some(BillingError { message: message.to_owned(), at: Timestamp::UNIX_EPOCH });
        Billing { last_error, ..Billing::default() }
    }

    #[track_caller]
    fn check(before: &Billing, after: &Billing, wanted: Expect) {
        wanted.assert_eq(&format!("{:?}", after.occurrences_since(plans(), before, Timestamp::UNIX_EPOCH)));
    }

    #[test]
    fn each_change_occurs_once() {
        let (free, first, second) = (Billing::default(), failed("first"), failed("second"));
        let contract = serde_json::from_str::<Contract>("{}").ok();
        let agreed = Billing { contract, ..first.clone() };
        check(&free, &free, expect!["[]"]);
        check(&free, &first, expect!["[PaymentFailed { grace_until: None }]"]);
        check(&first, &first, expect!["[]"]);
        check(&first, &second, expect!["[PaymentFailed { grace_until: None }]"]);
        check(&second, &free, expect!["[PaymentRecovered]"]);
        check(&first, &agreed, expect!["[PlanChanged { from: free, to: enterprise }]"]);
        check(&agreed, &free, expect!["[PlanChanged { from: enterprise, to: free }, PaymentRecovered]"]);
    }
}
