//! Orders of a workspace: the decision on each, given its current subscription.

use super::OrderError;
use crate::{
    billing::account::Billing,
    billing::subscription::{FirstPayment, Status, Subscription},
    plans::{
        addon::HeldAddons,
        catalogue::Plans,
        money::Interval,
        plan::{Plan, Sale},
    },
};
use jiff::{SignedDuration, Timestamp};

/// Time before a scheduled change in which no upgrade is made. An unpaid upgrade expires within 23 hours, so its outcome is
/// known before the scheduled change would take effect.
/// <https://docs.stripe.com/billing/subscriptions/pending-updates-reference#expiration>
pub const UPGRADE_MARGIN: SignedDuration = SignedDuration::from_hours(24);

/// Decision on an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderDecision {
    /// No subscription yet: open a checkout page.
    Checkout(Plan, Interval),
    /// An upgrade: change now, and only if it is paid.
    Now(Plan, Interval),
    /// A downgrade: change when the current period ends.
    AtPeriodEnd(Plan, Interval),
    /// More of an add-on: change to these now, and only if it is paid.
    AddonsNow(HeldAddons),
    /// Less of an add-on: change to these when the current period ends.
    AddonsAtPeriodEnd(HeldAddons),
    /// Cancel when the current period ends.
    Cancel,
    /// End now, since the rest of the period gives nothing.
    End,
    /// Keep the current plan and withdraw the scheduled change.
    Keep,
    /// The change is already scheduled.
    Expected,
}

/// Checks that a workspace with this billing can buy `plan` on a checkout page.
///
/// # Errors
/// [`OrderError`] if the plan is not sold, or the workspace has a contract or a subscription.
pub fn check_checkout(plans: Plans, billing: &Billing, plan: Plan) -> Result<(), OrderError> {
    if plan == plans.unpaid() {
        return Err(OrderError::NotSold);
    }
    if billing.contract.is_some() {
        return Err(OrderError::UnderContract);
    }
    match (plan.sale, living(billing)) {
        (Sale::Contract, _) => Err(OrderError::ContractRequired),
        (Sale::Hidden, _) => Err(OrderError::NotSold),
        (Sale::Open, Some(present)) => Err(refusal(present.status, present.first_payment)),
        (Sale::Open, None) => Ok(()),
    }
}

/// Checks that customers can buy `plan` by `interval`. A plan that is no longer sold is not sold by another interval either.
pub(super) fn check_sold(plan: Plan, interval: Interval) -> Result<(), OrderError> {
    match plan.sale {
        Sale::Contract => Err(OrderError::ContractRequired),
        Sale::Open if plan.is_sold_by(interval) => Ok(()),
        Sale::Open if plan.is_sold() => Err(OrderError::IntervalNotSold),
        Sale::Open | Sale::Hidden => Err(OrderError::NotSold),
    }
}

/// The reason for which a subscription with this status and first payment is not replaced by a new one. It says what
/// the customer can do next.
#[must_use]
pub const fn refusal(status: Status, first: Option<FirstPayment>) -> OrderError {
    match (status, first) {
        (_, Some(FirstPayment::Pending)) => OrderError::PaymentPending,
        (Status::PastDue, Some(FirstPayment::Failed) | None) => OrderError::PastDue,
        // One that could not be ended has a payment that is on its way.
        (Status::Unpaid | Status::Paused | Status::Incomplete, Some(FirstPayment::Failed) | None) => {
            OrderError::PaymentPending
        }
        (
            Status::Active | Status::Trialing | Status::IncompleteExpired | Status::Canceled,
            Some(FirstPayment::Failed) | None,
        ) => OrderError::AlreadySubscribed,
    }
}

impl Billing {
    /// Returns the precise reason for a purchase that was refused with `refused`, given the billing that was read since.
    #[must_use]
    pub fn precise(&self, refused: OrderError) -> OrderError {
        match living(self).filter(|_| refused == OrderError::AlreadySubscribed) {
            Some(present) => refusal(present.status, present.first_payment),
            None => refused,
        }
    }
}

