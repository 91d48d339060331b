//! Controls that Stripe does not have: scripts and the overview page move the clock and inject faults with them.

use crate::{
    cloud_clock::MoveFailed,
    delivery::{DeliveryFaults, Webhook},
    desk::RequestFault,
    model::{Buyer, Dunning, Exhausted},
    pages,
    standin::{Refused, Standin},
};
use axum::{
    Json, Router,
    extract::{Form, Path, State, rejection::JsonRejection},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};

/// Returns the routes below `/_standin`.
pub(crate) fn routes() -> Router<Standin> {
    Router::new()
        .route("/_standin", get(pages::overview))
        .route("/_standin/advance", post(advance_by_form))
        .route("/_standin/clock", post(clock))
        .route("/_standin/delivery", post(delivery))
        .route("/_standin/webhook", post(webhook))
        .route("/_standin/fault", post(fault))
        .route("/_standin/fault/clear", post(clear_faults))
        .route("/_standin/card", post(card))
        .route("/_standin/card/{customer}/{does}", post(card_by_button))
        .route("/_standin/dunning", post(dunning))
        .route("/_standin/finalization", post(finalization))
        .route("/_standin/method", post(method))
        .route("/_standin/pay", post(pay))
        .route("/_standin/settle", post(settle))
        .route("/_standin/price", post(price))
        .route("/_standin/refund", post(refund))
        .route("/_standin/dispute", post(dispute))
        .route("/_standin/dispute/close", post(close_dispute))
        .route("/_standin/secret/roll", post(roll))
        .route("/_standin/flush", post(flush))
        .route("/_standin/state", get(state))
        .route("/_standin/requests", get(requests))
        .route("/_standin/deliveries", get(deliveries))
}

/// Body that was not understood.
struct InvalidRequest(String);

impl From<JsonRejection> for InvalidRequest {
    fn from(rejection: JsonRejection) -> Self {
        Self(rejection.body_text())
    }
}

impl From<Refused> for InvalidRequest {
    fn from(refused: Refused) -> Self {
        Self(refused.to_string())
    }
}

impl IntoResponse for InvalidRequest {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, Json(json!({ "error": self.0 }))).into_response()
    }
}

/// Failure of a move of the clock.
enum Failed {
    Invalid(InvalidRequest),
    Move(MoveFailed),
}

impl From<JsonRejection> for Failed {
    fn from(rejection: JsonRejection) -> Self {
        Self::Invalid(rejection.into())
    }
}

impl From<MoveFailed> for Failed {
    fn from(failed: MoveFailed) -> Self {
        Self::Move(failed)
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        match self {
            Self::Invalid(request) => request.into_response(),
            Self::Move(failed) => {
                let error = json!({ "error": failed.to_string() });
                (StatusCode::INTERNAL_SERVER_ERROR, Json(error)).into_response()
            }
        }
    }
}

type Parsed<T> = Result<Json<T>, JsonRejection>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    /// Seconds.
    advance: u32,
}

async fn clock(State(standin): State<Standin>, said: Parsed<Advance>) -> Result<Json<Value>, Failed> {
    standin.move_clock(SignedDuration::from_secs(i64::from(said?.0.advance))).await?;
    Ok(Json(json!({ "now": standin.now().as_second() })))
}

#[derive(Deserialize)]
struct AdvanceForm {
    days: u16,
    hours: u16,
}

async fn advance_by_form(State(standin): State<Standin>, Form(form): Form<AdvanceForm>) -> Result<Redirect, Failed> {
    standin.move_clock(SignedDuration::from_hours(24 * i64::from(form.days) + i64::from(form.hours))).await?;
    Ok(Redirect::to("/_standin"))
}

