//! Lists and reads the integrations of a workspace.

use super::{error::Error, view::IntegrationView};
use domain::{
    identity::access::Action,
    identity::denied::Denied,
    ids::WorkspaceId,
    integrations::IntegrationType,
    page::{Page, PageRequest},
};
use identity::Caller;
use store::Store;

/// Returns a page of the integration types, by name, with the workspace's integration of each type.
///
/// # Errors
/// [`Error`] if the caller may not read integrations or the table fails.
pub async fn list_integrations(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    page: PageRequest<IntegrationType>,
) -> Result<Page<IntegrationView, IntegrationType>, Error> {
    let mut entry = store.enter(caller, workspace, None).unaudited();
    let slots = IntegrationType::ALL.map(|kind| (kind, entry.integration(kind)));
    let (inside, healths) = entry.with_health::<Error>(Action::ReadIntegrations, &IntegrationType::ALL).await?;
    let role = inside.scope.role().ok_or(Denied::Stranger)?;
    let wanted = slots.iter().filter(|(kind, _)| page.after.is_none_or(|after| *kind > after));
    let (mut items, mut last, mut next) = (Vec::new(), None, None);
    for (kind, slot) in wanted {
        if items.len() == page.limit.get() {
            next = last;
            break;
        }
        items.push(IntegrationView::new(*kind, inside.take(slot)?.as_ref(), &healths, role));
        last = Some(*kind);
    }
    Ok(Page { items, next })
}

/// Returns the workspace's integration of type `kind`.
///
/// # Errors
/// [`Error`] if the caller may not read integrations or the table fails.
pub async fn read_integration(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    kind: IntegrationType,
) -> Result<IntegrationView, Error> {
    let mut entry = store.enter(caller, workspace, None).unaudited();
    let (slot, kinds) = (entry.integration(kind), [kind]);
    let (inside, healths) = entry.with_health::<Error>(Action::ReadIntegrations, &kinds).await?;
    let role = inside.scope.role().ok_or(Denied::Stranger)?;
    Ok(IntegrationView::new(kind, inside.take(&slot)?.as_ref(), &healths, role))
}
