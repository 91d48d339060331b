//! The frame of every page, and its elements. All text from users is escaped.

use axum::response::Html;
use jiff::Timestamp;

const STYLE: &str = include_str!("style.css");

/// Formats a page.
pub(super) fn page(title: &str, body: &str) -> Html<String> {
    let title = text(title);
    Html(format!(
        "<!doctype html>\n<html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n<h1>{title}</h1>\n{body}\n\
         <p class=note>This is the Stripe stand-in: no money moves.</p></html>\n"
    ))
}

/// Escapes text, or the value of an attribute in double quotes.
pub(super) fn text(text: &str) -> String {
    html_escape::encode_double_quoted_attribute(text).into_owned()
}

/// Formats a button that posts to an address.
pub(super) fn button(action: &str, label: &str) -> String {
    format!("<form method=post action=\"{}\"><button>{}</button></form>", text(action), text(label))
}

/// Formats the main button of a page.
pub(super) fn main_button(action: &str, label: &str) -> String {
    button(action, label).replace("<button>", "<button class=main>")
}

/// Formats a day, as "2026-11-21".
pub(super) fn day(at: Timestamp) -> String {
    at.strftime("%F").to_string()
}

/// Formats a time, as "2026-11-21 12:00 UTC".
pub(super) fn moment(at: Timestamp) -> String {
    at.strftime("%F %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_users_is_escaped() {
        assert_eq!(text("<b>\"x\" & 'y'</b>"), "&lt;b&gt;&quot;x&quot; &amp; 'y'&lt;/b&gt;");
        assert!(!page("<script>", "").0.contains("<script>"));
    }
}
