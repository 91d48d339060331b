//! The mails that tell a workspace's owners and admins of a payment that failed, a trial that ends, and a plan that has lapsed.
//!
//! A message names the workspace only; what is true by now is read here.

use domain::{
    billing::account::Billing, billing::notice::Notice, billing::subscription::Subscription, ids::WorkspaceId,
    text::WorkspaceName, workspace::dashboard::DashboardPage,
};
use jiff::Timestamp;
use mail::{self, Letter, Post, payment_failed, plan_lapsed, trial_ending};
use store::{self, Store};
use system_scope::SystemScope;

/// Why a mail was not sent; it is worth another try.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// SES did not take it.
    #[error(transparent)]
    Post(#[from] mail::Error),
}

/// Tells the owners and admins of `workspace` of `notice`, if it still is so. False if there is nothing to tell any more.
///
/// # Errors
/// [`MailError`]; some may have been told then, and are told again.
pub async fn mail_notice(
    (store, post, dashboard): (&Store, &Post, &str),
    workspace: WorkspaceId,
    notice: Notice,
) -> Result<bool, MailError> {
    let scope = SystemScope::of(workspace);
    let (told, billed) = tokio::try_join!(store.told(&scope, &[]), store.billed(&scope))?;
    let Some(name) = told.workspace else { return Ok(false) };
    let page = DashboardPage::Billing(workspace).at(dashboard);
    let Some(letter) = letter(&name, &billed.billing, notice, store.ambient().now(), &page) else { return Ok(false) };
    for admin in store.admins(&scope).await? {
        // One without an address cannot be told.
        if let Some(email) = admin.email {
            post.send(&email, letter.clone(), None).await?;
        }
    }
    Ok(true)
}

/// What is said of it, if it is so at `now`.
fn letter(name: &WorkspaceName, billing: &Billing, notice: Notice, now: Timestamp, page: &str) -> Option<Letter> {
    let paid = billing.subscription.as_ref()?;
    match notice {
        Notice::PaymentFailed => {
            let until = paid.grace_until.filter(|until| now < *until);
            Subscription::owes(paid).then(|| payment_failed(name, paid.paid_plan, until, page))
        }
        Notice::TrialEnding => Some(trial_ending(name, paid.paid_plan, billing.trial_ending(now)?, page)),
        Notice::PlanLapsed => billing.has_lapsed(now).then(|| plan_lapsed(name, paid.paid_plan, page)),
    }
}
