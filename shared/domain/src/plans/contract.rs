//! Contracts: the terms that the operator has agreed with a customer, in addition to what Stripe sells. They are those of a
//! plan, except where the contract says otherwise.

use super::{
    catalogue::Plans,
    limits::{Limits, RETENTION_DAYS},
    money::Interval,
    names::{FeatureName, MeterName},
    plan::Plan,
    size::Size,
    version::PlanVersion,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The terms agreed for a workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Contract {
    /// The plan and version whose terms apply otherwise. `None` for contracts from before they were recorded, which are of
    /// the plan that is sold by contract.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub plan: Option<PlanVersion>,
    /// Limits in place of the plan's, by meter, and `retention_days`; `None` is unlimited.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, Option<u64>>))]
    pub limits: BTreeMap<MeterName, Option<u64>>,
    /// Features in addition to the plan's.
    #[serde(default)]
    pub features: Vec<FeatureName>,
    /// Billing interval, if one was agreed.
    pub interval: Option<Interval>,
    /// Size of the workspace's runtime in place of the plan's.
    #[serde(default)]
    pub runtime: Option<Size>,
}

/// The highest possible limit: the maximum of a meter.
const MOST: u64 = 1_000_000_000_000_000;

/// Reasons why the terms are not a valid contract.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContractError {
    /// There is no plan of this name and version.
    #[error("plan must be one of {0}")]
    UnknownPlan(String),
    /// There is no limit of this name.
    #[error("limits.{0} is unknown; expected one of: {1}")]
    UnknownLimit(String, String),
    /// The value is not a limit.
    #[error("limits.{0} must be a whole number up to {MOST}, or null for no limit")]
    NoLimit(String),
    /// The workspace's owner would have no seat.
    #[error("limits.members must be at least 1")]
    NoSeat,
    /// Retention is zero, unlimited, or longer than records are kept.
    #[error("limits.retention_days must be a number from 1 to {0}")]
    Retention(u32),
    /// There is no feature of this name.
    #[error("features: {0} is unknown; expected one of: {1}")]
    UnknownFeature(FeatureName, String),
    /// Fargate does not offer the size.
    #[error("runtime must be a pair of cpu_units and memory_mib that Fargate supports, such as 4096 and 8192")]
    Size,
}

/// Terms as the operator sends them; whatever is missing is as in the plan.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContractTerms {
    /// The plan, with a version such as `enterprise/2`; the current version of the plan that is sold by contract by default.
    plan: Option<PlanVersion>,
    #[serde(default)]
    limits: Map<String, Value>,
    #[serde(default)]
    features: Vec<FeatureName>,
    interval: Option<Interval>,
    runtime: Option<Size>,
}

impl ContractTerms {
    /// Checks the terms against the company's plans.
    ///
    /// # Errors
    /// [`ContractError`] for the first mistake.
    pub fn agree(self, plans: Plans) -> Result<Contract, ContractError> {
        let join = |names: Vec<String>| names.join(", ");
        let plan = match self.plan {
            None => plans.by_contract().reference(),
            Some(plan) if plans.version(plan).is_some() => plan,
            Some(_) => {
                return Err(ContractError::UnknownPlan(join(
                    plans.iter().map(|plan| plan.reference().to_string()).collect(),
                )));
            }
        };
        let mut limits = BTreeMap::new();
        for (name, limit) in self.limits {
            let known = name.parse().ok().filter(|name| *name == RETENTION_DAYS || plans.meter(*name).is_some());
            let Some(known) = known else {
                let names = plans.meters().map(|meter| meter.name.to_string());
                let names = names.chain([RETENTION_DAYS.to_string()]).collect();
                return Err(ContractError::UnknownLimit(name, join(names)));
            };
            let number =
                || limit.as_u64().filter(|limit| *limit <= MOST).ok_or_else(|| ContractError::NoLimit(name.clone()));
            let limit = if limit.is_null() { None } else { Some(number()?) };
            limits.insert(known, limit);
        }
        if limits.get(&plans.members().name) == Some(&Some(0)) {
            return Err(ContractError::NoSeat);
        }
        let longest = plans.longest_retention_days();
        let retention = limits.get(&RETENTION_DAYS);
        if retention.is_some_and(|days| !days.is_some_and(|days| (1..=u64::from(longest)).contains(&days))) {
            return Err(ContractError::Retention(longest));
        }
        if let Some(unknown) = self.features.iter().find(|name| plans.features.iter().all(|known| known.name != **name))
        {
            let names = plans.features.iter().map(|feature| feature.name.to_string()).collect();
            return Err(ContractError::UnknownFeature(*unknown, join(names)));
        }
        if self.runtime.is_some_and(|size| !size.is_known_to_fargate()) {
            return Err(ContractError::Size);
        }
        let (features, interval, runtime) = (self.features, self.interval, self.runtime);
        Ok(Contract { plan: Some(plan), limits, features, interval, runtime })
    }
}

