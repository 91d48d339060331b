//! Updates a workspace's billing to the state that Stripe holds.
//!
//! The version is read before Stripe is asked and required when the facts are written, so newer facts are never
//! overwritten by older ones. Comparisons may therefore run at any time, any number of times and in any order.

use super::{
    answer::SubscriptionView,
    deps::BillingDeps,
    error::Error,
    replaced::withdraw_replaced,
    upkeep::{self, Compared},
};
use crate::decisions::{MAX_DECISIONS, decide_again};
use domain::{
    audit::record::Entry,
    billing::account::{Billing, BillingError, LATE},
    billing::customer::CustomerFacts,
    billing::intent::Intent,
    billing::notice::BillingNoticeKind,
    billing::order::OrderError,
    billing::reversal::known,
    identity::origin::Origin,
    ids::WorkspaceId,
    outbox::{MailMessage, Message, RuntimeMessage},
    runtime::record::Runtime,
};
use jiff::Timestamp;
use platform::telemetry;
use store::Scope;
use store::{
    self, Change,
    billing::{BillingFacts, Further, Opened},
    runtime::runtimes::Recorded,
};
use stripe::{CustomerState, SessionState};
use system_scope::SystemScope;

/// The reason for comparing a workspace with Stripe.
#[derive(Debug, Clone)]
pub struct ComparisonCause {
    /// Request or event that caused the comparison.
    pub origin: Origin,
    /// Id of the Stripe event that triggered the comparison.
    pub event: Option<String>,
    /// The failed payment that the event reports.
    pub failure: Option<BillingError>,
    /// Data to fetch from Stripe.
    pub scope: ComparisonScope,
}

/// The data that a comparison fetches from Stripe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComparisonScope {
    /// The customer, their subscriptions and their invoices.
    Subscriptions,
    /// These, and payments that may have been refunded or disputed.
    Payments,
}

impl ComparisonCause {
    /// A cause other than a Stripe event.
    #[must_use]
    pub const fn of(origin: Origin) -> Self {
        Self { origin, event: None, failure: None, scope: ComparisonScope::Subscriptions }
    }
}

/// Compares a workspace whose billing is due: its standing may have changed with time, or an expected event has not
/// arrived.
///
/// # Errors
/// [`Error`] if the table or Stripe fails, or if concurrent changes exhaust the attempts.
pub async fn compare_due(with: &BillingDeps, workspace: WorkspaceId, origin: Origin) -> Result<(), Error> {
    let scope = SystemScope::of(workspace);
    match compare_with_stripe(with, &scope, ComparisonCause::of(origin)).await {
        Err(Error::Order(OrderError::CustomerUnknown)) => postpone(with, &scope).await,
        compared => compared.map(drop),
    }
}

/// Postpones the comparison of a customer that Stripe does not know. The API key may belong to another account, so the
/// stored facts are kept.
async fn postpone(with: &BillingDeps, scope: &SystemScope) -> Result<(), Error> {
    let now = with.store.ambient().now();
    tracing::error!("Stripe does not know a customer; check that the API key belongs to the right account");
    telemetry::emit_count("billing", "UnknownCustomer", 1, now);
    let before = with.store.billing_facts(scope).await?.billing;
    let next = Billing { due_at: Some(now.saturating_add(LATE).unwrap_or(Timestamp::MAX)), ..before.clone() };
    // A concurrent change has set its own time.
    let (Recorded::Yes | Recorded::ChangedMeanwhile) =
        with.store.record_comparison(scope, &before, &next, None, Further::default()).await?;
    Ok(())
}

