//! The kind of a change to another plan, for a catalogue that shows what each plan would be to the workspace.

use super::decision::living;
use crate::{
    billing::account::Billing,
    plans::{
        catalogue::Plans,
        plan::{Plan, Sale},
    },
};
use jiff::Timestamp;
use serde::Serialize;

/// Kind of a change to a plan: `none` if the workspace has the plan, in this or an earlier version, `upgrade` to a larger
/// plan, `downgrade` to a smaller plan, and `contract` if only the operator can agree the plan, or replace the workspace's
/// contract by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// The workspace has the plan. An earlier version of it stays until the plan or the interval changes.
    None,
    /// The plan is larger. It applies as soon as it is paid.
    Upgrade,
    /// The plan is smaller. It applies at the end of the period.
    Downgrade,
    /// The operator agrees the plan with the customer.
    Contract,
}

/// Returns the kind of a change of a workspace with this billing to `plan` at `now`. It is relative to the plan that a
/// subscription pays for, even if its payment is overdue, and to the plan in force if there is none.
#[must_use]
pub fn change_kind(plans: Plans, billing: &Billing, plan: Plan, now: Timestamp) -> ChangeKind {
    let standing = billing.standing(plans, now);
    let agreed = standing.contract.is_some();
    let paid = living(billing).filter(|_| !agreed).map(|paid| paid.paid_plan.name);
    let present = paid.unwrap_or(standing.plan.name);
    if plan.name == present {
        return ChangeKind::None;
    }
    match plan.sale {
        Sale::Open | Sale::Hidden if agreed => ChangeKind::Contract,
        Sale::Open | Sale::Hidden if Some(plan.rank) > plans.rank(present) => ChangeKind::Upgrade,
        Sale::Open | Sale::Hidden => ChangeKind::Downgrade,
        Sale::Contract => ChangeKind::Contract,
    }
}
