//! Members' commands to a runtime, their rate limit, and the reasons to refuse one.

use super::{Runtime, RuntimeState, START, STOP, StopReason, Wish, state::after};
use crate::{
    billing::subscription::Standing,
    bounds::bucket::{Empty, Rate},
    error::{Details, Kind, Refusal},
    ids::UserId,
    plans::names::PlanName,
};
use jiff::{SignedDuration, Timestamp};

/// Rate limit of commands to one runtime, shared by all members.
pub const COMMANDS: Rate = Rate { burst: 3, every: SignedDuration::from_secs(10) };

/// A member's command to a runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuntimeCommand {
    /// Start the runtime.
    Start,
    /// Stop the runtime.
    Stop,
    /// Restart the runtime.
    Restart,
}

/// Reasons to refuse a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// The workspace may not run anything until it has paid.
    #[error("the workspace has an unpaid invoice; pay it, then start the runtime")]
    PastDue,
    /// The plan has no container.
    #[error("the plan has no container; upgrade to a plan with one, then start the runtime")]
    NotIncluded {
        /// The smallest larger plan with a container.
        upgrade_to: Option<PlanName>,
    },
    /// The runtime received too many commands.
    #[error("this runtime has been commanded too often; wait until the time in resets_at, then send the command again")]
    TooMany {
        /// Time from which the next command is accepted.
        resets_at: Timestamp,
        /// Seconds until then.
        retry_after: u64,
    },
    /// The caller sent too many commands to runtimes, including deletions of workspaces.
    #[error(
        "you have sent too many commands to workspaces; wait until the time in resets_at, then send the command again"
    )]
    TooManyOfPerson {
        /// Time from which the next command is accepted.
        resets_at: Timestamp,
        /// Seconds until then.
        retry_after: u64,
    },
}

impl Refusal for CommandError {
    fn kind(&self) -> Kind {
        match self {
            Self::PastDue | Self::NotIncluded { .. } => Kind::OverPlan,
            Self::TooMany { .. } | Self::TooManyOfPerson { .. } => Kind::TooMany,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::PastDue => "workspace_past_due",
            Self::NotIncluded { .. } => "runtime_not_included",
            Self::TooMany { .. } | Self::TooManyOfPerson { .. } => "too_many_commands",
        }
    }

    fn details(&self) -> Details {
        match *self {
            Self::PastDue => Details::default(),
            Self::NotIncluded { upgrade_to } => Details { upgrade_to, ..Details::default() },
            Self::TooMany { resets_at, retry_after } | Self::TooManyOfPerson { resets_at, retry_after } => {
                Details { resets_at: Some(resets_at), retry_after: Some(retry_after), ..Details::default() }
            }
        }
    }
}

