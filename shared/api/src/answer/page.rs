//! Pages for people who follow a link in a letter: plain HTML that runs no script, loads nothing, and cannot be framed.

use axum::response::{Html, IntoResponse, Response};
use http::{HeaderName, HeaderValue, header};

/// A page; its text is HTML from the code and holds nothing of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// What the page is called.
    pub title: &'static str,
    /// What it says, as HTML.
    pub text: &'static str,
    /// Its one form.
    pub form: Form,
}

/// A form with nothing but a button, which sends a POST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Where it is sent, relative to the page.
    pub action: String,
    /// The button.
    pub button: &'static str,
}

/// The page runs nothing and loads nothing, its form goes to this API alone, and its URL, which holds a token, goes to no other site.
const HEADERS: [(HeaderName, &str); 4] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
];

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let Self { title, text, form: Form { action, button } } = self;
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