async fn delivery(State(standin): State<Standin>, said: Parsed<DeliveryFaults>) -> Result<Json<Value>, InvalidRequest> {
    let Json(faults) = said?;
    if !(0.0..=1.0).contains(&faults.drop) {
        return Err(InvalidRequest("drop must be a probability from 0 to 1".to_owned()));
    }
    standin.set_delivery(faults);
    Ok(Json(json!({ "delivery": faults })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WebhookRequest {
    url: String,
    host: Option<String>,
}

async fn webhook(State(standin): State<Standin>, said: Parsed<WebhookRequest>) -> Result<Json<Value>, InvalidRequest> {
    let Json(WebhookRequest { url, host }) = said?;
    standin.set_webhook(Webhook { url, host });
    Ok(Json(json!({ "waiting": standin.waiting() })))
}

async fn fault(State(standin): State<Standin>, said: Parsed<RequestFault>) -> Result<Json<Value>, InvalidRequest> {
    let Json(fault) = said?;
    standin.add_fault(fault.clone());
    Ok(Json(json!({ "fault": fault })))
}

async fn clear_faults(State(standin): State<Standin>) -> Json<Value> {
    standin.clear_faults();
    Json(json!({ "faults": [] }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CardRequest {
    customer: String,
    fails: bool,
}

async fn card(State(standin): State<Standin>, said: Parsed<CardRequest>) -> Result<Json<Value>, InvalidRequest> {
    let Json(CardRequest { customer, fails }) = said?;
    standin.set_card_fails(&customer, fails)?;
    Ok(Json(json!({ "customer": customer, "fails": fails })))
}

async fn card_by_button(
    State(standin): State<Standin>,
    Path((customer, does)): Path<(String, String)>,
) -> Result<Redirect, InvalidRequest> {
    standin.set_card_fails(&customer, does == "fails")?;
    Ok(Redirect::to("/_standin"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DunningRequest {
    /// Days between a failure and the next attempt.
    retry_days: Vec<u16>,
    then: Exhausted,
}

async fn dunning(State(standin): State<Standin>, said: Parsed<DunningRequest>) -> Result<Json<Value>, InvalidRequest> {
    let Json(DunningRequest { retry_days, then }) = said?;
    standin.set_dunning(Dunning::after_days(&retry_days, then));
    Ok(Json(json!({ "retry_days": retry_days, "then": then })))
}

async fn finalization(
    State(standin): State<Standin>,
    said: Parsed<CardRequest>,
) -> Result<Json<Value>, InvalidRequest> {
    let Json(CardRequest { customer, fails }) = said?;
    standin.set_finalization_fails(&customer, fails)?;
    Ok(Json(json!({ "customer": customer, "fails": fails })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PayRequest {
    session: String,
    #[serde(default)]
    buyer: Buyer,
}

async fn pay(State(standin): State<Standin>, said: Parsed<PayRequest>) -> Result<Json<Value>, InvalidRequest> {
    let Json(PayRequest { session, buyer }) = said?;
    let paid = standin.pay_as(&session, buyer)?;
    Ok(Json(json!({ "session": session, "paid": paid })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MethodRequest {
    customer: String,
    /// Name of a test payment method.
    name: String,
}

async fn method(State(standin): State<Standin>, said: Parsed<MethodRequest>) -> Result<Json<Value>, InvalidRequest> {
    let Json(MethodRequest { customer, name }) = said?;
    standin.use_method(&customer, &name)?;
    Ok(Json(json!({ "customer": customer, "name": name })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SettleRequest {
    invoice: String,
    succeeds: bool,
}

async fn settle(State(standin): State<Standin>, said: Parsed<SettleRequest>) -> Result<Json<Value>, InvalidRequest> {
    let Json(SettleRequest { invoice, succeeds }) = said?;
    standin.settle_payment(&invoice, succeeds)?;
    Ok(Json(json!({ "invoice": invoice, "succeeds": succeeds })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PriceRequest {
    price: String,
    known: bool,
}

async fn price(State(standin): State<Standin>, said: Parsed<PriceRequest>) -> Result<Json<Value>, InvalidRequest> {
    let Json(PriceRequest { price, known }) = said?;
    standin.set_price_known(&price, known)?;
    Ok(Json(json!({ "price": price, "known": known })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefundRequest {
    charge: String,
    /// Amount in cents; all that is left if absent.
    amount: Option<i64>,
}

async fn refund(State(standin): State<Standin>, said: Parsed<RefundRequest>) -> Result<Json<Value>, InvalidRequest> {
    let Json(RefundRequest { charge, amount }) = said?;
    let id = standin.refund(&charge, amount)?;
    Ok(Json(json!({ "refund": id })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DisputeRequest {
    charge: String,
}

async fn dispute(State(standin): State<Standin>, said: Parsed<DisputeRequest>) -> Result<Json<Value>, InvalidRequest> {
    let id = standin.dispute(&said?.0.charge)?;
    Ok(Json(json!({ "dispute": id })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CloseRequest {
    dispute: String,
    won: bool,
}

async fn close_dispute(
    State(standin): State<Standin>,
    said: Parsed<CloseRequest>,
) -> Result<Json<Value>, InvalidRequest> {
    let Json(CloseRequest { dispute, won }) = said?;
    standin.close_dispute(&dispute, won)?;
    Ok(Json(json!({ "dispute": dispute, "won": won })))
}

async fn roll(State(standin): State<Standin>) -> Json<Value> {
    Json(json!({ "secret": standin.roll_secret() }))
}

async fn flush(State(standin): State<Standin>) -> Json<Value> {
    Json(json!({ "waiting": standin.flush().await }))
}

async fn state(State(standin): State<Standin>) -> Json<Value> {
    Json(standin.state())
}

async fn requests(State(standin): State<Standin>) -> Json<Value> {
    Json(json!({ "requests": standin.requests() }))
}

async fn deliveries(State(standin): State<Standin>) -> Json<Value> {
    Json(json!({ "deliveries": standin.deliveries() }))
}
