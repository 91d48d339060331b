//! Mails to a workspace's owners and admins about a failed payment, a trial that ends soon, a plan that has lapsed, and
//! another version of the plan.
//!
//! A message names only the workspace. The current state is read when the mail is sent.

use crate::letters::{MailError, MailOutcome, MailerDeps};
use domain::{
    billing::account::{AnnouncedMigration, Billing},
    billing::notice::BillingNoticeKind,
    billing::subscription::Subscription,
    ids::WorkspaceId,
    notifications::recipient::LetterName,
    plans::{catalogue::Plans, plan::Plan},
    text::WorkspaceName,
    workspace::dashboard::DashboardPage,
};
use jiff::Timestamp;
use mail::{Letter, PriceChange, payment_failed, plan_lapsed, plan_migrated, trial_ending};
use system_scope::SystemScope;

/// Mails `notice` to the owners and admins of `workspace`, if it still applies.
///
/// # Errors
/// [`MailError`] if the table or SES fails. Recipients who have their mail get no second one on a retry.
pub async fn mail_notice(
    deps: &MailerDeps,
    workspace: WorkspaceId,
    notice: BillingNoticeKind,
) -> Result<MailOutcome, MailError> {
    let MailerDeps { store, dashboard, .. } = deps;
    let scope = SystemScope::of(workspace);
    let (facts, billed) = tokio::try_join!(store.delivery_facts(&scope, &[]), store.billing_facts(&scope))?;
    let Some(name) = facts.workspace else { return Ok(MailOutcome::Outdated) };
    let page = DashboardPage::Billing(workspace).at(dashboard);
    let terms = (store.plans(), store.ambient().now());
    let Some(letter) = letter(&name, &billed.billing, notice, terms, &page) else {
        return Ok(MailOutcome::Outdated);
    };
    let about = LetterName::billing(&billed.billing, notice);
    deps.send_to_each(&scope, &about, deps.admins(&scope).await?, async |_| Ok(Some(letter.clone()))).await
}

/// Returns the mail about `notice`, if the notice applies at `now`.
fn letter(
    name: &WorkspaceName,
    billing: &Billing,
    notice: BillingNoticeKind,
    (plans, now): (Plans, Timestamp),
    page: &str,
) -> Option<Letter> {
    let paid = billing.subscription.as_ref()?;
    let plan = plans.title(paid.paid_plan);
    match notice {
        BillingNoticeKind::PaymentFailed => {
            let until = paid.grace_until.filter(|until| now < *until);
            Subscription::owes(paid).then(|| payment_failed(name, &plan, until, page))
        }
        BillingNoticeKind::TrialEnding => Some(trial_ending(name, &plan, billing.trial_ending(now)?, page)),
        BillingNoticeKind::PlanLapsed => {
            billing.has_lapsed(plans, now).then(|| plan_lapsed(name, &plan, plans.unpaid().title, page))
        }
        BillingNoticeKind::PlanMigrated => {
            let AnnouncedMigration { price, amount_before, at, .. } = billing.announced_migration()?;
            let is_by_seat = plans.version(price.plan).is_some_and(Plan::is_per_seat);
            let about = PriceChange {
                at: *at,
                is_made: paid.paid_plan == price.plan,
                before: amount_before.map(|amount| price.currency.write(amount)),
                after: price.currency.write(plans.amount(*price)?),
                interval: price.interval,
                is_by_seat,
            };
            Some(plan_migrated(name, &plan, &about, page))
        }
    }
}
