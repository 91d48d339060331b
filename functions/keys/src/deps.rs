//! The dependencies of the key routes.

use domain::keys::secret::KeyPrefix;
use store::Store;

/// The dependencies of the key routes.
#[derive(Debug, Clone)]
pub struct KeyDeps {
    /// The table.
    pub store: Store,
    /// The beginning of tokens.
    pub prefix: KeyPrefix,
}
