//! Reads and writes of a workspace's billing by workers, and by requests for a comparison with Stripe.

use super::account::{item, parse};
use crate::{
    KnownHead, Store,
    runtime::runtimes::{self, Recorded},
    table::calls::{Query, TransactionOutcome},
    table::change::Change,
    table::condition::is_still,
    table::error::Error,
    table::keys,
    table::transaction::Transaction,
    workspace::workspaces,
};
use domain::{
    billing::account::Billing, identity::denied::Denied, ids::WorkspaceId, notifications::happening::Happening,
    outbox::Message, plans::catalogue::Plans, runtime::record::Runtime,
};
use jiff::Timestamp;
use system_scope::SystemScope;

/// Facts about a workspace for its comparison with Stripe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillingFacts {
    /// Billing of the workspace.
    pub billing: Billing,
    /// Runtime of the workspace, if it ever received a command. A change of plan changes its size.
    pub runtime: Option<Runtime>,
    /// Number of active members, if the company sells seats.
    pub members: Option<u64>,
    /// The head of the audit log.
    pub log: KnownHead,
}

impl BillingFacts {
    /// True if the seats of `billing` are to be compared with Stripe.
    #[must_use]
    pub fn misses_seats(&self, plans: Plans, billing: &Billing) -> bool {
        self.members.is_some_and(|members| billing.missing_seats(plans, members).is_some())
    }
}

/// Work that follows from a comparison with Stripe.
#[derive(Debug, Default)]
pub struct Further {
    /// Messages to enqueue.
    pub messages: Vec<Message>,
    /// Events of which members are notified.
    pub happenings: Vec<Happening>,
    /// True if the seats are to be compared with Stripe.
    pub seats: bool,
}

impl Store {
    /// Reads a workspace's billing, and the runtime and the seats that depend on it.
    pub async fn billing_facts(&self, scope: &SystemScope) -> Result<BillingFacts, Error> {
        let (billing, runtime) = (keys::billing(scope.workspace()), keys::runtime(scope.workspace()));
        let head = Some(keys::workspace(scope.workspace())).filter(|_| self.plans().sell_seats());
        let log = keys::chain_head(scope.workspace());
        let keys: Vec<_> = [billing.clone(), runtime.clone(), log.clone()].into_iter().chain(head.clone()).collect();
        let found = self.batch_get(&keys).await?;
        let head = head.and_then(|key| found.get(&key)).map(workspaces::parse).transpose()?;
        Ok(BillingFacts {
            billing: parse(found.get(&billing))?,
            runtime: found.get(&runtime).map(runtimes::parse).transpose()?,
            members: head.map(|workspace| workspace.counts.members),
            log: KnownHead::read(found.get(&log))?,
        })
    }

    /// Records when the billing is to be compared with Stripe again and that the event `handled` was handled, and
    /// requests what `further` names, if the billing is still as it was `before`. At most the customer's facts have changed, which
    /// the activity does not show.
    pub async fn record_comparison(
        &self,
        scope: &SystemScope,
        before: &Billing,
        checked: &Billing,
        handled: Option<&str>,
        further: Further,
    ) -> Result<Recorded, Error> {
        let (key, now) = (keys::billing(scope.workspace()), self.ambient().now());
        let mut transaction = Transaction::default();
        transaction.require(&key, is_still(before.version), ()).put(&key, item(scope.workspace(), checked)?);
        if let Some(event) = handled {
            let key = keys::event(event);
            transaction.put(&key, super::events::item(&key, scope.workspace(), now)?);
        }
        if further.seats {
            let (key, item) = self.new_seat_check(scope.workspace())?;
            transaction.put(&key, item);
        }
        for message in further.messages {
            let (key, item) = self.outbox_item(message, now)?;
            transaction.put(&key, item);
        }
        for happening in further.happenings {
            transaction.notify_members(self, scope, happening, now)?;
        }
        match self.transact(transaction).await? {
            TransactionOutcome::Done => Ok(Recorded::Yes),
            TransactionOutcome::Refused(()) => Ok(Recorded::ChangedMeanwhile),
        }
    }

    /// Reads the workspaces whose Stripe customer is `customer`, from the index, which lags behind the table.
    pub async fn workspaces_of_customer(&self, customer: &str) -> Result<Vec<WorkspaceId>, Error> {
        let output = self.query(Query::index("gsi1", "gsi1pk", keys::customer_partition(customer))).await?;
        Ok(output.items().iter().filter_map(keys::workspace_of).collect())
    }
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Makes `billing` due for a comparison with Stripe now; `changed` if another change came first.
    pub fn request_comparison(
        &mut self,
        billing: &Billing,
        changed: impl Into<E>,
        now: Timestamp,
    ) -> Result<&mut Self, Error> {
        let next = Billing { version: billing.version.saturating_add(1), due_at: Some(now), ..billing.clone() };
        self.write_billing(billing, &next, changed)
    }

    /// Writes `next` in place of the billing `before`; `changed` if another change came first.
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