/// Returns the state of the workspace's customer at Stripe. A deleted customer is removed from the billing, and the
/// subscription is recorded as ended.
///
/// # Errors
/// [`Error`] if the table or Stripe fails, or if concurrent changes exhaust the attempts.
pub async fn check_customer(
    with: &BillingDeps,
    scope: &SystemScope,
    cause: &ComparisonCause,
) -> Result<CustomerState, Error> {
    // Boxed: the future is large, and callers already use much of the stack.
    Box::pin(decide_again(MAX_DECISIONS, Error::is_lost, Error::ChangedMeanwhile, || async {
        let before = with.store.billing_facts(scope).await?;
        let Some(customer) = before.billing.customer.clone() else { return Ok(CustomerState::Deleted) };
        let state = with.payments.stripe_account::<Error>().await?.customer_state(&customer).await?;
        if state == CustomerState::Deleted {
            remove_customer(with, scope, before, cause).await?;
        }
        Ok(state)
    }))
    .await
}

/// Removes a deleted customer from the billing.
async fn remove_customer(
    with: &BillingDeps,
    scope: &SystemScope,
    before: BillingFacts,
    cause: &ComparisonCause,
) -> Result<Billing, Error> {
    let billing = before.billing.clone().with_failure(cause.failure.clone()).without_customer();
    write(with, scope, before, ComparisonResult { billing, notices: Vec::new() }, cause).await
}

/// Returns the error of a request that failed with `error`, after checking that the customer exists.
pub async fn explain_absence(
    with: &BillingDeps,
    scope: &SystemScope,
    cause: &ComparisonCause,
    error: stripe::Error,
) -> Error {
    if !matches!(error, stripe::Error::Absent(_)) {
        return error.into();
    }
    match check_customer(with, scope, cause).await {
        Ok(CustomerState::Present) => error.into(),
        Ok(CustomerState::Deleted) => OrderError::NoCustomer.into(),
        Ok(CustomerState::Unknown) => OrderError::CustomerUnknown.into(),
        Err(error) => error,
    }
}

/// Updates the billing of the workspace of `scope` to the state that Stripe holds, and returns it.
///
/// # Errors
/// [`Error`] if the table or Stripe fails, or if concurrent changes exhaust the attempts.
pub async fn compare_with_stripe(
    with: &BillingDeps,
    scope: &SystemScope,
    cause: ComparisonCause,
) -> Result<Billing, Error> {
    // Boxed: the future is large, and callers already use much of the stack.
    Box::pin(decide_again(MAX_DECISIONS, Error::is_lost, Error::ChangedMeanwhile, || async {
        let before = with.store.billing_facts(scope).await?;
        let Some(customer) = before.billing.customer.clone() else { return Ok(before.billing) };
        match Box::pin(observe(with, scope, &before.billing, &customer, &cause)).await {
            Ok(next) => Box::pin(write(with, scope, before, next, &cause)).await,
            Err(Error::Stripe(error @ stripe::Error::Absent(_))) => match check_customer(with, scope, &cause).await? {
                CustomerState::Deleted => Ok(with.store.billing_facts(scope).await?.billing),
                CustomerState::Unknown => Err(OrderError::CustomerUnknown.into()),
                CustomerState::Present => Err(error.into()),
            },
            Err(error) => Err(error),
        }
    }))
    .await
}

/// The result of a comparison, not yet written.
#[derive(Debug)]
pub(super) struct ComparisonResult {
    /// The billing as it should be.
    pub(super) billing: Billing,
    /// Notices for owners and admins.
    pub(super) notices: Vec<BillingNoticeKind>,
}

