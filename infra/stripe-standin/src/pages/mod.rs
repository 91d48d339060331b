//! Pages in a browser: Checkout, the customer portal, an invoice, and the stand-in's overview. Buttons are forms, so that
//! scripts can press them too. Nothing needs JavaScript.

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

/// Returns the routes of the pages, except for the overview's.
pub(crate) fn routes() -> Router<Standin> {
    Router::new()
        .route("/c/pay/{session}", get(checkout::show))
        .route("/c/pay/{session}/pay", post(checkout::pay))
        .route("/c/pay/{session}/fail", post(checkout::fail))
        .route("/c/pay/{session}/bank", post(checkout::pay_by_bank))
        .route("/c/pay/{session}/cancel", post(checkout::cancel))
        .route("/p/session/{session}/{secret}", get(portal::show))
        .route("/p/session/{session}/{secret}/cancel/{subscription}", post(portal::cancel))
        .route("/p/session/{session}/{secret}/renew/{subscription}", post(portal::renew))
        .route("/p/session/{session}/{secret}/card/{card}", post(portal::card))
        .route("/p/session/{session}/{secret}/details", post(portal::details))
        .route("/i/{invoice}/{key}", get(invoice::show))
        .route("/i/{invoice}/{key}/pay", post(invoice::pay))
        .route("/i/{invoice}/{key}/pdf", get(invoice::pdf))
}
