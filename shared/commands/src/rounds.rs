//! The doctor's rounds: examines one workspace, or as many as there is time for.

use domain::{
    doctor::Difference,
    error::{Kind, Refusal},
    ids::WorkspaceId,
};
use jiff::Timestamp;
use serde::Serialize;
use shared::doctor::{
    DoctorDeps, Error, ExaminationView, RepairExtent, compare_prices, examine_for_operator, repair_for_operator,
};
use workers::operator::ActingOperator;

/// The result of the rounds.
#[derive(Debug, Default, Serialize)]
pub struct RoundsView {
    /// The number of examined workspaces.
    pub(crate) examined: u64,
    /// The prices of the catalogue that Stripe does not sell, or sells for another amount. Compared when the rounds begin;
    /// null if they were not.
    pub(crate) prices: Option<Vec<Difference>>,
    /// The workspaces with differences.
    pub(crate) differing: Vec<Differing>,
    /// The workspaces that could not be examined or repaired.
    pub(crate) failed: Vec<Failed>,
    /// The workspace after which to continue; null if all were examined.
    pub(crate) next: Option<WorkspaceId>,
}

/// A workspace with differences.
#[derive(Debug, Serialize)]
pub(crate) struct Differing {
    workspace: WorkspaceId,
    #[serde(flatten)]
    found: ExaminationView,
}

/// A workspace that could not be examined or repaired.
#[derive(Debug, Serialize)]
pub(crate) struct Failed {
    workspace: WorkspaceId,
    code: &'static str,
}

/// The treatment of differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RoundsMode {
    /// Report the differences.
    Examine,
    /// Report and repair the differences.
    Repair(RepairExtent),
}

/// Examines `workspace`.
///
/// # Errors
/// Returns [`Error`] if the workspace cannot be examined or repaired.
pub(crate) async fn one(
    with: &DoctorDeps,
    operator: &ActingOperator,
    treatment: RoundsMode,
    workspace: WorkspaceId,
) -> Result<RoundsView, Error> {
    let mut rounds = RoundsView::default();
    rounds.examine(with, operator, treatment, workspace).await?;
    Ok(rounds)
}

/// Examines all workspaces after `after`, one by one, until `until`. A workspace that cannot be examined does not stop the
/// rounds.
///
/// # Errors
/// Returns [`Error`] if the table cannot be read.
pub(crate) async fn all(
    with: &DoctorDeps,
    operator: &ActingOperator,
    treatment: RoundsMode,
    mut after: Option<WorkspaceId>,
    until: Timestamp,
) -> Result<RoundsView, Error> {
    let mut rounds = RoundsView::default();
    if after.is_none() {
        // The rounds go on without Stripe.
        let compared = compare_prices(with).await;
        let compared = compared.inspect_err(|error| tracing::warn!(%error, "the prices could not be compared"));
        rounds.prices = compared.ok().flatten();
    }
    loop {
        let page = with.store.list_workspaces(after).await?;
        for workspace in page.found {
            match rounds.examine(with, operator, treatment, workspace).await {
                Ok(()) => {}
                // The workspace is being deleted, so there is nothing to examine.
                Err(error) if error.kind() == Kind::Absent => {}
                Err(error) => {
                    let cause = std::error::Error::source(&error).map(ToString::to_string);
                    tracing::warn!(%workspace, %error, cause, "the workspace could not be examined or repaired");
                    rounds.failed.push(Failed { workspace, code: error.code() });
                }
            }
            if with.store.ambient().now() >= until {
                return Ok(RoundsView { next: Some(workspace), ..rounds });
            }
        }
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(rounds),
        }
    }
}

impl RoundsView {
    async fn examine(
        &mut self,
        with: &DoctorDeps,
        operator: &ActingOperator,
        treatment: RoundsMode,
        workspace: WorkspaceId,
    ) -> Result<(), Error> {
        let scope = operator.scope(workspace);
        let found = match treatment {
            RoundsMode::Examine => examine_for_operator(with, &scope).await?,
            RoundsMode::Repair(extent) => repair_for_operator(with, &scope, extent).await?,
        };
        self.examined = self.examined.saturating_add(1);
        if !found.healthy {
            self.differing.push(Differing { workspace, found });
        }
        Ok(())
    }
}