/// Computes the billing from `billing` and from the data that Stripe holds for `customer`.
pub(super) async fn observe(
    with: &BillingDeps,
    scope: &SystemScope,
    billing: &Billing,
    customer: &str,
    cause: &ComparisonCause,
) -> Result<ComparisonResult, Error> {
    let account = with.payments.stripe_account::<Error>().await?;
    if billing.contract.is_some() {
        super::contract::end_offers(with, &account, billing, customer).await?;
    }
    let waits = async {
        match &billing.pending_checkout {
            Some(pending) => account.find_session(&pending.session).await,
            None => Ok(None),
        }
    };
    let reversals = async {
        match cause.scope {
            ComparisonScope::Payments => account.reversals(customer).await.map(Some),
            ComparisonScope::Subscriptions => Ok(None),
        }
    };
    // Boxed: the futures of these requests are large, and callers already use much of the stack.
    let asked = Box::pin(async { tokio::try_join!(account.customer_at_stripe(customer), waits, reversals) });
    let (held, session, reversals) = asked.await?;
    let now = with.store.ambient().now();
    let (held, replaced) = withdraw_replaced(&account, billing, held, customer, now).await?;
    let compared = Compared { billing, customer, reversals: reversals.as_deref().unwrap_or_default() };
    let held = Box::pin(upkeep::apply(with, &account, compared, held)).await?;
    super::naming::name_customer(with, &account, scope, customer, held.name.as_deref()).await?;
    let open = session.is_some_and(|session| matches!(session.state, SessionState::Open { .. }));
    let subscription = held.current(with.store.plans(), billing.subscription.as_ref());
    let other_subscriptions = held.others(with.store.plans(), subscription.as_ref());
    upkeep::report(with, &held, &other_subscriptions);
    let owed = subscription.as_ref().and_then(|paid| held.owed(paid));
    let facts = CustomerFacts::renewed(billing.customer_facts.clone(), held.facts(subscription.as_ref(), now));
    let next = Billing {
        customer_facts: Some(facts),
        reversals: reversals.map_or_else(|| billing.reversals.clone(), known),
        owed: subscription.as_ref().and_then(|paid| held.payable(paid)).or_else(|| held.debt_under_way()),
        other_subscriptions,
        replaced,
        trialed_at: held.trialed_at().max(billing.trialed_at),
        subscription,
        pending_checkout: billing.pending_checkout.clone().filter(|_| open),
        ..billing.clone()
    };
    let next = if next.customer_facts == billing.customer_facts { next.with_links_of(billing) } else { next };
    let next = next.with_failure(cause.failure.clone()).without_resolved_error(held.has_debts());
    let (next, notices) = next.mark_due_notices(with.store.plans(), now, owed.as_ref());
    Ok(ComparisonResult { billing: next.with_next_comparison(now), notices })
}

/// Writes the result of a comparison, if it differs from the stored billing.
async fn write(
    with: &BillingDeps,
    scope: &SystemScope,
    before: BillingFacts,
    seen: ComparisonResult,
    cause: &ComparisonCause,
) -> Result<Billing, Error> {
    let now = with.store.ambient().now();
    let ComparisonResult { billing: next, notices } = seen;
    if !differs(&before.billing, &next) {
        let seats = before.misses_seats(with.store.plans(), &next);
        let BillingFacts { billing: before, runtime, .. } = before;
        // The standing may have changed with time, although nothing has changed at Stripe.
        let another_size =
            runtime.map(|runtime| resized(scope, &runtime)).filter(|_| before.due_at.is_some_and(|due| due <= now));
        let others = next.clone().with_seats_of(&before) != next;
        let renewed = others || next.customer_facts != before.customer_facts || next.currency() != before.currency();
        let quiet = another_size.is_none() && notices.is_empty() && !renewed && !seats;
        if cause.event.is_none() && quiet && next.due_at == before.due_at {
            return Ok(before);
        }
        // Of two concurrent comparisons, only one may send a notice, and the older one may not replace newer facts.
        let increment = u64::from(renewed || !notices.is_empty());
        let next = Billing { version: next.version.saturating_add(increment), ..next };
        let messages = mails(scope, &notices).chain(another_size).collect();
        let further = Further { messages, happenings: next.happenings_since(&before, &notices), seats };
        return match with.store.record_comparison(scope, &before, &next, cause.event.as_deref(), further).await? {
            Recorded::Yes => Ok(next),
            Recorded::ChangedMeanwhile => Err(Error::ChangedMeanwhile),
        };
    }
    write_with(with, scope, &before, ComparisonResult { billing: next, notices }, cause, None).await
}

