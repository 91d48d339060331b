//! The programs that cargo builds for the local cloud: the functions, and those that run alongside them.

use std::{collections::BTreeMap, path::PathBuf};

/// The built binaries, by package.
pub type Binaries = BTreeMap<String, PathBuf>;

/// `cargo dev` itself, which also runs workspaces' containers and forwards to the dashboard.
pub(crate) const LOCAL: &str = "local";
/// The stand-ins for the receivers of integrations.
pub(crate) const RECEIVERS: &str = "receivers";
/// The stand-in for Stripe.
pub(crate) const STRIPE_STANDIN: &str = "stripe-standin";

/// The programs that are no functions.
pub(crate) const ALONGSIDE: [&str; 3] = [LOCAL, RECEIVERS, STRIPE_STANDIN];
