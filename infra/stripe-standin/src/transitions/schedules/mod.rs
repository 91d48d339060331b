//! Transitions of subscription schedules: planned, and followed from phase to phase.

mod phases;
mod planning;

pub(crate) use planning::ScheduleUpdate;
