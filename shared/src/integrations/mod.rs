//! A workspace's connections to other services: what the function `integrations` does, and what is cleaned up after it.

mod attempt;
mod deliver;
mod disable;
mod enable;
mod error;
mod mail;
mod retry;
mod secrets;
mod set_up;
mod test;
mod view;

pub use deliver::{DeliverError, Delivering, Outcome, again, tell};
pub use enable::enable;
pub use error::Error;
pub use mail::{AdminMail, MailError, mail_disabled};
pub use retry::{deliveries, retry};
pub use secrets::discard;
pub use set_up::{remove, set_up};
pub use test::test;
pub use view::{DeliveryState, DeliveryView, IntegrationView, Stats, TestView};

use domain::{
    identity::access::Action,
    identity::scope::Caller,
    ids::WorkspaceId,
    integrations::IntegrationType,
    page::{Page, PageRequest},
};
use store::Store;

/// How often a change is decided anew when another one came first.
const DECISIONS: usize = 3;

/// A page of the types, by name, with the workspace's integration of each.
///
/// # Errors
/// [`Error`].
pub async fn list(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    page: PageRequest<IntegrationType>,
) -> Result<Page<IntegrationView, IntegrationType>, Error> {
    let mut entry = store.enter(caller, workspace, None);
    let slots = IntegrationType::ALL.map(|kind| (kind, entry.integration(kind)));
    let (inside, healths) = entry.with_health::<Error>(Action::ReadIntegrations, &IntegrationType::ALL).await?;
    let wanted = slots.iter().filter(|(kind, _)| page.after.is_none_or(|after| *kind > after));
    let (mut items, mut last, mut next) = (Vec::new(), None, None);
    for (kind, slot) in wanted {
        if items.len() == page.limit.get() {
            next = last;
            break;
        }
        items.push(IntegrationView::new(*kind, inside.take(slot)?.as_ref(), &healths));
        last = Some(*kind);
    }
    Ok(Page { items, next })
}

/// The workspace's integration of the type `kind`.
///
/// # Errors
/// [`Error`].
pub async fn read(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    kind: IntegrationType,
) -> Result<IntegrationView, Error> {
    let mut entry = store.enter(caller, workspace, None);
    let (slot, kinds) = (entry.integration(kind), [kind]);
    let (inside, healths) = entry.with_health::<Error>(Action::ReadIntegrations, &kinds).await?;
    Ok(IntegrationView::new(kind, inside.take(&slot)?.as_ref(), &healths))
}
