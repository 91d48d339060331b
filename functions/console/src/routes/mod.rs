//! The routes of the console, by part.

mod commands;
mod letters;
mod queues;
mod session;

use crate::deps::ConsoleDeps;
use axum::Router;
use utoipa::openapi::OpenApi;

pub(crate) fn router() -> Router<ConsoleDeps> {
    session::router().merge(commands::router()).merge(letters::router()).merge(queues::router())
}

pub(crate) fn document() -> OpenApi {
    let mut document = session::document();
    for part in [commands::document(), letters::document(), queues::document()] {
        document.merge(part);
    }
    document
}
