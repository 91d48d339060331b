//! Programs that cargo builds for the local cloud: the functions, and the programs that run alongside them.

use std::{collections::BTreeMap, path::PathBuf};

/// Paths of the built binaries, by package.
pub type Binaries = BTreeMap<String, PathBuf>;

/// `cargo dev` itself, which also runs workspaces' containers and forwards to the dashboard.
pub(crate) const LOCAL: &str = "local";
/// Stand-ins for the receivers of integrations.
pub(crate) const RECEIVERS: &str = "receivers";
/// Stand-in for Stripe.
pub(crate) const STRIPE_STANDIN: &str = "stripe-standin";

/// The programs that are not functions.
pub(crate) const ALONGSIDE: [&str; 3] = [LOCAL, RECEIVERS, STRIPE_STANDIN];
