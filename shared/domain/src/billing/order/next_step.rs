//! The customer's next step in every state of their billing.

use crate::billing::{
    account::Billing,
    subscription::{FirstPayment, Status},
};
use jiff::Timestamp;
use serde::Serialize;

/// The customer's next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NextStep {
    /// Nothing is missing. The plan is in force, and can be changed or cancelled.
    None,
    /// A command or a payment is on its way. Nothing needs to be done.
    Wait,
    /// A payment is overdue. It is made on the page `payment_url`, or in the billing portal if there is none.
    Pay,
    /// A change of plan waits for its payment on the page of `pending_change`, or is withdrawn.
    PayChange,
    /// A plan can be bought.
    Buy,
}

impl Billing {
    /// The customer's next step at `now`.
    #[must_use]
    pub fn next_step(&self, now: Timestamp) -> NextStep {
        if self.open.is_some() {
            return NextStep::Wait;
        }
        if self.contract.is_some() {
            return NextStep::None;
        }
        let present = self.subscription.as_ref();
        let Some(present) = present.filter(|paid| paid.is_payable() && paid.ends().is_none_or(|end| now < end)) else {
            return NextStep::Buy;
        };
        match (present.status, present.first_payment) {
            (_, Some(FirstPayment::Pending)) => NextStep::Wait,
            (Status::Unpaid | Status::Paused | Status::Incomplete | Status::PastDue, _) if present.is_replaceable() => {
                if self.owed.is_some() {
                    NextStep::Pay
                } else {
                    NextStep::Buy
                }
            }
            (Status::Unpaid | Status::Paused | Status::Incomplete | Status::PastDue, _) => NextStep::Pay,
            (Status::Active | Status::Trialing, _) if present.pending_at(now).is_some() => NextStep::PayChange,
            (Status::Active | Status::Trialing, _) => NextStep::None,
            (Status::IncompleteExpired | Status::Canceled, _) => NextStep::Buy,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::money::Currency;
    use crate::{
        billing::{
            account::OwedInvoice,
            intent::IntentNumber,
            order::{self, OrderDecision, OrderError},
            pending::PendingChange,
            subscription::{Period, Subscription},
        },
        error::Refusal,
        plans::{
            money::Interval,
            samples::{plan, plans},
        },
    };
    use expect_test::expect_file;
    use std::fmt::Write;

    const STATUSES: [Status; 8] = [
        Status::Active,
        Status::Trialing,
        Status::PastDue,
        Status::Unpaid,
        Status::Paused,
        Status::Incomplete,
        Status::IncompleteExpired,
        Status::Canceled,
    ];

    fn now() -> Timestamp {
        "2026-11-15T00:00:00Z".parse().unwrap()
    }

    /// A state: the subscription, whether a change is pending, and whether an intent is open.
    struct State {
        name: String,
        billing: Billing,
        pending: bool,
        open: bool,
    }

    fn subscription(status: Status, first_payment: Option<FirstPayment>, pending: bool) -> Subscription {
        let at = |text: &str| text.parse().unwrap();
        let change = PendingChange {
            plan: plan("business").reference(),
            interval: Interval::Month,
            addons: crate::plans::addon::HeldAddons::default(),
            url: Some("https://invoice.stripe.com/i/2".to_owned()),
            expires_at: at("2026-11-15T09:00:00Z"),
        };
        Subscription {
            id: "sub_1".to_owned(),
            paid_plan: plan("pro").reference(),
            interval: Interval::Month,
            currency: Some(Currency::USD),
            status,
            period: Period { start: at("2026-11-01T00:00:00Z"), end: at("2026-12-01T00:00:00Z") },
            cancel_at: None,
            cancel_at_period_end: false,
            trial_end: None,
            grace_until: (status == Status::PastDue).then(|| at("2026-11-20T00:00:00Z")),
            scheduled: None,
            first_payment,
            seats: None,
            addons: crate::plans::addon::HeldAddons::default(),
            scheduled_addons: None,
            collection_paused: false,
            pending_change: pending.then_some(change),
        }
    }

    /// Whether Stripe can have a subscription in this state.
    fn is_possible(status: Status, first: Option<FirstPayment>, pending: bool) -> bool {
        let lives = matches!(status, Status::Active | Status::Trialing | Status::PastDue);
        match first {
            None => !pending || lives,
            Some(FirstPayment::Pending) => matches!(status, Status::Active | Status::Incomplete) && !pending,
            Some(FirstPayment::Failed) => {
                matches!(status, Status::PastDue | Status::Unpaid | Status::Incomplete) && !pending
            }
        }
    }

    fn states() -> Vec<State> {
        let mut states = Vec::new();
        for open in [false, true] {
            let with = |subscription, owed: bool| Billing {
                customer: Some("cus_1".to_owned()),
                subscription,
                open: open.then(IntentNumber::default),
                owed: owed.then(|| OwedInvoice {
                    invoice: "in_1".to_owned(),
                    payment_url: "https://invoice.stripe.com/i/1".to_owned(),
                }),
                ..Billing::default()
            };
            states.push(State { name: "none".to_owned(), billing: with(None, false), pending: false, open });
            for status in STATUSES {
                for first in [None, Some(FirstPayment::Pending), Some(FirstPayment::Failed)] {
                    for pending in [false, true] {
                        if !is_possible(status, first, pending) {
                            continue;
                        }
                        let status_name = serde_json::to_value(status).unwrap().as_str().unwrap().to_owned();
                        let about = match first {
                            None => "",
                            Some(FirstPayment::Pending) => ", first payment on its way",
                            Some(FirstPayment::Failed) => ", first payment failed",
                        };
                        for owed in [true, false] {
                            // An overdue invoice has a page, unless Stripe names none.
                            let can_owe = status.awaits_payment() && first != Some(FirstPayment::Pending);
                            if owed && !can_owe {
                                continue;
                            }
                            let invoice = if can_owe && !owed { ", nothing open" } else { "" };
                            let name = format!("{status_name}{about}{invoice}");
                            let billing = with(Some(subscription(status, first, pending)), owed);
                            states.push(State { name, billing, pending, open });
                        }
                    }
                }
            }
        }
        states
    }

    fn said(decision: Result<OrderDecision, OrderError>) -> String {
        match decision {
            Ok(OrderDecision::Checkout(..)) => "a page on which it is paid".to_owned(),
            Ok(OrderDecision::Now(..) | OrderDecision::AddonsNow(_)) => "at once, if paid".to_owned(),
            Ok(OrderDecision::AtPeriodEnd(..) | OrderDecision::AddonsAtPeriodEnd(_) | OrderDecision::Cancel) => {
                "at the end of the period".to_owned()
            }
            Ok(OrderDecision::End) => "at once".to_owned(),
            Ok(OrderDecision::Keep) => "withdraws the change".to_owned(),
            Ok(OrderDecision::Expected) => "is scheduled".to_owned(),
            Err(error) => format!("`{}`", error.code()),
        }
    }

    #[test]
    fn every_state_has_a_next_step_that_is_accepted() {
        for State { name, billing, open, .. } in states() {
            let step = billing.next_step(now());
            let accepted = match step {
                NextStep::Buy => order::check_checkout(plans(), &billing, plan("pro")).is_ok(),
                // The operator has written the invoice off; the portal lists it.
                NextStep::Pay => billing.owed.is_some() || billing.customer.is_some(),
                NextStep::PayChange => order::resume(&billing, now()) == Ok(OrderDecision::Keep),
                NextStep::Wait => {
                    let first = billing.subscription.as_ref().and_then(|paid| paid.first_payment);
                    open || first == Some(FirstPayment::Pending)
                }
                // Nothing is missing only if the plan that is paid for is in force, and can be left.
                NextStep::None => {
                    let paid = billing.subscription.as_ref().map(|paid| paid.paid_plan);
                    Some(billing.standing(plans(), now()).plan.reference()) == paid
                        && order::cancel(&billing, now()).is_ok()
                }
            };
            assert!(accepted, "{name}: {step:?}");
        }
    }

    #[test]
    fn page_of_billing_states_lists_every_state() {
        let mut page = "# States of billing\n\nEvery state of a workspace's billing: the status of its subscription at \
            Stripe, whether a change of plan waits for\nits payment (`pending_change`), and whether a command to Stripe is \
            unfinished. `next_step` of `GET\n/billing/subscription` is the customer's next step; the other columns are the \
            answers to commands. An unfinished\ncommand is finished before the next one is decided. A contract replaces all \
            of these states: nothing can be bought,\nand a subscription can only be cancelled.\n\nGenerated by \
            `UPDATE_EXPECT=1 cargo test --workspace --lib -- billing_states`, which requires that each next step\nis \
            accepted.\n\n| subscription | change pending | command unfinished | next step | buy pro | change to business \
            | change to pro | cancel | resume |\n|---|---|---|---|---|---|---|---|---|\n"
            .to_owned();
        let yes = |is: bool| if is { "yes" } else { "no" };
        for State { name, billing, pending, open } in states() {
            let step = serde_json::to_value(billing.next_step(now())).unwrap();
            let buy = match order::check_checkout(plans(), &billing, plan("pro")) {
                Ok(()) => "a page on which it is paid".to_owned(),
                Err(error) => format!("`{}`", error.code()),
            };
            let to = |plan| said(order::change(plans(), &billing, plan, None, now()));
            let (cancel, resume) = (order::cancel(&billing, now()), order::resume(&billing, now()));
            writeln!(
                page,
                "| {name} | {} | {} | `{}` | {buy} | {} | {} | {} | {} |",
                yes(pending),
                yes(open),
                step.as_str().unwrap(),
                to(plan("business")),
                to(plan("pro")),
                said(cancel),
                said(resume),
            )
            .unwrap();
        }
        expect_file!["../../../../../docs/billing-states.md"].assert_eq(&page);
    }
}
