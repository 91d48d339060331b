//! The driver of commands to Stripe. It stores an intent, sends the requests and settles the outcome.
//!
//! An intent is carried out by the command that stored it, by a later command that it blocks, or by the sweeper. They
//! may run concurrently: the requests have the same idempotency keys, and the outcome is written once.

use super::{
    compare::{ComparisonCause, check_customer, compare_with_stripe},
    deps::BillingDeps,
    error::Error,
    orders::{self, OrderAnswer, OrderOutcome, OrderRequest},
};
use crate::decisions::MAX_DECISIONS;
use domain::{
    billing::{
        account::{Billing, OrderRefusal},
        intent::{CommandKind, CommandStatus, Intent, IntentNumber, Order},
        order::OrderError,
    },
    command::Fingerprint,
    error::Refusal,
    ids::WorkspaceId,
};
use jiff::Timestamp;
use store::{
    Scope,
    billing::{BillingFacts, Opened},
};
use stripe::CustomerState;
use system_scope::SystemScope;

/// Carries out `order` at Stripe, on behalf of the caller of `scope` and based on the billing that was read. The intent
/// is stored first, with the command's key, so that an interrupted command is finished exactly once.
///
/// # Errors
/// [`Error::ChangedMeanwhile`] if the billing has changed since it was read and the command must be decided again. Any
/// other [`Error`] if Stripe refuses the order, or a dependency fails before the intent is stored. Whatever fails later,
/// the command is going to be carried out, so the outcome is [`OrderOutcome::Pending`].
pub async fn submit_order(
    with: &BillingDeps,
    scope: &Scope,
    billed: BillingFacts,
    order: Order,
    command: Option<&Fingerprint>,
) -> Result<OrderOutcome, Error> {
    let (next, intent) = intend(scope, &billed.billing, order, command, with.store.ambient().now());
    let opened = match with.store.open_intent::<Error>(scope, &billed.billing, &next, &intent).await {
        // The reply may be lost although the intent is stored.
        Err(Error::Store(error)) => match with.store.billing_facts(&scope.system()).await {
            Ok(stored) if stored.billing == next => Opened::Yes,
            Ok(_) | Err(_) => return Err(error.into()),
        },
        opened => opened?,
    };
    match opened {
        Opened::Yes => {
            let first = intent.first;
            let billing = Box::new(next.clone());
            let system = scope.system();
            // Boxed: the future is large, and callers already use much of the stack.
            let outcome = Box::pin(carry_out(with, &system, BillingFacts { billing: next, ..billed }, intent)).await;
            match outcome {
                Err(Error::ChangedMeanwhile) => outcome_elsewhere(with, &system, first).await,
                Err(error) if error.leaves_intent_open() => {
                    tracing::warn!(code = error.code(), "a command to Stripe waits for its next attempt");
                    Ok(OrderOutcome::Pending { billing, error })
                }
                outcome => outcome,
            }
        }
        Opened::ChangedMeanwhile | Opened::Repeated => Err(Error::ChangedMeanwhile),
    }
}

/// Returns the outcome of the command `first` if another process carries it out. Fails with
/// [`Error::ChangedMeanwhile`] if it had none, so that it is decided again.
async fn outcome_elsewhere(
    with: &BillingDeps,
    scope: &SystemScope,
    first: IntentNumber,
) -> Result<OrderOutcome, Error> {
    let billing = with.store.billing_facts(scope).await?.billing;
    let last = billing.last_command.as_ref().filter(|last| last.first == first);
    match last.map(|last| (last.status, last.kind)) {
        Some((CommandStatus::Pending, _)) => {
            Ok(OrderOutcome::Pending { billing: Box::new(billing), error: Error::ChangedMeanwhile })
        }
        Some((
            CommandStatus::Done,
            CommandKind::ChangePlan | CommandKind::ChangeAddons | CommandKind::Cancel | CommandKind::Resume,
        )) => Ok(OrderOutcome::changed(billing)),
        // The page is found when the checkout is decided again.
        Some((CommandStatus::Done, CommandKind::Checkout) | (CommandStatus::Refused, _)) | None => {
            Err(Error::ChangedMeanwhile)
        }
    }
}

