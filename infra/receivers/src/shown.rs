//! The text of a message as its receiver shows it to people. A message in which a name would become a link, a mention or a
//! format is an objection, because only Berth's own words may be formatted, and they are not.

#![expect(clippy::indexing_slicing, reason = "indexing a JSON value by a missing key gives null")]

use crate::{Received, receiver::receiver};
use serde_json::Value;

/// Returns the text that people see; `None` if the request has none.
///
/// # Errors
/// The markup in it that is not escaped.
pub fn shown_text(request: &Received) -> Result<Option<String>, String> {
    let json = serde_json::from_str::<Value>(&request.body).unwrap_or_default();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let kind = receiver(request)?.map(|vendor| vendor.kind);
    let shown = match kind {
        Some("slack") => {
            let formats = request.target.starts_with("/services/") && json["mrkdwn"] != Value::Bool(false);
            formats
                .then_some(Err("names must not be formatted".to_owned()))
                .or_else(|| text(&json["text"]).map(|text| slack(&text)))
        }
        Some("discord") => text(&json["content"]).map(|text| markdown(&text)),
        Some("datadog") => text(&json["text"]).map(|text| datadog(&text)),
        Some("github") => text(&json["client_payload"]["message"]).map(|text| without_mentions(&text)),
        Some("microsoft_teams") => Some(teams(&json["attachments"][0]["content"]["body"][0])),
        Some("pagerduty") => text(&json["payload"]["summary"]).map(Ok),
        Some("sentry") => {
            let event = request.body.split('\n').nth(2).and_then(|line| serde_json::from_str::<Value>(line).ok());
            event.and_then(|event| text(&event["message"]["formatted"])).map(Ok)
        }
        _ => None,
    };
    let shown = shown.transpose()?;
    match shown.as_deref() {
        Some(text) if text.contains(char::is_control) => Err("a message must have one line".to_owned()),
        _ => Ok(shown),
    }
}

/// <https://docs.slack.dev/messaging/formatting-message-text#escaping>
fn slack(text: &str) -> Result<String, String> {
    if text.contains(['<', '>']) {
        return Err("angle brackets must be escaped".to_owned());
    }
    let entities = ["&amp;", "&lt;", "&gt;"];
    let whole = text.match_indices('&').all(|(at, _)| entities.iter().any(|entity| text[at..].starts_with(entity)));
    if !whole {
        return Err("ampersands must be escaped".to_owned());
    }
    Ok(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
}

/// Reads Markdown in which nothing may be formatted: a backslash makes the next ASCII punctuation a character.
/// <https://spec.commonmark.org/0.31.2/#backslash-escapes>
fn markdown(text: &str) -> Result<String, String> {
    // Characters that begin markup of CommonMark, of Discord or of GitHub, and the addresses that they link.
    const MARKUP: &str = "*_~`|[]()<>#@&$%{}=+!\"^/\\";
    let (mut shown, mut chars) = (String::new(), text.chars().peekable());
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek().is_some_and(char::is_ascii_punctuation) => shown.extend(chars.next()),
            c if MARKUP.contains(c) => return Err(format!("{c} must be escaped in {text}")),
            // A list, or a quotation.
            '-' | '.' if shown.chars().all(|before| before.is_ascii_digit()) => {
                return Err(format!("{c} must be escaped at the beginning of {text}"));
            }
            c => shown.push(c),
        }
    }
    Ok(shown)
}

/// Mentions are found in the rendered text, so an escaped one counts.
fn without_mentions(text: &str) -> Result<String, String> {
    let shown = markdown(text)?;
    if shown.contains('@') { Err(format!("{shown} mentions somebody")) } else { Ok(shown) }
}

/// The text is Markdown between two marks, and may end with a block of code, in which a mention counts as well.
/// <https://docs.datadoghq.com/api/latest/events/#post-an-event>
fn datadog(text: &str) -> Result<String, String> {
    let inner = text.strip_prefix("%%% \n").and_then(|text| text.strip_suffix("\n %%%"));
    let inner = inner.ok_or("the text must be Markdown between %%%")?;
    let fenced = inner.strip_suffix("\n```").and_then(|inner| inner.split_once("\n```\n"));
    let (sentence, block) = fenced.unwrap_or((inner, ""));
    if block.contains(['`', '@', '%']) {
        return Err(format!("the block must have no `, @ and %: {block}"));
    }
    Ok(without_mentions(sentence)? + block)
}

/// A text run has no Markdown, but functions in double braces.
/// <https://learn.microsoft.com/en-us/adaptive-cards/schema-explorer/text-run>
fn teams(block: &Value) -> Result<String, String> {
    let runs = block["inlines"].as_array().filter(|_| block["type"] == "RichTextBlock");
    let mut shown = String::new();
    for run in runs.ok_or("the block must have text runs")? {
        let text = run["text"].as_str().filter(|_| run["type"] == "TextRun").ok_or("a run must be a text")?;
        if text.contains("{{") {
            return Err("double braces begin a function".to_owned());
        }
        shown.push_str(text);
    }
    Ok(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_an_objection_and_escaped_text_is_shown() {
        assert_eq!(
            markdown(r"\[a\]\(b\) Zoë: a member joined as viewer."),
            Ok(r"[a](b) Zoë: a member joined as viewer.".to_owned())
        );
        for text in ["[a](b)", "@all", "**a**", "<b>", "# a", "1. a", "- a", "https://a", "a_b", "`a`", "&amp;"] {
            assert!(markdown(text).is_err(), "{text}");
        }
        assert_eq!(without_mentions(r"\@all"), Err("@all mentions somebody".to_owned()));
        assert_eq!(slack("&lt;!here&gt; &amp;amp;"), Ok("<!here> &amp;".to_owned()));
        assert!(slack("<!here>").is_err() && slack("a & b").is_err());
        assert!(datadog("a").is_err() && datadog("%%% \na\n %%%") == Ok("a".to_owned()));
        assert_eq!(datadog("%%% \na\n```\n{\"b\": 1}\n```\n %%%"), Ok("a{\"b\": 1}".to_owned()));
        for block in ["```", "@all", "%%%"] {
            assert!(datadog(&format!("%%% \na\n```\n{block}\n```\n %%%")).is_err(), "{block}");
        }
    }
}
