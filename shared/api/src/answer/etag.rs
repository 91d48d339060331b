//! Versions as entity tags (RFC 9110, section 8.8.3).

use domain::command::Expected;
use http::{HeaderName, header};

/// Builds the header `ETag` of `version`.
#[must_use]
pub fn of_version(version: u64) -> [(HeaderName, String); 1] {
    [(header::ETAG, format!("\"{version}\""))]
}

/// Parses the versions that the header `If-Match` expects: `*` or a list of tags. A weak or foreign tag matches nothing,
/// and a header that is not a list of tags matches nothing at all.
/// <https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1>
#[must_use]
pub fn expected_versions(if_match: Option<&str>) -> Expected {
    match if_match.map(str::trim) {
        None | Some("*") => Expected::Any,
        Some(list) => {
            let tags = tags(list).unwrap_or_default();
            Expected::OneOf(tags.into_iter().filter_map(|tag| tag.strong()?.parse().ok()).collect())
        }
    }
}

/// An entity tag in a list.
pub(super) struct Tag<'a> {
    is_weak: bool,
    /// The tag without its quotes.
    pub(super) text: &'a str,
}

impl<'a> Tag<'a> {
    /// The tag without its quotes, if it is a strong one.
    fn strong(&self) -> Option<&'a str> {
        Some(self.text).filter(|_| !self.is_weak)
    }
}

/// Returns the tags of a list; `None` if `list` is not one. Tags may contain commas, and elements of a list may be empty.
/// <https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1>
pub(super) fn tags(list: &str) -> Option<Vec<Tag<'_>>> {
    let (mut rest, mut tags) = (list, Vec::new());
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() {
            return Some(tags);
        }
        let (is_weak, quoted) = rest.strip_prefix("W/").map_or((false, rest), |tag| (true, tag));
        let (text, after) = quoted.strip_prefix('"')?.split_once('"')?;
        tags.push(Tag { is_weak, text });
        rest = after.trim_start_matches([' ', '\t']);
        if !rest.is_empty() && !rest.starts_with(',') {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(if_match: &str) -> Vec<u64> {
        match expected_versions(Some(if_match)) {
            Expected::Any => panic!("{if_match} expects any version"),
            Expected::OneOf(versions) => versions,
        }
    }

    #[test]
    fn tag_round_trips() {
        let [(_, tag)] = of_version(7);
        assert_eq!(versions(&tag), [7]);
    }

    #[test]
    fn a_star_and_no_header_match_any_version() {
        assert_eq!([expected_versions(None), expected_versions(Some(" * "))], [Expected::Any, Expected::Any]);
    }

    #[test]
    fn a_list_matches_each_of_its_strong_tags() {
        assert_eq!(versions("\"6\", \"7\""), [6, 7]);
        assert_eq!(versions(" , \"6\"\t,,\"x,y\" , W/\"7\",\"8\","), [6, 8]);
    }

    #[test]
    fn foreign_tag_matches_nothing() {
        for foreign in ["", "7", "\"x\"", "W/\"7\"", "\"", "\"-7\"", "\"7\" \"8\"", "*, \"7\"", "\"7\"x", "w/\"7\""] {
            assert_eq!(versions(foreign), [0; 0], "{foreign:?}");
        }
    }
}
