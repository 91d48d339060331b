//! The part of a catalogue that plans refer to. It lives until the process ends.

use crate::plans::{catalogue::FeatureTerms, meter::MeterTerms, money::Currency};

/// What the definitions of plans refer to.
pub(super) struct Known {
    pub(super) meters: &'static [MeterTerms],
    pub(super) features: &'static [FeatureTerms],
    pub(super) currencies: Vec<Currency>,
}

/// Keeps `values` until the process ends.
pub(super) fn leak<T>(values: Vec<T>) -> &'static [T] {
    Vec::leak(values)
}

pub(super) fn leak_one<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}
