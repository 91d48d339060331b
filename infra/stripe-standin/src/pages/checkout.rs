//! Checkout's page (<https://docs.stripe.com/payments/checkout>): the purchase, and the buttons "Pay", "Fail" and "Go
//! back".

use super::{
    answers::{not_found, refused, see_other},
    html,
};
use crate::{
    ids::{Id, SessionId},
    model::{Buyer, NewItem, Session, SessionStatus},
    standin::Standin,
    state::State,
    transitions::checkout::Settlement,
};
use axum::{
    extract::{Path, State as Extract},
    http::StatusCode,
    response::{IntoResponse, Response},
};

/// Shows the page.
pub(super) async fn show(Extract(standin): Extract<Standin>, Path(id): Path<String>) -> Response {
    let world = standin.world();
    let Some(session) = world.state.sessions.get(&SessionId::given(&id)) else {
        return not_found("checkout session");
    };
    match session.status {
        SessionStatus::Open => html::page("Checkout", &open(&world.state, session)).into_response(),
        SessionStatus::Complete { .. } => {
            let back = html::text(&session.success_url());
            html::page("Checkout", &format!("<p>You're all done here. <a href=\"{back}\">Continue</a></p>"))
                .into_response()
        }
        SessionStatus::Expired => {
            let body = "<p>This page has expired. Return to the shop to begin again.</p>";
            (StatusCode::GONE, html::page("Checkout", body)).into_response()
        }
    }
}

fn open(state: &State, session: &Session) -> String {
    let new = &session.new;
    let price = new.items.first().and_then(|item| state.prices.get(&item.price));
    let names: Vec<_> = new.items.iter().filter_map(|item| name(state, item)).collect();
    let name = html::text(&names.join(", "));
    let amount = state.bought(&new.items).map_or_else(|_| String::new(), |(sum, currency)| currency.amount(sum));
    let interval = price.map_or("", |price| price.interval.word());
    let customer = state.customers.get(&new.customer);
    let who = customer.and_then(|customer| customer.email.as_ref().or(customer.name.as_ref()));
    let who = html::text(who.map_or(new.customer.as_str(), String::as_str));
    let trial = match new.subscription.trial_days {
        Some(days) => format!("<p>{days} days free, then {amount} per {interval}.</p>"),
        None => String::new(),
    };
    let declined = if session.declined { "<p class=bad>Your card was declined. Try another one.</p>" } else { "" };
    let url = format!("/c/pay/{}", session.id);
    let back = match new.cancel_url {
        Some(_) => html::button(&format!("{url}/cancel"), "Go back"),
        None => String::new(),
    };
    format!(
        "<p>Subscribe to {name}</p><p class=price>{amount} per {interval}</p>{trial}<p>for {who}</p>{declined}\
         <div>{}{}{}{back}</div><p class=note>Until {}. “Pay” uses a card that works, “Fail” one that is declined. \
         A bank debit succeeds four days later.</p>",
        html::main_button(&format!("{url}/pay"), "Pay"),
        html::button(&format!("{url}/fail"), "Fail"),
        html::button(&format!("{url}/bank"), "Pay by bank debit"),
        html::moment(session.expires_at),
    )
}

/// Returns the name of what an item is of: "Pro", or "3 × Pro".
fn name(state: &State, item: &NewItem) -> Option<String> {
    let price = state.prices.get(&item.price)?;
    let name = &state.products.get(&price.product)?.name;
    Some(if item.quantity == 1 { name.clone() } else { format!("{} × {name}", item.quantity) })
}

/// Handles "Pay".
pub(super) async fn pay(Extract(standin): Extract<Standin>, Path(id): Path<String>) -> Response {
    settle(&standin, &id, Settlement::Paid)
}

/// Handles "Fail".
pub(super) async fn fail(Extract(standin): Extract<Standin>, Path(id): Path<String>) -> Response {
    settle(&standin, &id, Settlement::Declined)
}

/// Handles "Pay by bank debit".
pub(super) async fn pay_by_bank(Extract(standin): Extract<Standin>, Path(id): Path<String>) -> Response {
    settle(&standin, &id, Settlement::Delayed)
}

/// Redirects to `success_url` after a payment, and back to the page after a decline. A button of a closed session shows
/// the session's status.
fn settle(standin: &Standin, id: &str, card: Settlement) -> Response {
    let id = SessionId::given(id);
    standin.act(|world| {
        let Some(session) = world.state.sessions.get(&id).cloned() else { return not_found("checkout session") };
        if session.status != SessionStatus::Open {
            return see_other(&format!("/c/pay/{id}"));
        }
        match world.state.pay_session(&id, card, Buyer::default()) {
            Ok(Settlement::Paid | Settlement::Delayed) => see_other(&session.success_url()),
            Ok(Settlement::Declined) => see_other(&format!("/c/pay/{id}")),
            Err(error) => refused(&error),
        }
    })
}

/// Handles "Go back": the session stays open and can still be paid
/// (<https://docs.stripe.com/api/checkout/sessions/create>, `cancel_url`).
pub(super) async fn cancel(Extract(standin): Extract<Standin>, Path(id): Path<String>) -> Response {
    let world = standin.world();
    let Some(session) = world.state.sessions.get(&SessionId::given(&id)) else {
        return not_found("checkout session");
    };
    match &session.new.cancel_url {
        Some(url) => see_other(url),
        None => see_other(&format!("/c/pay/{}", session.id)),
    }
}
