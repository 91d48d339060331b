//! The limits in force, and the usage that they limit.

use super::{
    addon::{Addon, HeldAddons},
    catalogue::Plans,
    meter::{Count, Meter},
    names::{FeatureName, MeterName, PlanName},
    plan::{Plan, Sale},
};
use crate::workspace::head::Counts;
use serde::{Serialize, Serializer, ser::SerializeMap};
use std::{borrow::Cow, fmt};

/// Name of the setting among the limits that is not a meter: the number of days for which records are kept.
pub const RETENTION_DAYS: MeterName = MeterName::literal("retention_days");

/// The limits of a plan, by meter, and the number of days for which records are kept (`retention_days`). Null is unlimited.
#[derive(Clone)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(as = PlanLimits, value_type = std::collections::BTreeMap<String, Option<u64>>)
)]
pub struct Limits(Values);

#[derive(Clone)]
struct Values {
    plans: Plans,
    limits: Cow<'static, [Option<u64>]>,
    retention_days: u32,
}

impl Plans {
    /// The limits of `plan`.
    #[must_use]
    pub fn limits(self, plan: Plan) -> Limits {
        Limits::new(self, plan.0.limits, plan.retention_days)
    }

    /// The limits of `plan`, raised by `addons`.
    #[must_use]
    pub fn limits_with(self, plan: Plan, addons: &HeldAddons) -> Limits {
        let mut limits = self.limits(plan);
        for (addon, quantity) in addons.iter() {
            let Some(addon) = self.addon(addon) else { continue };
            let Some(meter) = self.meter(addon.meter) else { continue };
            let raised = |limit: u64| limit.saturating_add(addon.amount.saturating_mul(quantity));
            limits.set(meter, limits.of(meter).map(raised));
        }
        limits
    }

    /// True if `addon` raises a limit of `plan`. What is unlimited cannot be raised.
    #[must_use]
    pub fn has_effect(self, addon: Addon, plan: Plan) -> bool {
        self.meter(addon.meter).is_some_and(|meter| self.limits(plan).of(meter).is_some())
    }

    /// The smallest plan that is larger than `plan`, is offered, and has a higher limit of `meter` than `limit`; `None` if
    /// there is none.
    #[must_use]
    pub fn next_with_more(self, plan: Plan, meter: Meter, limit: u64) -> Option<PlanName> {
        let offered = |next: &Plan| next.rank > plan.rank && next.sale != Sale::Hidden;
        let allows_more = |next: &Plan| self.limits(*next).of(meter).is_none_or(|more| more > limit);
        self.iter().filter(offered).find(allows_more).map(|next| next.name)
    }

    /// The smallest plan above `plan` that has `feature`; `None` if there is none.
    #[must_use]
    pub fn next_with(self, plan: Plan, feature: FeatureName) -> Option<PlanName> {
        let offered = |next: &Plan| next.rank > plan.rank && next.sale != Sale::Hidden;
        self.iter().filter(offered).find(|next| next.features.contains(&feature)).map(|next| next.name)
    }
}

impl Limits {
    const fn new(plans: Plans, limits: &'static [Option<u64>], retention_days: u32) -> Self {
        Self(Values { plans, limits: Cow::Borrowed(limits), retention_days })
    }

    /// The limit of `meter`; `None` is unlimited.
    #[must_use]
    pub fn of(&self, meter: Meter) -> Option<u64> {
        // A meter without a value is not in the catalogue of these limits, so none of it is allowed.
        self.0.limits.get(usize::from(meter.index)).copied().unwrap_or(Some(0))
    }

    /// The limit of seats; `None` is unlimited.
    #[must_use]
    pub fn members(&self) -> Option<u64> {
        self.of(self.0.plans.members())
    }

    /// The limit of enabled integrations; `None` is unlimited.
    #[must_use]
    pub fn integrations(&self) -> Option<u64> {
        self.of(self.0.plans.integrations())
    }

    /// Number of days for which records are kept.
    #[must_use]
    pub const fn retention_days(&self) -> u32 {
        self.0.retention_days
    }

    /// The limits with `limit` for `meter`.
    pub(super) fn set(&mut self, meter: Meter, limit: Option<u64>) {
        if let Some(value) = self.0.limits.to_mut().get_mut(usize::from(meter.index)) {
            *value = limit;
        }
    }

    pub(super) const fn keep_records_for(&mut self, days: u32) {
        self.0.retention_days = days;
    }
}

impl fmt::Debug for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(self.0.plans.meters().map(|meter| (meter, self.of(meter))))
            .entry(&RETENTION_DAYS, &self.0.retention_days)
            .finish()
    }
}

impl Serialize for Limits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for meter in self.0.plans.meters() {
            map.serialize_entry(&meter, &self.of(meter))?;
        }
        map.serialize_entry(&RETENTION_DAYS, &self.0.retention_days)?;
        map.end()
    }
}

/// Usage of everything that the plan limits, by meter.
#[derive(Debug, Clone)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(value_type = std::collections::BTreeMap<String, u64>)
)]
pub struct CurrentUsage(Vec<(Meter, u64)>);

impl CurrentUsage {
    /// The usage of a workspace with these `counts`, whose consumed meters have `used`.
    #[must_use]
    pub fn new(plans: Plans, counts: &Counts, used: impl Fn(Meter) -> u64) -> Self {
        let amount = |meter: Meter| match meter.count {
            Count::Seats => counts.seats,
            Count::Integrations => counts.integrations,
            Count::Keys => counts.api_keys,
            Count::Storage | Count::Usage => used(meter),
        };
        Self(plans.meters().map(|meter| (meter, amount(meter))).collect())
    }

    /// The meters of which more is used than `limits` allow, with the amount and the limit.
    pub fn over(&self, limits: &Limits) -> impl Iterator<Item = (Meter, u64, u64)> {
        self.iter().filter_map(|(meter, used)| Some((meter, used, limits.of(meter).filter(|limit| used > *limit)?)))
    }

    /// The usage by meter, in the order of the catalogue.
    pub fn iter(&self) -> impl Iterator<Item = (Meter, u64)> {
        self.0.iter().copied()
    }
}

impl Serialize for CurrentUsage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}