impl Runtime {
    /// Applies a member's `command`; `None` if the runtime is already in the requested state, or on its way there.
    ///
    /// A start of a running runtime changes no state. Its record may be wrong, because the event of its container's end
    /// may be lost, so the record is compared with ECS at once.
    ///
    /// A restart of a starting runtime changes nothing: its container is already a new one. Nothing passed to a
    /// container at launch can be changed after the launch, so a newer container would be identical.
    ///
    /// # Errors
    /// [`CommandError::PastDue`] or [`CommandError::NotIncluded`] if the standing forbids running; [`CommandError::TooMany`] if the rate limit is
    /// exceeded.
    pub fn commanded(
        &self,
        command: RuntimeCommand,
        standing: &Standing,
        actor: UserId,
        now: Timestamp,
    ) -> Result<Option<Self>, CommandError> {
        match command {
            RuntimeCommand::Start | RuntimeCommand::Restart if !standing.may_run => return Err(CommandError::PastDue),
            RuntimeCommand::Start | RuntimeCommand::Restart if standing.size().is_none() => {
                return Err(CommandError::NotIncluded {
                    upgrade_to: standing.plans.next_with_container(standing.plan),
                });
            }
            RuntimeCommand::Start if self.is_on_its_way(Wish::Running) && !self.may_be_outdated(now) => {
                return Ok(None);
            }
            RuntimeCommand::Stop if self.is_on_its_way(Wish::Stopped) => return Ok(None),
            RuntimeCommand::Restart if self.is_on_its_way(Wish::Running) && self.is_starting() => return Ok(None),
            RuntimeCommand::Start | RuntimeCommand::Stop | RuntimeCommand::Restart => {}
        }
        let commands = self.commands.take(COMMANDS, now);
        let commands = commands.map_err(|Empty { refills_at, retry_after }| CommandError::TooMany {
            resets_at: refills_at,
            retry_after,
        })?;
        if command == RuntimeCommand::Start && self.is_on_its_way(Wish::Running) {
            return Ok(Some(Self { check_at: Some(now), commands, ..self.next() }));
        }
        let (wish, state, reason) = match command {
            RuntimeCommand::Start => {
                (Wish::Running, RuntimeState::Starting { deadline: after(now, START) }, self.last_stop_reason)
            }
            RuntimeCommand::Restart => {
                (Wish::Running, RuntimeState::Starting { deadline: after(now, START) }, Some(StopReason::Restarted))
            }
            RuntimeCommand::Stop => {
                (Wish::Stopped, RuntimeState::Stopping { deadline: after(now, STOP) }, Some(StopReason::Requested))
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

    /// The user whose free containers include this one after a `command` of `actor`: the user who starts it. Restarting
    /// a running container adds none, so the holder stays the same.
    fn holder_after(&self, command: RuntimeCommand, standing: &Standing, actor: UserId) -> Option<UserId> {
        match (command, &self.state) {
            (RuntimeCommand::Stop, _) => self.held_by,
            (RuntimeCommand::Start | RuntimeCommand::Restart, _) if !standing.is_free() => None,
            (
                RuntimeCommand::Start | RuntimeCommand::Restart,
                RuntimeState::Starting { .. }
                | RuntimeState::Running { .. }
                | RuntimeState::Resizing { .. }
                | RuntimeState::Kept { .. },
            ) => self.held_by.or(Some(actor)),
            (
                RuntimeCommand::Start | RuntimeCommand::Restart,
                RuntimeState::Stopped | RuntimeState::Stopping { .. } | RuntimeState::Failed { .. },
            ) => Some(actor),
        }
    }

    /// True if the record shows a running container and no comparison with ECS is pending.
    fn may_be_outdated(&self, now: Timestamp) -> bool {
        self.runs_since().is_some() && !self.is_check_due(now)
    }

    const fn is_starting(&self) -> bool {
        match self.state {
            RuntimeState::Starting { .. } => true,
            RuntimeState::Stopped
            | RuntimeState::Running { .. }
            | RuntimeState::Stopping { .. }
            | RuntimeState::Resizing { .. }
            | RuntimeState::Kept { .. }
            | RuntimeState::Failed { .. } => false,
        }
    }

    fn is_on_its_way(&self, wish: Wish) -> bool {
        let state = match &self.state {
            RuntimeState::Starting { .. }
            | RuntimeState::Running { .. }
            | RuntimeState::Resizing { .. }
            | RuntimeState::Kept { .. } => Some(Wish::Running),
            RuntimeState::Stopped | RuntimeState::Stopping { .. } => Some(Wish::Stopped),
            RuntimeState::Failed { .. } => None,
        };
        self.wish == wish && state == Some(wish)
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{RuntimeStatus, Serving, TaskArn, WantedState},
        *,
    };
    use crate::{
        plans::samples::{plan, plans, shape},
        runtime::reconcile::LaunchNumber,
    };
    use expect_test::{Expect, expect};

    fn now() -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    fn in_state(wish: Wish, state: RuntimeState) -> Runtime {
        Runtime { version: 7, wish, generation: 3, state, ..Runtime::default() }
    }

    fn all_states() -> [Runtime; 7] {
        let deadline = now();
        let attempt = LaunchNumber { generation: 2, number: 1 };
        let from = || {
            let task = TaskArn("arn/1".to_owned());
            Box::new(Serving { task, attempt, shape: shape("pro"), started_at: now() })
        };
        [
            Runtime::default(),
            in_state(Wish::Running, RuntimeState::Starting { deadline }),
            in_state(Wish::Running, RuntimeState::Running { started_at: now() }),
            in_state(Wish::Running, RuntimeState::Resizing { deadline, from: from() }),
            in_state(Wish::Running, RuntimeState::Kept { from: from(), since: now(), retry_at: None }),
            in_state(Wish::Stopped, RuntimeState::Stopping { deadline }),
            in_state(Wish::Running, RuntimeState::Failed { at: now() }),
        ]
    }

    #[track_caller]
    fn check(command: RuntimeCommand, standing: &Standing, wanted: Expect) {
        let transitions: String = all_states()
            .into_iter()
            .map(|runtime| {
                let before = runtime.state.status();
                let after = match runtime.commanded(command, standing, UserId::NIL, now()) {
                    Err(error) => error.code().to_owned(),
                    Ok(None) => "as it is".to_owned(),
                    Ok(Some(next)) if next.generation == runtime.generation => {
                        format!("{:?}, checked at {}", next.state.status(), next.check_at.unwrap())
                    }
                    Ok(Some(next)) => {
                        let by = next.state.deadline().unwrap();
                        format!("{:?}, generation {}, by {by}", next.state.status(), next.generation)
                    }
                };
                format!("{before:?}: {after}\n")
            })
            .collect();
        wanted.assert_eq(&transitions);
    }

    fn paid() -> Standing {
        Standing::paid(plans(), plan("pro"))
    }

    fn suspended() -> Standing {
        Standing::suspended(plans())
    }

    #[test]
    fn start_in_every_state() {
        check(
            RuntimeCommand::Start,
            &paid(),
            expect![[r#"
                Stopped: Starting, generation 1, by 2026-11-21T12:10:00Z
                Starting: as it is
                Running: Running, checked at 2026-11-21T12:00:00Z
                Resizing: as it is
                Running: Running, checked at 2026-11-21T12:00:00Z
                Stopping: Starting, generation 4, by 2026-11-21T12:10:00Z
                Failed: Starting, generation 4, by 2026-11-21T12:10:00Z
            "#]],
        );
    }

    #[test]
    fn stop_in_every_state() {
        check(
            RuntimeCommand::Stop,
            &suspended(),
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
    fn restart_is_a_new_generation_unless_starting() {
        for runtime in all_states() {
            if runtime.state.status() == RuntimeStatus::Starting {
                assert_eq!(runtime.commanded(RuntimeCommand::Restart, &paid(), UserId::NIL, now()), Ok(None));
                continue;
            }
            let next = runtime.commanded(RuntimeCommand::Restart, &paid(), UserId::NIL, now()).unwrap().unwrap();
            assert_eq!((next.generation, next.state.status()), (runtime.generation + 1, RuntimeStatus::Starting));
        }
    }

    #[test]
    fn a_past_due_workspace_starts_nothing() {
        for (runtime, command) in
            all_states().into_iter().zip([RuntimeCommand::Start, RuntimeCommand::Restart].into_iter().cycle())
        {
            let refused = runtime.commanded(command, &suspended(), UserId::NIL, now());
            assert_eq!(refused, Err(CommandError::PastDue));
        }
    }

    #[test]
    fn the_standing_limits_the_wish() {
        let running = in_state(Wish::Running, RuntimeState::Running { started_at: now() });
        assert_eq!(running.wanted(&paid()), WantedState::Running(shape("pro")));
        assert_eq!(running.wanted(&suspended()), WantedState::Stopped(StopReason::PastDue));
        assert_eq!(Runtime::default().wanted(&paid()), WantedState::Stopped(StopReason::Requested));
        let failed = in_state(Wish::Running, RuntimeState::Failed { at: now() });
        assert!(matches!(failed.wanted(&paid()), WantedState::Stopped(_)));
    }

    /// The holder after Ana's restart, by state: a running container keeps its holder, and a paid one has none.
    #[test]
    fn the_user_who_starts_a_free_container_holds_it() {
        let (ana, ben) = (UserId::of("test", "ana"), UserId::of("test", "ben"));
        for runtime in all_states() {
            let bens = Runtime { held_by: Some(ben), ..runtime.clone() };
            let holder = |runtime: &Runtime, standing| {
                let next = runtime.commanded(RuntimeCommand::Restart, standing, ana, now()).unwrap();
                next.map(|next| next.held_by)
            };
            let (free, pro) = (Standing::unpaid(plans()), paid());
            let (kept, paid, fresh) = (holder(&bens, &free), holder(&bens, &pro), holder(&runtime, &free));
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
        let turn = |n| if n % 2 == 0 { RuntimeCommand::Start } else { RuntimeCommand::Stop };
        for n in 0..COMMANDS.burst {
            runtime = runtime.commanded(turn(n), &paid(), UserId::NIL, now()).unwrap().unwrap();
        }
        let refused = runtime.commanded(turn(COMMANDS.burst), &paid(), UserId::NIL, now());
        let resets_at = after(now(), COMMANDS.every);
        assert_eq!(refused, Err(CommandError::TooMany { resets_at, retry_after: 10 }));
        let same = runtime.commanded(turn(COMMANDS.burst - 1), &paid(), UserId::NIL, now());
        assert_eq!(same, Ok(None), "a command without effect takes no token");
    }
}
