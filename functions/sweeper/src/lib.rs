//! Each minute, does what is due: relays messages that the stream did not, frees the seats of expired invitations, revokes
//! those whose maker may offer no more as much, has runtimes looked after whose deadline has passed, stops idle ones, takes
//! deleted workspaces apart, compares billing with Stripe, finishes commands to Stripe that were left, deletes secrets that
//! no integration refers to, and has deliveries attempted again.
//!
//! The index only says where to look. Each action holds what it rests on in its own conditions, so that a second sweeper, a
//! person who comes first, or a process that ends midway does no harm; what was not done is due in the next minute.

mod shares;

pub use shares::SHARE;

use domain::{
    identity::origin::Origin,
    ids::WorkspaceId,
    outbox::{Message, Queue},
};
use jiff::Timestamp;
use platform::telemetry;
use queue::{self, Queues, StripeEvents};
use secrets::IntegrationSecrets;
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
    billing::{self, Charging},
    integrations,
    relay::{self, DUE_WITHIN, Handed, hand_over, hand_over_delivery},
    runtime, team,
    workspace::{self, Deleting},
};

/// What the sweeper works with.
#[derive(Debug, Clone)]
pub struct Sweeper {
    /// The table.
    pub store: Store,
    /// Where messages go.
    pub queues: Queues,
    /// The secrets of integrations.
    pub secrets: IntegrationSecrets,
    /// What it takes to ask Stripe.
    pub charging: Charging,
    /// Where the nightly comparison has customers looked at.
    pub events: StripeEvents,
}

/// What came of the things that were due.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// They are done.
    pub done: u64,
    /// They could not be done now, and are due again in the next minute.
    pub failed: u64,
    /// They cannot be read, and are left.
    pub corrupt: u64,
    /// Nobody acts on them here, and they are left.
    pub foreign: u64,
    /// Messages of workspaces that have taken all near turns at a queue; they are due again in the next minute.
    pub waiting: u64,
}

