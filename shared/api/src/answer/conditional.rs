//! Answers that a client who already has them does not get again (RFC 9110, section 13.1.2).

use super::{etag, problem::Problem};
use axum::{
    body::Body,
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderValue, StatusCode, header, request::Parts};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::convert::Infallible;

/// Number of bytes of a tag, of the 32 of its digest.
const TAG_BYTES: usize = 16;

/// The entity tags of the header `If-None-Match`: those of the answers that the client already has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KnownTags {
    /// The client has an answer, whatever its tag.
    Any,
    /// The client has answers with these tags.
    OneOf(Vec<String>),
}

impl KnownTags {
    /// Parses the header: `*` or a list of tags. A header that is neither names no tag.
    fn parse(list: &str) -> Self {
        match list.trim() {
            "*" => Self::Any,
            list => {
                let tags = etag::tags(list).unwrap_or_default();
                Self::OneOf(tags.into_iter().map(|tag| tag.text.to_owned()).collect())
            }
        }
    }

    /// True if the client has the answer with this tag. Weak tags match, too: a proxy that compresses an answer weakens its
    /// tag. <https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2>
    fn contain(&self, tag: &str) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(tags) => tags.iter().any(|known| known == tag),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for KnownTags {
    type Rejection = Infallible;

    /// A header that comes several times is one list. One that is not text names no tag.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let values = parts.headers.get_all(header::IF_NONE_MATCH).iter().map(HeaderValue::to_str);
        let values: Vec<_> = values.collect::<Result<_, _>>().unwrap_or_default();
        Ok(Self::parse(&values.join(",")))
    }
}

/// Builds the answer with this JSON body and the digest of the body as its tag, or 304 without a body if the client knows
/// the tag. So the tag changes exactly when the body does.
///
/// # Errors
/// [`Problem`] if the body cannot be written as JSON.
pub fn unless_known<T: Serialize>(known: &KnownTags, body: &T) -> Result<Response, Problem> {
    let json = serde_json::to_vec(body).map_err(|_| Problem::internal())?;
    let digest = Sha256::digest(&json);
    let tag = URL_SAFE_NO_PAD.encode(digest.get(..TAG_BYTES).unwrap_or_default());
    let etag = [(header::ETAG, format!("\"{tag}\""))];
    if known.contain(&tag) {
        return Ok((StatusCode::NOT_MODIFIED, etag).into_response());
    }
    let content_type = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    Ok((etag, content_type, Body::from(json)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    async fn known(headers: &[&str]) -> KnownTags {
        let mut request = Request::new(());
        for value in headers {
            request.headers_mut().append(header::IF_NONE_MATCH, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        let (mut parts, ()) = request.into_parts();
        let Ok(known) = KnownTags::from_request_parts(&mut parts, &()).await;
        known
    }

    fn one_of(tags: &[&str]) -> KnownTags {
        KnownTags::OneOf(tags.iter().map(|tag| (*tag).to_owned()).collect())
    }

    #[tokio::test]
    async fn weak_and_strong_tags_of_all_headers_are_known() {
        assert_eq!(known(&["\"a\", W/\"b\"", "\"c,d\""]).await, one_of(&["a", "b", "c,d"]));
        assert_eq!(known(&[" * "]).await, KnownTags::Any);
        assert_eq!(known(&[]).await, one_of(&[]));
        for unclear in ["", "a", "\"a", "*, \"a\"", "\"a\" \"b\"", "\"\u{fc}\"", "w/\"a\""] {
            assert_eq!(known(&[unclear]).await, one_of(&[]), "{unclear:?}");
        }
    }

    #[tokio::test]
    async fn tag_is_that_of_the_body_and_a_known_one_has_none() {
        let answer = |known: &KnownTags, body: &str| unless_known(known, &body).unwrap();
        let tag = |response: &Response| response.headers()[header::ETAG].to_str().unwrap().to_owned();
        let first = answer(&one_of(&[]), "a");
        assert_eq!((first.status(), tag(&first).len()), (StatusCode::OK, 24));
        assert_eq!(first.headers()[header::CONTENT_TYPE], "application/json");
        assert_eq!(tag(&answer(&one_of(&["other"]), "a")), tag(&first));
        assert_ne!(tag(&answer(&one_of(&[]), "b")), tag(&first));
        let again = answer(&KnownTags::parse(&format!("W/{}", tag(&first))), "a");
        assert_eq!((again.status(), tag(&again)), (StatusCode::NOT_MODIFIED, tag(&first)));
        assert!(!again.headers().contains_key(header::CONTENT_TYPE));
        assert!(axum::body::to_bytes(again.into_body(), 1).await.unwrap().is_empty());
    }
}
