//! A workspace's runtime: what is wanted of it, what is known of it, and the commands of people.
//!
//! What people wish, what the workspace's standing allows and what ECS shows are separate facts; [`Runtime::wanted`] joins
//! the first two, `reconcile` compares the outcome with the third.

use crate::{
    billing::subscription::Standing,
    bounds::bucket::{Bucket, Empty, Rate},
    error::{Details, Kind, Refusal},
    ids::UserId,
    integrations::Occurrence,
    plans::shape::Shape,
    runtime::reconcile::{Attempt, Ending, Launch},
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long a start may take.
pub const START: SignedDuration = SignedDuration::from_mins(10);

/// How long a stop may take.
pub const STOP: SignedDuration = SignedDuration::from_mins(3);

/// How long a change of size may take.
pub const RESIZE: SignedDuration = SignedDuration::from_mins(15);

/// How fast a runtime is commanded, by all members together.
pub const COMMANDS: Rate = Rate { burst: 3, every: SignedDuration::from_secs(10) };

/// The name of a task, as ECS gives it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaskArn(pub String);

impl TaskArn {
    /// Its last part, which names the task within its cluster.
    #[must_use]
    pub fn id(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }
}

/// What people wish.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// That it runs, whenever it may.
    Running,
    /// That it does not.
    #[default]
    Stopped,
}

/// What is to be brought about: the wish, as far as the standing allows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// One task of this shape.
    Running(Shape),
    /// No task.
    Stopped(StopReason),
}

/// The state that is known, with what belongs to it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum State {
    /// No task runs.
    #[default]
    Stopped,
    /// A task is on its way.
    Starting {
        /// When that has failed.
        deadline: Timestamp,
    },
    /// A task runs.
    Running {
        /// Since when.
        started_at: Timestamp,
    },
    /// A task is being stopped.
    Stopping {
        /// When that has failed.
        deadline: Timestamp,
    },
    /// A task of another size is on its way; the present one runs until then.
    Resizing {
        /// When that has failed.
        deadline: Timestamp,
        /// The present one.
        from: Box<Serving>,
    },
    /// A task of another size could not be had; the one that was to be replaced runs on.
    Kept {
        /// It.
        from: Box<Serving>,
        /// Since when the other size was given up.
        since: Timestamp,
        /// When that is tried again; `None` if nobody wants it any more.
        retry_at: Option<Timestamp>,
    },
    /// It could not be brought about. A command is the way out.
    Failed {
        /// When.
        at: Timestamp,
    },
}

/// A task that serves while another one is to take over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Serving {
    /// Its name.
    pub task: TaskArn,
    /// The launch that made it.
    pub attempt: Attempt,
    /// What it was made as.
    #[serde(flatten)]
    pub shape: Shape,
    /// Since when it runs.
    pub started_at: Timestamp,
}

/// The state's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuntimeStatus {
    /// No task runs.
    Stopped,
    /// A task is on its way.
    Starting,
    /// A task runs.
    Running,
    /// A task is being stopped.
    Stopping,
    /// A task of another size is on its way.
    Resizing,
    /// It could not be brought about.
    Failed,
}

/// Why the last task was stopped, or could not be started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// Somebody stopped it.
    Requested,
    /// Somebody restarted it.
    Restarted,
    /// The plan has another size.
    Resized,
    /// The standing does not allow it to run.
    PastDue,
    /// It had nothing to do for as long as the plan allows.
    Idle,
    /// Its workspace is gone.
    Deleted,
    /// The operator suspended its workspace.
    Suspended,
    /// Its process ended.
    Exited,
    /// Its host was taken away.
    HostLost,
    /// ECS could not start it, such as for an image that cannot be had.
    Unstartable,
    /// There was no capacity until the deadline.
    NoCapacity,
    /// There was no capacity for another size, and the task of the present one was kept.
    SizeUnavailable,
    /// A task of another size did not come to run, and the one of the present size was kept.
    SizeFailed,
    /// It did not run by the deadline.
    StartTimedOut,
    /// It did not stop by the deadline.
    StopTimedOut,
    /// ECS refused what it was asked for.
    Misconfigured,
}

