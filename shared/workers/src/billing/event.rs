//! Handles events from Stripe. An event triggers a comparison of the workspace that it concerns.

use super::{
    compare::{ComparisonCause, ComparisonScope, check_customer, compare_with_stripe, failure},
    deps::BillingDeps,
    error::Error,
};
use domain::{
    billing::comparison, billing::reversal::may_report_reversal, billing::stripe::event::Hint,
    identity::origin::Origin, ids::WorkspaceId,
};
use jiff::Timestamp;
use std::ops::ControlFlow;
use store::billing::EventStatus;
use stripe::CustomerState;
use system_scope::SystemScope;

/// The outcome of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventOutcome {
    /// The workspace is up to date with Stripe, as of the event or later.
    Compared(WorkspaceId),
    /// The event was handled before.
    Repeated,
    /// The event concerns no customer of this deployment.
    Foreign,
}

/// Compares the workspace that `hint` concerns, unless the event was handled before.
///
/// # Errors
/// [`Error`] if the table or Stripe fails; a retry may succeed.
pub async fn handle_event(with: &BillingDeps, hint: &Hint) -> Result<EventOutcome, Error> {
    let customer = &match customer(with, hint).await? {
        ControlFlow::Continue(customer) => customer,
        ControlFlow::Break(outcome) => return Ok(outcome),
    };
    let (outcome, known) =
        tokio::try_join!(with.store.event_status(&hint.id), with.store.workspaces_of_customer(customer))?;
    if outcome == EventStatus::Handled {
        return Ok(EventOutcome::Repeated);
    }
    let workspace = match known.first() {
        Some(workspace) => *workspace,
        // The index lags behind the table, so an unknown customer may be a new one.
        None => match with.payments.stripe_account::<Error>().await?.workspace_of(customer).await? {
            Some(workspace) => workspace,
            None => return Ok(EventOutcome::Foreign),
        },
    };
    let scope = SystemScope::of(workspace);
    if with.store.billing_facts(&scope).await?.billing.customer.as_ref() != Some(customer) {
        // The customer belongs to another stack on the same account, or is just being created and has no subscription
        // yet.
        return Ok(EventOutcome::Foreign);
    }
    let at = Timestamp::from_second(hint.created).unwrap_or_else(|_| with.store.ambient().now());
    let cause = ComparisonCause {
        origin: Origin { request_id: hint.id.clone(), ip_address: None },
        event: Some(hint.id.clone()),
        failure: failure(&hint.r#type, at),
        scope: if may_report_reversal(&hint.r#type) || hint.r#type == comparison::TYPE {
            ComparisonScope::Payments
        } else {
            ComparisonScope::Subscriptions
        },
    };
    let deleted =
        hint.r#type == "customer.deleted" && check_customer(with, &scope, &cause).await? == CustomerState::Deleted;
    if !deleted {
        compare_with_stripe(with, &scope, cause).await?;
    }
    Ok(EventOutcome::Compared(workspace))
}

/// Returns the customer that `hint` concerns, or the outcome if there is none. The event of a dispute names only the
/// dispute, so the customer is read from Stripe.
async fn customer(with: &BillingDeps, hint: &Hint) -> Result<ControlFlow<EventOutcome, String>, Error> {
    match (&hint.customer, &hint.object) {
        (Some(customer), _) => Ok(ControlFlow::Continue(customer.clone())),
        (None, Some(dispute)) if hint.r#type.starts_with("charge.dispute.") => {
            if with.store.event_status(&hint.id).await? == EventStatus::Handled {
                return Ok(ControlFlow::Break(EventOutcome::Repeated));
            }
            let found = with.payments.stripe_account::<Error>().await?.customer_of_dispute(dispute).await?;
            Ok(found.map_or(ControlFlow::Break(EventOutcome::Foreign), ControlFlow::Continue))
        }
        (None, Some(_) | None) => Ok(ControlFlow::Break(EventOutcome::Foreign)),
    }
}
