//! The default catalogue, for tests.

use super::{lock::Lock, read};
use crate::{
    billing::subscription::Standing,
    plans::{catalogue::Plans, meter::Meter, plan::Plan, shape::Shape},
};
use std::sync::OnceLock;

/// The plans of the default catalogue.
pub(crate) fn plans() -> Plans {
    static PLANS: OnceLock<Plans> = OnceLock::new();
    *PLANS.get_or_init(|| read(include_str!("../../../../../infra/plans.toml"), &Lock::default()).unwrap())
}

/// The plan `name` of the default catalogue.
pub(crate) fn plan(name: &str) -> Plan {
    plans().named(name.parse().unwrap()).unwrap()
}

/// The meter `name` of the default catalogue.
pub(crate) fn meter(name: &str) -> Meter {
    plans().meter(name.parse().unwrap()).unwrap()
}

/// The shape of a task of the plan `name` of the default catalogue.
pub(crate) fn shape(name: &str) -> Shape {
    Standing::paid(plans(), plan(name)).shape().unwrap()
}
