//! The header `Link` of a page whose body has no place for the position of the next one.

use crate::request::Pagination;
use axum::response::Response;
use http::{HeaderValue, Uri, header};

/// Adds the link to the next page of the list at `uri`, if there is one.
pub(super) fn add_next(response: &mut Response, uri: &Uri, pagination: &Pagination) {
    let link = pagination.next_cursor.as_ref().map(|cursor| next(uri, cursor));
    if let Some(link) = link.and_then(|link| HeaderValue::try_from(link).ok()) {
        response.headers_mut().insert(header::LINK, link);
    }
}

/// Builds the `Link` header to the page after `cursor` of the list at `uri` (RFC 8288).
fn next(uri: &Uri, cursor: &str) -> String {
    let pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs.filter(|(name, _)| name != "cursor"))
        .append_pair("cursor", cursor)
        .finish();
    format!("<{}?{query}>; rel=\"next\"", uri.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn link_keeps_path_and_filter_of_the_list() {
        let link = |uri: &str| next(&uri.parse().unwrap(), "c+/=");
        assert_eq!(link("/api/v1/team/activity"), "</api/v1/team/activity?cursor=c%2B%2F%3D>; rel=\"next\"");
        assert_eq!(
            link("https://api.example.com/api/v1/team/activity?limit=2&cursor=old&action=member.joined"),
            "</api/v1/team/activity?limit=2&action=member.joined&cursor=c%2B%2F%3D>; rel=\"next\""
        );
    }
}
