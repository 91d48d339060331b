//! The entrance of programs: an API key in the header `Authorization`, at the paths below [`KEY_PATH`](crate::KEY_PATH).

use crate::answer::Problem;
use domain::{
    identity::origin::Origin,
    keys::{refusal::KeyRefusal, secret::KeyPrefix, usage::RateReport},
};
use http::{StatusCode, header, request::Parts};
use identity::{Caller, ClaimRules, PresentedKey};

/// Marks requests that came to the paths of programs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ByKey;

/// Returns the bearer token of a request. Lambda joins repeated headers, and the result is no valid token.
pub(crate) fn bearer(headers: &http::HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("Bearer").then_some(token)
}

/// Returns the caller who presents the API key of a request.
pub(crate) fn presented(parts: &Parts, rules: &ClaimRules, origin: Origin) -> Result<Caller, Problem> {
    let token = bearer(&parts.headers).ok_or_else(|| {
        let detail = "the request carries no API key; send it in the header Authorization, after Bearer".to_owned();
        Problem::plain(StatusCode::UNAUTHORIZED, "unauthenticated", detail)
    })?;
    let claim =
        rules.key(token).map_err(|_| Problem::from(domain::identity::denied::Denied::Key(KeyRefusal::Invalid)))?;
    let rate = parts.extensions.get::<RateReport>().cloned().unwrap_or_default();
    Ok(Caller::by_key(PresentedKey { claim, rate }, origin))
}

/// Refuses a request with an API key in its query: addresses are written to logs and histories.
pub(crate) fn refuse_in_query(parts: &Parts, prefix: &KeyPrefix) -> Result<(), Problem> {
    let query = parts.uri.query().unwrap_or_default().as_bytes();
    if !form_urlencoded::parse(query).any(|(name, value)| prefix.begins(&name) || prefix.begins(&value)) {
        return Ok(());
    }
    let detail = "the address has an API key in its query, where it may be logged; rotate the key, and send it in the header \
                  Authorization, after Bearer";
    Err(Problem::plain(StatusCode::BAD_REQUEST, "key_in_query", detail.to_owned()))
}
