//! Handles everything that is due, each minute: relays messages and notifies members of events that the stream missed,
//! requests letters with notifications, frees the seats of expired invitations, revokes invitations that exceed their inviter's
//! current role, enqueues runtimes whose deadline has passed or that are to be compared with ECS, stops idle and silent
//! runtimes, deletes the parts of deleted workspaces and of deleted accounts, compares billing with Stripe, sets the number of
//! paid seats there, completes unfinished commands to Stripe, deletes secrets that no integration refers to, retries deliveries,
//! forgets live connections that have ended, notifies members of API keys that expire or are unused and deletes expired ones, takes checkpoints of audit logs, and links records from before they were chained.
//!
//! The index only says where to look. Each action has its own conditions, so that a second sweeper, a concurrent request, or a
//! process that ends midway does no harm. Unfinished work is due again in the next minute.

mod shares;

pub use shares::SHARE;
pub use workers::runtime::ImageReports;

use domain::{
    identity::origin::Origin,
    ids::WorkspaceId,
    outbox::{Message, Queue},
};
use jiff::{SignedDuration, Timestamp};
use notary::Notary;
use platform::telemetry;
use queue::{self, Queues, StripeEvents};
use secrets::IntegrationSecrets;
use serde::Serialize;
use shares::Shares;
use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};
use store::{
    self, Store,
    due::{self, Due},
};
use tokio::task::JoinSet;
use workers::{
    account,
    audit::{self, CheckpointSummary},
    billing::{self, BillingDeps, SeatsOutcome},
    integrations, keys,
    live::{self, LiveDeps},
    notifications,
    relay::{self, DUE_WITHIN, RelayOutcome, relay_delivery, relay_message},
    runtime::{self, Silence},
    team,
    workspace::{self, DeletionDeps},
};

/// The dependencies of the sweeper.
#[derive(Debug, Clone)]
pub struct Sweeper {
    /// The table.
    pub store: Store,
    /// The queues that messages are sent to.
    pub queues: Queues,
    /// The secrets of integrations.
    pub secrets: IntegrationSecrets,
    /// The dependencies of billing.
    pub billing: BillingDeps,
    /// The queue in which the nightly comparison enqueues customers.
    pub events: StripeEvents,
    /// The live connections of members.
    pub live: LiveDeps,
    /// What signs checkpoints of audit logs.
    pub notary: Notary,
    /// The operator's statement about the reports of containers.
    pub image: ImageReports,
}

/// The results of a sweep, as numbers of due items. They are also the function's answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct SweepSummary {
    /// Items that were handled.
    pub done: u64,
    /// Items that failed and are due again in the next minute.
    pub failed: u64,
    /// Items that cannot be read and are left in the table.
    pub corrupt: u64,
    /// Items of unknown kinds, which are left in the table.
    pub foreign: u64,
    /// Messages of workspaces that have taken all near turns at a queue. They are due again in the next minute.
    pub waiting: u64,
}

