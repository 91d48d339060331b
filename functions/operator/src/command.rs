//! What whoever runs the service can say: one JSON object, `command` names which. A further command is a further variant here,
//! and its arm in `carry_out`.

use domain::{
    billing::trial::TrialDays,
    ids::WorkspaceId,
    plans::contract::Contract,
    text::{SuspensionReason, TextError},
    usage::{Amount, Meter, UsageKey},
};
use serde::{Deserialize, Deserializer, de::Error as _};

/// A command.
#[derive(Debug, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Command {
    /// Set the contract of a workspace, in place of the one it has.
    SetContract {
        /// Who says so.
        operator: String,
        /// Whose contract.
        workspace: WorkspaceId,
        /// What was agreed.
        contract: Contract,
    },
    /// End the contract of a workspace.
    RemoveContract {
        /// Who says so.
        operator: String,
        /// Whose contract.
        workspace: WorkspaceId,
    },
    /// Have a workspace's next subscription begin with days on trial.
    GrantTrial {
        /// Who says so.
        operator: String,
        /// Whose subscription.
        workspace: WorkspaceId,
        /// How many days.
        days: TrialDays,
    },
    /// Return usage of a meter to a workspace, into the present month.
    ReturnUsage {
        /// The operator.
        operator: String,
        /// The workspace.
        workspace: WorkspaceId,
        /// The meter.
        meter: Meter,
        /// How much.
        amount: Amount,
        /// Names the return: the same key counts once.
        key: UsageKey,
    },
    /// Tell what differs in a workspace, or in all of them, between what is kept of it where.
    Doctor {
        /// Who asks.
        operator: String,
        /// Which workspace; all if none is named.
        workspace: Option<WorkspaceId>,
        /// Whether it is put right, too.
        #[serde(default)]
        repair: bool,
        /// Behind which workspace the rounds go on, as the last answer has it in `next`.
        after: Option<WorkspaceId>,
    },
    /// Suspend a workspace.
    Suspend {
        /// Who says so.
        operator: String,
        /// Which workspace.
        workspace: WorkspaceId,
        /// Why, in words for its members.
        #[serde(deserialize_with = "reason")]
        reason: SuspensionReason,
    },
    /// End the suspension of a workspace.
    Unsuspend {
        /// Who says so.
        operator: String,
        /// Which workspace.
        workspace: WorkspaceId,
        /// Why, for the record.
        #[serde(deserialize_with = "reason")]
        reason: SuspensionReason,
    },
    /// Find workspaces by exactly one of an address, a part of a name, a customer at Stripe and a task.
    Find {
        /// Who asks.
        operator: String,
        /// The address of a member, a former member or an invitation.
        email: Option<String>,
        /// A part of a workspace's name.
        name: Option<String>,
        /// Stripe's id of a customer.
        customer: Option<String>,
        /// The ARN or the id of a task.
        task: Option<String>,
        /// Behind which workspace the search goes on, as the last answer has it in `next`.
        after: Option<WorkspaceId>,
    },
    /// Tell how a workspace is.
    Facts {
        /// Who asks.
        operator: String,
        /// Which workspace.
        workspace: WorkspaceId,
    },
}

impl Command {
    /// Who gives it.
    pub(crate) fn operator(&self) -> &str {
        match self {
            Self::SetContract { operator, .. }
            | Self::RemoveContract { operator, .. }
            | Self::GrantTrial { operator, .. }
            | Self::ReturnUsage { operator, .. }
            | Self::Doctor { operator, .. }
            | Self::Suspend { operator, .. }
            | Self::Unsuspend { operator, .. }
            | Self::Find { operator, .. }
            | Self::Facts { operator, .. } => operator,
        }
    }

    /// What it is called, for the log.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::SetContract { .. } => "set_contract",
            Self::RemoveContract { .. } => "remove_contract",
            Self::GrantTrial { .. } => "grant_trial",
            Self::ReturnUsage { .. } => "return_usage",
            Self::Doctor { .. } => "doctor",
            Self::Suspend { .. } => "suspend",
            Self::Unsuspend { .. } => "unsuspend",
            Self::Find { .. } => "find",
            Self::Facts { .. } => "facts",
        }
    }

    /// Which workspace it is about, if it is about one.
    pub(crate) const fn workspace(&self) -> Option<WorkspaceId> {
        match self {
            Self::SetContract { workspace, .. }
            | Self::RemoveContract { workspace, .. }
            | Self::GrantTrial { workspace, .. }
            | Self::Suspend { workspace, .. }
            | Self::Unsuspend { workspace, .. }
            | Self::ReturnUsage { workspace, .. }
            | Self::Facts { workspace, .. } => Some(*workspace),
            Self::Doctor { workspace, .. } => *workspace,
            Self::Find { .. } => None,
        }
    }
}

/// A reason, as it must be.
fn reason<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SuspensionReason, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|problem: TextError| D::Error::custom(format!("reason {problem}")))
}
