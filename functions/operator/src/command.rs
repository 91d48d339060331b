//! What whoever runs the service can say: one JSON object, `command` names which. A further command is a further variant here,
//! and its arm in `carry_out`.

use serde::Deserialize;
use shared::domain::{contract::Contract, ids::WorkspaceId, trial::TrialDays};

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
            | Self::Facts { operator, .. } => operator,
        }
    }

    /// What it is called, for the log.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::SetContract { .. } => "set_contract",
            Self::RemoveContract { .. } => "remove_contract",
            Self::GrantTrial { .. } => "grant_trial",
            Self::Facts { .. } => "facts",
        }
    }

    /// Which workspace it is about.
    pub(crate) const fn workspace(&self) -> WorkspaceId {
        match self {
            Self::SetContract { workspace, .. }
            | Self::RemoveContract { workspace, .. }
            | Self::GrantTrial { workspace, .. }
            | Self::Facts { workspace, .. } => *workspace,
        }
    }
}
