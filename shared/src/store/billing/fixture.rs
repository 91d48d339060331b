//! Billing that a test sets up, whatever there was.

use super::item;
use crate::{
    domain::{billing::Billing, ids::WorkspaceId},
    store::{Store, error::Error, keys, transaction::Transaction},
};

impl Store {
    /// Writes `billing`, whatever there was.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn set_billing(&self, workspace: WorkspaceId, billing: &Billing) -> Result<(), Error> {
        let mut transaction = Transaction::<()>::default();
        transaction.put(&keys::billing(workspace), item(workspace, billing)?);
        self.transact(transaction).await.map(drop)
    }
}
