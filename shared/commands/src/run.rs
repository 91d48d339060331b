//! Carries out commands.

use crate::{
    command::Command,
    refusal::CommandRefusal,
    rounds::{self, RoundsMode, RoundsView},
};
use domain::{
    billing::order::Migration,
    team::member::MemberCriterion,
    text::OperatorReason,
    usage::UsageCommand,
    workspace::search::{SearchCriterion, SearchInput},
};
use jiff::Timestamp;
use serde::Serialize;
use shared::doctor::{DoctorDeps, RepairExtent};
use workers::operator::{
    ActingOperator, FoundView, MigrationDeps, MigrationMode, MigrationView, WorkspaceFactsView, describe_workspace,
    find_workspaces, grant_trial, migrate_customers, remove_contract, return_usage, set_contract, set_owner,
    suspend_workspace, unsuspend_workspace,
};

/// The answer to a command: the resulting state.
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
    /// The migration was previewed or ordered.
    Migrated(MigrationView),
}

/// Carries out `command` for `operator`, for the reason that the command has. No new workspace is begun after `until`. The
/// log names the `function` that was called.
///
/// # Errors
/// Returns [`CommandRefusal`] if the command is invalid or refused, and for an outage.
pub async fn run_command(
    function: &'static str,
    with: &DoctorDeps,
    operator: &ActingOperator,
    mut command: Command,
    until: Timestamp,
) -> Result<Answer, CommandRefusal> {
    let operator = operator.because(command.take_reason());
    let workspace = command.workspace().map(|workspace| workspace.to_string());
    let reason = operator.reason.as_ref().map(OperatorReason::as_str);
    tracing::info!(function, command = command.name(), workspace, operator = %operator.name, reason, "command");
    // Boxed: the future of all its calls is too deep for the compiler to lay out in one.
    Box::pin(carry_out(with, &operator, command, until)).await
}

/// Returns the reason of a command that cannot be without one.
fn reason(operator: &ActingOperator) -> Result<OperatorReason, CommandRefusal> {
    operator.reason.clone().ok_or_else(|| CommandRefusal::Invalid("missing field `reason`".to_owned()))
}

async fn carry_out(
    with: &DoctorDeps,
    operator: &ActingOperator,
    command: Command,
    until: Timestamp,
) -> Result<Answer, CommandRefusal> {
    let store = &with.store;
    let workspace = match command {
        Command::SetContract { workspace, contract, replaces, reason: _ } => {
            let contract = contract.agree(store.plans()).map_err(|error| CommandRefusal::Invalid(error.to_string()))?;
            set_contract(store, operator, workspace, contract, replaces).await?;
            workspace
        }
        Command::RemoveContract { workspace, replaces, reason: _ } => {
            remove_contract(store, operator, workspace, replaces).await?;
            workspace
        }
        Command::GrantTrial { workspace, days, reason: _ } => {
            grant_trial(store, operator, workspace, days).await?;
            workspace
        }
        Command::Suspend { workspace, replaces, reason: _ } => {
            suspend_workspace(store, operator, workspace, reason(operator)?.into(), replaces).await?;
            workspace
        }
        Command::Unsuspend { workspace, replaces, reason: _ } => {
            reason(operator)?;
            unsuspend_workspace(store, operator, workspace, replaces).await?;
            workspace
        }
        Command::SetOwner { workspace, email, user, reason: _ } => {
            let who = MemberCriterion::new(email.as_deref(), user);
            let who = who.map_err(|problem| CommandRefusal::Invalid(problem.to_string()))?;
            set_owner(store, operator, workspace, &who).await?;
            workspace
        }
        Command::ReturnUsage { workspace, meter, amount, key, reason: _ } => {
            let meter = store.plans().consumed_meter(meter);
            let meter = meter.map_err(|error| CommandRefusal::Invalid(format!("meter {error}")))?;
            return_usage(store, operator, workspace, &UsageCommand::operator_return(meter, amount, key)).await?;
            workspace
        }
        Command::Facts { workspace } => workspace,
        Command::Find { email, name, customer, task, after } => {
            let criterion = SearchCriterion::try_from(SearchInput { email, name, customer, task });
            let criterion = criterion.map_err(|problem| CommandRefusal::Invalid(problem.to_string()))?;
            return Ok(Answer::Found(find_workspaces(store, &with.cluster, operator, &criterion, after, until).await?));
        }
        Command::Migrate { plan, from, to, when, preview, after, reason: _ } => {
            let migration = Migration::new(store.plans(), plan, from, to, when);
            let migration = migration.map_err(|error| CommandRefusal::Invalid(error.to_string()))?;
            let mode = if preview { MigrationMode::Preview } else { MigrationMode::Order };
            let deps = MigrationDeps { store, payments: &with.payments };
            let view = migrate_customers(deps, operator, &migration, mode, after, until).await?;
            return Ok(Answer::Migrated(view));
        }
        Command::Doctor { workspace, repair, after, reason: _ } => {
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
