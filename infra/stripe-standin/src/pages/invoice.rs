//! An invoice's hosted page (<https://docs.stripe.com/invoicing/hosted-invoice-page>), on which an open one can be paid.

use super::{
    answers::{not_found, refused, see_other},
    html, pdf,
};
use crate::{
    ids::{Id, InvoiceId},
    model::{Invoice, InvoiceStatus},
    standin::Standin,
    world::World,
};
use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};

/// Shows the page.
pub(super) async fn show(State(standin): State<Standin>, Path((id, key)): Path<(String, String)>) -> Response {
    let world = standin.world();
    let Some(invoice) = find(&world, &id, &key) else { return not_found("invoice") };
    let lines = invoice.lines.iter();
    let lines: String = lines
        .map(|line| format!("<tr><td>{}<td>{}", html::text(&line.description), invoice.currency.amount(line.amount)))
        .collect();
    let pay = match invoice.status {
        InvoiceStatus::Open | InvoiceStatus::Uncollectible => html::main_button(&format!("/i/{id}/{key}/pay"), "Pay"),
        InvoiceStatus::Draft | InvoiceStatus::Paid | InvoiceStatus::Void => String::new(),
    };
    let body = format!(
        "<p class=price>{}</p><p>{}</p><table>{lines}</table><div>{pay}<a href=\"/i/{id}/{key}/pdf\">PDF</a></div>",
        invoice.currency.amount(invoice.amount_due()),
        status(invoice),
    );
    html::page(&title(invoice), &body).into_response()
}

/// Handles "Pay": charges the customer's default card, which the customer authenticates if it is necessary.
pub(super) async fn pay(State(standin): State<Standin>, Path((id, key)): Path<(String, String)>) -> Response {
    standin.act(|world| {
        let Some(invoice) = find(world, &id, &key).map(|invoice| invoice.id.clone()) else {
            return not_found("invoice");
        };
        match world.state.pay_invoice_on_page(&invoice) {
            Ok(()) => see_other(&format!("/i/{id}/{key}")),
            Err(error) => refused(&error),
        }
    })
}

/// Returns the invoice as a PDF.
pub(super) async fn pdf(State(standin): State<Standin>, Path((id, key)): Path<(String, String)>) -> Response {
    let world = standin.world();
    let Some(invoice) = find(&world, &id, &key) else { return not_found("invoice") };
    // A PDF has no letters outside of ASCII.
    let amount = |minor| invoice.currency.ascii_amount(minor);
    let lines = invoice.lines.iter().map(|line| format!("{}  {}", amount(line.amount), line.description));
    let head = [title(invoice), format!("{}, {}", amount(invoice.amount_due()), status(invoice)), String::new()];
    let text: Vec<_> = head.into_iter().chain(lines).collect();
    ([(header::CONTENT_TYPE, "application/pdf")], pdf::document(&text)).into_response()
}

/// Finds the invoice if the key is the one of its URL.
fn find<'a>(world: &'a World, id: &str, key: &str) -> Option<&'a Invoice> {
    world.state.invoices.get(&InvoiceId::given(id)).filter(|invoice| invoice.hosted == key)
}

fn title(invoice: &Invoice) -> String {
    format!("Invoice {}", invoice.number.as_deref().unwrap_or("(draft)"))
}

fn status(invoice: &Invoice) -> String {
    match (invoice.status, invoice.paid_at) {
        (InvoiceStatus::Paid, Some(at)) => format!("paid on {}", html::day(at)),
        (InvoiceStatus::Paid, None) => "paid".to_owned(),
        (InvoiceStatus::Draft, _) => "a draft".to_owned(),
        (InvoiceStatus::Open, _) => "open".to_owned(),
        (InvoiceStatus::Uncollectible, _) => "written off".to_owned(),
        (InvoiceStatus::Void, _) => "void".to_owned(),
    }
}