/// Finishes the interrupted command of `workspace`, if there still is one.
///
/// # Errors
/// [`Error`] if the command is still open; the sweeper retries it.
pub async fn finish_interrupted(with: &BillingDeps, workspace: WorkspaceId) -> Result<(), Error> {
    let scope = SystemScope::of(workspace);
    match with.store.billing_facts(&scope).await?.billing.open {
        Some(attempt) => finish_intent(with, &scope, attempt).await,
        None => Ok(()),
    }
}

/// Carries out the intent of `attempt`, of any command, so that it blocks no other command.
///
/// # Errors
/// [`Error`] if it is still open.
pub async fn finish_intent(with: &BillingDeps, scope: &SystemScope, attempt: IntentNumber) -> Result<(), Error> {
    let Some(intent) = with.store.intent(scope, attempt).await? else { return Ok(()) };
    let billed = with.store.billing_facts(scope).await?;
    match Box::pin(carry_out(with, scope, billed, intent)).await {
        // The intent is closed; its failure concerns its own command only.
        Ok(_) | Err(Error::Order(_) | Error::ChangedMeanwhile) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Carries out `intent`, which is the open intent of `billed`. Fails with [`Error::ChangedMeanwhile`] if another
/// process has closed it.
async fn carry_out(
    with: &BillingDeps,
    scope: &SystemScope,
    mut billed: BillingFacts,
    mut intent: Intent,
) -> Result<OrderOutcome, Error> {
    for _ in 0..MAX_DECISIONS {
        if billed.billing.open != Some(intent.attempt) {
            return Err(Error::ChangedMeanwhile);
        }
        if !intent.may_repeat(with.store.ambient().now()) {
            intent = again(with, scope, &mut billed.billing, intent).await?;
        }
        let account = &with.payments.stripe_account::<Error>().await?;
        let (plans, mut customer) = (with.store.plans(), billed.billing.customer.clone());
        let now = with.store.ambient().now();
        let under_contract = billed.billing.contract.is_some();
        let request = OrderRequest { account, plans, scope, intent: &intent, now, under_contract };
        let asked = match orders::ask(&request, &mut customer).await {
            // Stripe repeats its answer under the same key, so a new key is needed. Effects of the failed request are
            // found.
            Err(stripe::Error::Failed(_)) => {
                intent = again(with, scope, &mut billed.billing, intent).await?;
                let request = OrderRequest { account, plans, scope, intent: &intent, now, under_contract };
                orders::ask(&request, &mut customer).await
            }
            asked => asked,
        };
        let asked = asked.map(|answer| match answer {
            OrderAnswer::Done(effect) => Ok(effect),
            OrderAnswer::Moot(why) => Err(Some(why)),
            OrderAnswer::Outdated => Err(None),
        });
        let done = match asked {
            Ok(Ok(effect)) => Box::pin(orders::settle(with, scope, &billed, &intent, effect)).await,
            Ok(Err(why)) => {
                let code = why.map_or_else(|| Error::ChangedMeanwhile.code(), |why| why.code());
                match close(with, scope, &billed.billing, &intent, customer.clone(), code).await {
                    Ok(()) => {
                        // The stored subscription was outdated. The intent is closed, so a failed comparison changes
                        // nothing about the answer; the billing is due, and is compared again.
                        let cause = ComparisonCause::of(intent.origin.clone());
                        let compared = compare_with_stripe(with, scope, cause).await;
                        Err(why.map_or(Error::ChangedMeanwhile, |why| match compared {
                            Ok(now) => now.precise(why).into(),
                            Err(_) => why.into(),
                        }))
                    }
                    Err(error) => Err(error),
                }
            }
            Err(error) => Err(error.into()),
        };
        let done = match done {
            // Stripe would refuse the same request again.
            Err(Error::Stripe(error @ (stripe::Error::Refused(_) | stripe::Error::Absent(_)))) => {
                Box::pin(end_refused(with, scope, &billed.billing, &intent, customer, error)).await
            }
            done => done,
        };
        match done {
            Err(Error::ChangedMeanwhile) => billed = with.store.billing_facts(scope).await?,
            done => return done,
        }
    }
    Err(Error::ChangedMeanwhile)
}

/// Closes an intent that Stripe has refused, and records the refusal. Fails with [`Error::ChangedMeanwhile`] if the
/// customer was deleted, so that the command is decided again without them.
async fn end_refused(
    with: &BillingDeps,
    scope: &SystemScope,
    billing: &Billing,
    intent: &Intent,
    customer: Option<String>,
    error: stripe::Error,
) -> Result<OrderOutcome, Error> {
    let refusal = OrderRefusal { attempt: intent.attempt, reason: error.reason(), at: with.store.ambient().now() };
    tracing::error!(reason = refusal.reason, "Stripe has refused a command");
    let refused = Billing { refusal: Some(refusal), ..billing.clone() };
    let absent = matches!(error, stripe::Error::Absent(_));
    let refusal = orders::refused(with, &intent.order, customer.as_deref(), error).await;
    close(with, scope, &refused, intent, customer, refusal.code()).await?;
    if !absent {
        return Err(refusal);
    }
    match check_customer(with, scope, &ComparisonCause::of(intent.origin.clone())).await {
        // The intent is closed, so the answer is the refusal in any case.
        Ok(CustomerState::Present) | Err(_) => Err(refusal),
        Ok(CustomerState::Deleted) => Err(Error::ChangedMeanwhile),
        Ok(CustomerState::Unknown) => Err(OrderError::CustomerUnknown.into()),
    }
}

/// Replaces the intent by the same one under the next attempt, which has new idempotency keys at Stripe.
async fn again(with: &BillingDeps, scope: &SystemScope, billing: &mut Billing, left: Intent) -> Result<Intent, Error> {
    let intent = left.again(with.store.ambient().now());
    let next = Billing {
        version: billing.version.saturating_add(1),
        attempt: intent.attempt,
        open: Some(intent.attempt),
        ..billing.clone()
    };
    match with.store.repeat_intent(scope, billing, &next, &left, &intent).await? {
        Opened::Yes => {
            *billing = next;
            Ok(intent)
        }
        Opened::ChangedMeanwhile | Opened::Repeated => Err(Error::ChangedMeanwhile),
    }
}

/// Closes an intent that was refused with `code`, and had no effect except perhaps a new customer. The workspace becomes
/// due in that case, so that the comparison happens even if this process crashes now.
async fn close(
    with: &BillingDeps,
    scope: &SystemScope,
    billing: &Billing,
    intent: &Intent,
    customer: Option<String>,
    code: &str,
) -> Result<(), Error> {
    let next = Billing {
        version: billing.version.saturating_add(1),
        due_at: customer.as_ref().map(|_| with.store.ambient().now()),
        customer,
        open: None,
        last_command: billing.last_command.clone().map(|last| last.refused(code)),
        ..billing.clone()
    };
    match with.store.close_unchanged_intent(scope, billing, &next, intent, None::<&()>).await? {
        Opened::Yes => Ok(()),
        Opened::ChangedMeanwhile | Opened::Repeated => Err(Error::ChangedMeanwhile),
    }
}

/// Returns the billing with the intent open, and the intent.
pub(crate) fn intend(
    scope: &Scope,
    billing: &Billing,
    order: Order,
    command: Option<&Fingerprint>,
    now: Timestamp,
) -> (Billing, Intent) {
    let attempt = billing.attempt.next();
    let intent = Intent {
        attempt,
        first: attempt,
        actor: scope.actor(),
        actor_name: scope.name().cloned(),
        origin: scope.origin().clone(),
        given_at: now,
        begun_at: now,
        order,
        command: command.cloned(),
    };
    let last_command = Some(intent.order.to_command(attempt, now));
    let next = Billing {
        version: billing.version.saturating_add(1),
        attempt: intent.attempt,
        open: Some(intent.attempt),
        last_command,
        ordered_by: Some(intent.actor),
        ..billing.clone()
    };
    (next, intent)
}
