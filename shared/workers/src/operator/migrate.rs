//! Moves the customers of an earlier version of a plan to the version that is sold, workspace by workspace.
//!
//! The order is stored as an intent, together with its audit record, and the sweeper carries it out like any interrupted
//! command: this function's API key of Stripe may only read.

use super::{actor::ActingOperator, error::Error};
use crate::{
    billing::intend,
    decisions::{MAX_DECISIONS, decide_again},
    payments::Payments,
};
use domain::{
    audit::record::Entry,
    billing::{
        account::Billing,
        intent::{CommandStatus, MigrationOrder, Order},
        order::{Migration, NotMigrated},
        subscription::Subscription,
    },
    error::{Kind, Refusal},
    ids::WorkspaceId,
    plans::{
        money::{Currency, Interval},
        names::MeterName,
        price::PriceName,
        version::PlanVersion,
    },
    usage::{CurrentUsage, span, total},
    workspace::head::Workspace,
};
use futures::future::try_join_all;
use jiff::Timestamp;
use serde::Serialize;
use std::collections::HashMap;
use store::{Change, OperatorScope, Store, operator::WorkspaceFacts};

/// Maximum number of workspaces that an answer lists.
pub const MAX_LISTED: usize = 500;

/// The dependencies of migrations.
#[derive(Debug, Clone, Copy)]
pub struct MigrationDeps<'a> {
    /// The table.
    pub store: &'a Store,
    /// Stripe.
    pub payments: &'a Payments,
}

/// Whether a migration is only previewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MigrationMode {
    /// Change nothing, and return what it would mean for each customer.
    Preview,
    /// Order it.
    Order,
}

/// A part of the workspaces, and what the migration means to them.
#[derive(Debug, Serialize)]
pub struct MigrationView {
    from: PlanVersion,
    to: PlanVersion,
    preview: bool,
    examined: u64,
    /// The workspaces that are moved.
    affected: Vec<AffectedView>,
    /// The workspaces that have the version and are left as they are.
    skipped: Vec<SkippedView>,
    /// The workspaces for which the command failed. It can be sent again.
    failed: Vec<FailedView>,
    /// The workspace after which to continue; null if all were examined.
    next: Option<WorkspaceId>,
}

#[derive(Debug, Serialize)]
struct AffectedView {
    workspace: WorkspaceId,
    interval: Interval,
    currency: Currency,
    /// The amount of the present price at Stripe; null if it depends on the quantity, and if it is not read.
    amount: Option<u64>,
    next_amount: Option<u64>,
    /// Time from which the next amount is charged.
    charged_from: Timestamp,
    /// What exceeds the new limits. Nothing is deleted; null if it is not read.
    over_limits: Option<Vec<OverView>>,
    /// The code with which an earlier order of this migration was refused.
    refused: Option<String>,
}

#[derive(Debug, Serialize)]
struct OverView {
    resource: MeterName,
    used: u64,
    limit: u64,
}

#[derive(Debug, Serialize)]
struct SkippedView {
    workspace: WorkspaceId,
    reason: NotMigrated,
}

#[derive(Debug, Serialize)]
struct FailedView {
    workspace: WorkspaceId,
    code: &'static str,
}

/// What a migration means to one workspace.
enum Outcome {
    Affected(AffectedView),
    Skipped(NotMigrated),
    Unaffected,
}

/// Previews or orders `migration` for the workspaces after `after`, one by one, until `until`. A workspace that fails does
/// not stop the others.
///
/// # Errors
/// [`Error`] if the table cannot be read.
pub async fn migrate_customers(
    with: MigrationDeps<'_>,
    operator: &ActingOperator,
    migration: &Migration,
    mode: MigrationMode,
    mut after: Option<WorkspaceId>,
    until: Timestamp,
) -> Result<MigrationView, Error> {
    let mut view = MigrationView {
        from: migration.from,
        to: migration.to.reference(),
        preview: mode == MigrationMode::Preview,
        examined: 0,
        affected: Vec::new(),
        skipped: Vec::new(),
        failed: Vec::new(),
        next: None,
    };
    loop {
        let page = with.store.list_workspaces(after).await?;
        for workspace in page.found {
            // Boxed: the future of all its calls is large.
            let outcome = Box::pin(migrate_one(with, &operator.scope(workspace), migration, mode)).await;
            view.add(workspace, outcome);
            if view.listed() >= MAX_LISTED || with.store.ambient().now() >= until {
                return Ok(MigrationView { next: Some(workspace), ..view });
            }
        }
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(view),
        }
    }
}

impl MigrationView {
    fn listed(&self) -> usize {
        [self.affected.len(), self.skipped.len(), self.failed.len()].into_iter().sum()
    }

