//! The last command to Stripe and its outcome, for the person who gave it.

use super::IntentNumber;
use crate::plans::{money::Interval, version::PlanVersion};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The last command to Stripe. It stays known after its intent is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastCommand {
    /// The number of the first attempt.
    pub first: IntentNumber,
    /// Kind of the command.
    pub kind: CommandKind,
    /// The ordered plan, unless the command keeps or ends the current one.
    pub plan: Option<PlanVersion>,
    /// The ordered billing interval, if a plan is ordered.
    pub interval: Option<Interval>,
    /// Time at which the command was given.
    pub given_at: Timestamp,
    /// Its outcome.
    pub status: CommandStatus,
    /// Code of the error, if it was refused.
    pub code: Option<String>,
}

/// Kind of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CommandKind {
    /// Open a checkout page.
    Checkout,
    /// Change the plan or the billing interval.
    ChangePlan,
    /// Change the number of units of an add-on.
    ChangeAddons,
    /// Cancel the subscription.
    Cancel,
    /// Withdraw a cancellation or a change.
    Resume,
}

/// Outcome of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CommandStatus {
    /// It is not known yet. The command is carried out within minutes.
    Pending,
    /// The command was carried out.
    Done,
    /// The command was refused and has changed nothing.
    Refused,
}

impl LastCommand {
    /// The command after it was carried out.
    #[must_use]
    pub fn done(self) -> Self {
        Self { status: CommandStatus::Done, code: None, ..self }
    }

    /// The command after it was refused with the error `code`.
    #[must_use]
    pub fn refused(self, code: &str) -> Self {
        Self { status: CommandStatus::Refused, code: Some(code.to_owned()), ..self }
    }
}