/// Writes `next` and closes `intent`, if there is one, with the resulting subscription as the answer to its command.
pub(super) async fn write_with(
    with: &BillingDeps,
    scope: &SystemScope,
    facts: &BillingFacts,
    ComparisonResult { billing: next, notices }: ComparisonResult,
    cause: &ComparisonCause,
    intent: Option<&Intent>,
) -> Result<Billing, Error> {
    let now = with.store.ambient().now();
    let BillingFacts { billing: before, runtime, .. } = facts;
    let next = Billing { version: next.version.saturating_add(1), ..next };
    let answer = SubscriptionView::new(with.store.plans(), &next, now);
    let still = Billing { open: before.open, last_command: before.last_command.clone(), ..next.clone() };
    let unchanged = notices.is_empty() && !differs(before, &still);
    if let Some(intent) = intent.filter(|_| unchanged) {
        // Nothing has changed, or the change waits for its payment.
        return match with.store.close_unchanged_intent(scope, before, &next, intent, Some(&answer)).await? {
            Opened::Yes => Ok(next),
            Opened::ChangedMeanwhile | Opened::Repeated => Err(Error::ChangedMeanwhile),
        };
    }
    let ordered = intent.map(|intent| (intent.actor, intent.actor_name.clone()));
    let (person, name) = ordered
        .or_else(|| before.ordered_by.map(|payer| (payer, None)))
        .ok_or_else(|| store::Error::Defect("the customer has no user who ordered it".into()))?;
    let person = Scope::on_behalf_of(scope, person, cause.origin.clone()).named(name).with_head(facts.log.clone());
    let entry = Entry::billing_changed(scope.workspace(), before, &next);
    let mut change = Change::<Error>::begin(&with.store, &person, entry, now)?;
    change.write_billing(before, &next, Error::ChangedMeanwhile)?;
    if facts.misses_seats(with.store.plans(), &next) {
        change.request_seat_check()?;
    }
    if let Some(event) = &cause.event {
        change.record_event(event, now)?;
    }
    if let Some(intent) = intent {
        change.close_intent(intent, &answer, Error::ChangedMeanwhile, now)?;
    }
    for occurrence in next.occurrences_since(with.store.plans(), before, now) {
        change.report(occurrence, now)?;
    }
    for happening in next.happenings_since(before, &notices) {
        change.notify_members(happening, now)?;
    }
    for mail in mails(scope, &notices) {
        change.enqueue(mail, now)?;
    }
    if let Some(runtime) = runtime {
        change.enqueue(resized(scope, runtime), now)?;
    }
    change.commit(None, (), now).await?;
    Ok(next)
}

/// Returns true if the activity should show a difference, or if a pending command has ended.
fn differs(before: &Billing, next: &Billing) -> bool {
    let next = &next.clone().with_unread_currency_of(before);
    Billing {
        customer_facts: before.customer_facts.clone(),
        due_at: before.due_at,
        version: before.version,
        sent_notices: before.sent_notices.clone(),
        ..next.clone().with_links_of(before).with_seats_of(before)
    } != *before
}

/// Returns the messages that mail `notices`.
fn mails(scope: &SystemScope, notices: &[BillingNoticeKind]) -> impl Iterator<Item = Message> {
    let workspace = scope.workspace();
    notices.iter().map(move |notice| MailMessage::BillingMail { workspace, notice: *notice }.into())
}

/// Returns the message that reconciles a runtime whose plan may have changed.
fn resized(scope: &SystemScope, runtime: &Runtime) -> Message {
    RuntimeMessage::Reconcile { workspace: scope.workspace(), generation: runtime.generation }.into()
}

/// Returns the failed payment, if events of type `kind` report one.
pub(super) fn failure(kind: &str, at: Timestamp) -> Option<BillingError> {
    let message = match kind {
        "payment_intent.payment_failed" | "invoice.payment_failed" | "checkout.session.async_payment_failed" => {
            "The payment did not go through. Try again, or use another payment method."
        }
        "invoice.payment_action_required" => "The payment waits for your confirmation at your bank.",
        _ => return None,
    };
    Some(BillingError { message: message.to_owned(), at })
}
