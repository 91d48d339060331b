//! Versions as entity tags (RFC 9110, section 8.8.3).

use domain::workspace::head::Expected;
use http::{HeaderName, header};

/// Builds the header `ETag` of `version`.
#[must_use]
pub fn of_version(version: u64) -> [(HeaderName, String); 1] {
    [(header::ETAG, format!("\"{version}\""))]
}

/// Parses the version that the header `If-Match` expects. A foreign tag matches nothing.
#[must_use]
pub fn expected_version(if_match: Option<&str>) -> Expected {
    let Some(tag) = if_match.map(str::trim) else { return Expected::Any };
    let version = tag.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).and_then(|text| text.parse().ok());
    match (tag, version) {
        ("*", _) => Expected::Any,
        (_, Some(version)) => Expected::Version(version),
        // A list of tags names no single version, so it cannot be the version that the client has read.
        (_, None) => Expected::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tag_round_trips() {
        let [(_, tag)] = of_version(7);
        assert_eq!(expected_version(Some(&tag)), Expected::Version(7));
    }

    #[test]
    fn foreign_tag_matches_nothing() {
        assert_eq!([expected_version(None), expected_version(Some(" * "))], [Expected::Any, Expected::Any]);
        for foreign in ["", "7", "\"x\"", "W/\"7\"", "\"6\", \"7\"", "\""] {
            assert_eq!(expected_version(Some(foreign)), Expected::Unknown, "{foreign:?}");
        }
    }
}
