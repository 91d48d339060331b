//! Migrations: the operator moves the customers of an earlier version of a plan to the version that is sold.
//!
//! Customers of an earlier version keep it until they change the plan or the interval. Only a migration changes it without
//! them.

use super::{OrderError, decision::refusal};
use crate::{
    billing::{account::Billing, subscription::Subscription},
    plans::{
        catalogue::{Plans, UnknownPlan},
        names::PlanName,
        plan::Plan,
        price::PriceName,
        version::{PlanVersion, Version},
    },
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Time at which a migration takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MigrationTime {
    /// The terms and the price change when the current period ends.
    Renewal,
    /// The terms change now. The current period stays paid, and the new price is charged from the next one on.
    Now,
}

/// A migration of all customers of a version of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migration {
    /// The version that the customers have.
    pub from: PlanVersion,
    /// The version that they get, which is the one that is sold.
    pub to: Plan,
    /// Time at which it takes effect.
    pub when: MigrationTime,
}

/// The migration cannot be made for anybody.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMigration {
    /// There is no such plan.
    #[error("plan {0}")]
    Plan(#[from] UnknownPlan),
    /// The plan was never sold in the version.
    #[error("from must be an earlier version of the plan {plan} that was sold; the catalogue has no version {version}")]
    From {
        /// The plan.
        plan: PlanName,
        /// The version.
        version: u16,
    },
    /// The customers have the version that is sold.
    #[error("from must be an earlier version; version {0} is the one that is sold")]
    Current(u16),
    /// Customers can only be moved to the version that is sold.
    #[error("to must be {0}, the version that is sold")]
    To(u16),
    /// The customers would lose something that they have paid for.
    #[error(
        "version {version} takes from its customers what they have paid for until the end of their period: {lost}; use \"when\": \"renewal\""
    )]
    Takes {
        /// The new version.
        version: u16,
        /// What is less.
        lost: String,
    },
}

/// Reason for which a migration leaves a customer as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NotMigrated {
    /// The workspace has a contract.
    Contract,
    /// A command to Stripe is unfinished. It may be this migration.
    CommandUnderWay,
    /// The migration is scheduled.
    Scheduled,
    /// The customer has scheduled another change.
    ChangeScheduled,
    /// A change of the customer waits for its payment.
    ChangePending,
    /// The subscription was cancelled, and ends.
    Ends,
    /// A payment is overdue.
    PastDue,
    /// A payment is on its way, or the subscription gives nothing until one is made.
    PaymentPending,
    /// The new version has no price in the customer's currency and interval.
    NoPrice,
}

impl Migration {
    /// The migration of the customers who have the version `from` of the plan `name`, by default to the version that is
    /// sold.
    ///
    /// # Errors
    /// [`InvalidMigration`] if there is nothing to migrate, or the customers would lose what they have paid for.
    pub fn new(
        plans: Plans,
        name: PlanName,
        from: Version,
        to: Option<Version>,
        when: MigrationTime,
    ) -> Result<Self, InvalidMigration> {
        let sold = plans.named(name)?;
        if from == sold.version {
            return Err(InvalidMigration::Current(from.get()));
        }
        let before = plans.version(PlanVersion { name, version: from });
        let before = before.ok_or(InvalidMigration::From { plan: name, version: from.get() })?;
        if to.is_some_and(|to| to != sold.version) {
            return Err(InvalidMigration::To(sold.version.get()));
        }
        let lost = match when {
            MigrationTime::Renewal => Vec::new(),
            MigrationTime::Now => lost(plans, before, sold),
        };
        if !lost.is_empty() {
            return Err(InvalidMigration::Takes { version: sold.version.get(), lost: lost.join(", ") });
        }
        Ok(Self { from: before.reference(), to: sold, when })
    }

    /// Decides at `now` on the migration of a workspace with this billing: the price that it pays afterwards, or the
    /// reason for which it is left as it is. `None` if it does not have the version.
    #[must_use]
    pub fn decide(&self, plans: Plans, billing: &Billing, now: Timestamp) -> Option<Result<PriceName, NotMigrated>> {
        let paid = billing.subscription.as_ref().filter(|paid| paid.is_payable() && paid.paid_plan == self.from);
        let agreed = billing.contract.as_ref().filter(|agreed| agreed.base(plans).reference() == self.from);
        match (paid, agreed) {
            (None, None) => None,
            (None, Some(_)) => Some(Err(NotMigrated::Contract)),
            (Some(paid), _) => Some(self.price(plans, billing, paid, now)),
        }
    }

