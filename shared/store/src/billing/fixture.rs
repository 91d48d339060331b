//! Sets up and reads billing in tests, whatever was stored before.

use super::account::{item, parse};
use crate::{Store, table::error::Error, table::keys, table::transaction::Transaction};
use domain::{billing::account::Billing, ids::WorkspaceId};

impl Store {
    /// Writes `billing`, replacing any earlier one.
    pub async fn set_billing(&self, workspace: WorkspaceId, billing: &Billing) -> Result<(), Error> {
        let mut transaction = Transaction::<()>::default();
        transaction.put(&keys::billing(workspace), item(workspace, billing)?);
        self.transact(transaction).await.map(drop)
    }

    /// Reads the billing of `workspace`.
    pub async fn get_billing(&self, workspace: WorkspaceId) -> Result<Billing, Error> {
        let key = keys::billing(workspace);
        let found = self.batch_get(std::slice::from_ref(&key)).await?;
        Ok(parse(found.get(&key))?)
    }
}
