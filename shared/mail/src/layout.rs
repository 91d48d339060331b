//! The one layout of all letters: it renders a content as HTML and as text. The templates are in `templates/`.
//!
//! The HTML is one column of tables, because mail programs support little else; its style sheet holds only what no
//! attribute can say: dark mode, and smaller margins on phones. It works without images and loads nothing but the logo.

use crate::{
    brand::{Brand, color::Rgb},
    content::{Content, Fact, ShownEntry, Span, quoted, spans},
    words::Words,
};
use askama::Template;
use domain::identity::profile::Language;

/// The HTML part. Askama escapes every value.
#[derive(Template)]
#[template(path = "letter.html")]
struct HtmlPart<'a> {
    language: &'static str,
    content: &'a Content,
    brand: &'a Brand,
    colors: Colors,
    /// First words of the letter, which mail programs show next to the subject.
    preview: String,
    lead: Vec<Vec<Span<'a>>>,
    facts: Vec<(&'static str, Vec<Span<'a>>)>,
    notes: Vec<Vec<Span<'a>>>,
    reason: Vec<Span<'a>>,
    words: &'static dyn Words,
}

/// The text part.
#[derive(Template)]
#[template(path = "letter.txt", escape = "none")]
struct TextPart<'a> {
    content: &'a Content,
    brand: &'a Brand,
    lead: Vec<String>,
    facts: Vec<Fact>,
    entries: &'a [ShownEntry],
    notes: Vec<String>,
    reason: String,
    words: &'static dyn Words,
}

/// Shades of the accent colour.
struct Colors {
    button: Rgb,
    button_text: Rgb,
    link: Rgb,
    dark_link: Rgb,
}

/// Renders `content` as HTML and as text.
pub(crate) fn render(
    content: &Content,
    brand: &Brand,
    language: Language,
    words: &'static dyn Words,
) -> (String, String) {
    let quotes = words.quotes();
    let quote = |sentence: &String| quoted(sentence, quotes);
    let html = HtmlPart {
        language: language.name(),
        content,
        brand,
        colors: Colors {
            button: brand.accent.button(),
            button_text: brand.accent.button_text(),
            link: brand.accent.link(),
            dark_link: brand.accent.dark_link(),
        },
        preview: content.lead.first().map(quote).unwrap_or_default(),
        lead: content.lead.iter().map(|sentence| spans(sentence)).collect(),
        facts: content.facts.iter().map(|fact| (fact.label, spans(&fact.value))).collect(),
        notes: content.notes.iter().map(|sentence| spans(sentence)).collect(),
        reason: spans(&content.reason),
        words,
    };
    let text = TextPart {
        content,
        brand,
        lead: content.lead.iter().map(quote).collect(),
        facts: content.facts.iter().map(|fact| Fact { value: quote(&fact.value), ..fact.clone() }).collect(),
        entries: &content.entries,
        notes: content.notes.iter().map(quote).collect(),
        reason: quote(&content.reason),
        words,
    };
    (rendered(&html), rendered(&text))
}

fn rendered(part: &impl Template) -> String {
    #[expect(clippy::expect_used, reason = "no value of a letter fails to be written, and a String takes all")]
    part.render().expect("a letter")
}
