//! Events of which integrations and members are notified when billing changes.

use super::{account::Billing, notice::BillingNoticeKind, reversal::Reversal};
use crate::{integrations::Occurrence, notifications::happening::Happening, plans::catalogue::Plans};
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

    /// Returns what members are notified of, in addition to [`Self::occurrences_since`], when `before` becomes this billing
    /// and `notices` are sent. Of several refunds or disputes that were found at once there is one notification.
    #[must_use]
    pub fn happenings_since(&self, before: &Self, notices: &[BillingNoticeKind]) -> Vec<Happening> {
        let former = |reversal: &Reversal| before.reversals.iter().find(|known| known.charge == reversal.charge);
        let is_refunded = self
            .reversals
            .iter()
            .any(|reversal| reversal.refunded > former(reversal).map_or(0, |known| known.refunded));
        let is_disputed = self
            .reversals
            .iter()
            .any(|reversal| reversal.dispute.is_some() && former(reversal).is_none_or(|known| known.dispute.is_none()));
        let refunded = is_refunded.then_some(Happening::PaymentRefunded {});
        let disputed = is_disputed.then_some(Happening::PaymentDisputed {});
        notices.iter().map(|notice| self.happening(*notice)).chain(refunded).chain(disputed).collect()
    }

    fn happening(&self, notice: BillingNoticeKind) -> Happening {
        match notice {
            BillingNoticeKind::PaymentFailed => {
                let grace_until = self.subscription.as_ref().and_then(|paid| paid.grace_until);
                Happening::PaymentFailed { grace_until }
            }
            BillingNoticeKind::TrialEnding => Happening::TrialEnding {},
            BillingNoticeKind::PlanLapsed => Happening::PlanLapsed {},
            BillingNoticeKind::PlanMigrated => Happening::PlanMigrated {},
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        billing::account::BillingError, billing::reversal::DisputeState, plans::contract::Contract,
        plans::samples::plans,
    };
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
    fn members_are_notified_of_each_reversal_once() {
        let reversal = |charge: &str, refunded, dispute| Reversal {
            charge: charge.to_owned(),
            paid_at: Timestamp::UNIX_EPOCH,
            amount: 900,
            currency: "usd".to_owned(),
            refunded,
            dispute,
        };
        let with = |reversals: &[Reversal]| Billing { reversals: reversals.to_vec(), ..Billing::default() };
        let open = Some(DisputeState::Open);
        let states = [
            with(&[]),
            with(&[reversal("a", 300, None)]),
            with(&[reversal("a", 300, open)]),
            with(&[reversal("a", 300, Some(DisputeState::Won)), reversal("b", 900, open)]),
            with(&[]),
        ];
        let reported: Vec<_> = states.windows(2).map(|pair| pair[1].happenings_since(&pair[0], &[])).collect();
        let (refunded, disputed) = (Happening::PaymentRefunded {}, Happening::PaymentDisputed {});
        assert_eq!(reported, [vec![refunded.clone()], vec![disputed.clone()], vec![refunded, disputed], vec![]]);
        let lapsed = Billing::default().happenings_since(&Billing::default(), &[BillingNoticeKind::PlanLapsed]);
        assert_eq!(lapsed, [Happening::PlanLapsed {}]);
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
