//! The operator's commands: enterprise contracts, trial days, returns of usage, suspensions, owners, migrations to another
//! version of a plan, the doctor, and lookups of workspaces.
//!
//! The function has a URL that only AWS identities with the permission can call. IAM says who calls, and every change has
//! an audit record with their name. Every command is idempotent and can be sent again.

mod command;
mod refusal;
mod rounds;

use api::{IamCaller, Problem, serve_public};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{Extension, State, rejection::BytesRejection},
    routing::post,
};
use command::Command;
use domain::{
    billing::order::Migration,
    team::member::MemberCriterion,
    usage::UsageCommand,
    workspace::search::{SearchCriterion, SearchInput},
};
use jiff::{SignedDuration, Timestamp};
use lambda_http::Context;
pub use refusal::CommandRefusal;
use rounds::{RoundsMode, RoundsView};
use serde::Serialize;
use shared::doctor::{DoctorDeps, RepairExtent};
use workers::operator::{
    ActingOperator, FoundView, MigrationDeps, MigrationMode, MigrationView, WorkspaceFactsView, describe_workspace,
    find_workspaces, grant_trial, migrate_customers, remove_contract, return_usage, set_contract, set_owner,
    suspend_workspace, unsuspend_workspace,
};

/// The maximum size of a command, in bytes.
pub const MAX_BODY: usize = 16 * 1024;

/// The time reserved for the last workspace of the doctor's rounds or of a migration, and for the answer.
const RESERVE: SignedDuration = SignedDuration::from_secs(20);

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

/// The function's router.
pub fn router(deps: DoctorDeps) -> Router {
    serve_public("operator", MAX_BODY, Router::new().route("/", post(take)).with_state(deps))
}

/// Carries out the command in the body.
async fn take(
    State(deps): State<DoctorDeps>,
    IamCaller { arn, request_id }: IamCaller,
    Extension(context): Extension<Context>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Answer>, Problem> {
    let operator = ActingOperator::of(&arn, request_id).ok_or(CommandRefusal::Unnamed)?;
    let body = body.map_err(|_| CommandRefusal::TooLarge)?;
    tracing::info!(function = "operator", arn, "caller");
    let until = deps.store.ambient().of_observation(until(&context));
    Ok(Json(run_command(&deps, &operator, &body, until).await?))
}

/// Returns the time after which no further workspace is begun.
fn until(context: &Context) -> Timestamp {
    let deadline = i64::try_from(context.deadline).ok().and_then(|at| Timestamp::from_millisecond(at).ok());
    deadline.and_then(|deadline| deadline.saturating_sub(RESERVE).ok()).unwrap_or(Timestamp::MIN)
}

/// Carries out the command in `body`. No new workspace is begun after `until`.
///
/// # Errors
/// Returns [`CommandRefusal`] if the command is invalid or refused, and for an outage.
pub async fn run_command(
    with: &DoctorDeps,
    operator: &ActingOperator,
    body: &[u8],
    until: Timestamp,
) -> Result<Answer, CommandRefusal> {
    let command = Command::parse(body)?;
    let workspace = command.workspace().map(|workspace| workspace.to_string());
    tracing::info!(function = "operator", command = command.name(), workspace, "command");
    // Boxed: the future of all its calls is too deep for the compiler to lay out in one.
    Box::pin(carry_out(with, operator, command, until)).await
}

async fn carry_out(
    with: &DoctorDeps,
    operator: &ActingOperator,
    command: Command,
    until: Timestamp,
) -> Result<Answer, CommandRefusal> {
    let store = &with.store;
    let workspace = match command {
        Command::SetContract { workspace, contract } => {
            let contract = contract.agree(store.plans()).map_err(|error| CommandRefusal::Invalid(error.to_string()))?;
            set_contract(store, operator, workspace, contract).await?;
            workspace
        }
        Command::RemoveContract { workspace } => {
            remove_contract(store, operator, workspace).await?;
            workspace
        }
        Command::GrantTrial { workspace, days } => {
            grant_trial(store, operator, workspace, days).await?;
            workspace
        }
        Command::Suspend { workspace, reason } => {
            suspend_workspace(store, operator, workspace, reason).await?;
            workspace
        }
        Command::Unsuspend { workspace, reason } => {
            unsuspend_workspace(store, operator, workspace, &reason).await?;
            workspace
        }
        Command::SetOwner { workspace, email, user } => {
            let who = MemberCriterion::new(email.as_deref(), user);
            let who = who.map_err(|problem| CommandRefusal::Invalid(problem.to_string()))?;
            set_owner(store, operator, workspace, &who).await?;
            workspace
        }
        Command::ReturnUsage { workspace, meter, amount, key } => {
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
        Command::Migrate { plan, from, to, when, preview, after } => {
            let migration = Migration::new(store.plans(), plan, from, to, when);
            let migration = migration.map_err(|error| CommandRefusal::Invalid(error.to_string()))?;
            let mode = if preview { MigrationMode::Preview } else { MigrationMode::Order };
            let deps = MigrationDeps { store, payments: &with.payments };
            let view = migrate_customers(deps, operator, &migration, mode, after, until).await?;
            return Ok(Answer::Migrated(view));
        }
        Command::Doctor { workspace, repair, after } => {
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