/// A workspace's runtime, as it is recorded. A workspace that never started one has the default, and no item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Runtime {
    /// Grows with every change; 0 is no item.
    pub version: u64,
    /// What people wish.
    pub wish: Wish,
    /// Grows with every change of what is wanted.
    pub generation: u32,
    /// What is known.
    pub state: State,
    /// The last launch of a task.
    pub launch: Option<Launch>,
    /// How many tasks of this generation ended soon after they were launched.
    pub early_ends: u32,
    /// Why there is no task, or was none between two.
    pub last_stop_reason: Option<StopReason>,
    /// Who gave the last command.
    pub requested_by: Option<UserId>,
    /// The person among whose free containers it counts: who started it. Nobody, if the workspace was paid for then.
    pub held_by: Option<UserId>,
    /// What is left of [`COMMANDS`].
    pub commands: Bucket,
}

/// Why a command is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// The workspace may not run anything until it has paid.
    #[error("the workspace has an unpaid invoice; pay it, then start the runtime")]
    PastDue,
    /// The runtime was commanded too often.
    #[error("this runtime has been commanded too often; wait until the time in resets_at, then send the command again")]
    TooMany {
        /// When the next command is accepted.
        resets_at: Timestamp,
        /// In how many seconds that is.
        retry_after: u64,
    },
    /// The caller commanded runtimes, and deleted workspaces, too often.
    #[error(
        "you have sent too many commands to workspaces; wait until the time in resets_at, then send the command again"
    )]
    TooManyOfPerson {
        /// When the next command is accepted.
        resets_at: Timestamp,
        /// In how many seconds that is.
        retry_after: u64,
    },
}

impl Refusal for CommandError {
    fn kind(&self) -> Kind {
        match self {
            Self::PastDue => Kind::OverPlan,
            Self::TooMany { .. } | Self::TooManyOfPerson { .. } => Kind::TooMany,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::PastDue => "workspace_past_due",
            Self::TooMany { .. } | Self::TooManyOfPerson { .. } => "too_many_commands",
        }
    }

    fn details(&self) -> Details {
        match *self {
            Self::PastDue => Details::default(),
            Self::TooMany { resets_at, retry_after } | Self::TooManyOfPerson { resets_at, retry_after } => {
                Details { resets_at: Some(resets_at), retry_after: Some(retry_after), ..Details::default() }
            }
        }
    }
}

/// What somebody asks of a runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// That it runs.
    Start,
    /// That it does not.
    Stop,
    /// That it runs anew.
    Restart,
}

impl State {
    /// Its name.
    #[must_use]
    pub const fn status(&self) -> RuntimeStatus {
        match self {
            Self::Stopped => RuntimeStatus::Stopped,
            Self::Starting { .. } => RuntimeStatus::Starting,
            Self::Running { .. } | Self::Kept { .. } => RuntimeStatus::Running,
            Self::Stopping { .. } => RuntimeStatus::Stopping,
            Self::Resizing { .. } => RuntimeStatus::Resizing,
            Self::Failed { .. } => RuntimeStatus::Failed,
        }
    }

    /// By when it must have ended, if it is a transition.
    #[must_use]
    pub const fn deadline(&self) -> Option<Timestamp> {
        match self {
            Self::Starting { deadline } | Self::Stopping { deadline } | Self::Resizing { deadline, .. } => {
                Some(*deadline)
            }
            Self::Stopped | Self::Running { .. } | Self::Kept { .. } | Self::Failed { .. } => None,
        }
    }

    /// When it is to be looked at, if nothing is heard before.
    #[must_use]
    pub const fn due(&self) -> Option<Timestamp> {
        match self {
            Self::Kept { retry_at, .. } => *retry_at,
            Self::Starting { .. } | Self::Stopping { .. } | Self::Resizing { .. } => self.deadline(),
            Self::Stopped | Self::Running { .. } | Self::Failed { .. } => None,
        }
    }

