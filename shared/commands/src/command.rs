//! The operator's commands: one JSON object each, named by the field `command`. A new command is a variant here and an arm in
//! `carry_out` (`run.rs`).

use crate::refusal::CommandRefusal;
use domain::{
    billing::{order::MigrationTime, trial::TrialDays},
    command::Seen,
    ids::{UserId, WorkspaceId},
    plans::{
        contract::{Contract, ContractTerms},
        names::{MeterName, PlanName},
        version::Version,
    },
    text::{OperatorReason, TextError},
    usage::{Amount, UsageKey},
    workspace::suspension::Suspension,
};
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::Value;

/// A command.
#[derive(Debug, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// Sets the contract of a workspace and replaces an existing one.
    SetContract {
        /// The workspace that gets or has the contract.
        workspace: WorkspaceId,
        /// The terms of the contract.
        contract: ContractTerms,
        /// The contract that the terms replace, as `facts` returns it: null for none. Whatever is in force by default.
        #[serde(default, deserialize_with = "seen")]
        replaces: Option<Seen<Contract>>,
        /// The reason, for the audit record.
        #[serde(default, deserialize_with = "reason")]
        reason: Option<OperatorReason>,
    },
    /// Ends the contract of a workspace.
    RemoveContract {
        /// The workspace that gets or has the contract.
        workspace: WorkspaceId,
        /// The contract that is removed, as `facts` returns it. Whatever is in force by default.
        #[serde(default, deserialize_with = "seen")]
        replaces: Option<Seen<Contract>>,
        /// The reason, for the audit record.
        #[serde(default, deserialize_with = "reason")]
        reason: Option<OperatorReason>,
    },
    /// Grants trial days to a workspace's next subscription.
    GrantTrial {
        /// The workspace with the subscription.
        workspace: WorkspaceId,
        /// The length of the trial, in days.
        days: TrialDays,
        /// The reason, for the audit record.
        #[serde(default, deserialize_with = "reason")]
        reason: Option<OperatorReason>,
    },
    /// Returns usage of a meter to a workspace, in the current month.
    ReturnUsage {
        /// The workspace.
        workspace: WorkspaceId,
        /// The meter.
        meter: MeterName,
        /// The amount to return.
        amount: Amount,
        /// The key of the return; commands with the same key count once within 35 days.
        key: UsageKey,
        /// The reason, for the audit record.
        #[serde(default, deserialize_with = "reason")]
        reason: Option<OperatorReason>,
    },
    /// Examines one workspace, or all of them, for differences between their stored records and other services.
    Doctor {
        /// The workspace; all workspaces by default.
        workspace: Option<WorkspaceId>,
        /// True to repair the differences as well.
        #[serde(default)]
        repair: bool,
        /// The workspace after which to continue: `next` of the last answer.
        after: Option<WorkspaceId>,
        /// The reason, for the audit record.
        #[serde(default, deserialize_with = "reason")]
        reason: Option<OperatorReason>,
    },
    /// Suspends a workspace.
    Suspend {
        /// The workspace.
        workspace: WorkspaceId,
        /// The suspension whose reason is changed, as `facts` returns it: null for none. Whatever is in force by default.
        #[serde(default, deserialize_with = "seen")]
        replaces: Option<Seen<Suspension>>,
        /// The reason, as shown to the members. It cannot be left out.
        #[serde(default, deserialize_with = "reason")]
        reason: Option<OperatorReason>,
    },
    /// Ends the suspension of a workspace.
    Unsuspend {
        /// The workspace.
        workspace: WorkspaceId,
        /// The suspension that ends, as `facts` returns it. Whatever is in force by default.
        #[serde(default, deserialize_with = "seen")]
        replaces: Option<Seen<Suspension>>,
        /// The reason, for the audit record. It cannot be left out.
        #[serde(default, deserialize_with = "reason")]
        reason: Option<OperatorReason>,
    },
    /// Makes a present member of a workspace an owner.
    SetOwner {
        /// The workspace.
        workspace: WorkspaceId,
        /// The verified e-mail address of the member. Either this or `user` names them.
        email: Option<String>,
        /// The id of the member.
        user: Option<UserId>,
        /// The reason, for the audit record.
        #[serde(default, deserialize_with = "reason")]
        reason: Option<OperatorReason>,
    },
    /// Finds workspaces by exactly one of an e-mail address, a part of a name, a Stripe customer and a task.
    Find {
        /// The e-mail address of a member, a former member or an invitation.
        email: Option<String>,
        /// A part of a workspace's name.
        name: Option<String>,
        /// The id of the Stripe customer.
        customer: Option<String>,
        /// The ARN or the id of the ECS task.
        task: Option<String>,
        /// The workspace after which to continue: `next` of the last answer.
        after: Option<WorkspaceId>,
    },
    /// Moves the customers of an earlier version of a plan to the version that is sold.
    Migrate {
        /// The plan.
        plan: PlanName,
        /// The version that the customers have.
        from: Version,
        /// The version that they get: the one that is sold.
        to: Option<Version>,
        /// Time at which it takes effect.
        when: MigrationTime,
        /// True to change nothing, and see what it would mean.
        #[serde(default)]
        preview: bool,
        /// The workspace after which to continue: `next` of the last answer.
        after: Option<WorkspaceId>,
        /// The reason, for the audit record.
        #[serde(default, deserialize_with = "reason")]
        reason: Option<OperatorReason>,
    },
    /// Returns the facts about a workspace.
    Facts {
        /// The workspace.
        workspace: WorkspaceId,
    },
}