/// A bucket of the index, or a page of it, that could not be read.
#[derive(Debug, thiserror::Error)]
#[error("the due items could not be read")]
pub struct Unreadable(#[source] Box<dyn std::error::Error + Send + Sync>);

/// The reasons why a due item was not handled.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Queue(#[from] queue::Error),
    #[error(transparent)]
    Relay(#[from] relay::Error),
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Team(#[from] team::Error),
    #[error(transparent)]
    Keys(#[from] keys::Error),
    #[error(transparent)]
    Integrations(#[from] integrations::Error),
    #[error(transparent)]
    Billing(#[from] billing::Error),
    #[error(transparent)]
    Runtime(#[from] runtime::IdleStopError),
    #[error(transparent)]
    Deletion(#[from] workspace::DeleteWorkspaceError),
    #[error(transparent)]
    Notice(#[from] notifications::NoticeError),
    #[error(transparent)]
    Account(#[from] account::DeleteAccountError),
    #[error(transparent)]
    Linking(#[from] audit::LinkError),
}

/// Time that is left for checkpoints when the buckets have used up theirs.
const FOR_CHECKPOINTS: SignedDuration = SignedDuration::from_secs(5);

impl Sweeper {
    /// Begins the nightly comparison with Stripe; the following sweeps carry it out.
    ///
    /// # Errors
    /// Returns [`store::Error`] if the table cannot be written.
    pub async fn begin_comparison(&self) -> Result<(), store::Error> {
        self.store.begin_comparison(self.store.ambient().now()).await
    }

    /// Handles the due items, the longest due first, and begins nothing after `until`. All buckets, and the items of a page,
    /// are handled concurrently, so that one that fails or hangs does not delay the others. A workspace with more than its
    /// share waits until a share of every other is handled.
    ///
    /// # Errors
    /// Returns [`Unreadable`] if a bucket cannot be read, after the other buckets are handled.
    pub async fn sweep(&self, request_id: &str, until: Timestamp) -> Result<SweepSummary, Unreadable> {
        let mut buckets = JoinSet::new();
        let buckets_until = until.saturating_sub(FOR_CHECKPOINTS).unwrap_or(until);
        let (full, logs) = Default::default();
        let sweep = Sweep { request_id: request_id.to_owned(), until: buckets_until, full, logs };
        for bucket in due::buckets() {
            let (sweeper, sweep) = (self.clone(), sweep.clone());
            buckets.spawn(async move { sweeper.bucket(bucket, &sweep).await });
        }
        let (mut swept, mut unreadable) = (SweepSummary::default(), None);
        while let Some(bucket) = buckets.join_next().await {
            match bucket {
                Ok((part, failed)) => {
                    swept = swept.and(part);
                    unreadable = unreadable.or(failed.map(|error| Unreadable(error.into())));
                }
                Err(error) => unreadable = Some(Unreadable(error.into())),
            }
        }
        self.report(swept);
        // They have metrics and an alarm of their own.
        swept = swept.and(self.take_checkpoints(&sweep, until).await);
        unreadable.map_or(Ok(swept), Err)
    }

    /// Handles the due items of one bucket: first a share of each workspace's items, page by page, then the others.
    async fn bucket(self, bucket: u8, sweep: &Sweep) -> (SweepSummary, Option<store::Error>) {
        let (mut swept, mut shares, mut position) = (SweepSummary::default(), Shares::default(), None);
        loop {
            let now = self.store.ambient().now();
            if now >= sweep.until {
                return (swept, None);
            }
            let page = match self.store.due(bucket, now, position).await {
                Ok(page) => page,
                Err(error) => return (swept, Some(error)),
            };
            let admitted = page.items.into_iter().filter_map(|(place, thing)| shares.admit(place, thing)).collect();
            swept = swept.and(self.handle_all(admitted, sweep).await);
            match page.next {
                Some(next) => position = Some(next),
                None => break,
            }
        }
        loop {
            let (now, places) = (self.store.ambient().now(), shares.next());
            if places.is_empty() || now >= sweep.until {
                return (swept, None);
            }
            match self.store.due_at(places, now).await {
                Ok(things) => swept = swept.and(self.handle_all(things, sweep).await),
                Err(error) => return (swept, Some(error)),
            }
        }
    }

    /// Handles `things` concurrently.
    async fn handle_all(&self, things: Vec<Due>, sweep: &Sweep) -> SweepSummary {
        let mut tasks = JoinSet::new();
        for thing in things {
            let (sweeper, sweep) = (self.clone(), sweep.clone());
            tasks.spawn(async move { sweeper.handle(thing, &sweep).await });
        }
        let mut swept = SweepSummary::default();
        while let Some(part) = tasks.join_next().await {
            swept = swept.and(part.unwrap_or(SweepSummary { failed: 1, ..SweepSummary::default() }));
        }
        swept
    }

    async fn handle(self, thing: Due, sweep: &Sweep) -> SweepSummary {
        let nothing = SweepSummary::default();
        match self.act(&thing, sweep).await {
            Ok(Done::Acted) => SweepSummary { done: 1, ..nothing },
            Ok(Done::Collected) => nothing,
            Ok(Done::Waiting) => SweepSummary { waiting: 1, ..nothing },
            Ok(Done::Corrupt) => SweepSummary { corrupt: 1, ..nothing },
            Ok(Done::Foreign) => SweepSummary { foreign: 1, ..nothing },
            Err(failure) => {
                let cause = std::error::Error::source(&failure).map(ToString::to_string);
                tracing::warn!(
                    function = "sweeper",
                    error = %failure,
                    cause,
                    "due item failed; it is due again in the next minute"
                );
                SweepSummary { failed: 1, ..nothing }
            }
        }
    }

    /// Acts on a due item by its kind. A new kind needs an arm here and a variant in `store::due`.
    async fn act(&self, thing: &Due, sweep: &Sweep) -> Result<Done, Failure> {
        let request_id = sweep.request_id.clone();
        match thing {
            Due::Message(item) => match self.hand(&item.message, sweep).await? {
                RelayOutcome::Queued => self.store.delete_relayed(item.id).await?,
                RelayOutcome::Postponed => return Ok(Done::Waiting),
            },
            Due::Notice(item) => live::notify(&self.live, item).await?,
            Due::Delivery(delivery) => {
                let sender = (delivery.workspace, Queue::Deliver);
                // It is due, and asked for, until an attempt has begun.
                let handed = async || relay_delivery(&self.store, &self.queues, delivery).await;
                match sweep.unless_full(sender, handed).await? {
                    RelayOutcome::Queued => {}
                    RelayOutcome::Postponed => return Ok(Done::Waiting),
                }
            }
            Due::Invitation(invitation) => {
                let origin = Origin { request_id, ip_address: None };
                team::release_expired(&self.store, invitation, origin).await?;
            }
            Due::Letter(deferral) => match self.hand(&deferral.message().into(), sweep).await? {
                RelayOutcome::Queued => self.store.delete_deferral(*deferral).await?,
                RelayOutcome::Postponed => return Ok(Done::Waiting),
            },
            Due::Connection(place) => self.store.forget_connection(*place).await?,
            Due::Window(window) => match self.hand(&window.message().into(), sweep).await? {
                RelayOutcome::Queued => self.store.postpone_window(window).await?,
                RelayOutcome::Postponed => return Ok(Done::Waiting),
            },
            Due::Secret(orphan) => integrations::delete_orphan(&self.store, &self.secrets, orphan).await?,
            Due::Billing(workspace) => {
                let origin = Origin { request_id, ip_address: None };
                Box::pin(billing::compare_due(&self.billing, *workspace, origin)).await?;
            }
            Due::Comparison(under_way) => {
                billing::queue_nightly_comparison(&self.billing, &self.events, under_way).await?
            }
            Due::Seats(check) => match Box::pin(billing::check_seats(&self.billing, *check)).await? {
                SeatsOutcome::Right | SeatsOutcome::Set => {}
                SeatsOutcome::Waiting => return Ok(Done::Waiting),
            },
            Due::Intent(workspace) => Box::pin(billing::finish_interrupted(&self.billing, *workspace)).await?,
            Due::Runtime(message) => {
                let silence = runtime::stop_if_silent(&self.store, self.image, message.workspace()).await;
                match silence {
                    Ok(Silence::Stopped) => {}
                    // It stays due, and is enqueued each time, until the reconciler has handled it. A failed stop does not
                    // prevent that.
                    Ok(Silence::Tolerated) | Err(_) => self.queues.send(&message.clone().into()).await?,
                }
                silence?;
            }
            Due::Revocation(revocation) => {
                let origin = Origin { request_id, ip_address: None };
                team::revoke_remaining(&self.store, revocation, origin).await?;
            }
            Due::Key(key) => keys::advance_key(&self.store, key, Origin { request_id, ip_address: None }).await?,
            Due::Idle(workspace) => runtime::stop_if_idle(&self.store, *workspace).await?,
            // Boxed: the future of all its calls is too deep for the compiler to lay out in one.
            Due::Deletion(workspace) => {
                Box::pin(workspace::advance_deletion(&self.deletion_deps(), *workspace)).await?
            }
            Due::Account(user) => {
                let origin = Origin { request_id, ip_address: None };
                Box::pin(account::advance_account_deletion(&self.store, *user, &origin)).await?;
            }
            Due::Linking(linking) => audit::link_before(&self.store, *linking, &request_id).await?,
            // One signature is for all of them: see `take_checkpoints`.
            Due::Checkpoint(workspace) => {
                sweep.logs.lock().unwrap_or_else(PoisonError::into_inner).push(*workspace);
                return Ok(Done::Collected);
            }
            Due::Foreign => return Ok(Done::Foreign),
            Due::Corrupt(corrupt) => {
                tracing::error!(function = "sweeper", error = %corrupt, "corrupt due item left in the table");
                return Ok(Done::Corrupt);
            }
        }
        Ok(Done::Acted)
    }

    /// Queues a message that is due, unless its workspace has used up its share of the queue in this sweep.
    async fn hand(&self, message: &Message, sweep: &Sweep) -> Result<RelayOutcome, Failure> {
        let handed = async || relay_message(&self.store, &self.queues, message, DUE_WITHIN).await;
        Ok(sweep.unless_full((message.workspace(), message.queue()), handed).await?)
    }

    /// Takes the checkpoints that are due, when everything else is done. They have numbers of their own: `done` counts items that
    /// were handled alone.
    async fn take_checkpoints(&self, sweep: &Sweep, until: Timestamp) -> SweepSummary {
        let logs = std::mem::take(&mut *sweep.logs.lock().unwrap_or_else(PoisonError::into_inner));
        if logs.is_empty() {
            return SweepSummary::default();
        }
        let CheckpointSummary { taken, failed } =
            audit::take_checkpoints(&self.store, &self.notary, &logs, until).await;
        let now = self.store.ambient().now();
        telemetry::emit_count("sweeper", "CheckpointsTaken", taken, now);
        telemetry::emit_count("sweeper", "CheckpointsFailed", failed, now);
        SweepSummary { failed, ..SweepSummary::default() }
    }

    fn deletion_deps(&self) -> DeletionDeps {
        let Self { store, queues, secrets, billing, events: _, live: _, notary: _, image: _ } = self.clone();
        DeletionDeps { store, queues, secrets, payments: billing.payments, ends: billing.ends }
    }

    fn report(&self, swept: SweepSummary) {
        let SweepSummary { done, failed, corrupt, foreign, waiting } = swept;
        tracing::info!(function = "sweeper", done, failed, corrupt, foreign, waiting, "sweep finished");
        let now = self.store.ambient().now();
        let counted = [
            ("DueDone", done),
            ("DueFailed", failed),
            ("DueCorrupt", corrupt),
            ("DueForeign", foreign),
            ("DueWaiting", waiting),
        ];
        for (metric, amount) in counted {
            telemetry::emit_count("sweeper", metric, amount, now);
        }
    }
}

/// The state shared by all items of a sweep.
#[derive(Clone)]
struct Sweep {
    request_id: String,
    until: Timestamp,
    /// The workspaces that have taken all near turns at a queue, which are not asked for again in this sweep.
    full: Arc<Mutex<HashSet<(WorkspaceId, Queue)>>>,
    /// The workspaces whose audit log has a checkpoint due.
    logs: Arc<Mutex<Vec<WorkspaceId>>>,
}

impl Sweep {
    /// Calls `hand`, unless this workspace is known to have no near turn left at this queue.
    async fn unless_full(
        &self,
        sender: (WorkspaceId, Queue),
        hand: impl AsyncFnOnce() -> Result<RelayOutcome, relay::Error>,
    ) -> Result<RelayOutcome, relay::Error> {
        if self.full.lock().unwrap_or_else(PoisonError::into_inner).contains(&sender) {
            return Ok(RelayOutcome::Postponed);
        }
        let handed = hand().await?;
        if handed == RelayOutcome::Postponed {
            self.full.lock().unwrap_or_else(PoisonError::into_inner).insert(sender);
        }
        Ok(handed)
    }
}

/// The result of one due item.
enum Done {
    Acted,
    /// It is handled together with others of its kind, and counted there.
    Collected,
    Waiting,
    Corrupt,
    Foreign,
}

impl SweepSummary {
    const fn and(self, other: Self) -> Self {
        Self {
            done: self.done + other.done,
            failed: self.failed + other.failed,
            corrupt: self.corrupt + other.corrupt,
            foreign: self.foreign + other.foreign,
            waiting: self.waiting + other.waiting,
        }
    }
}
