//! The stand-in's overview: customers, their subscriptions, and a form that moves the clock, in a local cloud that of the
//! whole cloud.

use super::html;
use crate::{
    model::{Customer, NewItem, SessionStatus},
    standin::Standin,
    state::State,
    view,
};
use axum::{
    extract::State as Extract,
    response::{IntoResponse, Response},
};

/// Shows the page.
pub(crate) async fn overview(Extract(standin): Extract<Standin>) -> Response {
    let world = standin.world();
    let state = &world.state;
    let customers: String = state.customers.newest().map(|each| customer(state, each)).collect();
    let body = format!(
        "<p>It is {}. {} deliveries wait.</p>\
         <form method=post action=\"/_standin/advance\"><button class=main>Move the clock</button> by \
         <input name=days type=number min=0 max=3650 value=0> days and \
         <input name=hours type=number min=0 max=23 value=1> hours</form>\
         {}<table><tr><th>Customer<th>Subscription<th>Open sessions{customers}</table>\
         <p class=note><a href=\"/_standin/state\">State</a>, <a href=\"/_standin/requests\">requests</a> and \
         <a href=\"/_standin/deliveries\">deliveries</a> as JSON.</p>",
        html::moment(state.now),
        world.mailbox.waiting(),
        html::button("/_standin/flush", "Deliver pending events"),
    );
    html::page("Stripe stand-in", &body).into_response()
}

fn prices(items: &[NewItem]) -> String {
    items.iter().map(|item| item.price.as_str()).collect::<Vec<_>>().join(", ")
}

fn customer(state: &State, customer: &Customer) -> String {
    let who = [customer.name.as_deref(), customer.email.as_deref(), Some(customer.id.as_str())];
    let who: Vec<_> = who.into_iter().flatten().map(html::text).collect();
    let gone = if customer.deleted { " (deleted)" } else { "" };
    let id = &customer.id;
    let cards = match (customer.deleted, customer.cards_fail) {
        (true, _) => String::new(),
        (false, true) => {
            let works = html::button(&format!("/_standin/card/{id}/works"), "Accept the customer's cards");
            format!("<br><span class=bad>cards decline</span> {works}")
        }
        (false, false) => {
            format!("<br>{}", html::button(&format!("/_standin/card/{id}/fails"), "Decline the customer's cards"))
        }
    };
    let own = state.subscriptions.newest().filter(|each| each.customer == customer.id);
    let subscriptions: Vec<_> = own
        .map(|each| {
            let ends = each.ends_at().map_or(String::new(), |at| format!(", ends {}", html::day(at)));
            format!(
                "{} {} until {}{ends}",
                html::text(&each.items.iter().map(|item| item.price.as_str()).collect::<Vec<_>>().join(", ")),
                view::subscription_status(each.status),
                html::day(each.period.end),
            )
        })
        .collect();
    let open = state.sessions.newest();
    let open = open.filter(|each| each.new.customer == customer.id && each.status == SessionStatus::Open);
    let open: Vec<_> = open
        .map(|each| format!("<a href=\"/c/pay/{0}\">{1}</a>", each.id, html::text(&prices(&each.new.items))))
        .collect();
    format!("<tr><td>{}{gone}{cards}<td>{}<td>{}", who.join("<br>"), subscriptions.join("<br>"), open.join("<br>"))
}