    fn price(
        &self,
        plans: Plans,
        billing: &Billing,
        paid: &Subscription,
        now: Timestamp,
    ) -> Result<PriceName, NotMigrated> {
        if billing.contract.is_some() {
            return Err(NotMigrated::Contract);
        }
        if billing.open.is_some() {
            return Err(NotMigrated::CommandUnderWay);
        }
        let refusal = refusal(paid.status, paid.first_payment);
        if refusal != OrderError::AlreadySubscribed {
            let is_overdue = refusal == OrderError::PastDue;
            return Err(if is_overdue { NotMigrated::PastDue } else { NotMigrated::PaymentPending });
        }
        match paid.scheduled {
            Some(next) if next == (self.to.reference(), paid.interval) => return Err(NotMigrated::Scheduled),
            Some(_) => return Err(NotMigrated::ChangeScheduled),
            None => {}
        }
        if paid.ends().is_some() {
            return Err(NotMigrated::Ends);
        }
        if paid.pending_at(now).is_some() || billing.replaced.is_some() {
            return Err(NotMigrated::ChangePending);
        }
        let currency = billing.currency().unwrap_or_else(|| plans.currency());
        self.to.price(paid.interval, currency).ok_or(NotMigrated::NoPrice)
    }
}

impl Subscription {
    /// The version to which a migration moves the customer when the period ends. Customers do not change it, except by
    /// another plan, another interval or a cancellation.
    #[must_use]
    pub fn migration(&self) -> Option<PlanVersion> {
        let (plan, interval) = self.scheduled?;
        let is_migration = (plan.name, interval) == (self.paid_plan.name, self.interval);
        is_migration.then_some(plan)
    }
}

/// Returns what customers of `before` have less of with `after`.
fn lost(plans: Plans, before: Plan, after: Plan) -> Vec<String> {
    let (had, has) = (plans.limits(before), plans.limits(after));
    let lower = |old: Option<u64>, new: Option<u64>| new.is_some_and(|new| old.is_none_or(|old| new < old));
    let meters = plans.meters().filter(|meter| lower(had.of(*meter), has.of(*meter)));
    let mut lost: Vec<_> = meters.map(|meter| meter.name.to_string()).collect();
    let features = before.features.iter().filter(|feature| !after.features.contains(feature));
    lost.extend(features.map(ToString::to_string));
    if after.retention_days < before.retention_days {
        lost.push("retention_days".to_owned());
    }
    let smaller = before.size.is_some_and(|old| {
        after.size.is_none_or(|new| new.cpu_units < old.cpu_units || new.memory_mib < old.memory_mib)
    });
    if smaller {
        lost.push("container".to_owned());
    }
    let idle = |plan: Plan| plan.idle_stop_minutes.map(u64::from);
    if lower(idle(before), idle(after)) {
        lost.push("idle_stop_minutes".to_owned());
    }
    lost
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::{
        file::{self, lock::Lock},
        samples::plans,
    };
    use expect_test::{Expect, expect};

    /// The default catalogue with a second version of pro, in which `one` is replaced by `other`.
    fn with_second_pro(one: &str, other: &str) -> Plans {
        let mut lock = Lock::default();
        lock.record(plans());
        let text = include_str!("../../../../../infra/plans.toml");
        let (before, pro) = text.split_once("name = \"pro\"").unwrap();
        let pro = pro.replacen("version = 1", "version = 2", 1).replacen(one, other, 1);
        file::read(&format!("{before}name = \"pro\"{pro}"), &lock).unwrap()
    }

    #[track_caller]
    fn check(one: &str, other: &str, wanted: Expect) {
        let pro = PlanName::literal("pro");
        let at = |when| Migration::new(with_second_pro(one, other), pro, Version::FIRST, None, when);
        assert!(at(MigrationTime::Renewal).is_ok(), "{one}");
        let said = at(MigrationTime::Now).map_or_else(|error| error.to_string(), |_| "now".to_owned());
        wanted.assert_eq(&said);
    }

    #[test]
    fn migration_now_takes_nothing() {
        check("usd = 29_00", "usd = 99_00", expect!["now"]);
        check("members = 10", "members = 11", expect!["now"]);
        check(
            "container = {",
            "idle_stop_minutes = 60\ncontainer = {",
            expect![[
                r#"version 2 takes from its customers what they have paid for until the end of their period: idle_stop_minutes; use "when": "renewal""#
            ]],
        );
        check(
            "members = 10",
            "members = 9",
            expect![[
                r#"version 2 takes from its customers what they have paid for until the end of their period: members; use "when": "renewal""#
            ]],
        );
        check(
            "integrations = \"unlimited\"",
            "integrations = 100",
            expect![[
                r#"version 2 takes from its customers what they have paid for until the end of their period: integrations; use "when": "renewal""#
            ]],
        );
        check(
            "retention_days = 90",
            "retention_days = 89",
            expect![[
                r#"version 2 takes from its customers what they have paid for until the end of their period: retention_days; use "when": "renewal""#
            ]],
        );
        check(
            "cpu_units = 1_024, memory_mib = 2_048",
            "cpu_units = 512, memory_mib = 2_048",
            expect![[
                r#"version 2 takes from its customers what they have paid for until the end of their period: container; use "when": "renewal""#
            ]],
        );
    }
}
