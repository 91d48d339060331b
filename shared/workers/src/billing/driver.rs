//! The driver of commands to Stripe: an intent is stored, Stripe is asked, the outcome is settled.
//!
//! The command that stored an intent carries it out, or a later command that it blocks, or the sweeper. They may do so at the same time:
//! Stripe is asked under the same keys, and the outcome is written once.

use super::{
    compare::{Cause, compare},
    deps::Charging,
    error::Error,
    orders::{self, Asked, Asking, Done},
};
use crate::decisions::DECISIONS;
use domain::{
    billing::{
        account::Billing,
        intent::{Attempt, Intent, Order},
    },
    command::Fingerprint,
    ids::WorkspaceId,
};
use store::{
    Scope,
    billing::{Billed, Opened},
};
use system_scope::SystemScope;

/// Has Stripe do what `order` wants, on behalf of the caller of `scope`, for the billing that was read. The intent is stored first, with
/// the command's key, so that an interrupted command is finished, and finished once.
///
/// # Errors
/// [`Error::ChangedMeanwhile`] if another change came first and the command must be decided again, or another [`Error`].
pub async fn submit(
    with: &Charging,
    scope: &Scope,
    billed: Billed,
    order: Order,
    command: Option<&Fingerprint>,
) -> Result<Done, Error> {
    let (next, intent) = intend(with, scope, &billed.billing, order, command);
    match with.store.open_intent::<Error>(scope, &billed.billing, &next, &intent).await? {
        Opened::Yes => carry_out(with, &scope.system(), Billed { billing: next, ..billed }, intent).await,
        Opened::ChangedMeanwhile | Opened::Repeated => Err(Error::ChangedMeanwhile),
    }
}

/// Finishes the command of `workspace` that was left, if there still is one.
///
/// # Errors
/// [`Error`]; it is due again.
pub async fn finish_left(with: &Charging, workspace: WorkspaceId) -> Result<(), Error> {
    let scope = SystemScope::of(workspace);
    match with.store.billed(&scope).await?.billing.open {
        Some(attempt) => join(with, &scope, attempt).await,
        None => Ok(()),
    }
}

/// Carries out the intent `attempt` of any command, so that it blocks no other.
///
/// # Errors
/// [`Error`] if it is still open.
pub async fn join(with: &Charging, scope: &SystemScope, attempt: Attempt) -> Result<(), Error> {
    let Some(intent) = with.store.intent(scope, attempt).await? else { return Ok(()) };
    let billed = with.store.billed(scope).await?;
    match carry_out(with, scope, billed, intent).await {
        // Its own affair: it is out of the way.
        Ok(_) | Err(Error::Order(_) | Error::ChangedMeanwhile) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Carries out `intent`, which is that of `billed`. [`Error::ChangedMeanwhile`] if another process has ended it.
async fn carry_out(
    with: &Charging,
    scope: &SystemScope,
    mut billed: Billed,
    mut intent: Intent,
) -> Result<Done, Error> {
    for _ in 0..DECISIONS {
        if billed.billing.open != Some(intent.attempt) {
            return Err(Error::ChangedMeanwhile);
        }
        if !intent.may_repeat(with.store.ambient().now()) {
            intent = again(with, scope, &mut billed.billing, intent).await?;
        }
        let account = &with.payments.account::<Error>().await?;
        let mut customer = billed.billing.customer.clone();
        let asked = match orders::ask(&Asking { account, scope, intent: &intent }, &mut customer).await {
            // The answer is stuck to the key. What it has done will be found.
            Err(stripe::Error::Failed(_)) => {
                intent = again(with, scope, &mut billed.billing, intent).await?;
                orders::ask(&Asking { account, scope, intent: &intent }, &mut customer).await
            }
            asked => asked,
        };
        let done = match asked {
            Ok(Asked::Done(effect)) => orders::settle(with, scope, &billed, &intent, effect).await,
            Ok(Asked::Moot(why)) => match close(with, scope, &billed.billing, &intent, customer).await {
                Ok(()) => {
                    // What is paid for was not known.
                    compare(with, scope, Cause::of(intent.origin.clone())).await?;
                    Err(why.into())
                }
                Err(error) => Err(error),
            },
            // It will not be taken another time either.
            Err(error @ stripe::Error::Refused(_)) => {
                let error = orders::refused(&intent.order, error.into());
                close(with, scope, &billed.billing, &intent, customer).await.and(Err(error))
            }
            Err(error) => return Err(error.into()),
        };
        match done {
            Err(Error::ChangedMeanwhile) => billed = with.store.billed(scope).await?,
            done => return done,
        }
    }
    Err(Error::ChangedMeanwhile)
}

/// The same command under the next attempt: Stripe's keys are new.
async fn again(with: &Charging, scope: &SystemScope, billing: &mut Billing, left: Intent) -> Result<Intent, Error> {
    let intent = left.again(with.store.ambient().now());
    let next = Billing {
        version: billing.version.saturating_add(1),
        attempt: intent.attempt,
        open: Some(intent.attempt),
        ..billing.clone()
    };
    match with.store.repeat_intent(scope, billing, &next, (&left, &intent)).await? {
        Opened::Yes => {
            *billing = next;
            Ok(intent)
        }
        Opened::ChangedMeanwhile | Opened::Repeated => Err(Error::ChangedMeanwhile),
    }
}

/// Ends an intent of which nothing has become but, maybe, a customer. What he pays for is looked at soon, should this process end
/// now.
async fn close(
    with: &Charging,
    scope: &SystemScope,
    billing: &Billing,
    intent: &Intent,
    customer: Option<String>,
) -> Result<(), Error> {
    let next = Billing {
        version: billing.version.saturating_add(1),
        due_at: customer.as_ref().map(|_| with.store.ambient().now()),
        customer,
        open: None,
        ..billing.clone()
    };
    match with.store.close_intent(scope, (billing, &next), intent, None::<&()>).await? {
        Opened::Yes => Ok(()),
        Opened::ChangedMeanwhile | Opened::Repeated => Err(Error::ChangedMeanwhile),
    }
}

/// The intent to do it, and the billing by then.
fn intend(
    with: &Charging,
    scope: &Scope,
    billing: &Billing,
    order: Order,
    command: Option<&Fingerprint>,
) -> (Billing, Intent) {
    let now = with.store.ambient().now();
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
    let next = Billing {
        version: billing.version.saturating_add(1),
        attempt: intent.attempt,
        open: Some(intent.attempt),
        ordered_by: Some(intent.actor),
        ..billing.clone()
    };
    (next, intent)
}
