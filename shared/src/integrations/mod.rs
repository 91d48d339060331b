//! A workspace's connections to other services: what the function `integrations` does, and what is cleaned up after it.

mod error;
mod secrets;
mod set_up;
mod view;

pub use error::Error;
pub use secrets::discard;
pub use set_up::{remove, set_up};
pub use view::{HealthStatus, IntegrationView, Stats};

use crate::{
    domain::{
        access::Action,
        ids::WorkspaceId,
        integration::IntegrationType,
        page::{Page, PageRequest},
        scope::Caller,
    },
    store::Store,
};

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
    let inside = entry.read().await?.as_member(Action::ReadIntegrations)?;
    let wanted = slots.iter().filter(|(kind, _)| page.after.is_none_or(|after| *kind > after));
    let (mut items, mut last, mut next) = (Vec::new(), None, None);
    for (kind, slot) in wanted {
        if items.len() == page.limit.get() {
            next = last;
            break;
        }
        items.push(IntegrationView::new(*kind, inside.take(slot)?.as_ref()));
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
    let slot = entry.integration(kind);
    let inside = entry.read().await?.as_member(Action::ReadIntegrations)?;
    Ok(IntegrationView::new(kind, inside.take(&slot)?.as_ref()))
}