    fn add(&mut self, workspace: WorkspaceId, outcome: Result<Outcome, Error>) {
        self.examined = self.examined.saturating_add(1);
        match outcome {
            Ok(Outcome::Affected(affected)) => self.affected.push(affected),
            Ok(Outcome::Skipped(reason)) => self.skipped.push(SkippedView { workspace, reason }),
            Ok(Outcome::Unaffected) => {}
            // The workspace is being deleted.
            Err(error) if error.kind() == Kind::Absent => {}
            Err(error) => {
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                tracing::warn!(%workspace, %error, cause, "the customer could not be moved to another version");
                self.failed.push(FailedView { workspace, code: error.code() });
            }
        }
    }
}

async fn migrate_one(
    with: MigrationDeps<'_>,
    scope: &OperatorScope,
    migration: &Migration,
    mode: MigrationMode,
) -> Result<Outcome, Error> {
    decide_again(MAX_DECISIONS, Error::is_lost, Error::ChangedMeanwhile, || async {
        let (store, now) = (with.store, with.store.ambient().now());
        let WorkspaceFacts { workspace, billing, .. } = store.workspace_facts(scope).await?;
        let price = match migration.decide(store.plans(), &billing, now) {
            None => return Ok(Outcome::Unaffected),
            Some(Err(reason)) => return Ok(Outcome::Skipped(reason)),
            Some(Ok(price)) => price,
        };
        let head = workspace.filter(|head| head.live).ok_or(Error::NoWorkspace)?;
        let Some(paid) = &billing.subscription else { return Ok(Outcome::Unaffected) };
        let mut affected = AffectedView::new(store, &head, &billing, (paid, price));
        match mode {
            MigrationMode::Preview => {
                let asked = async {
                    tokio::try_join!(amount(with, paid), over_limits(store, scope, migration, (&head, &billing), now))
                };
                let (amount, over) = Box::pin(asked).await?;
                (affected.amount, affected.over_limits) = (amount, Some(over));
            }
            MigrationMode::Order => order(store, scope, migration, &billing, (paid, price)).await?,
        }
        Ok(Outcome::Affected(affected))
    })
    .await
}

impl AffectedView {
    fn new(store: &Store, head: &Workspace, billing: &Billing, (paid, price): (&Subscription, PriceName)) -> Self {
        let last = billing
            .last_command
            .as_ref()
            .filter(|last| last.status == CommandStatus::Refused && last.plan == Some(price.plan));
        Self {
            workspace: head.id,
            interval: price.interval,
            currency: price.currency,
            amount: None,
            next_amount: store.plans().amount(price),
            charged_from: paid.period.end,
            over_limits: None,
            refused: last.and_then(|last| last.code.clone()),
        }
    }
}

/// Stores the order, with the audit record. The customer stays the one who has ordered the subscription.
async fn order(
    store: &Store,
    scope: &OperatorScope,
    migration: &Migration,
    billing: &Billing,
    (paid, price): (&Subscription, PriceName),
) -> Result<(), Error> {
    let (acting, now) = (scope.scope(), store.ambient().now());
    let from = (paid.paid_plan, paid.interval);
    let order = MigrationOrder { subscription: paid.id.clone(), from, price, when: migration.when };
    let (next, intent) = intend(&acting, billing, Order::Migrate(order), None, now);
    let next = Billing { ordered_by: billing.ordered_by.or(next.ordered_by), ..next };
    let mut change = Change::<Error>::begin(store, &acting, Entry::plan_migrated(scope.by(), migration), now)?;
    change.require_live(Error::NoWorkspace).write_billing(billing, &next, Error::ChangedMeanwhile)?;
    change.store_intent(&intent, Error::ChangedMeanwhile)?;
    change.commit(None, (), now).await.map(drop)
}

/// Returns the amount that the customer pays per interval. It is Stripe's, because an adopted price may have another one
/// than its version.
async fn amount(with: MigrationDeps<'_>, paid: &Subscription) -> Result<Option<u64>, Error> {
    let present = with.payments.stripe_account::<Error>().await?.current_subscription(&paid.id).await?;
    Ok(present.plan_item(with.store.plans()).and_then(|item| item.amount))
}

/// Returns what exceeds the limits of the new version.
async fn over_limits(
    store: &Store,
    scope: &OperatorScope,
    migration: &Migration,
    (head, billing): (&Workspace, &Billing),
    now: Timestamp,
) -> Result<Vec<OverView>, Error> {
    let (plans, acting) = (store.plans(), &scope.scope());
    let counts = plans.consumed().map(|meter| async move {
        let span = span(meter, now, billing, head.created_at);
        Ok::<_, Error>((meter.name, total(&store.shards(acting, span, meter).await?)))
    });
    let used: HashMap<_, _> = try_join_all(counts).await?.into_iter().collect();
    let usage = CurrentUsage::new(plans, &head.counts, |meter| used.get(&meter.name).copied().unwrap_or_default());
    let view = |(meter, used, limit): (domain::usage::Meter, u64, u64)| OverView { resource: meter.name, used, limit };
    Ok(usage.over(&plans.limits(migration.to)).map(view).collect())
}
