//! The routes of the function `team`.

mod activity;
mod invitations;
mod members;

use crate::Team;
use utoipa_axum::router::OpenApiRouter;

pub(crate) fn routes() -> OpenApiRouter<Team> {
    OpenApiRouter::new().merge(members::routes()).merge(invitations::routes()).merge(activity::routes())
}
