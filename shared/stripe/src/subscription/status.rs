//! Statuses of subscriptions.

use domain::billing::subscription::Status;

/// Converts a status. An unknown status counts as unpaid: it grants nothing, but may still be paid.
/// <https://docs.stripe.com/api/subscriptions/object#subscription_object-status>
pub(crate) fn status(status: &str) -> Status {
    match status {
        "active" => Status::Active,
        "trialing" => Status::Trialing,
        "past_due" => Status::PastDue,
        "paused" => Status::Paused,
        "incomplete" => Status::Incomplete,
        "incomplete_expired" => Status::IncompleteExpired,
        "canceled" => Status::Canceled,
        _ => Status::Unpaid,
    }
}
