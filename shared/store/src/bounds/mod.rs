//! bounds

pub(crate) mod budgets;
pub(crate) mod paces;
