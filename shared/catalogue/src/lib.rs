//! The company's plans, as `infra/plans.toml` defines them when Berth is built. They are constants, so a function does
//! nothing for them when it starts, and a file with a mistake cannot be deployed.

use domain::plans::catalogue::{Catalogue, Plans};

static CATALOGUE: Catalogue = include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

/// The company's plans.
pub const PLANS: Plans = Plans::new(&CATALOGUE);
