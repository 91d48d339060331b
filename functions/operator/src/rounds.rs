//! The doctor's rounds: one workspace, or all of them, as far as there is time.

use domain::{
    error::{Kind, Refusal},
    ids::WorkspaceId,
};
use jiff::Timestamp;
use serde::Serialize;
use shared::doctor::{Doctor, Error, ExaminationView, examine_for, repair_for};
use workers::operator::Operator;

/// What was found.
#[derive(Debug, Default, Serialize)]
pub struct RoundsView {
    /// How many workspaces were looked at.
    pub(crate) examined: u64,
    /// Those in which something differs.
    pub(crate) differing: Vec<Differing>,
    /// Those that could not be looked at, or not be repaired.
    pub(crate) failed: Vec<Failed>,
    /// Where to go on; null if all have been looked at.
    pub(crate) next: Option<WorkspaceId>,
}

/// A workspace in which something differs.
#[derive(Debug, Serialize)]
pub(crate) struct Differing {
    workspace: WorkspaceId,
    #[serde(flatten)]
    found: ExaminationView,
}

/// A workspace that was not looked at.
#[derive(Debug, Serialize)]
pub(crate) struct Failed {
    workspace: WorkspaceId,
    code: &'static str,
}

/// What is done about what differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Treatment {
    /// It is told.
    Examine,
    /// It is put right, too.
    Repair,
}

/// Looks at `workspace`.
///
/// # Errors
/// [`Error`].
pub(crate) async fn one(
    with: &Doctor,
    operator: &Operator,
    treatment: Treatment,
    workspace: WorkspaceId,
) -> Result<RoundsView, Error> {
    let mut rounds = RoundsView::default();
    rounds.look_at(with, operator, treatment, workspace).await?;
    Ok(rounds)
}

/// Looks at all workspaces behind `after`, one after the other, until the time is up. One that cannot be looked at holds up no other.
///
/// # Errors
/// [`Error`] if the table cannot be read.
pub(crate) async fn all(
    with: &Doctor,
    operator: &Operator,
    treatment: Treatment,
    mut after: Option<WorkspaceId>,
    until: Timestamp,
) -> Result<RoundsView, Error> {
    let mut rounds = RoundsView::default();
    loop {
        let page = with.store.some_workspaces(after).await?;
        for workspace in page.found {
            match rounds.look_at(with, operator, treatment, workspace).await {
                Ok(()) => {}
                // It is being deleted: that goes its own way.
                Err(error) if error.kind() == Kind::Absent => {}
                Err(error) => {
                    let cause = std::error::Error::source(&error).map(ToString::to_string);
                    tracing::warn!(%workspace, %error, cause, "a workspace could not be examined");
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
    async fn look_at(
        &mut self,
        with: &Doctor,
        operator: &Operator,
        treatment: Treatment,
        workspace: WorkspaceId,
    ) -> Result<(), Error> {
        let scope = operator.scope(workspace);
        let found = match treatment {
            Treatment::Examine => examine_for(with, &scope).await?,
            Treatment::Repair => repair_for(with, &scope).await?,
        };
        self.examined = self.examined.saturating_add(1);
        if !found.healthy {
            self.differing.push(Differing { workspace, found });
        }
        Ok(())
    }
}
