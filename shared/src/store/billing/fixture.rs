//! Billing that a test sets up: nothing writes it yet but the test world.

use super::{StoredBilling, StoredSubscription};
use crate::{
    domain::{billing::Billing, ids::WorkspaceId, subscription::Subscription},
    store::{
        Store,
        error::Error,
        item::{Item, encode, number, text},
        keys,
        transaction::Transaction,
    },
};

/// The item of `billing`, found by its customer and due when time alone would change what is in force.
fn item(workspace: WorkspaceId, billing: &Billing) -> Result<Item, Error> {
    let subscription = billing.subscription.clone().map(|subscription| StoredSubscription {
        id: subscription.id,
        paid_plan: subscription.paid_plan,
        interval: subscription.interval,
        status: subscription.status,
        period: subscription.period,
        cancel_at: subscription.cancel_at,
        cancel_at_period_end: subscription.cancel_at_period_end,
        trial_end: subscription.trial_end,
        grace_until: subscription.grace_until,
    });
    let stored = StoredBilling {
        version: billing.version,
        customer: billing.customer.clone(),
        subscription,
        pending_checkout: billing.pending_checkout.clone(),
        last_error: billing.last_error.clone(),
    };
    let mut item = encode(&keys::billing(workspace), &stored)?;
    if let Some(customer) = &billing.customer {
        let (pk, sk) = keys::billing_by_customer(customer, workspace);
        item.extend([("gsi1pk".to_owned(), text(pk)), ("gsi1sk".to_owned(), text(sk))]);
    }
    if let Some(due_at) = billing.subscription.as_ref().and_then(Subscription::due_at) {
        let (bucket, due_at) = keys::due(workspace.ulid(), due_at);
        item.extend([("due_bucket".to_owned(), text(bucket)), ("due_at".to_owned(), number(due_at))]);
    }
    Ok(item)
}

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
