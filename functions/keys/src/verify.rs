//! The question whether a key can be used.

use crate::{deps::KeyDeps, requests::Question};
use api::{IamCaller, Problem, from_json};
use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
};
use http::StatusCode;
use shared::keys::{self, VerdictView};

/// Answers the question. Only who IAM has authorized may ask; a caller through the gateway has no AWS identity.
pub(crate) async fn answer(
    State(KeyDeps { store, prefix }): State<KeyDeps>,
    _: IamCaller,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<VerdictView>, Problem> {
    let body = body.map_err(|_| {
        Problem::plain(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", "the body is too large".to_owned())
    })?;
    let question: Question = from_json(&body).map_err(Problem::fields)?;
    let question = question.try_into().map_err(Problem::fields)?;
    Ok(Json(keys::verify_key(&store, &prefix, &question).await?))
}