/// A bucket of the index, or a page of it, that could not be read.
#[derive(Debug, thiserror::Error)]
#[error("what is due could not be read")]
pub struct Unreadable(#[source] Box<dyn std::error::Error + Send + Sync>);

/// Why a thing is not done yet.
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
    Integrations(#[from] integrations::Error),
    #[error(transparent)]
    Billing(#[from] billing::Error),
    #[error(transparent)]
    Runtime(#[from] runtime::RestError),
    #[error(transparent)]
    Deletion(#[from] workspace::DeletingError),
}

impl Sweeper {
    /// Has the nightly comparison with Stripe begin; the sweeps that follow go through it.
    ///
    /// # Errors
    /// [`store::Error`].
    pub async fn begin_comparison(&self) -> Result<(), store::Error> {
        self.store.begin_comparison(self.store.ambient().now()).await
    }

    /// Does what is due, the longest due first, and begins nothing after `until`. All buckets are under way at once, and so
    /// are the things of a page: one that fails or hangs holds up no other. A workspace with more than its share waits until a
    /// share of every other is done.
    ///
    /// # Errors
    /// [`Unreadable`], when the others are done.
    pub async fn sweep(&self, request_id: &str, until: Timestamp) -> Result<Swept, Unreadable> {
        let mut buckets = JoinSet::new();
        let sweep = Sweep { request_id: request_id.to_owned(), until, full: Arc::default() };
        for bucket in due::buckets() {
            let (sweeper, sweep) = (self.clone(), sweep.clone());
            buckets.spawn(async move { sweeper.bucket(bucket, &sweep).await });
        }
        let (mut swept, mut unreadable) = (Swept::default(), None);
        while let Some(bucket) = buckets.join_next().await {
            match bucket {
                Ok((part, failed)) => {
                    swept = swept.and(part);
                    unreadable = unreadable.or(failed.map(|error| Unreadable(error.into())));
                }
                Err(error) => unreadable = Some(Unreadable(error.into())),
            }
        }
        self.tell(swept);
        unreadable.map_or(Ok(swept), Err)
    }

    /// Does what is due in one bucket: first a share of each workspace's things, page by page, then the others.
    async fn bucket(self, bucket: u8, sweep: &Sweep) -> (Swept, Option<store::Error>) {
        let (mut swept, mut shares, mut position) = (Swept::default(), Shares::default(), None);
        loop {
            let now = self.store.ambient().now();
            if now >= sweep.until {
                return (swept, None);
            }
            let page = match self.store.due(bucket, now, position).await {
                Ok(page) => page,
                Err(error) => return (swept, Some(error)),
            };
            let admitted = page.items.into_iter().filter_map(|item| shares.admit(item)).collect();
            swept = swept.and(self.see_to_all(admitted, sweep).await);
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
                Ok(things) => swept = swept.and(self.see_to_all(things, sweep).await),
                Err(error) => return (swept, Some(error)),
            }
        }
    }

    /// Sees to `things`, all at once.
    async fn see_to_all(&self, things: Vec<Due>, sweep: &Sweep) -> Swept {
        let mut tasks = JoinSet::new();
        for thing in things {
            let (sweeper, sweep) = (self.clone(), sweep.clone());
            tasks.spawn(async move { sweeper.see_to(thing, &sweep).await });
        }
        let mut swept = Swept::default();
        while let Some(part) = tasks.join_next().await {
            swept = swept.and(part.unwrap_or(Swept { failed: 1, ..Swept::default() }));
        }
        swept
    }

    async fn see_to(self, thing: Due, sweep: &Sweep) -> Swept {
        let nothing = Swept::default();
        match self.act(&thing, sweep).await {
            Ok(Done::Acted) => Swept { done: 1, ..nothing },
            Ok(Done::Waiting) => Swept { waiting: 1, ..nothing },
            Ok(Done::Corrupt) => Swept { corrupt: 1, ..nothing },
            Ok(Done::Foreign) => Swept { foreign: 1, ..nothing },
            Err(failure) => {
                let cause = std::error::Error::source(&failure).map(ToString::to_string);
                tracing::warn!(function = "sweeper", error = %failure, cause, "not done; it is due again");
                Swept { failed: 1, ..nothing }
            }
        }
    }

    /// What is done about each kind of thing. A further kind has its line here, and in `store::due`.
    async fn act(&self, thing: &Due, sweep: &Sweep) -> Result<Done, Failure> {
        let request_id = sweep.request_id.clone();
        match thing {
            Due::Message(item) => match self.hand(&item.message, sweep).await? {
                Handed::Queued => self.store.relayed(item.id).await?,
                Handed::Left => return Ok(Done::Waiting),
            },
            Due::Delivery(delivery) => {
                let whose = (delivery.workspace, Queue::Deliver);
                // It is due, and asked for, until an attempt has begun.
                let handed = async || hand_over_delivery(&self.store, &self.queues, delivery).await;
                match sweep.unless_full(whose, handed).await? {
                    Handed::Queued => {}
                    Handed::Left => return Ok(Done::Waiting),
                }
            }
            Due::Invitation(invitation) => {
                let origin = Origin { request_id, ip_address: None };
                team::release(&self.store, invitation, origin).await?;
            }
            Due::Letter(deferral) => match self.hand(&deferral.message(), sweep).await? {
                Handed::Queued => self.store.forget_deferral(*deferral).await?,
                Handed::Left => return Ok(Done::Waiting),
            },
            Due::Secret(orphan) => integrations::discard(&self.store, &self.secrets, orphan).await?,
            Due::Billing(workspace) => {
                billing::overdue(&self.charging, *workspace, Origin { request_id, ip_address: None }).await?;
            }
            Due::Comparison(under_way) => billing::go_on(&self.charging, &self.events, under_way).await?,
            Due::Intent(workspace) => billing::finish_left(&self.charging, *workspace).await?,
            // It is due, and asked for, until the reconciler has met the deadline.
            Due::Runtime(message) => self.queues.send(message).await?,
            Due::Revocation(revocation) => {
                let origin = Origin { request_id, ip_address: None };
                team::revoke_rest(&self.store, revocation, origin).await?;
            }
            Due::Idle(workspace) => runtime::rest(&self.store, *workspace).await?,
            // In a box: the state machine of all its calls is too deep for the compiler to lay out in one.
            Due::Deletion(workspace) => Box::pin(workspace::take_apart(&self.deleting(), *workspace)).await?,
            Due::Foreign => return Ok(Done::Foreign),
            Due::Corrupt(corrupt) => {
                tracing::error!(function = "sweeper", error = %corrupt, "left in the table");
                return Ok(Done::Corrupt);
            }
        }
        Ok(Done::Acted)
    }

    /// Queues a message that is due, unless its workspace has used up its share of the queue in this sweep.
    async fn hand(&self, message: &Message, sweep: &Sweep) -> Result<Handed, Failure> {
        let handed = async || hand_over(&self.store, &self.queues, message, DUE_WITHIN).await;
        Ok(sweep.unless_full((message.workspace(), message.queue()), handed).await?)
    }

    fn deleting(&self) -> Deleting {
        let Self { store, queues, secrets, charging, events: _ } = self.clone();
        Deleting { store, queues, secrets, payments: charging.payments }
    }

    fn tell(&self, swept: Swept) {
        let Swept { done, failed, corrupt, foreign, waiting } = swept;
        tracing::info!(function = "sweeper", done, failed, corrupt, foreign, waiting, "swept");
        let now = self.store.ambient().now();
        let counted = [
            ("DueDone", done),
            ("DueFailed", failed),
            ("DueCorrupt", corrupt),
            ("DueForeign", foreign),
            ("DueWaiting", waiting),
        ];
        for (metric, amount) in counted {
            telemetry::count("sweeper", metric, amount, now);
        }
    }
}

/// What all things of a sweep have in common.
#[derive(Clone)]
struct Sweep {
    request_id: String,
    until: Timestamp,
    /// The workspaces that have taken all near turns at a queue: there is no need to ask again in this sweep.
    full: Arc<Mutex<HashSet<(WorkspaceId, Queue)>>>,
}

impl Sweep {
    /// Hands over by `hand`, unless this workspace was found to have no near turn left at this queue.
    async fn unless_full(
        &self,
        whose: (WorkspaceId, Queue),
        hand: impl AsyncFnOnce() -> Result<Handed, relay::Error>,
    ) -> Result<Handed, relay::Error> {
        if self.full.lock().unwrap_or_else(PoisonError::into_inner).contains(&whose) {
            return Ok(Handed::Left);
        }
        let handed = hand().await?;
        if handed == Handed::Left {
            self.full.lock().unwrap_or_else(PoisonError::into_inner).insert(whose);
        }
        Ok(handed)
    }
}

/// What came of one thing.
enum Done {
    Acted,
    Waiting,
    Corrupt,
    Foreign,
}

impl Swept {
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
