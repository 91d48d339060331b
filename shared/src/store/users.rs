//! A user's own head: how many workspaces he has.

use super::{
    change::Change,
    error::Error,
    item::{Stored, stamp},
    keys,
};
use crate::domain::{ids::UserId, scope::Denied};
use serde::{Deserialize, Serialize};

/// Written by additions alone, so that the first workspace makes the item.
#[derive(Serialize, Deserialize)]
struct StoredUser {
    workspace_count: u64,
}

impl Stored for StoredUser {
    const TYPE: &'static str = "user";
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Counts one more workspace of `user`.
    pub(super) fn count_workspace(&mut self, user: UserId) -> Result<&mut Self, Error> {
        let key = keys::user(user);
        Ok(self.set(&key, stamp::<StoredUser>()).add(&key, "workspace_count", 1))
    }
}
