//! Bringing a workspace's billing to what Stripe holds.
//!
//! The version is read before Stripe is asked, and required when the facts are written: what is written is never older than
//! what stood there. So it does not matter who compares, how often, or in which order.

use super::{Charging, DECISIONS, Error, view::SubscriptionView};
use crate::{
    domain::{
        access::Action,
        audit::Entry,
        billing::{Billing, BillingError},
        ids::WorkspaceId,
        integration::Occurrence,
        intent::Intent,
        outbox::Message,
        runtime::Runtime,
        scope::{Caller, Origin, SystemScope},
        stripe_facts::Held,
    },
    store::{
        self, Change,
        billing::{Billed, Noted, Opened},
    },
    stripe::SessionState,
    telemetry,
};
use jiff::Timestamp;

/// Why a workspace is compared with Stripe.
#[derive(Debug, Clone)]
pub(super) struct Cause {
    /// Where that came from.
    pub(super) origin: Origin,
    /// The event that set it off.
    pub(super) event: Option<String>,
    /// The payment that failed, as the event tells.
    pub(super) failure: Option<BillingError>,
}

/// Brings `workspace` to what Stripe says now: the page after checkout asks for it, so that nobody waits for an event.
///
/// # Errors
/// [`Error`].
pub async fn sync(with: &Charging, caller: &Caller, workspace: WorkspaceId) -> Result<SubscriptionView, Error> {
    let inside = with.store.enter(caller, workspace, None).read().await?.as_member(Action::SyncBilling)?;
    let cause = Cause { origin: inside.scope.origin().clone(), event: None, failure: None };
    let billing = compare(with, &SystemScope::of(workspace), cause).await?;
    Ok(SubscriptionView::new(&billing, with.store.ambient().now()))
}

/// Compares a workspace that is due: time alone may have changed how it stands, or Stripe should have spoken.
///
/// # Errors
/// [`Error`].
pub async fn overdue(with: &Charging, workspace: WorkspaceId, origin: Origin) -> Result<(), Error> {
    let cause = Cause { origin, event: None, failure: None };
    compare(with, &SystemScope::of(workspace), cause).await.map(drop)
}

/// Brings the workspace of `scope` to what Stripe holds, and gives what its billing is then.
pub(super) async fn compare(with: &Charging, scope: &SystemScope, cause: Cause) -> Result<Billing, Error> {
    for _ in 0..DECISIONS {
        let before = with.store.billed(scope).await?;
        let Some(customer) = before.billing.customer.clone() else { return Ok(before.billing) };
        let next = look(with, &before.billing, &customer, cause.failure.clone()).await?;
        match write(with, scope, before, next, &cause).await {
            Err(Error::ChangedMeanwhile) => {}
            written => return written,
        }
    }
    Err(Error::ChangedMeanwhile)
}

/// What `billing` is by what Stripe holds of `customer`.
pub(super) async fn look(
    with: &Charging,
    billing: &Billing,
    customer: &str,
    failure: Option<BillingError>,
) -> Result<Billing, Error> {
    let account = with.account().await?;
    let waits = async {
        match &billing.pending_checkout {
            Some(pending) => account.session(&pending.session).await.map(Some),
            None => Ok(None),
        }
    };
    let (held, session) = with.answered(tokio::try_join!(account.held(customer), waits)).await?;
    tell_unknown_prices(with, &held);
    let open = session.is_some_and(|session| matches!(session.state, SessionState::Open { .. }));
    let next = Billing {
        subscription: held.subscription(&with.catalogue),
        pending_checkout: billing.pending_checkout.clone().filter(|_| open),
        ..billing.clone()
    };
    Ok(next.heard_of(failure).checked(with.store.ambient().now()))
}

fn tell_unknown_prices(with: &Charging, held: &Held) {
    for price in held.unknown_prices(&with.catalogue) {
        tracing::error!(price, "a customer pays a price that stands for no plan; add it to the configured prices");
        telemetry::count("billing", "UnknownPrice", 1, with.store.ambient().now());
    }
}

/// Writes what was seen, if it is news.
async fn write(
    with: &Charging,
    scope: &SystemScope,
    before: Billed,
    next: Billing,
    cause: &Cause,
) -> Result<Billing, Error> {
    let now = with.store.ambient().now();
    if !differs(&before.billing, &next) {
        let Billed { billing: before, runtime } = before;
        // Time may have changed how it stands, though nothing was changed at Stripe.
        let another_size =
            runtime.map(|runtime| resized(scope, &runtime)).filter(|_| before.due_at.is_some_and(|due| due <= now));
        if cause.event.is_none() && another_size.is_none() && next.due_at == before.due_at {
            return Ok(before);
        }
        return match with.store.note_checked(scope, &next, cause.event.as_deref(), another_size).await? {
            Noted::Yes => Ok(next),
            Noted::ChangedMeanwhile => Err(Error::ChangedMeanwhile),
        };
    }
    write_with(with, scope, &before, next, cause, None).await
}

/// Writes `next`, and ends `intent` if it comes of one, whose command is answered with what is paid for then.
pub(super) async fn write_with(
    with: &Charging,
    scope: &SystemScope,
    Billed { billing: before, runtime }: &Billed,
    next: Billing,
    cause: &Cause,
    intent: Option<&Intent>,
) -> Result<Billing, Error> {
    let now = with.store.ambient().now();
    let next = Billing { version: next.version.saturating_add(1), ..next };
    let answer = SubscriptionView::new(&next, now);
    if let Some(intent) = intent.filter(|_| !differs(before, &Billing { open: before.open, ..next.clone() })) {
        // Nothing is otherwise than before, or waits to be paid.
        return match with.store.close_intent(scope, (before, &next), intent, Some(&answer)).await? {
            Opened::Yes => Ok(next),
            Opened::ChangedMeanwhile | Opened::Repeated => Err(Error::ChangedMeanwhile),
        };
    }
    let payer = before.ordered_by.ok_or_else(|| store::Error::Defect("a customer whom nobody ordered".into()))?;
    let person = scope.on_behalf_of(payer, cause.origin.clone());
    let entry = Entry::billing_changed(scope.workspace(), before, &next);
    let mut change = Change::<Error>::begin(&with.store, &person, entry, now)?;
    change.write_billing(before, &next, Error::ChangedMeanwhile)?;
    if let Some(event) = &cause.event {
        change.hear(event, now)?;
    }
    if let Some(intent) = intent {
        change.end_intent(intent, &answer, Error::ChangedMeanwhile, now)?;
    }
    let (from, to) = (before.standing(now).plan, next.standing(now).plan);
    if from != to {
        change.tell(Occurrence::PlanChanged { from, to }, now)?;
    }
    if next.last_error != before.last_error {
        let grace_until = next.subscription.as_ref().and_then(|paid| paid.grace_until);
        change.tell(Occurrence::PaymentFailed { grace_until }, now)?;
    }
    if let Some(runtime) = runtime {
        change.set_off(resized(scope, runtime), now)?;
    }
    change.commit(None, (), now).await?;
    Ok(next)
}

/// Whether a person could see a difference, or a command is no longer under way.
fn differs(before: &Billing, next: &Billing) -> bool {
    Billing { due_at: before.due_at, version: before.version, ..next.clone() } != *before
}

/// What has a runtime looked after whose plan may be another one.
fn resized(scope: &SystemScope, runtime: &Runtime) -> Message {
    Message::Reconcile { workspace: scope.workspace(), generation: runtime.generation }
}

/// The payment that failed, if an event of type `kind` tells of one.
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
