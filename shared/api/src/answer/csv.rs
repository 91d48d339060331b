//! Lists as CSV for spreadsheets (RFC 4180). Each request returns one page; the header `Link` names the next one.

use super::link;
use crate::request::Pagination;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Uri, header};

/// Returns true if the client accepts `text/csv` explicitly. Without a type or with a wildcard, the answer is JSON.
#[must_use]
pub fn accepts_csv(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).into_iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let csv = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("text/csv"));
        csv && !parts.any(|parameter| matches!(parameter, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

/// Builds the CSV answer for a page of rows, with the column `names` in the first line. `uri` is the URI of the
/// request, from which the link to the next page is built.
#[must_use]
pub fn csv_response<const N: usize>(
    names: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
    uri: &Uri,
    pagination: &Pagination,
) -> Response {
    let mut text = line(names);
    text.extend(rows.into_iter().map(line));
    let mut response = ([(header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present")], text).into_response();
    link::add_next(&mut response, uri, pagination);
    response
}

fn line<const N: usize>(cells: [impl AsRef<str>; N]) -> String {
    let cells: Vec<_> = cells.iter().map(|cell| quoted(cell.as_ref())).collect();
    cells.join(",") + "\r\n"
}

/// Characters that begin a formula, also in full width. <https://owasp.org/www-community/attacks/CSV_Injection>
const FORMULAS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// Quotes a cell. Spreadsheets evaluate texts that begin like formulas, quoted or not; a leading apostrophe prevents that.
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(FORMULAS);
    format!("\"{}{}\"", if formula { "'" } else { "" }, cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn cell_is_text_and_never_a_formula() {
        for (cell, wanted) in [
            ("", r#""""#),
            ("a,b", r#""a,b""#),
            (r#"say "hi""#, r#""say ""hi""""#),
            ("=1+1", r#""'=1+1""#),
            ("+1", r#""'+1""#),
            ("-1", r#""'-1""#),
            ("@SUM(A1)", r#""'@SUM(A1)""#),
            ("\tx", "\"'\tx\""),
            ("\rx", "\"'\rx\""),
            ("\nx", "\"'\nx\""),
            ("\u{ff1d}1+1", "\"'\u{ff1d}1+1\""),
            ("\u{ff0b}1", "\"'\u{ff0b}1\""),
            ("\u{ff0d}1", "\"'\u{ff0d}1\""),
            ("\u{ff20}x", "\"'\u{ff20}x\""),
            ("a=1", r#""a=1""#),
        ] {
            assert_eq!(quoted(cell), wanted, "{cell:?}");
        }
    }

    #[test]
    fn csv_must_be_accepted_explicitly() {
        let wanted = |accept: &'static str| {
            accepts_csv(&HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]))
        };
        assert!(["text/csv", "Text/CSV; charset=utf-8", "application/json;q=0.5, text/csv"].into_iter().all(wanted));
        assert!(!["*/*", "application/json", "text/*", "text/csv;q=0", "text/csvx", ""].into_iter().any(wanted));
        assert!(!accepts_csv(&HeaderMap::new()));
    }
}