/// Decides at `now` on a change to `plan`, paid every `interval`; by default at the current interval.
///
/// # Errors
/// [`OrderError`] if the plan cannot be ordered, changes nothing, a payment is open, or a scheduled change is too near.
pub fn change(
    plans: Plans,
    billing: &Billing,
    plan: Plan,
    interval: Option<Interval>,
    now: Timestamp,
) -> Result<OrderDecision, OrderError> {
    if billing.contract.is_some() {
        return under_contract(plans, billing, plan, now);
    }
    let present = living(billing);
    if present.is_none_or(|present| present.paid_plan.name != plan.name) {
        match plan.sale {
            Sale::Contract => return Err(OrderError::ContractRequired),
            Sale::Hidden if plan != plans.unpaid() => return Err(OrderError::NotSold),
            Sale::Hidden | Sale::Open => {}
        }
    }
    if plan == plans.unpaid() {
        let decision = cancel(billing, now);
        return if decision == Err(OrderError::NotSubscribed) { Err(OrderError::Unchanged) } else { decision };
    }
    let Some(present) = present else {
        let interval = interval.unwrap_or(Interval::Month);
        return check_sold(plan, interval).map(|()| OrderDecision::Checkout(plan, interval));
    };
    let refusal = refusal(present.status, present.first_payment);
    if refusal != OrderError::AlreadySubscribed {
        return Err(refusal);
    }
    let wanted = (plan.name, interval.unwrap_or(present.interval));
    // The version does not matter: customers of an earlier one keep it until they change the plan or the interval.
    if wanted == (present.paid_plan.name, present.interval) {
        return keep(present, now);
    }
    check_sold(plan, wanted.1)?;
    if present.scheduled_addons.is_some() && present.scheduled.is_none() {
        return Err(OrderError::ChangeScheduled);
    }
    let (pending, scheduled) =
        (present.pending_at(now), present.scheduled.map(|(plan, interval)| (plan.name, interval)));
    let expected = scheduled == Some(wanted);
    let longer = wanted == (present.paid_plan.name, Interval::Year);
    if Some(plan.rank) > plans.rank(present.paid_plan.name) || longer {
        let waits = pending.is_some_and(|change| wanted == (change.plan.name, change.interval));
        return match check_upgrade_time(replaced_at(present), now) {
            Err(_) if expected && pending.is_none() => Ok(OrderDecision::Expected),
            Err(error) if !waits => Err(error),
            Ok(()) | Err(_) => Ok(OrderDecision::Now(plan, wanted.1)),
        };
    }
    let expected = expected && pending.is_none();
    Ok(if expected { OrderDecision::Expected } else { OrderDecision::AtPeriodEnd(plan, wanted.1) })
}

/// Checks that the outcome of an upgrade made at `now` is known before the scheduled change at `replaced_at` takes effect.
///
/// # Errors
/// [`OrderError::ScheduledSoon`] otherwise.
pub fn check_upgrade_time(replaced_at: Option<Timestamp>, now: Timestamp) -> Result<(), OrderError> {
    let soon = replaced_at.is_some_and(|at| at.duration_since(now) < UPGRADE_MARGIN);
    if soon { Err(OrderError::ScheduledSoon) } else { Ok(()) }
}

/// The time of the scheduled change or cancellation that an upgrade replaces once it is paid. A cancellation at the end of
/// the period is not among them, because Stripe withdraws it together with the upgrade.
pub(super) fn replaced_at(present: &Subscription) -> Option<Timestamp> {
    let ends = present.cancel_at.filter(|_| !present.cancel_at_period_end);
    present.scheduled.map(|_| present.period.end).into_iter().chain(ends).min()
}

/// Decides to keep the current plan, if anything else is scheduled or pending. A migration to another version is no change
/// that the customer could withdraw.
fn keep(present: &Subscription, now: Timestamp) -> Result<OrderDecision, OrderError> {
    let is_scheduled = present.scheduled.is_some() || present.scheduled_addons.is_some();
    let scheduled = is_scheduled && present.migration().is_none();
    let changes = scheduled || present.ends().is_some() || present.pending_at(now).is_some();
    if changes { Ok(OrderDecision::Keep) } else { Err(OrderError::Unchanged) }
}

