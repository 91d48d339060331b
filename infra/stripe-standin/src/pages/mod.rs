//! The pages that a person sees in a browser: Checkout, the customer portal, an invoice, and the overview of the
//! stand-in itself. Buttons are forms, so that a script can press them too; nothing needs JavaScript.

mod checkout;
mod html;
mod invoice;
mod overview;
mod pdf;
mod portal;

pub(crate) use overview::overview;

use crate::{error::ApiError, standin::Standin};
use axum::{
    Router,
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};

/// The routes of the pages, but for the overview's.
pub(crate) fn routes() -> Router<Standin> {
    Router::new()
        .route("/c/pay/{session}", get(checkout::show))
        .route("/c/pay/{session}/pay", post(checkout::pay))
        .route("/c/pay/{session}/fail", post(checkout::fail))
        .route("/c/pay/{session}/cancel", post(checkout::cancel))
        .route("/p/session/{session}/{secret}", get(portal::show))
        .route("/p/session/{session}/{secret}/cancel/{subscription}", post(portal::cancel))
        .route("/p/session/{session}/{secret}/renew/{subscription}", post(portal::renew))
        .route("/p/session/{session}/{secret}/card/{card}", post(portal::card))
        .route("/i/{invoice}/{key}", get(invoice::show))
        .route("/i/{invoice}/{key}/pay", post(invoice::pay))
        .route("/i/{invoice}/{key}/pdf", get(invoice::pdf))
}

/// Sends the browser on, with a GET.
fn see_other(url: &str) -> Response {
    // An address that no header can carry was refused when it was given; should one be here, nowhere is the answer.
    let location = HeaderValue::from_str(url).unwrap_or(HeaderValue::from_static("/_standin"));
    (StatusCode::SEE_OTHER, [(HeaderName::from_static("location"), location)]).into_response()
}

/// The page of something that is not there.
fn not_found(what: &str) -> Response {
    (StatusCode::NOT_FOUND, html::page(what, &format!("<p>There is no such {}.</p>", html::text(what)))).into_response()
}

/// The page of something that cannot be done.
fn refused(error: &ApiError) -> Response {
    let body = format!("<p class=bad>{}</p>", html::text(&error.to_string()));
    (StatusCode::BAD_REQUEST, html::page("That did not work", &body)).into_response()
}