    /// Whether a container runs, is on its way, or has not been seen stopped yet.
    #[must_use]
    pub const fn has_container(&self) -> bool {
        match self {
            Self::Starting { .. }
            | Self::Running { .. }
            | Self::Stopping { .. }
            | Self::Resizing { .. }
            | Self::Kept { .. } => true,
            Self::Stopped | Self::Failed { .. } => false,
        }
    }

    /// The task that serves while another one is to take over.
    #[must_use]
    pub fn serving(&self) -> Option<&Serving> {
        match self {
            Self::Resizing { from, .. } | Self::Kept { from, .. } => Some(from),
            Self::Stopped
            | Self::Starting { .. }
            | Self::Running { .. }
            | Self::Stopping { .. }
            | Self::Failed { .. } => None,
        }
    }
}

impl StopReason {
    /// The same in words for the customer.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Requested => "stopped by a member",
            Self::Restarted => "restarted by a member",
            Self::Resized => "restarted in another size",
            Self::PastDue => "stopped because an invoice is unpaid; it starts again once that is paid",
            Self::Idle => "stopped because it had nothing to do; start it again whenever you need it",
            Self::Deleted => "stopped because the workspace was deleted",
            Self::Suspended => "stopped because the workspace is suspended; contact support",
            Self::Exited => "its process ended by itself",
            Self::HostLost => "its host was taken out of service",
            Self::Unstartable => "its container could not be started; start it again, or contact support",
            Self::SizeUnavailable => {
                "there was no free capacity for the new size; it runs on in its present one, and the change is tried again soon"
            }
            Self::SizeFailed => {
                "a container of the new size did not start; it runs on in its present one, and the change is tried again soon"
            }
            Self::NoCapacity => "there was no free capacity; start it again later",
            Self::StartTimedOut => "it did not start in time; start it again",
            Self::StopTimedOut => "it did not stop in time; stop it again",
            Self::Misconfigured => "it cannot be started because of a fault on our side; contact support",
        }
    }
}

impl From<Ending> for StopReason {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Requested => Self::Requested,
            Ending::Exited => Self::Exited,
            Ending::HostLost => Self::HostLost,
            Ending::Unstartable => Self::Unstartable,
        }
    }
}

impl Runtime {
    /// What integrations are told when this one became `next`.
    #[must_use]
    pub fn occurrence(&self, next: &Self) -> Option<Occurrence> {
        let (generation, reason) = (next.generation, next.last_stop_reason);
        match (self.state.status(), next.state.status()) {
            (was, is) if was == is => None,
            // One that was resized ran all the time.
            (RuntimeStatus::Resizing, RuntimeStatus::Running) => None,
            (_, RuntimeStatus::Running) => Some(Occurrence::RuntimeStarted { generation }),
            (_, RuntimeStatus::Stopped) => Some(Occurrence::RuntimeStopped { generation, reason }),
            (_, RuntimeStatus::Failed) => Some(Occurrence::RuntimeFailed { generation, reason }),
            (_, RuntimeStatus::Starting | RuntimeStatus::Stopping | RuntimeStatus::Resizing) => None,
        }
    }

    /// What is to be brought about in a live workspace of this standing. A runtime that has failed wants no task until
    /// somebody commands it again.
    #[must_use]
    pub fn wanted(&self, standing: Standing) -> Wanted {
        match (&self.state, self.wish) {
            (State::Failed { .. }, _) => Wanted::Stopped(self.last_stop_reason.unwrap_or(StopReason::Requested)),
            (_, Wish::Stopped) => Wanted::Stopped(StopReason::Requested),
            (_, Wish::Running) if !standing.may_run => Wanted::Stopped(StopReason::PastDue),
            (_, Wish::Running) => Wanted::Running(standing.shape()),
        }
    }