/// Decides at `now` on a cancellation. A subscription that gives nothing ends now. One whose first invoice is not paid yet counts
/// as none: Stripe ends it within a day. Further subscriptions that renew are cancelled, too. A
/// pending change would withdraw the cancellation, so it is withdrawn in any case.
///
/// # Errors
/// [`OrderError::NotSubscribed`] if there is no subscription, [`OrderError::PaymentPending`] if its first payment
/// decides whether there will be one.
pub fn cancel(billing: &Billing, now: Timestamp) -> Result<OrderDecision, OrderError> {
    let present =
        billing.subscription.as_ref().filter(|present| present.is_payable()).ok_or(OrderError::NotSubscribed)?;
    let cancelled = present.ends().is_some() && present.pending_at(now).is_none();
    match (present.status, present.is_replaceable()) {
        (Status::Incomplete, true) => Err(OrderError::NotSubscribed),
        (Status::Incomplete, false) => Err(OrderError::PaymentPending),
        (
            Status::Active
            | Status::Trialing
            | Status::PastDue
            | Status::Unpaid
            | Status::Paused
            | Status::IncompleteExpired
            | Status::Canceled,
            replaceable,
        ) => Ok(match (replaceable, cancelled) {
            (true, _) => OrderDecision::End,
            (false, true) if billing.other_subscriptions.is_empty() => OrderDecision::Expected,
            (false, _) => OrderDecision::Cancel,
        }),
    }
}

/// Decides at `now` on the withdrawal of a scheduled change, a pending change or a cancellation.
///
/// # Errors
/// [`OrderError`] if there is a contract or no subscription, or nothing is scheduled or pending.
pub fn resume(billing: &Billing, now: Timestamp) -> Result<OrderDecision, OrderError> {
    if billing.contract.is_some() {
        return Err(OrderError::UnderContract);
    }
    keep(living(billing).ok_or(OrderError::NotSubscribed)?, now)
}

/// Decides on an order of a workspace with a contract: nothing else can be bought, and an existing subscription can
/// only end.
fn under_contract(plans: Plans, billing: &Billing, plan: Plan, now: Timestamp) -> Result<OrderDecision, OrderError> {
    let agreed = billing.contract.as_ref().is_some_and(|contract| contract.base(plans).name == plan.name);
    match cancel(billing, now) {
        Ok(decision) if agreed || plan == plans.unpaid() => Ok(decision),
        Err(_) if agreed => Err(OrderError::Unchanged),
        Ok(_) | Err(_) => Err(OrderError::UnderContract),
    }
}

/// The subscription that gives a plan, or will as soon as a payment that is on its way has arrived. Any other one
/// counts as none: a checkout ends it.
pub(super) fn living(billing: &Billing) -> Option<&Subscription> {
    billing.subscription.as_ref().filter(|subscription| subscription.is_payable() && !subscription.is_replaceable())
}

#[cfg(test)]
mod tests {
    use super::{
        super::kind::{ChangeKind, change_kind},
        *,
    };
    use crate::plans::money::Currency;
    use crate::{
        billing::{pending::PendingChange, subscription::Period},
        error::Refusal,
        plans::{
            contract::Contract,
            samples::{plan, plans},
            version::{PlanVersion, Version},
        },
    };
    use expect_test::expect;

    fn paying(plan: Plan, interval: Interval) -> Subscription {
        let at = |text: &str| text.parse().unwrap();
        Subscription {
            id: "sub_1".to_owned(),
            paid_plan: plan.reference(),
            interval,
            currency: Some(Currency::USD),
            seats: None,
            addons: crate::plans::addon::HeldAddons::default(),
            scheduled_addons: None,
            status: Status::Active,
            period: Period { start: at("2026-11-01T00:00:00Z"), end: at("2026-12-01T00:00:00Z") },
            cancel_at: None,
            cancel_at_period_end: false,
            trial_end: None,
            grace_until: None,
            scheduled: None,
            first_payment: None,
            collection_paused: false,
            pending_change: None,
        }
    }

    fn of(subscription: Option<Subscription>) -> Billing {
        Billing { subscription, ..Billing::default() }
    }

    fn now() -> Timestamp {
        "2026-11-15T00:00:00Z".parse().unwrap()
    }

    fn pending(plan: Plan, expires_at: &str) -> Option<PendingChange> {
        Some(PendingChange {
            plan: plan.reference(),
            interval: Interval::Month,
            addons: crate::plans::addon::HeldAddons::default(),
            url: None,
            expires_at: expires_at.parse().unwrap(),
        })
    }

    fn contract() -> Contract {
        serde_json::from_str("{}").unwrap()
    }

