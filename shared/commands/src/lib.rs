//! The operator's commands: enterprise contracts, trial days, returns of usage, suspensions, owners, migrations to another
//! version of a plan, the doctor, and lookups of workspaces.
//!
//! The functions `operator` and `console` call this crate, each after its own entrance has said who acts. It knows nothing
//! of HTTP. Every command is idempotent and can be sent again, and every change has an audit record with the person and the
//! reason.

mod command;
mod refusal;
mod rounds;
mod run;

pub use command::Command;
pub use refusal::CommandRefusal;
pub use rounds::RoundsView;
pub use run::{Answer, run_command};
