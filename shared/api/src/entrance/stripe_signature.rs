//! The entrance of Stripe: a signature over the body in the header `Stripe-Signature`.

use axum::extract::FromRequestParts;
use http::request::Parts;
use std::convert::Infallible;

/// The signature header of a request, not verified yet. It is empty if the request has none.
#[derive(Debug)]
pub struct StripeSignature(pub String);

impl<S: Sync> FromRequestParts<S> for StripeSignature {
    type Rejection = Infallible;

    /// Reads the header. Lambda joins repeated headers; one that is not text counts as missing.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let given = parts.headers.get("stripe-signature").and_then(|value| value.to_str().ok());
        Ok(Self(given.unwrap_or_default().to_owned()))
    }
}
