//! HTML pages for recipients who follow a link in a letter. They run no scripts, load nothing, and cannot be framed.

use axum::response::{Html, IntoResponse, Response};
use http::{HeaderName, HeaderValue, header};

/// An HTML page. Its text comes from the code and contains nothing of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HtmlPage {
    /// Title and heading.
    pub title: &'static str,
    /// Text of the page, as HTML.
    pub text: &'static str,
    /// The only form on the page.
    pub form: HtmlForm,
}

/// A form with a single button, which sends a POST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HtmlForm {
    /// Target URL, relative to the page.
    pub action: String,
    /// Text of the button.
    pub button: &'static str,
}

/// Headers of a page. It runs and loads nothing, its form is sent to this API only, and its URL, which contains a
/// token, is not sent to other sites as a referrer.
const HEADERS: [(HeaderName, &str); 3] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
];

impl IntoResponse for HtmlPage {
    fn into_response(self) -> Response {
        let Self { title, text, form: HtmlForm { action, button } } = self;
        let action = html_escape::encode_safe(&action);
        let html = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"robots\" content=\"noindex\">\n\
             <title>{title}</title>\n</head>\n<body>\n<h1>{title}</h1>\n<p>{text}</p>\n\
             <form method=\"post\" action=\"{action}\"><button>{button}</button></form>\n</body>\n</html>\n"
        );
        let mut response = Html(html).into_response();
        let headers = HEADERS.map(|(name, value)| (name, HeaderValue::from_static(value)));
        response.headers_mut().extend(headers);
        response
    }
}
