//! What a worker, or a request that has Stripe asked, reads of a workspace's billing and writes of it.

use super::account::{item, parse};
use crate::{
    Store,
    runtime::runtimes,
    table::calls::Outcome,
    table::change::Change,
    table::condition::{Condition, Terms, is_still},
    table::error::Error,
    table::item::text,
    table::keys,
    table::transaction::Transaction,
};
use domain::{
    billing::account::Billing, identity::denied::Denied, ids::WorkspaceId, outbox::Message, runtime::record::Runtime,
};
use jiff::Timestamp;
use system_scope::SystemScope;

/// What is known of a workspace when it is compared with Stripe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Billed {
    /// Its billing.
    pub billing: Billing,
    /// Its runtime, if there ever was a command to it: another plan is another size.
    pub runtime: Option<Runtime>,
}

/// Whether a note was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    /// It was.
    Yes,
    /// Another change of the billing came first.
    ChangedMeanwhile,
}

impl Store {
    /// A workspace's billing, and what depends on it.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn billed(&self, scope: &SystemScope) -> Result<Billed, Error> {
        let (billing, runtime) = (keys::billing(scope.workspace()), keys::runtime(scope.workspace()));
        let found = self.batch_get(&[billing.clone(), runtime.clone()]).await?;
        Ok(Billed {
            billing: parse(found.get(&billing))?,
            runtime: found.get(&runtime).map(runtimes::parse).transpose()?,
        })
    }

    /// Notes when the billing is to be compared with Stripe again, and that the event `heard` is no news any more, where it
    /// is what it was `before` still; sets off `messages`. Nothing that a person could see is changed.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn note_checked(
        &self,
        scope: &SystemScope,
        (before, checked): (&Billing, &Billing),
        heard: Option<&str>,
        messages: Vec<Message>,
    ) -> Result<Noted, Error> {
        let (key, now) = (keys::billing(scope.workspace()), self.ambient().now());
        let mut transaction = Transaction::default();
        transaction.require(&key, is_still(before.version), ()).put(&key, item(scope.workspace(), checked)?);
        if let Some(event) = heard {
            let key = keys::event(event);
            transaction.put(&key, super::events::item(&key, scope.workspace(), now)?);
        }
        for message in messages {
            let (key, item) = self.outbox_item(message, now)?;
            transaction.put(&key, item);
        }
        match self.transact(transaction).await? {
            Outcome::Done => Ok(Noted::Yes),
            Outcome::Refused(()) => Ok(Noted::ChangedMeanwhile),
        }
    }

    /// The workspaces whose customer at Stripe is `customer`, as far as the index has heard of them.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn workspaces_of_customer(&self, customer: &str) -> Result<Vec<WorkspaceId>, Error> {
        let mut terms = Terms::default();
        let partition = keys::customer_partition(customer);
        let named = Condition::Equals("gsi1pk", text(partition)).expression(&mut terms);
        let output = self
            .query(|query| {
                query
                    .index_name("gsi1")
                    .key_condition_expression(named)
                    .set_expression_attribute_names(terms.names())
                    .set_expression_attribute_values(terms.values())
            })
            .await?;
        Ok(output.items().iter().filter_map(keys::workspace_of).collect())
    }
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Has `billing` compared with Stripe as soon as somebody looks at what is due; `changed` if another change came first.
    ///
    /// # Errors
    /// [`Error::Defect`].
    pub fn have_compared(
        &mut self,
        billing: &Billing,
        changed: impl Into<E>,
        now: Timestamp,
    ) -> Result<&mut Self, Error> {
        let next = Billing { version: billing.version.saturating_add(1), due_at: Some(now), ..billing.clone() };
        self.write_billing(billing, &next, changed)
    }

    /// Writes `next` in place of the billing `before`; `changed` if another change came first.
    ///
    /// # Errors
    /// [`Error::Defect`].
    pub fn write_billing(
        &mut self,
        before: &Billing,
        next: &Billing,
        changed: impl Into<E>,
    ) -> Result<&mut Self, Error> {
        let key = keys::billing(self.scope.workspace());
        let item = item(self.scope.workspace(), next)?;
        Ok(self.require(&key, is_still(before.version), changed).put(&key, item))
    }
}