    /// The runtime after a person's `command`; `None` if what they ask for is so, or on its way.
    ///
    /// A restart of what is starting is on its way, too: its container is a fresh one. Nothing reaches a container at its launch that
    /// a change made after the launch would alter, so nobody can need a fresher one.
    ///
    /// # Errors
    /// [`CommandError`].
    pub fn commanded(
        &self,
        command: Command,
        standing: Standing,
        actor: UserId,
        now: Timestamp,
    ) -> Result<Option<Self>, CommandError> {
        match command {
            Command::Start | Command::Restart if !standing.may_run => return Err(CommandError::PastDue),
            Command::Start if self.is_on_its_way(Wish::Running) => return Ok(None),
            Command::Stop if self.is_on_its_way(Wish::Stopped) => return Ok(None),
            Command::Restart if self.is_on_its_way(Wish::Running) && self.is_starting() => return Ok(None),
            Command::Start | Command::Stop | Command::Restart => {}
        }
        let commands = self.commands.take(COMMANDS, now);
        let commands = commands.map_err(|Empty { refills_at, retry_after }| CommandError::TooMany {
            resets_at: refills_at,
            retry_after,
        })?;
        let (wish, state, reason) = match command {
            Command::Start => (Wish::Running, State::Starting { deadline: after(now, START) }, self.last_stop_reason),
            Command::Restart => {
                (Wish::Running, State::Starting { deadline: after(now, START) }, Some(StopReason::Restarted))
            }
            Command::Stop => {
                (Wish::Stopped, State::Stopping { deadline: after(now, STOP) }, Some(StopReason::Requested))
            }
        };
        Ok(Some(Self {
            wish,
            state,
            generation: self.generation.saturating_add(1),
            early_ends: 0,
            last_stop_reason: reason,
            requested_by: Some(actor),
            held_by: self.holder_after(command, standing, actor),
            commands,
            ..self.next()
        }))
    }

    /// The person among whose free containers it counts after a `command` of `actor`: who starts it. A restart of what runs starts
    /// no container more, so it stays with the one who did.
    fn holder_after(&self, command: Command, standing: Standing, actor: UserId) -> Option<UserId> {
        match (command, &self.state) {
            (Command::Stop, _) => self.held_by,
            (Command::Start | Command::Restart, _) if !standing.is_free() => None,
            (
                Command::Start | Command::Restart,
                State::Starting { .. } | State::Running { .. } | State::Resizing { .. } | State::Kept { .. },
            ) => self.held_by.or(Some(actor)),
            (Command::Start | Command::Restart, State::Stopped | State::Stopping { .. } | State::Failed { .. }) => {
                Some(actor)
            }
        }
    }

    /// The runtime that is stopped because it had nothing to do. Nobody has commanded that; a command is what starts it again.
    #[must_use]
    pub fn rested(&self, now: Timestamp) -> Self {
        Self {
            wish: Wish::Stopped,
            state: State::Stopping { deadline: after(now, STOP) },
            generation: self.generation.saturating_add(1),
            early_ends: 0,
            last_stop_reason: Some(StopReason::Idle),
            ..self.next()
        }
    }

    /// The same under the next version.
    #[must_use]
    pub fn next(&self) -> Self {
        Self { version: self.version.saturating_add(1), ..self.clone() }
    }

    /// What its task was made as, if there is one or one is on its way.
    #[must_use]
    pub fn shape(&self) -> Option<Shape> {
        match self.state {
            State::Starting { .. } | State::Running { .. } | State::Stopping { .. } | State::Resizing { .. } => {
                self.launch.as_ref().map(|launch| launch.shape)
            }
            State::Kept { ref from, .. } => Some(from.shape),
            State::Stopped | State::Failed { .. } => None,
        }
    }

