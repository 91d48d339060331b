//! Metadata of prices and products.

use crate::plans::version::{AddonVersion, PlanVersion};

/// Metadata key of the plan.
pub const PLAN_KEY: &str = "berth_plan";

/// Metadata key of the version.
pub const VERSION_KEY: &str = "berth_version";

/// Metadata key of the add-on.
pub const ADDON_KEY: &str = "berth_addon";

/// What the metadata of a price says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stamp {
    /// Nothing of Berth.
    None,
    /// A version of a plan.
    Plan(PlanVersion),
    /// A version of an add-on.
    Addon(AddonVersion),
    /// Something that Berth did not write.
    Unreadable,
}

impl Stamp {
    /// Reads the metadata, of which `value` returns the value of a key.
    pub fn read<'a>(value: impl Fn(&str) -> Option<&'a str>) -> Self {
        let stamp = match (value(PLAN_KEY), value(ADDON_KEY), value(VERSION_KEY)) {
            (None, None, None) => Some(Self::None),
            (Some(name), None, Some(number)) => PlanVersion::stamped(name, number).map(Self::Plan),
            (None, Some(name), Some(number)) => AddonVersion::stamped(name, number).map(Self::Addon),
            _ => None,
        };
        stamp.unwrap_or(Self::Unreadable)
    }
}
