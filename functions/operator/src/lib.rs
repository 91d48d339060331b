//! The operator's commands: enterprise contracts, trial days, returns of usage, suspensions, owners, the doctor, and
//! lookups of workspaces.
//!
//! The function is invoked directly, never over HTTP, so IAM decides who may call it. Each command names the person who gives
//! it, and every change has an audit record with that name. Every command is idempotent and can be sent again.

mod command;
mod rounds;

use command::Command;
use domain::{
    error::{Kind, Refusal},
    team::member::MemberCriterion,
    usage::UsageCommand,
    workspace::search::{SearchCriterion, SearchInput},
};
use jiff::Timestamp;
use rounds::{RoundsMode, RoundsView};
use serde::Serialize;
use serde_json::{Value, value::RawValue};
use shared::doctor::{DoctorDeps, RepairExtent};
use workers::operator::{
    ActingOperator, Error, FoundView, WorkspaceFactsView, describe_workspace, find_workspaces, grant_trial,
    remove_contract, return_usage, set_contract, set_owner, suspend_workspace, unsuspend_workspace,
};

/// The answer to a command: the resulting state, or the reason why nothing was done.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// The command was carried out.
    Done {
        /// The facts about the workspace after the command.
        facts: Box<WorkspaceFactsView>,
    },
    /// The workspaces were examined.
    Examined(RoundsView),
    /// The search was done.
    Found(FoundView),
    /// The command was refused; sending it again does not help.
    Refused {
        /// The reason.
        error: CommandRefusal,
    },
}

/// The reason why a command was refused.
#[derive(Debug, Serialize)]
pub struct CommandRefusal {
    /// A stable code, for programs.
    code: &'static str,
    /// An explanation, for people.
    detail: String,
}

impl Answer {
    fn refused(code: &'static str, detail: impl ToString) -> Self {
        Self::Refused { error: CommandRefusal { code, detail: detail.to_string() } }
    }
}

/// A failure that fails the invocation.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A command to one workspace failed.
    #[error(transparent)]
    Command(#[from] Error),
    /// The doctor's rounds failed.
    #[error(transparent)]
    Doctor(#[from] shared::doctor::Error),
}

impl Failure {
    fn refusal(&self) -> &dyn Refusal {
        match self {
            Self::Command(error) => error,
            Self::Doctor(error) => error,
        }
    }
}

/// Carries out the command in `event`. `request_id` names the invocation, and no new workspace is begun after `until`.
///
/// # Errors
/// Returns [`Failure`] for an outage or an internal error. The invocation then fails, which raises an alarm.
pub async fn run_command(
    with: &DoctorDeps,
    event: Box<RawValue>,
    request_id: String,
    until: Timestamp,
) -> Result<Answer, Failure> {
    let command: Command = match serde_json::from_str(event.get()) {
        Ok(command) => command,
        Err(error) => return Ok(Answer::refused("invalid_command", explain(&error.to_string(), event.get()))),
    };
    let name = match command.operator().parse() {
        Ok(name) => name,
        Err(problem) => return Ok(Answer::refused("invalid_command", format!("operator {problem}"))),
    };
    let (called, workspace) = (command.name(), command.workspace());
    let operator = ActingOperator { name, request_id };
    // Boxed: the future of all its calls is too deep for the compiler to lay out in one.
    let workspace = workspace.map(|workspace| workspace.to_string());
    match Box::pin(carry_out(with, &operator, command, until)).await {
        Ok(answer) => {
            tracing::info!(function = "operator", command = called, workspace, "command carried out");
            Ok(answer)
        }
        Err(error) => match error.refusal().kind() {
            Kind::Unavailable | Kind::Internal => Err(error),
            Kind::Invalid
            | Kind::Unauthenticated
            | Kind::Forbidden
            | Kind::Absent
            | Kind::Conflict
            | Kind::Stale
            | Kind::OverPlan
            | Kind::TooMany
            | Kind::KeyReused
            | Kind::TooLarge => {
                tracing::info!(
                    function = "operator",
                    command = called,
                    workspace,
                    code = error.refusal().code(),
                    "command refused"
                );
                Ok(Answer::refused(error.refusal().code(), error))
            }
        },
    }
}

async fn carry_out(
    with: &DoctorDeps,
    operator: &ActingOperator,
    command: Command,
    until: Timestamp,
) -> Result<Answer, Failure> {
    let store = &with.store;
    let workspace = match command {
        Command::SetContract { workspace, contract, .. } => {
            set_contract(store, operator, workspace, contract).await?;
            workspace
        }
        Command::RemoveContract { workspace, .. } => {
            remove_contract(store, operator, workspace).await?;
            workspace
        }
        Command::GrantTrial { workspace, days, .. } => {
            grant_trial(store, operator, workspace, days).await?;
            workspace
        }
        Command::Suspend { workspace, reason, .. } => {
            suspend_workspace(store, operator, workspace, reason).await?;
            workspace
        }
        Command::Unsuspend { workspace, reason, .. } => {
            unsuspend_workspace(store, operator, workspace, &reason).await?;
            workspace
        }
        Command::SetOwner { workspace, email, user, .. } => {
            match MemberCriterion::new(email.as_deref(), user) {
                Ok(who) => set_owner(store, operator, workspace, &who).await?,
                Err(problem) => return Ok(Answer::refused("invalid_command", problem)),
            }
            workspace
        }
        Command::ReturnUsage { workspace, meter, amount, key, .. } => {
            return_usage(store, operator, workspace, &UsageCommand::operator_return(meter, amount, key)).await?;
            workspace
        }
        Command::Facts { workspace, .. } => workspace,
        Command::Find { email, name, customer, task, after, .. } => {
            return Ok(match SearchCriterion::try_from(SearchInput { email, name, customer, task }) {
                Ok(criterion) => {
                    Answer::Found(find_workspaces(store, &with.cluster, operator, &criterion, after, until).await?)
                }
                Err(problem) => Answer::refused("invalid_command", problem),
            });
        }
        Command::Doctor { workspace, repair, after, .. } => {
            // Only a workspace that is named loses a customer that Stripe does not know: with an API key of another
            // account, all customers are unknown.
            let extent = workspace.map_or(RepairExtent::Certain, |_| RepairExtent::UnknownCustomer);
            let treatment = if repair { RoundsMode::Repair(extent) } else { RoundsMode::Examine };
            return Ok(Answer::Examined(match workspace {
                Some(workspace) => rounds::one(with, operator, treatment, workspace).await?,
                None => rounds::all(with, operator, treatment, after, until).await?,
            }));
        }
    };
    Ok(Answer::Done { facts: Box::new(describe_workspace(store, operator, workspace).await?) })
}

/// Explains an unreadable command. A JSON string instead of an object means that the payload was quoted twice.
fn explain(problem: &str, event: &str) -> String {
    match serde_json::from_str(event) {
        Ok(Value::Object(_)) => problem.to_owned(),
        Ok(_) | Err(_) => {
            r#"send one JSON object, such as {"command": "facts", "operator": "Jane Doe", "workspace": "ws_…"}"#
                .to_owned()
        }
    }
}
