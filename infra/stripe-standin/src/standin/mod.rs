//! Handle of a stand-in: its world behind a lock, and the handling of a request.

mod admission;
mod controls;
mod deliveries;
mod moving;

use crate::{
    cloud_clock::CloudClock,
    delivery::Sender,
    desk::{Incoming, Reply},
    error::ApiError,
    options::{Options, Wall},
    world::World,
};
use admission::Admission;
use jiff::Timestamp;
use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use thiserror::Error;
use tokio::sync::{Mutex as AsyncMutex, Notify};

/// A stand-in for Stripe. Clones are handles of the same one.
#[derive(Clone)]
pub struct Standin {
    shared: Arc<Shared>,
}

struct Shared {
    world: Mutex<World>,
    wall: Wall,
    cloud_clock: Option<CloudClock>,
    /// Held during a move, so that moves follow each other.
    moving: AsyncMutex<()>,
    sender: Mutex<Option<Arc<Sender>>>,
    /// Held while events are being sent, so that a flush waits for them too.
    sending: AsyncMutex<()>,
    posted: Notify,
}

/// Reason why a control was refused.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct Refused(String);

impl From<ApiError> for Refused {
    fn from(error: ApiError) -> Self {
        Self(error.to_string())
    }
}

impl fmt::Debug for Standin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Standin")
    }
}

impl Standin {
    /// Creates a stand-in with an empty account. It does not listen yet.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let world = Mutex::new(World::new(&options));
        let sender = Mutex::new(options.webhook.map(|webhook| Arc::new(Sender::new(webhook))));
        let shared = Shared {
            world,
            wall: options.wall,
            cloud_clock: options.cloud_clock,
            moving: AsyncMutex::default(),
            sender,
            sending: AsyncMutex::default(),
            posted: Notify::new(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Locks the world and moves its clock to the current time. A world that a panicking thread left is still used.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        let mut world = self.shared.world.lock().unwrap_or_else(PoisonError::into_inner);
        world.catch_up((self.shared.wall)());
        world
    }

    /// Changes the world and wakes the sender for the posted events.
    pub(crate) fn act<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        let result = {
            let mut world = self.world();
            let result = act(&mut world);
            world.catch_up((self.shared.wall)());
            result
        };
        self.shared.posted.notify_one();
        result
    }

    /// Returns the time that signatures are dated by.
    pub(crate) fn signing_time(&self, world: &World) -> Timestamp {
        if self.shared.cloud_clock.is_some() { world.state.now } else { (self.shared.wall)() }
    }

    /// Returns the time of the stand-in.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.world().state.now
    }

    /// Sets the base URL for browsers, unless the options have one.
    pub(crate) fn set_public_url(&self, url: &str) {
        let settings = &mut self.world().state.settings;
        if settings.public_url.is_empty() {
            url.clone_into(&mut settings.public_url);
        }
    }

    /// Answers a request to the API. An admitted request is performed even if the client disconnects, as at Stripe.
    pub(crate) async fn answer(&self, incoming: Incoming) -> Reply {
        let admitted = match self.act(|world| world.admit(&incoming)) {
            Admission::Answered(reply) => return reply,
            Admission::Admitted(admitted) => admitted,
        };
        let delay = Duration::from_millis(admitted.fault.as_ref().map_or(0, |fault| fault.delay_ms));
        if delay.is_zero() {
            return self.act(|world| world.perform(&incoming, admitted));
        }
        let (standin, slow) = (self.clone(), incoming.clone());
        let performed = tokio::spawn(async move {
            tokio::time::sleep(delay).await;
            standin.act(|world| world.perform(&slow, admitted))
        });
        match performed.await {
            Ok(reply) => reply,
            Err(_) => self.act(|world| world.fail(&incoming)),
        }
    }
}
