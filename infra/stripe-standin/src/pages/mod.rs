//! The pages that a person sees in a browser: Checkout, the customer portal, an invoice, and the overview of the
//! stand-in itself. Buttons are forms, so that a script can press them too; nothing needs JavaScript.

mod answers;
mod checkout;
mod html;
mod invoice;
mod overview;
mod pdf;
mod portal;

pub(crate) use overview::overview;

use crate::standin::Standin;
use axum::{
    Router,
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
