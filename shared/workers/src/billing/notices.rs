//! Mails to a workspace's owners and admins about a failed payment, a trial that ends soon, and a plan that has lapsed.
//!
//! A message names only the workspace. The current state is read when the mail is sent.

use domain::{
    billing::account::Billing, billing::notice::BillingNoticeKind, billing::subscription::Subscription,
    ids::WorkspaceId, text::WorkspaceName, workspace::dashboard::DashboardPage,
};
use jiff::Timestamp;
use mail::{self, Letter, MailClient, payment_failed, plan_lapsed, trial_ending};
use store::{self, Store};
use system_scope::SystemScope;

/// The reason a mail was not sent. A retry may succeed.
#[derive(Debug, thiserror::Error)]
pub enum BillingMailError {
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// SES did not accept the mail.
    #[error(transparent)]
    Post(#[from] mail::Error),
}

/// Mails `notice` to the owners and admins of `workspace`, if it still applies. Returns false if it no longer does.
///
/// # Errors
/// [`BillingMailError`] if the table or SES fails. Recipients before the failure have their mail and get it again on a
/// retry.
pub async fn mail_notice(
    (store, post, dashboard): (&Store, &MailClient, &str),
    workspace: WorkspaceId,
    notice: BillingNoticeKind,
) -> Result<bool, BillingMailError> {
    let scope = SystemScope::of(workspace);
    let (facts, billed) = tokio::try_join!(store.delivery_facts(&scope, &[]), store.billing_facts(&scope))?;
    let Some(name) = facts.workspace else { return Ok(false) };
    let page = DashboardPage::Billing(workspace).at(dashboard);
    let Some(letter) = letter(&name, &billed.billing, notice, store.ambient().now(), &page) else { return Ok(false) };
    for admin in store.admins(&scope).await? {
        // A member without a verified address gets no mail.
        if let Some(email) = admin.email {
            post.send(&email, letter.clone(), None).await?;
        }
    }
    Ok(true)
}

/// Returns the mail about `notice`, if the notice applies at `now`.
fn letter(
    name: &WorkspaceName,
    billing: &Billing,
    notice: BillingNoticeKind,
    now: Timestamp,
    page: &str,
) -> Option<Letter> {
    let paid = billing.subscription.as_ref()?;
    match notice {
        BillingNoticeKind::PaymentFailed => {
            let until = paid.grace_until.filter(|until| now < *until);
            Subscription::owes(paid).then(|| payment_failed(name, paid.paid_plan, until, page))
        }
        BillingNoticeKind::TrialEnding => Some(trial_ending(name, paid.paid_plan, billing.trial_ending(now)?, page)),
        BillingNoticeKind::PlanLapsed => billing.has_lapsed(now).then(|| plan_lapsed(name, paid.paid_plan, page)),
    }
}
