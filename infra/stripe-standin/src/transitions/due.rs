//! Automatic changes and their times.

use crate::{
    calendar::later,
    ids::{IntentId, InvoiceId, ScheduleId, SessionId, SubscriptionId},
    model::{Invoice, InvoiceStatus, SessionStatus, Subscription, SubscriptionStatus},
    state::State,
};
use jiff::{SignedDuration, Timestamp};

/// Time limit for a first payment (<https://docs.stripe.com/billing/subscriptions/overview>).
const INCOMPLETE: SignedDuration = SignedDuration::from_hours(23);
/// Time before the end of a trial at which it is announced (<https://docs.stripe.com/billing/subscriptions/trials>).
const TRIAL_NOTICE: SignedDuration = SignedDuration::from_hours(-3 * 24);
/// Time before a renewal at which it is announced: a setting, with a default of a week
/// (<https://docs.stripe.com/billing/subscriptions/webhooks>, `invoice.upcoming`).
const RENEWAL_NOTICE: SignedDuration = SignedDuration::from_hours(-7 * 24);

/// Change that is due at a time. Changes due at the same time happen in the order of the variants: a change that was
/// agreed for the end of a period precedes its renewal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Due {
    ExpireSession(SessionId),
    AdvanceDraft(InvoiceId),
    Retry(InvoiceId),
    SettlePayment(IntentId),
    ExpireIncomplete(SubscriptionId),
    ExpirePendingUpdate(SubscriptionId),
    EndPause(SubscriptionId),
    AnnounceTrialEnd(SubscriptionId),
    AnnounceRenewal(SubscriptionId),
    End(SubscriptionId),
    NextPhase(ScheduleId),
    EndTrial(SubscriptionId),
    Renew(SubscriptionId),
}

impl State {
    /// Returns the next due change and its time.
    pub(super) fn next_due(&self) -> Option<(Timestamp, Due)> {
        let sessions = self.sessions.iter().filter(|session| session.status == SessionStatus::Open);
        let sessions = sessions.map(|session| (session.expires_at, Due::ExpireSession(session.id.clone())));
        let invoices = self.invoices.iter().filter_map(of_invoice);
        let subscriptions = self.subscriptions.iter().filter(|each| each.is_live()).flat_map(of_subscription);
        let schedules = self.schedules.iter();
        let phases = schedules.filter_map(|each| Some((each.phase_ends()?, Due::NextPhase(each.id.clone()))));
        let payments = self.intents.iter();
        let payments = payments.filter_map(|each| Some((each.settles_at?, Due::SettlePayment(each.id.clone()))));
        sessions.chain(payments).chain(invoices).chain(subscriptions).chain(phases).min()
    }
}

fn of_invoice(invoice: &Invoice) -> Option<(Timestamp, Due)> {
    match invoice.status {
        InvoiceStatus::Draft => Some((invoice.finalizes_at?, Due::AdvanceDraft(invoice.id.clone()))),
        InvoiceStatus::Open => Some((invoice.next_attempt?, Due::Retry(invoice.id.clone()))),
        InvoiceStatus::Paid | InvoiceStatus::Uncollectible | InvoiceStatus::Void => None,
    }
}

fn of_subscription(subscription: &Subscription) -> Vec<(Timestamp, Due)> {
    let id = || subscription.id.clone();
    let ends = subscription.period.end;
    let mut due = Vec::new();
    if let Some(at) = subscription.ends_at() {
        due.push((at, Due::End(id())));
    }
    if let Some(update) = &subscription.pending_update {
        due.push((update.expires_at, Due::ExpirePendingUpdate(id())));
    }
    if let Some(at) = subscription.pause.as_ref().and_then(|pause| pause.resumes_at) {
        due.push((at, Due::EndPause(id())));
    }
    match subscription.status {
        SubscriptionStatus::Incomplete => {
            due.push((later(subscription.created, INCOMPLETE), Due::ExpireIncomplete(id())));
        }
        SubscriptionStatus::Trialing => {
            due.push((ends, Due::EndTrial(id())));
            if !subscription.trial_end_announced {
                due.push((later(ends, TRIAL_NOTICE), Due::AnnounceTrialEnd(id())));
            }
        }
        SubscriptionStatus::Active | SubscriptionStatus::PastDue => {
            due.push((ends, Due::Renew(id())));
            if subscription.renewal_announced != Some(ends) && subscription.ends_at().is_none_or(|at| at > ends) {
                due.push((later(ends, RENEWAL_NOTICE), Due::AnnounceRenewal(id())));
            }
        }
        SubscriptionStatus::Unpaid => due.push((ends, Due::Renew(id()))),
        SubscriptionStatus::Paused | SubscriptionStatus::IncompleteExpired | SubscriptionStatus::Canceled => {}
    }
    due
}
