//! Mails to a workspace's owners and admins about a failed payment, a trial that ends soon, a plan that has lapsed, and
//! another version of the plan.
//!
//! A message names only the workspace. The current state is read when the mail is sent.

use crate::letters::{AdminAddress, MailError, MailOutcome, MailerDeps};
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
use mail::{Amount, Letter, LetterWriter, PriceChange};
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
    let Some(content) = content(&billed.billing, notice, terms) else { return Ok(MailOutcome::Outdated) };
    let about = LetterName::billing(&billed.billing, notice);
    let write = async |admin: &AdminAddress| Ok(Some(content.write(deps.writer(&admin.reader), &name, &page)));
    deps.send_to_each(&scope, &about, deps.admins(&scope).await?, write).await
}

/// Contents of a mail.
enum NoticeContent {
    /// The plan lapses at this time, if it has not lapsed yet.
    PaymentFailed(String, Option<Timestamp>),
    /// The trial ends at this time.
    TrialEnding(String, Timestamp),
    /// Another plan applies until this one is paid.
    PlanLapsed(String, &'static str),
    PlanMigrated(String, PriceChange),
}

impl NoticeContent {
    fn write(&self, writer: LetterWriter<'_>, name: &WorkspaceName, page: &str) -> Letter {
        match self {
            Self::PaymentFailed(plan, until) => writer.payment_failed(name, plan, *until, page),
            Self::TrialEnding(plan, end) => writer.trial_ending(name, plan, *end, page),
            Self::PlanLapsed(plan, unpaid) => writer.plan_lapsed(name, plan, unpaid, page),
            Self::PlanMigrated(plan, change) => writer.plan_migrated(name, plan, change, page),
        }
    }
}

/// Returns the contents of the mail about `notice`, if the notice applies at `now`.
fn content(billing: &Billing, notice: BillingNoticeKind, (plans, now): (Plans, Timestamp)) -> Option<NoticeContent> {
    let paid = billing.subscription.as_ref()?;
    let plan = plans.title(paid.paid_plan);
    match notice {
        BillingNoticeKind::PaymentFailed => {
            let until = paid.grace_until.filter(|until| now < *until);
            Subscription::owes(paid).then_some(NoticeContent::PaymentFailed(plan, until))
        }
        BillingNoticeKind::TrialEnding => Some(NoticeContent::TrialEnding(plan, billing.trial_ending(now)?)),
        BillingNoticeKind::PlanLapsed => {
            billing.has_lapsed(plans, now).then_some(NoticeContent::PlanLapsed(plan, plans.unpaid().title))
        }
        BillingNoticeKind::PlanMigrated => {
            let AnnouncedMigration { price: to, amount_before, at, .. } = billing.announced_migration()?;
            let is_by_seat = plans.version(to.plan).is_some_and(Plan::is_per_seat);
            let price = |minor_units| Amount { currency: to.currency, minor_units };
            let change = PriceChange {
                at: *at,
                is_made: paid.paid_plan == to.plan,
                before: amount_before.map(price),
                after: price(plans.amount(*to)?),
                interval: to.interval,
                is_by_seat,
            };
            Some(NoticeContent::PlanMigrated(plan, change))
        }
    }
}