    /// The task that people see: the one that runs or is on its way.
    #[must_use]
    pub fn container(&self) -> Option<&TaskArn> {
        match &self.state {
            State::Kept { from, .. } => Some(&from.task),
            State::Stopped
            | State::Starting { .. }
            | State::Running { .. }
            | State::Stopping { .. }
            | State::Resizing { .. }
            | State::Failed { .. } => self.launch.as_ref().and_then(|launch| launch.outcome.task()),
        }
    }

    const fn is_starting(&self) -> bool {
        match self.state {
            State::Starting { .. } => true,
            State::Stopped
            | State::Running { .. }
            | State::Stopping { .. }
            | State::Resizing { .. }
            | State::Kept { .. }
            | State::Failed { .. } => false,
        }
    }

    fn is_on_its_way(&self, wish: Wish) -> bool {
        let state = match &self.state {
            State::Starting { .. } | State::Running { .. } | State::Resizing { .. } | State::Kept { .. } => {
                Some(Wish::Running)
            }
            State::Stopped | State::Stopping { .. } => Some(Wish::Stopped),
            State::Failed { .. } => None,
        };
        self.wish == wish && state == Some(wish)
    }
}

/// `moment` and `time` more.
pub(crate) fn after(moment: Timestamp, time: SignedDuration) -> Timestamp {
    moment.saturating_add(time).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::plan::Plan;
    use expect_test::{Expect, expect};

    fn now() -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    fn in_state(wish: Wish, state: State) -> Runtime {
        Runtime { version: 7, wish, generation: 3, state, ..Runtime::default() }
    }

    fn all_states() -> [Runtime; 7] {
        let deadline = now();
        let attempt = Attempt { generation: 2, number: 1 };
        let from = || {
            let task = TaskArn("arn/1".to_owned());
            Box::new(Serving { task, attempt, shape: Shape::of(Plan::Pro), started_at: now() })
        };
        [
            Runtime::default(),
            in_state(Wish::Running, State::Starting { deadline }),
            in_state(Wish::Running, State::Running { started_at: now() }),
            in_state(Wish::Running, State::Resizing { deadline, from: from() }),
            in_state(Wish::Running, State::Kept { from: from(), since: now(), retry_at: None }),
            in_state(Wish::Stopped, State::Stopping { deadline }),
            in_state(Wish::Running, State::Failed { at: now() }),
        ]
    }

    #[track_caller]
    fn check(command: Command, standing: Standing, wanted: Expect) {
        let told: String = all_states()
            .into_iter()
            .map(|runtime| {
                let before = runtime.state.status();
                let after = match runtime.commanded(command, standing, UserId::NIL, now()) {
                    Err(error) => error.code().to_owned(),
                    Ok(None) => "as it is".to_owned(),
                    Ok(Some(next)) => {
                        let by = next.state.deadline().unwrap();
                        format!("{:?}, generation {}, by {by}", next.state.status(), next.generation)
                    }
                };
                format!("{before:?}: {after}\n")
            })
            .collect();
        wanted.assert_eq(&told);
    }

    const PAID: Standing = Standing::paid(Plan::Pro);
    const SUSPENDED: Standing = Standing { may_run: false, ..Standing::paid(Plan::Free) };

    #[test]
    fn starting() {
        check(
            Command::Start,
            PAID,
            expect![[r#"
                Stopped: Starting, generation 1, by 2026-11-21T12:10:00Z
                Starting: as it is
                Running: as it is
                Resizing: as it is
                Running: as it is
                Stopping: Starting, generation 4, by 2026-11-21T12:10:00Z
                Failed: Starting, generation 4, by 2026-11-21T12:10:00Z
            "#]],
        );
    }

    #[test]
    fn stopping() {
        check(
            Command::Stop,
            SUSPENDED,
            expect![[r#"
                Stopped: as it is
                Starting: Stopping, generation 4, by 2026-11-21T12:03:00Z
                Running: Stopping, generation 4, by 2026-11-21T12:03:00Z
                Resizing: Stopping, generation 4, by 2026-11-21T12:03:00Z
                Running: Stopping, generation 4, by 2026-11-21T12:03:00Z
                Stopping: as it is
                Failed: Stopping, generation 4, by 2026-11-21T12:03:00Z
            "#]],
        );
    }

    #[test]
    fn restarting_is_a_new_generation_unless_it_is_starting() {
        for runtime in all_states() {
            if runtime.state.status() == RuntimeStatus::Starting {
                assert_eq!(runtime.commanded(Command::Restart, PAID, UserId::NIL, now()), Ok(None));
                continue;
            }
            let next = runtime.commanded(Command::Restart, PAID, UserId::NIL, now()).unwrap().unwrap();
            assert_eq!((next.generation, next.state.status()), (runtime.generation + 1, RuntimeStatus::Starting));
        }
    }

    #[test]
    fn whoever_has_not_paid_starts_nothing() {
        for (runtime, command) in all_states().into_iter().zip([Command::Start, Command::Restart].into_iter().cycle()) {
            let refused = runtime.commanded(command, SUSPENDED, UserId::NIL, now());
            assert_eq!(refused, Err(CommandError::PastDue));
        }
    }

    #[test]
    fn the_standing_bounds_the_wish() {
        let running = in_state(Wish::Running, State::Running { started_at: now() });
        assert_eq!(running.wanted(PAID), Wanted::Running(Shape::of(Plan::Pro)));
        assert_eq!(running.wanted(SUSPENDED), Wanted::Stopped(StopReason::PastDue));
        assert_eq!(Runtime::default().wanted(PAID), Wanted::Stopped(StopReason::Requested));
        let failed = in_state(Wish::Running, State::Failed { at: now() });
        assert!(matches!(failed.wanted(PAID), Wanted::Stopped(_)));
    }

    /// The holder after Ana's restart, by state: who started it keeps it, what was paid for then has nobody.
    #[test]
    fn the_person_who_starts_a_free_container_holds_it() {
        let (ana, ben) = (UserId::of("test", "ana"), UserId::of("test", "ben"));
        for runtime in all_states() {
            let bens = Runtime { held_by: Some(ben), ..runtime.clone() };
            let holder = |runtime: &Runtime, standing| {
                let next = runtime.commanded(Command::Restart, standing, ana, now()).unwrap();
                next.map(|next| next.held_by)
            };
            let (kept, paid) = (holder(&bens, Standing::paid(Plan::Free)), holder(&bens, PAID));
            let fresh = holder(&runtime, Standing::paid(Plan::Free));
            match runtime.state.status() {
                RuntimeStatus::Starting => assert_eq!((kept, paid, fresh), (None, None, None)),
                RuntimeStatus::Running | RuntimeStatus::Resizing => {
                    assert_eq!((kept, paid, fresh), (Some(Some(ben)), Some(None), Some(Some(ana))));
                }
                RuntimeStatus::Stopped | RuntimeStatus::Stopping | RuntimeStatus::Failed => {
                    assert_eq!((kept, paid, fresh), (Some(Some(ana)), Some(None), Some(Some(ana))));
                }
            }
        }
    }

    #[test]
    fn commands_to_one_runtime_are_limited() {
        let mut runtime = Runtime::default();
        let turn = |n| if n % 2 == 0 { Command::Start } else { Command::Stop };
        for n in 0..COMMANDS.burst {
            runtime = runtime.commanded(turn(n), PAID, UserId::NIL, now()).unwrap().unwrap();
        }
        let refused = runtime.commanded(turn(COMMANDS.burst), PAID, UserId::NIL, now());
        let resets_at = after(now(), COMMANDS.every);
        assert_eq!(refused, Err(CommandError::TooMany { resets_at, retry_after: 10 }));
        let same = runtime.commanded(turn(COMMANDS.burst - 1), PAID, UserId::NIL, now());
        assert_eq!(same, Ok(None), "nothing takes nothing");
    }
}
