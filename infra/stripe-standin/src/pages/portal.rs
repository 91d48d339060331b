//! The customer portal's page (<https://docs.stripe.com/customer-management>): subscriptions, cards, billing details,
//! invoices.

use super::{
    answers::{not_found, refused, see_other},
    html,
};
use crate::{
    error::{ApiError, Result},
    ids::{CustomerId, Id, PortalSessionId, SubscriptionId},
    model::{Address, Buyer, PortalSession, Subscription, TaxId},
    standin::Standin,
    state::State,
    view,
    world::World,
};
use axum::{
    extract::{Form, Path, State as Extract},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

/// Form for the billing details. Fields that are left empty change nothing.
#[derive(Debug, Deserialize)]
pub(super) struct Details {
    #[serde(default)]
    name: String,
    #[serde(flatten)]
    address: Address,
    #[serde(default)]
    tax_type: String,
    #[serde(default)]
    tax_id: String,
}

impl From<Details> for Buyer {
    fn from(Details { name, address, tax_type, tax_id }: Details) -> Self {
        Self {
            name: Some(name).filter(|name| !name.is_empty()),
            address: Some(address).filter(|address| *address != Address::default()),
            tax_id: (!tax_id.is_empty()).then_some(TaxId { kind: tax_type, value: tax_id }),
            promotion_code: None,
        }
    }
}

/// Shows the page.
pub(super) async fn show(Extract(standin): Extract<Standin>, Path((id, secret)): Path<(String, String)>) -> Response {
    let world = standin.world();
    let Some(session) = session(&world, &id, &secret) else { return not_found("portal session") };
    let url = format!("/p/session/{}/{}", session.id, session.secret);
    let state = &world.state;
    let own = state.subscriptions.newest().filter(|each| each.customer == session.customer && each.is_live());
    let subscriptions: String = own.map(|each| subscription(state, each, &url)).collect();
    let back = match &session.return_url {
        Some(back) => format!("<p><a href=\"{}\">Return</a></p>", html::text(back)),
        None => String::new(),
    };
    let body = format!(
        "{back}<h2>Subscriptions</h2>{subscriptions}<h2>Card</h2>{}<div>{}{}</div><h2>Billing details</h2>{}\
         <h2>Invoices</h2><table>{}</table>",
        cards(state, &session.customer),
        html::button(&format!("{url}/card/pm_card_visa"), "Use a card that works"),
        html::button(&format!("{url}/card/pm_card_chargeCustomerFail"), "Use a card that declines"),
        details_form(state, &session.customer, &url),
        invoices(state, &session.customer),
    );
    html::page("Billing", &body).into_response()
}

fn session<'a>(world: &'a World, id: &str, secret: &str) -> Option<&'a PortalSession> {
    world.state.portal_sessions.get(&PortalSessionId::given(id)).filter(|session| session.secret == secret)
}

fn subscription(state: &State, subscription: &Subscription, url: &str) -> String {
    let prices: Vec<_> =
        subscription.items.iter().filter_map(|item| Some((state.prices.get(&item.price)?, item.quantity))).collect();
    let price = prices.first().map(|(price, _)| *price);
    let names = prices.iter().filter_map(|(price, _)| state.products.get(&price.product));
    let name = html::text(&names.map(|product| product.name.as_str()).collect::<Vec<_>>().join(", "));
    let sum = prices.iter().map(|(price, quantity)| price.unit_amount.saturating_mul(*quantity)).sum();
    let amount = price.map_or_else(String::new, |price| price.currency.amount(sum));
    let interval = price.map_or("", |price| price.interval.word());
    let status = view::subscription_status(subscription.status);
    let id = &subscription.id;
    // The portal does not change a subscription that a schedule manages
    // (https://docs.stripe.com/customer-management#limitations).
    let (when, button) = match (&subscription.schedule, subscription.ends_at()) {
        (Some(_), _) => (format!("changes on {}", html::day(subscription.period.end)), String::new()),
        (None, Some(at)) => {
            let renew = html::button(&format!("{url}/renew/{id}"), "Don't cancel");
            (format!("ends on {}", html::day(at)), renew)
        }
        (None, None) => {
            let cancel = html::button(&format!("{url}/cancel/{id}"), "Cancel");
            (format!("renews on {}", html::day(subscription.period.end)), cancel)
        }
    };
    format!("<div>{name}, {amount} per {interval}, {status}, {when}. {button}</div>")
}

