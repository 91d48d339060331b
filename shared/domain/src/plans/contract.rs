//! Contracts: the terms that the operator has agreed with a customer, in addition to what Stripe sells. A workspace
//! with a contract is on the enterprise plan.

use crate::plans::plan::{Interval, Limits, Plan, Size};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The terms agreed for a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(try_from = "Terms")]
pub struct Contract {
    /// Limits of the workspace.
    pub limits: Limits,
    /// Billing interval, if one was agreed.
    pub interval: Option<Interval>,
    /// Size of the workspace's runtime.
    pub runtime: Size,
}

/// The highest possible limit: the maximum of a meter.
const MOST: u64 = 1_000_000_000_000_000;

/// The most days for which records are kept; equal to the retention of the largest plan.
const KEPT: u64 = 730;

/// Reasons why the terms are not a valid contract.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContractError {
    /// There is no limit of this name.
    #[error("limits.{0} is unknown; expected one of: {names}", names = Limits::NAMES.join(", "))]
    UnknownLimit(String),
    /// The value is not a limit.
    #[error("limits.{0} must be a whole number up to {MOST}, or null for no limit")]
    NoLimit(String),
    /// The workspace's owner would have no seat.
    #[error("limits.members must be at least 1")]
    NoSeat,
    /// Retention is zero, unlimited, or longer than records are kept.
    #[error("limits.retention_days must be a number from 1 to {KEPT}")]
    Retention,
    /// Fargate does not offer the size.
    #[error("runtime must be a pair of cpu_units and memory_mib that Fargate supports, such as 4096 and 8192")]
    Size,
}

/// Terms as received; whatever is missing is as on enterprise.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Terms {
    #[serde(default)]
    limits: Map<String, Value>,
    interval: Option<Interval>,
    runtime: Option<Size>,
}

impl TryFrom<Terms> for Contract {
    type Error = ContractError;

    fn try_from(terms: Terms) -> Result<Self, ContractError> {
        let mut limits = Plan::Enterprise.limits();
        for (name, limit) in terms.limits {
            let limit = if limit.is_null() {
                None
            } else {
                let number = limit.as_u64().filter(|limit| *limit <= MOST);
                Some(number.ok_or_else(|| ContractError::NoLimit(name.clone()))?)
            };
            *limits.named(&name).ok_or(ContractError::UnknownLimit(name))? = limit;
        }
        if limits.members == Some(0) {
            return Err(ContractError::NoSeat);
        }
        if !limits.retention_days.is_some_and(|days| (1..=KEPT).contains(&days)) {
            return Err(ContractError::Retention);
        }
        let runtime = terms.runtime.unwrap_or(Plan::Enterprise.size());
        if !runtime.is_known_to_fargate() {
            return Err(ContractError::Size);
        }
        Ok(Self { limits, interval: terms.interval, runtime })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use serde_json::json;

    #[track_caller]
    fn check(terms: Value, wanted: Expect) {
        let said = match serde_json::from_value::<Contract>(terms) {
            Ok(Contract { limits, interval, runtime }) => {
                let Size { cpu_units, memory_mib } = runtime;
                format!("{:?} {:?} {interval:?} {cpu_units}/{memory_mib}", limits.members, limits.executions)
            }
            Err(error) => format!("error: {error}"),
        };
        wanted.assert_eq(&said);
    }

    #[test]
    fn contract_terms() {
        check(json!({}), expect!["None None None 4096/8192"]);
        check(
            json!({"limits": {"members": 200, "executions": null}, "interval": "year",
                   "runtime": {"cpu_units": 8192, "memory_mib": 20_480}}),
            expect!["Some(200) None Some(Year) 8192/20480"],
        );
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
            expect!["error: unknown field `price`, expected one of `limits`, `interval`, `runtime`"],
        );
    }

    #[test]
    fn unknown_limit_is_refused_with_the_names_of_all() {
        let refused = serde_json::from_value::<Contract>(json!({"limits": {"seats": 1}})).unwrap_err().to_string();
        let names = Limits::NAMES.join(", ");
        assert_eq!(refused, format!("limits.seats is unknown; expected one of: {names}"));
        assert!(Limits::NAMES.contains(&"members"));
    }

    #[test]
    fn written_contracts_parse_back() {
        let terms = json!({"limits": {"members": 7}, "runtime": {"cpu_units": 256, "memory_mib": 2048}});
        let contract: Contract = serde_json::from_value(terms).unwrap();
        assert_eq!(serde_json::from_value::<Contract>(serde_json::to_value(contract).unwrap()).unwrap(), contract);
    }
}