    fn row(name: &str, billing: &Billing) -> String {
        let wanted = [
            (plan("free"), None),
            (plan("starter"), None),
            (plan("pro"), Some(Interval::Month)),
            (plan("pro"), Some(Interval::Year)),
            (plan("business"), None),
            (plan("enterprise"), None),
        ];
        let said = wanted.map(|(plan, interval)| match change(plans(), billing, plan, interval, now()) {
            Ok(decision) => format!("{decision:?}"),
            Err(error) => error.code().to_owned(),
        });
        format!("{name}: {}\n", said.join(" | "))
    }

    #[test]
    fn every_change_from_every_plan() {
        let mut table = row("nothing", &of(None));
        for plan in [plan("starter"), plan("pro"), plan("business")] {
            for interval in Interval::ALL {
                table += &row(&format!("{plan} {}", interval.name()), &of(Some(paying(plan, interval))));
            }
        }
        let pro = || paying(plan("pro"), Interval::Month);
        table += &row("pro, cancelled", &of(Some(Subscription { cancel_at_period_end: true, ..pro() })));
        let scheduled = Some((plan("starter").reference(), Interval::Month));
        table += &row("pro, starter follows", &of(Some(Subscription { scheduled, ..pro() })));
        let waits = |from| Subscription { pending_change: pending(plan("business"), "2026-11-15T09:00:00Z"), ..from };
        table += &row("pro, business pending", &of(Some(waits(pro()))));
        table += &row(
            "pro, cancelled, business pending",
            &of(Some(waits(Subscription { cancel_at_period_end: true, ..pro() }))),
        );
        table += &row("pro, starter follows, business pending", &of(Some(waits(Subscription { scheduled, ..pro() }))));
        let expired = pending(plan("business"), "2026-11-15T00:00:00Z");
        table += &row("pro, business expired", &of(Some(Subscription { pending_change: expired, ..pro() })));
        table += &row("pro, past due", &of(Some(Subscription { status: Status::PastDue, ..pro() })));
        for status in [Status::Unpaid, Status::Paused] {
            table += &row(&format!("pro, {status:?}"), &of(Some(Subscription { status, ..pro() })));
        }
        for (status, first) in [
            (Status::Active, FirstPayment::Pending),
            (Status::Incomplete, FirstPayment::Pending),
            (Status::PastDue, FirstPayment::Failed),
        ] {
            let waiting = Subscription { status, first_payment: Some(first), ..pro() };
            table += &row(&format!("pro, {status:?}, first payment {first:?}"), &of(Some(waiting)));
        }
        table += &row("pro, incomplete", &of(Some(Subscription { status: Status::Incomplete, ..pro() })));
        table += &row("pro, ended", &of(Some(Subscription { status: Status::Canceled, ..pro() })));
        let agreed = |subscription| Billing { contract: Some(contract()), ..of(subscription) };
        table += &row("contract", &agreed(None));
        table += &row("contract, pro", &agreed(Some(pro())));
        table += &row("contract, pro, past due", &agreed(Some(Subscription { status: Status::PastDue, ..pro() })));
        expect![[r#"
            nothing: plan_unchanged | Checkout(starter, Month) | Checkout(pro, Month) | Checkout(pro, Year) | Checkout(business, Month) | contract_required
            starter month: Cancel | plan_unchanged | Now(pro, Month) | Now(pro, Year) | Now(business, Month) | contract_required
            starter year: Cancel | plan_unchanged | Now(pro, Month) | Now(pro, Year) | Now(business, Year) | contract_required
            pro month: Cancel | AtPeriodEnd(starter, Month) | plan_unchanged | Now(pro, Year) | Now(business, Month) | contract_required
            pro year: Cancel | AtPeriodEnd(starter, Year) | AtPeriodEnd(pro, Month) | plan_unchanged | Now(business, Year) | contract_required
            business month: Cancel | AtPeriodEnd(starter, Month) | AtPeriodEnd(pro, Month) | AtPeriodEnd(pro, Year) | plan_unchanged | contract_required
            business year: Cancel | AtPeriodEnd(starter, Year) | AtPeriodEnd(pro, Month) | AtPeriodEnd(pro, Year) | plan_unchanged | contract_required
            pro, cancelled: Expected | AtPeriodEnd(starter, Month) | Keep | Now(pro, Year) | Now(business, Month) | contract_required
            pro, starter follows: Cancel | Expected | Keep | Now(pro, Year) | Now(business, Month) | contract_required
            pro, business pending: Cancel | AtPeriodEnd(starter, Month) | Keep | Now(pro, Year) | Now(business, Month) | contract_required
            pro, cancelled, business pending: Cancel | AtPeriodEnd(starter, Month) | Keep | Now(pro, Year) | Now(business, Month) | contract_required
            pro, starter follows, business pending: Cancel | AtPeriodEnd(starter, Month) | Keep | Now(pro, Year) | Now(business, Month) | contract_required
            pro, business expired: Cancel | AtPeriodEnd(starter, Month) | plan_unchanged | Now(pro, Year) | Now(business, Month) | contract_required
            pro, past due: Cancel | workspace_past_due | workspace_past_due | workspace_past_due | workspace_past_due | contract_required
            pro, Unpaid: End | Checkout(starter, Month) | Checkout(pro, Month) | Checkout(pro, Year) | Checkout(business, Month) | contract_required
            pro, Paused: End | Checkout(starter, Month) | Checkout(pro, Month) | Checkout(pro, Year) | Checkout(business, Month) | contract_required
            pro, Active, first payment Pending: Cancel | payment_pending | payment_pending | payment_pending | payment_pending | contract_required
            pro, Incomplete, first payment Pending: payment_pending | payment_pending | payment_pending | payment_pending | payment_pending | contract_required
            pro, PastDue, first payment Failed: End | Checkout(starter, Month) | Checkout(pro, Month) | Checkout(pro, Year) | Checkout(business, Month) | contract_required
            pro, incomplete: plan_unchanged | Checkout(starter, Month) | Checkout(pro, Month) | Checkout(pro, Year) | Checkout(business, Month) | contract_required
            pro, ended: plan_unchanged | Checkout(starter, Month) | Checkout(pro, Month) | Checkout(pro, Year) | Checkout(business, Month) | contract_required
            contract: contract_in_force | contract_in_force | contract_in_force | contract_in_force | contract_in_force | plan_unchanged
            contract, pro: Cancel | contract_in_force | contract_in_force | contract_in_force | contract_in_force | Cancel
            contract, pro, past due: Cancel | contract_in_force | contract_in_force | contract_in_force | contract_in_force | Cancel
        "#]].assert_eq(&table);
    }

    /// A catalogue announces what the change then does.
    #[test]
    fn kind_of_a_change_agrees_with_its_decision() {
        let pro = || paying(plan("pro"), Interval::Month);
        let past = |status| of(Some(Subscription { status, ..pro() }));
        let waits = Subscription { first_payment: Some(FirstPayment::Pending), ..pro() };
        let agreed = |subscription| Billing { contract: Some(contract()), ..of(subscription) };
        let billings = [
            of(None),
            of(Some(paying(plan("starter"), Interval::Year))),
            of(Some(pro())),
            of(Some(paying(plan("business"), Interval::Month))),
            past(Status::PastDue),
            past(Status::Unpaid),
            past(Status::Canceled),
            of(Some(waits)),
            agreed(None),
            agreed(Some(pro())),
        ];
        let mut table = String::new();
        for billing in &billings {
            let kinds = plans().iter().map(|plan| {
                let kind = change_kind(plans(), billing, plan, now());
                match (change(plans(), billing, plan, None, now()), kind) {
                    (Ok(OrderDecision::Checkout(..) | OrderDecision::Now(..)), ChangeKind::Upgrade)
                    | (
                        Ok(OrderDecision::AtPeriodEnd(..) | OrderDecision::Cancel | OrderDecision::End),
                        ChangeKind::Downgrade,
                    )
                    | (Err(OrderError::Unchanged), ChangeKind::None)
                    | (Err(OrderError::ContractRequired | OrderError::UnderContract), ChangeKind::Contract)
                    // Nothing can be ordered meanwhile, but a payment makes it possible.
                    | (Err(OrderError::PastDue | OrderError::PaymentPending), _) => {}
                    // A subscription next to a contract can only end, and what it pays for is not in force.
                    (Ok(OrderDecision::Cancel), ChangeKind::None | ChangeKind::Contract)
                    // What gives nothing any more can be ended at once.
                    | (Ok(OrderDecision::End), ChangeKind::None) => assert_ne!(billing, &of(Some(pro()))),
                    (decision, kind) => panic!("{plan}: {decision:?}, but {kind:?}"),
                }
                format!("{kind:?}")
            });
            table += &format!("{}\n", kinds.collect::<Vec<_>>().join(" | "));
        }
        expect![[r#"
            None | Upgrade | Upgrade | Upgrade | Contract
            Downgrade | None | Upgrade | Upgrade | Contract
            Downgrade | Downgrade | None | Upgrade | Contract
            Downgrade | Downgrade | Downgrade | None | Contract
            Downgrade | Downgrade | None | Upgrade | Contract
            None | Upgrade | Upgrade | Upgrade | Contract
            None | Upgrade | Upgrade | Upgrade | Contract
            Downgrade | Downgrade | None | Upgrade | Contract
            Contract | Contract | Contract | Contract | None
            Contract | Contract | Contract | Contract | None
        "#]]
        .assert_eq(&table);
    }

    #[test]
    fn earlier_version_of_a_plan_is_no_change() {
        let version = Version::literal(7);
        let former = Subscription {
            paid_plan: PlanVersion { version, ..plan("pro").reference() },
            ..paying(plan("pro"), Interval::Month)
        };
        assert_eq!(change_kind(plans(), &of(Some(former)), plan("pro"), now()), ChangeKind::None);
    }

    #[test]
    fn cancellation_and_resumption() {
        let pro = of(Some(paying(plan("pro"), Interval::Month)));
        let cancelled = of(Some(Subscription { cancel_at_period_end: true, ..paying(plan("pro"), Interval::Month) }));
        // A second subscription renews although the current one was cancelled.
        let second = Billing { other_subscriptions: vec!["sub_2".to_owned()], ..cancelled.clone() };
        assert_eq!(cancel(&second, now()), Ok(OrderDecision::Cancel));
        assert_eq!(
            (cancel(&pro, now()), cancel(&cancelled, now())),
            (Ok(OrderDecision::Cancel), Ok(OrderDecision::Expected))
        );
        assert_eq!(
            (resume(&pro, now()), resume(&cancelled, now())),
            (Err(OrderError::Unchanged), Ok(OrderDecision::Keep))
        );
        assert_eq!(
            (cancel(&of(None), now()), resume(&of(None), now())),
            (Err(OrderError::NotSubscribed), Err(OrderError::NotSubscribed))
        );
    }

    #[test]
    fn pending_change_is_withdrawn_until_it_expires() {
        let waits = |end| Subscription {
            pending_change: pending(plan("business"), end),
            cancel_at_period_end: true,
            ..paying(plan("pro"), Interval::Month)
        };
        let (waiting, expired) = (of(Some(waits("2026-11-15T09:00:00Z"))), of(Some(waits("2026-11-15T00:00:00Z"))));
        assert_eq!(
            (cancel(&waiting, now()), resume(&waiting, now())),
            (Ok(OrderDecision::Cancel), Ok(OrderDecision::Keep))
        );
        assert_eq!(cancel(&expired, now()), Ok(OrderDecision::Expected));
    }

    #[test]
    fn upgrade_is_refused_shortly_before_a_scheduled_change() {
        let end: Timestamp = "2026-12-01T00:00:00Z".parse().unwrap();
        let (last, first) = (end - UPGRADE_MARGIN, end - UPGRADE_MARGIN + SignedDuration::from_secs(1));
        let pro = || paying(plan("pro"), Interval::Month);
        let to = |present, plan: Plan, now| change(plans(), &of(Some(present)), plan, None, now);
        let follows = |plan: Plan| Subscription { scheduled: Some((plan.reference(), Interval::Month)), ..pro() };
        let ends = || Subscription { cancel_at: Some(end), ..pro() };
        let business = Ok(OrderDecision::Now(plan("business"), Interval::Month));
        for present in [follows(plan("starter")), ends()] {
            assert_eq!(to(present.clone(), plan("business"), last), business);
            assert_eq!(to(present.clone(), plan("business"), first), Err(OrderError::ScheduledSoon));
            assert_eq!(to(present.clone(), plan("pro"), first), Ok(OrderDecision::Keep));
            let pending_change = pending(plan("business"), "2026-12-01T00:00:00Z");
            assert_eq!(to(Subscription { pending_change, ..present }, plan("business"), first), business);
        }
        assert_eq!(to(Subscription { cancel_at_period_end: true, ..ends() }, plan("business"), first), business);
        assert_eq!(to(follows(plan("business")), plan("business"), first), Ok(OrderDecision::Expected));
    }
}
