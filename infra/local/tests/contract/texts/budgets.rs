//! Sentences about the budgets that operations count against.

use domain::{bounds::budget::Budget, error::Refusal};
use jiff::Timestamp;

/// Returns what counts against `budget`, and the ids of the operations that do.
const fn counted(budget: Budget) -> (&'static str, &'static [&'static str]) {
    match budget {
        Budget::BillingReads => ("reads of billing data at Stripe", &["list_invoices", "preview_plan"]),
        Budget::BillingSyncs => ("synchronizations", &["sync_billing"]),
        Budget::BillingCommands => (
            "billing commands",
            &["check_out", "change_plan", "cancel_subscription", "resume_subscription", "open_portal"],
        ),
        Budget::Tests => ("tests of integrations", &["test_integration"]),
        Budget::Secrets => ("new secrets of integrations", &["set_up_integration"]),
        Budget::Exports => ("pages of activity as CSV", &["list_activity"]),
        Budget::Mails => ("invitation e-mails", &["invite_member", "resend_invitation"]),
        Budget::Resends => ("resent invitations", &["resend_invitation"]),
        Budget::Retries => ("retries of deliveries", &["retry_delivery"]),
        Budget::Examinations => ("examinations and repairs", &["examine_workspace", "repair_workspace"]),
        Budget::Publications => ("published notifications", &[]),
        Budget::WorkspaceExports => ("pages of an export", &["export_workspace"]),
    }
}

/// Returns the ids of all operations that count against a budget.
pub(crate) fn operations() -> impl Iterator<Item = &'static str> {
    Budget::ALL.into_iter().flat_map(|budget| counted(budget).1.iter().copied())
}

/// Returns one sentence for each budget that `operation` counts against.
pub(crate) fn sentences(operation: &str) -> String {
    let budgets = Budget::ALL.into_iter().filter(|budget| counted(*budget).1.contains(&operation));
    let sentences = budgets.map(|budget| {
        let (most, what, code) = (budget.most(), counted(budget).0, exhausted(budget).code());
        let window = if budget.length().as_mins() == 1 { "minute" } else { "hour" };
        format!(
            " Counts against the workspace's budget of {most} {what} per {window}; beyond it, refused with 429 `{code}`."
        )
    });
    sentences.collect()
}

/// Returns true if `operation` calls Stripe.
pub(crate) fn calls_stripe(operation: &str) -> bool {
    let budgets = [Budget::BillingReads, Budget::BillingSyncs, Budget::BillingCommands, Budget::Examinations];
    budgets.into_iter().any(|budget| counted(budget).1.contains(&operation))
}

/// Returns the refusal of a request that exceeds `budget`, at the time of the examples.
pub(crate) fn exhausted(budget: Budget) -> domain::bounds::budget::Exhausted {
    let now: Timestamp = crate::examples::samples::TIME.parse().unwrap();
    budget.window(now).exhausted(now)
}
