//! Escapes the names that users choose for the grammar in which a receiver shows them. No name may become a link, a
//! mention or a format.

/// The mark in place of `@` where a receiver offers no way to write it without mentioning somebody.
const AT: char = '\u{ff20}';

/// Keeps the name, for receivers that show plain text.
pub(super) fn plain(name: &str) -> String {
    name.to_owned()
}

/// Escapes the three characters that have a meaning in Slack's text. <https://docs.slack.dev/messaging/formatting-message-text#escaping>
pub(super) fn slack(name: &str) -> String {
    name.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Escapes ASCII punctuation with backslashes, as `CommonMark` and Discord have it, so that no address becomes a link either.
/// <https://spec.commonmark.org/0.31.2/#backslash-escapes>,
/// <https://support.discord.com/hc/en-us/articles/210298617-Markdown-Text-101-Chat-Formatting-Bold-Italic-Underline>
pub(super) fn backslashed(name: &str) -> String {
    let escape = |c: char| c.is_ascii_punctuation().then_some('\\').into_iter().chain([c]);
    name.chars().flat_map(escape).collect()
}

/// Escapes as [`backslashed`], and writes `@` in full width: Datadog and GitHub look for mentions in the rendered text, where
/// no backslash is left. <https://docs.datadoghq.com/monitors/notify/#notifications>,
/// <https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#mentioning-people-and-teams>
pub(super) fn without_mentions(name: &str) -> String {
    backslashed(&name.replace('@', &AT.to_string()))
}

/// Splits `text` so that no part contains `{{`, with which an Adaptive Card begins a function.
/// <https://learn.microsoft.com/en-us/adaptive-cards/authoring-cards/text-features#datetime-formatting-and-localization>
pub(super) fn without_functions(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for c in text.chars() {
        if c == '{' && parts.last().is_some_and(|part| part.ends_with('{')) {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_in_the_grammar_of_the_receiver() {
        assert_eq!(slack("<!channel> & co"), "&lt;!channel&gt; &amp; co");
        assert_eq!(backslashed("[a](b) @all Zoë"), r"\[a\]\(b\) \@all Zoë");
        assert_eq!(backslashed(r"\*"), r"\\\*");
        assert_eq!(without_mentions("@all <b>"), "\u{ff20}all \\<b\\>");
        assert_eq!(without_functions("a {{{DATE()}}"), ["a {", "{", "{DATE()}}"]);
        assert_eq!(without_functions(""), [""]);
    }
}
