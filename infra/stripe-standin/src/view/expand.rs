//! Expansion of ids to objects by request (<https://docs.stripe.com/api/expanding_objects>), up to four levels deep.

use super::{
    charge, coupon, customer, discount, intent, invoice, invoice_payment, parts::whole_list, payment_method, plan,
    portal_configuration, price, product, promotion_code, schedule, session, session_line_items, subscription,
};
use crate::{
    error::{ApiError, Result},
    ids::{
        ChargeId, CouponId, CustomerId, DiscountId, Id, IntentId, InvoiceId, PaymentMethodId, PortalConfigurationId,
        PriceId, ProductId, PromotionCodeId, ScheduleId, SessionId, SubscriptionId,
    },
    state::State,
};
use serde_json::Value;

const DEPTH: usize = 4;

/// Expands every path in the answer.
pub(crate) fn expand(state: &State, answer: &mut Value, paths: &[String]) -> Result<()> {
    for path in paths {
        let steps: Vec<_> = path.split('.').collect();
        if steps.len() > DEPTH {
            let message = format!("You cannot expand more than {DEPTH} levels of a property. Property: {path}");
            return Err(ApiError::invalid("expand", message));
        }
        walk(state, answer, &steps, path)?;
    }
    Ok(())
}

fn walk(state: &State, value: &mut Value, steps: &[&str], path: &str) -> Result<()> {
    let Some((step, rest)) = steps.split_first() else { return Ok(()) };
    if let Value::Array(items) = value {
        return items.iter_mut().try_for_each(|item| walk(state, item, steps, path));
    }
    let included = if value.get(*step).is_none() { include(state, value, step)? } else { None };
    let Some(fields) = value.as_object_mut() else { return Err(not_expandable(path)) };
    if let Some(included) = included {
        fields.insert((*step).to_owned(), included);
    }
    match fields.get_mut(*step) {
        None => Err(not_expandable(path)),
        Some(Value::Null) => Ok(()),
        Some(place) => {
            if let Value::String(id) = place {
                *place = referred(state, step, id)?.ok_or_else(|| not_expandable(path))?;
            }
            if let Value::Array(items) = place {
                for item in items {
                    if let Value::String(id) = item {
                        *item = referred(state, step, id)?.ok_or_else(|| not_expandable(path))?;
                    }
                }
            }
            walk(state, place, rest, path)
        }
    }
}

fn not_expandable(path: &str) -> ApiError {
    ApiError::invalid("expand", format!("This property cannot be expanded ({path})."))
}

/// Returns a property that is present only by request (<https://docs.stripe.com/api/expanding_objects>, "includable").
fn include(state: &State, value: &Value, step: &str) -> Result<Option<Value>> {
    let id = value.get("id").and_then(Value::as_str).unwrap_or_default();
    match (value.get("object").and_then(Value::as_str), step) {
        (Some("checkout.session"), "line_items") => {
            session_line_items(state, state.sessions.known(&SessionId::given(id))?).map(Some)
        }
        (Some("invoice"), "payments") => {
            let found = state.invoices.get(&InvoiceId::given(id));
            let payments = found.and_then(|found| Some(invoice_payment(found, found.payment.as_ref()?)));
            let url = format!("/v1/invoices/{id}/payments");
            Ok(Some(whole_list(payments.into_iter().collect(), &url)))
        }
        (Some("customer"), "subscriptions") => {
            let own = state.subscriptions.newest().filter(|each| each.customer.as_str() == id && each.is_live());
            let data = own.map(|each| subscription(state, each)).collect::<Result<Vec<_>>>()?;
            Ok(Some(whole_list(data, &format!("/v1/customers/{id}/subscriptions"))))
        }
        (Some(_), _) | (None, _) => Ok(None),
    }
}

/// Finds the object that a property refers to. A price has a second form, in properties named `plan`.
fn referred(state: &State, property: &str, id: &str) -> Result<Option<Value>> {
    match state.prices.get(&PriceId::given(id)) {
        Some(price) if property == "plan" => Ok(Some(plan(price))),
        Some(_) | None => object(state, id),
    }
}

/// Finds the object of an id of any kind.
fn object(state: &State, id: &str) -> Result<Option<Value>> {
    if let Some(found) = state.subscriptions.get(&SubscriptionId::given(id)) {
        return subscription(state, found).map(Some);
    }
    if let Some(found) = state.schedules.get(&ScheduleId::given(id)) {
        return schedule(state, found).map(Some);
    }
    if let Some(found) = state.sessions.get(&SessionId::given(id)) {
        return session(state, found).map(Some);
    }
    let customers = state.customers.get(&CustomerId::given(id)).map(customer);
    let invoices = || state.invoices.get(&InvoiceId::given(id)).map(|found| invoice(state, found));
    let methods = || state.payment_methods.get(&PaymentMethodId::given(id)).map(payment_method);
    let intents = || state.intents.get(&IntentId::given(id)).map(intent);
    let charges = || state.charges.get(&ChargeId::given(id)).map(|found| charge(state, found));
    let prices = || state.prices.get(&PriceId::given(id)).map(price);
    let products = || state.products.get(&ProductId::given(id)).map(product);
    let portals = || state.portal_configurations.get(&PortalConfigurationId::given(id)).map(portal_configuration);
    let discounts = || state.discounts.get(&DiscountId::given(id)).map(discount);
    let coupons = || state.coupons.get(&CouponId::given(id)).map(coupon);
    let codes = || state.promotion_codes.get(&PromotionCodeId::given(id)).map(promotion_code);
    Ok(customers
        .or_else(invoices)
        .or_else(methods)
        .or_else(intents)
        .or_else(charges)
        .or_else(prices)
        .or_else(products)
        .or_else(portals)
        .or_else(discounts)
        .or_else(coupons)
        .or_else(codes))
}