impl Contract {
    /// The plan whose terms apply where the contract does not say otherwise.
    #[must_use]
    pub fn base(&self, plans: Plans) -> Plan {
        self.plan.and_then(|plan| plans.version(plan)).unwrap_or_else(|| plans.by_contract())
    }

    /// The limits in force. A limit of a meter that the catalogue no longer has does not matter.
    #[must_use]
    pub fn limits(&self, plans: Plans) -> Limits {
        let mut limits = plans.limits(self.base(plans));
        for (name, limit) in &self.limits {
            if let Some(meter) = plans.meter(*name) {
                limits.set(meter, *limit);
            }
        }
        if let Some(days) = self.limits.get(&RETENTION_DAYS).copied().flatten() {
            limits.keep_records_for(u32::try_from(days).unwrap_or(u32::MAX));
        }
        limits
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::samples::{plan, plans};
    use expect_test::{Expect, expect};
    use serde_json::json;

    #[track_caller]
    fn check(terms: Value, wanted: Expect) {
        let terms = serde_json::from_value::<ContractTerms>(terms).map_err(|error| error.to_string());
        let said = match terms.and_then(|terms| terms.agree(plans()).map_err(|error| error.to_string())) {
            Ok(contract) => {
                let limits = contract.limits(plans());
                let executions = limits.of(plans().meter(MeterName::literal("executions")).unwrap());
                let (base, days) = (contract.base(plans()).reference(), limits.retention_days());
                let Contract { interval, runtime, features, .. } = contract;
                format!("{base} {:?} {executions:?} {days} {features:?} {interval:?} {runtime:?}", limits.members())
            }
            Err(error) => format!("error: {error}"),
        };
        wanted.assert_eq(&said);
    }

    #[test]
    fn contract_terms() {
        check(json!({}), expect!["enterprise None None 730 [] None None"]);
        check(
            json!({"limits": {"members": 200, "executions": null, "retention_days": 400}, "interval": "year",
                   "features": ["audit_export"], "runtime": {"cpu_units": 8192, "memory_mib": 20_480}}),
            expect![
                "enterprise Some(200) None 400 [audit_export] Some(Year) Some(Size { cpu_units: 8192, memory_mib: 20480 })"
            ],
        );
        check(json!({"plan": "pro", "limits": {"executions": 5}}), expect!["pro Some(10) Some(5) 90 [] None None"]);
        for unfit in [json!(-1), json!(1.5), json!("7"), json!(10_000_000_000_000_000_000_u64)] {
            check(
                json!({"limits": {"traces": unfit}}),
                expect!["error: limits.traces must be a whole number up to 1000000000000000, or null for no limit"],
            );
        }
        check(json!({"limits": {"members": 0}}), expect!["error: limits.members must be at least 1"]);
        for unfit in [json!(null), json!(0), json!(731)] {
            check(
                json!({"limits": {"retention_days": unfit}}),
                expect!["error: limits.retention_days must be a number from 1 to 730"],
            );
        }
        check(
            json!({"runtime": {"cpu_units": 4096, "memory_mib": 8000}}),
            expect![
                "error: runtime must be a pair of cpu_units and memory_mib that Fargate supports, such as 4096 and 8192"
            ],
        );
        check(
            json!({"price": 1}),
            expect![
                "error: unknown field `price`, expected one of `plan`, `limits`, `features`, `interval`, `runtime`"
            ],
        );
        check(json!({"plan": "pro/7"}), expect!["error: plan must be one of free, starter, pro, business, enterprise"]);
        check(
            json!({"limits": {"seats": 1}}),
            expect![
                "error: limits.seats is unknown; expected one of: members, integrations, api_keys, storage_mb, gateways, plugins, executions, traces, ai_credits, retention_days"
            ],
        );
        check(
            json!({"features": ["teleport"]}),
            expect!["error: features: teleport is unknown; expected one of: audit_export"],
        );
    }

    #[test]
    fn contracts_of_earlier_versions_are_of_the_plan_by_contract() {
        let old = json!({"limits": {"members": 7, "retention_days": 30, "gone": 3}, "interval": null,
                         "runtime": {"cpu_units": 256, "memory_mib": 2048}});
        let contract: Contract = serde_json::from_value(old).unwrap();
        let limits = contract.limits(plans());
        assert_eq!((limits.members(), limits.retention_days()), (Some(7), 30));
        assert_eq!(contract.base(plans()), plan("enterprise"));
        assert_eq!(serde_json::from_value::<Contract>(serde_json::to_value(&contract).unwrap()).unwrap(), contract);
    }
}
