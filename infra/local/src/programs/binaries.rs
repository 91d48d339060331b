//! Programs that cargo builds for the local cloud: the functions, and the programs that run alongside them.

use std::{collections::BTreeMap, path::PathBuf};

/// Paths of the built binaries, by package.
pub type Binaries = BTreeMap<String, PathBuf>;

/// Commands of the company, which make the stand-in for Stripe follow the plans.
pub(crate) const BERTH: &str = "berth";
/// `cargo dev` itself, which also runs workspaces' containers and forwards to the dashboard.
pub(crate) const LOCAL: &str = "local";
/// Stand-ins for the receivers of integrations.
pub(crate) const RECEIVERS: &str = "receivers";
/// Stand-in for Stripe.
pub(crate) const STRIPE_STANDIN: &str = "stripe-standin";

/// The programs that are not functions.
pub(crate) const ALONGSIDE: [&str; 4] = [BERTH, LOCAL, RECEIVERS, STRIPE_STANDIN];