fn cards(state: &State, customer: &CustomerId) -> String {
    let own = state.payment_methods.newest().filter(|method| method.customer.as_ref() == Some(customer));
    let default = state.customers.get(customer).and_then(|customer| customer.default_payment_method.as_ref());
    own.map(|method| {
        let default = if default == Some(&method.id) { ", default" } else { "" };
        format!("<p>{} •••• {}{default}</p>", method.brand, method.last4)
    })
    .collect()
}

/// Returns the form for name, address and tax id.
fn details_form(state: &State, customer: &CustomerId, url: &str) -> String {
    let known = state.customers.get(customer);
    let address = known.and_then(|customer| customer.address.clone()).unwrap_or_default();
    let name = known.and_then(|customer| customer.name.clone()).unwrap_or_default();
    let fields = [
        ("name", "Name", name),
        ("line1", "Address", address.line1),
        ("postal_code", "Postal code", address.postal_code),
        ("city", "City", address.city),
        ("country", "Country", address.country),
        ("tax_type", "Type of tax id", "eu_vat".to_owned()),
        ("tax_id", "Another tax id", String::new()),
    ];
    let fields = fields.map(|(name, label, value)| {
        format!("<p><label>{label} <input name={name} value=\"{}\"></label></p>", html::text(&value))
    });
    format!("<form method=post action=\"{url}/details\">{}<button>Save</button></form>", fields.concat())
}

fn invoices(state: &State, customer: &CustomerId) -> String {
    let own = state.invoices.newest().filter(|invoice| invoice.customer == *customer);
    own.map(|invoice| {
        let object = view::invoice(state, invoice);
        let text = |name: &str| html::text(object.get(name).and_then(serde_json::Value::as_str).unwrap_or("-"));
        format!(
            "<tr><td>{}<td>{}<td>{}<td><a href=\"{}\">{}</a>",
            html::day(invoice.created),
            invoice.currency.amount(invoice.total()),
            text("status"),
            text("hosted_invoice_url"),
            text("number"),
        )
    })
    .collect()
}

/// Handles "Cancel".
pub(super) async fn cancel(Extract(standin): Extract<Standin>, Path(path): Path<(String, String, String)>) -> Response {
    act(&standin, path, |world, customer, id| {
        let id = own(world, customer, id)?;
        world.state.portal_cancels(&id)
    })
}

/// Handles "Don't cancel".
pub(super) async fn renew(Extract(standin): Extract<Standin>, Path(path): Path<(String, String, String)>) -> Response {
    act(&standin, path, |world, customer, id| {
        let id = own(world, customer, id)?;
        world.state.portal_renews(&id)
    })
}

/// Handles "Use a card …".
pub(super) async fn card(Extract(standin): Extract<Standin>, Path(path): Path<(String, String, String)>) -> Response {
    act(&standin, path, |world, customer, name| world.state.portal_card(customer, name).map(drop))
}

/// Handles "Save".
pub(super) async fn details(
    Extract(standin): Extract<Standin>,
    Path((id, secret)): Path<(String, String)>,
    Form(typed): Form<Details>,
) -> Response {
    let path = (id, secret, String::new());
    act(&standin, path, |world, customer, _| world.state.portal_details(customer, typed.into()))
}

/// Performs the action of a button and shows the page again.
fn act(
    standin: &Standin,
    (id, secret, target): (String, String, String),
    act: impl FnOnce(&mut World, &CustomerId, &str) -> Result<()>,
) -> Response {
    standin.act(|world| {
        let Some(customer) = session(world, &id, &secret).map(|session| session.customer.clone()) else {
            return not_found("portal session");
        };
        match act(world, &customer, &target) {
            Ok(()) => see_other(&format!("/p/session/{id}/{secret}")),
            Err(error) => refused(&error),
        }
    })
}

/// Finds the customer's own subscription with this id.
fn own(world: &World, customer: &CustomerId, id: &str) -> Result<SubscriptionId> {
    let id = SubscriptionId::given(id);
    let subscription = world.state.subscriptions.find(&id, "id")?;
    if subscription.customer == *customer { Ok(id) } else { Err(ApiError::missing("subscription", id.as_str(), "id")) }
}
