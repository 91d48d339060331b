//! Transitions of subscription schedules: planning, phases and end.

mod phases;
mod planning;

pub(crate) use planning::ScheduleUpdate;