impl Command {
    /// Parses a command.
    ///
    /// # Errors
    /// Returns [`CommandRefusal::Invalid`], which names the mistake.
    pub fn parse(body: &[u8]) -> Result<Self, CommandRefusal> {
        serde_json::from_slice(body).map_err(|error| {
            // A JSON string instead of an object means that the command was quoted twice.
            let is_object = serde_json::from_slice(body).is_ok_and(|value: Value| value.is_object());
            let form = r#"send one JSON object, such as {"command": "facts", "workspace": "ws_…"}"#;
            if is_object { invalid(&error) } else { CommandRefusal::Invalid(form.to_owned()) }
        })
    }

    /// Reads a command from an object.
    ///
    /// # Errors
    /// Returns [`CommandRefusal::Invalid`], which names the mistake.
    pub fn read(object: Value) -> Result<Self, CommandRefusal> {
        serde_json::from_value(object).map_err(|error| invalid(&error))
    }

    /// True if the command changes something, so that an audit record needs a reason.
    #[must_use]
    pub const fn changes(&self) -> bool {
        match self {
            Self::SetContract { .. }
            | Self::RemoveContract { .. }
            | Self::GrantTrial { .. }
            | Self::ReturnUsage { .. }
            | Self::Suspend { .. }
            | Self::Unsuspend { .. }
            | Self::SetOwner { .. } => true,
            Self::Doctor { repair, .. } => *repair,
            Self::Migrate { preview, .. } => !*preview,
            Self::Find { .. } | Self::Facts { .. } => false,
        }
    }

    /// The same command for the reason `given`, which replaces its own. Lookups have none.
    #[must_use]
    pub fn because(mut self, given: OperatorReason) -> Self {
        if let Some(reason) = self.reason_mut() {
            *reason = Some(given);
        }
        self
    }

    /// Takes the reason out of the command.
    pub(crate) fn take_reason(&mut self) -> Option<OperatorReason> {
        self.reason_mut().and_then(Option::take)
    }

    const fn reason_mut(&mut self) -> Option<&mut Option<OperatorReason>> {
        match self {
            Self::SetContract { reason, .. }
            | Self::RemoveContract { reason, .. }
            | Self::GrantTrial { reason, .. }
            | Self::ReturnUsage { reason, .. }
            | Self::Doctor { reason, .. }
            | Self::Suspend { reason, .. }
            | Self::Unsuspend { reason, .. }
            | Self::SetOwner { reason, .. }
            | Self::Migrate { reason, .. } => Some(reason),
            Self::Find { .. } | Self::Facts { .. } => None,
        }
    }

    /// Returns the command's name, for the log.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::SetContract { .. } => "set_contract",
            Self::RemoveContract { .. } => "remove_contract",
            Self::GrantTrial { .. } => "grant_trial",
            Self::ReturnUsage { .. } => "return_usage",
            Self::Doctor { .. } => "doctor",
            Self::Suspend { .. } => "suspend",
            Self::Unsuspend { .. } => "unsuspend",
            Self::SetOwner { .. } => "set_owner",
            Self::Find { .. } => "find",
            Self::Migrate { .. } => "migrate",
            Self::Facts { .. } => "facts",
        }
    }

    /// Returns the command's workspace, if it has one.
    #[must_use]
    pub const fn workspace(&self) -> Option<WorkspaceId> {
        match self {
            Self::SetContract { workspace, .. }
            | Self::RemoveContract { workspace, .. }
            | Self::GrantTrial { workspace, .. }
            | Self::Suspend { workspace, .. }
            | Self::Unsuspend { workspace, .. }
            | Self::SetOwner { workspace, .. }
            | Self::ReturnUsage { workspace, .. }
            | Self::Facts { workspace, .. } => Some(*workspace),
            Self::Doctor { workspace, .. } => *workspace,
            Self::Find { .. } | Self::Migrate { .. } => None,
        }
    }
}

/// Maximum length of a refusal, which may quote what was sent.
const MAX_REFUSAL: usize = 1_000;

fn invalid(error: &serde_json::Error) -> CommandRefusal {
    CommandRefusal::Invalid(error.to_string().chars().take(MAX_REFUSAL).collect())
}

/// Deserializes what was seen. Null says that it was nothing.
fn seen<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<Seen<T>>, D::Error> {
    Seen::deserialize(deserializer).map(Some)
}

/// Deserializes and validates a reason.
fn reason<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<OperatorReason>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    let parsed = text.map(|text| text.parse()).transpose();
    parsed.map_err(|problem: TextError| D::Error::custom(format!("reason {problem}")))
}
