//! The state of an upgrade that replaces a scheduled change, derived from the customer's objects at Stripe.

use super::facts::{CustomerAtStripe, PricedItem};
use crate::{billing::pending::ReplacedChange, plans::price::PriceAtStripe};

/// State of the upgrade that replaces a scheduled change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replacement<'a> {
    /// The upgrade is not paid yet.
    Pending,
    /// The upgrade is in force. What is named here must be withdrawn.
    InForce {
        /// Stripe's id of the schedule.
        schedule: Option<&'a str>,
        /// True if the cancellation must be withdrawn.
        cancellation: bool,
    },
    /// The upgrade was withdrawn or has expired. The scheduled change stays.
    Dropped,
}

impl CustomerAtStripe {
    /// The state of the upgrade that replaces `replaced`. A change or a cancellation that was made since is kept.
    #[must_use]
    pub fn replacement<'a>(&self, replaced: &'a ReplacedChange) -> Replacement<'a> {
        let subscription = self.subscriptions.iter().find(|held| held.id == replaced.subscription);
        let Some(subscription) = subscription.filter(|held| held.status.is_payable()) else {
            return Replacement::Dropped;
        };
        let is_wanted = |(price, quantity): (&PriceAtStripe, u64)| {
            price.id == replaced.price && replaced.units.is_none_or(|units| units == quantity)
        };
        let update = subscription.pending_update.as_ref();
        if update.is_some_and(|update| update.items.iter().map(PricedItem::parts).any(is_wanted)) {
            return Replacement::Pending;
        }
        if !subscription.items.iter().map(|item| (&item.price, item.quantity)).any(is_wanted) {
            return Replacement::Dropped;
        }
        Replacement::InForce {
            schedule: replaced.schedule.as_deref().filter(|id| subscription.schedule.as_deref() == Some(*id)),
            cancellation: replaced.cancel_at.is_some() && subscription.cancel_at == replaced.cancel_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::{
        intent::IntentNumber,
        stripe::facts::{ItemAtStripe, PendingUpdateAtStripe, SubscriptionAtStripe},
        subscription::{Period, Status},
    };
    use jiff::Timestamp;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn replaced() -> ReplacedChange {
        ReplacedChange {
            attempt: IntentNumber::default(),
            subscription: "sub_1".to_owned(),
            price: "price_business".to_owned(),
            units: None,
            schedule: Some("sub_sched_1".to_owned()),
            cancel_at: Some(at(9)),
        }
    }

    fn held(price: &str, pending: Option<&str>) -> SubscriptionAtStripe {
        SubscriptionAtStripe {
            id: "sub_1".to_owned(),
            created: at(0),
            items: vec![ItemAtStripe {
                quantity: 1,
                price: PriceAtStripe::unknown(price.to_owned()),
                period: Period { start: at(0), end: at(9) },
            }],
            status: Status::Active,
            cancel_at: Some(at(9)),
            cancel_at_period_end: false,
            trial_start: None,
            trial_end: None,
            schedule: Some("sub_sched_1".to_owned()),
            scheduled_items: Vec::new(),
            pending_update: pending.map(|price| PendingUpdateAtStripe {
                items: vec![PricedItem { price: PriceAtStripe::unknown(price.to_owned()), quantity: 1 }],
                expires_at: at(5),
                invoice: None,
                url: None,
            }),
            payment_method: None,
            collection_paused: false,
        }
    }

    fn state(subscription: SubscriptionAtStripe) -> String {
        let held = CustomerAtStripe { subscriptions: vec![subscription], ..CustomerAtStripe::default() };
        format!("{:?}", held.replacement(&replaced()))
    }

    #[test]
    fn replaced_change_stays_until_the_upgrade_is_in_force() {
        assert_eq!(state(held("price_pro", Some("price_business"))), "Pending");
        assert_eq!(state(held("price_pro", None)), "Dropped");
        assert_eq!(state(held("price_pro", Some("price_other"))), "Dropped");
        let paid = || held("price_business", None);
        assert_eq!(state(paid()), "InForce { schedule: Some(\"sub_sched_1\"), cancellation: true }");
        assert_eq!(state(SubscriptionAtStripe { status: Status::Canceled, ..paid() }), "Dropped");
    }

    #[test]
    fn change_scheduled_after_the_upgrade_is_kept() {
        let since = SubscriptionAtStripe {
            schedule: Some("sub_sched_2".to_owned()),
            cancel_at: Some(at(7)),
            ..held("price_business", None)
        };
        assert_eq!(state(since), "InForce { schedule: None, cancellation: false }");
    }
}
