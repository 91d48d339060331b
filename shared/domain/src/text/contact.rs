//! Detects addresses and domains within names. An e-mail goes to people who do not know the workspace, under the
//! operator's name, and mail programs turn text that looks like an address into a link. So e-mails omit a name that may
//! contain one.
//!
//! The check prefers false positives: "Acme v1.2" and "Acme Inc. Berlin" are omitted, too. An e-mail without the name
//! still names its sender.

use super::invisible::{is_deceptive, is_mark};
use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;

/// Words that only appear in addresses, or that spell one out.
const WORDS: [&str; 5] = ["www", "http", "https", "mailto", "dot"];

/// True if `text` may contain an e-mail address, a domain, an IP address or a URL, in any spelling that a mail program
/// or a person reads as one.
pub(super) fn holds_contact(text: &str) -> bool {
    let plain: Vec<char> = text.nfkc().filter(|c| !is_invisible(*c)).map(plain).collect();
    let joins = |at: usize, c: char| match c {
        '@' => true,
        // A dot between two words, with or without spaces, or a colon between two characters without spaces.
        '.' => neighbours(&plain, at, true),
        ':' => neighbours(&plain, at, false),
        _ => false,
    };
    let text: String = plain.iter().collect();
    plain.iter().enumerate().any(|(at, c)| joins(at, *c))
        || ["//", "::", "xn--", "\\\\"].iter().any(|sign| text.contains(sign))
        || text.split(|c: char| !c.is_alphanumeric()).any(|word| WORDS.contains(&word))
}

/// True if there are letters or digits before and after the position `at`, where `spaced` allows spaces in between.
fn neighbours(text: &[char], at: usize, spaced: bool) -> bool {
    let word = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric());
    let skipped = |c: &&char| spaced && c.is_whitespace();
    let before = text.iter().take(at).rev().find(|c| !skipped(c));
    let after = text.iter().skip(at.saturating_add(1)).find(|c| !skipped(c));
    word(before) && word(after)
}

/// True if `c` is invisible and may hide within an address, or is drawn over one of its characters.
fn is_invisible(c: char) -> bool {
    is_deceptive(c) || is_mark(c)
}

/// The ASCII character that `c`, which is normalized, maps to in domain names or looks like, if that is a sign of an
/// address.
fn plain(c: char) -> char {
    // A dot in domain names: Unicode Technical Standard 46, section 2.3. The others are among the confusables.
    if c == '\u{3002}' {
        return '.';
    }
    let mut text = [0; char::MAX_LEN_UTF8];
    let mut like = skeleton(c.encode_utf8(&mut text));
    match (like.next(), like.next()) {
        (Some(sign @ ('.' | ':' | '/' | '@' | '\\')), None) => sign,
        _ => c.to_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_with_a_domain_are_found() {
        for text in [
            "Your account is locked. Go to www.evil.example",
            "evil.example",
            "EVIL.EXAMPLE",
            "Visit evil.example/now",
            "ben@example.com",
            "ben@localhost",
            "ben \u{ff20} example",
            "ben\u{fe6b}example",
            "https://evil",
            "//evil",
            "hxxp\u{ff1a}//evil",
            "mailto:ben",
            "tel:123",
            "javascript:alert",
            "10.0.0.1",
            "2001:db8:0:0",
            "::1",
            "xn--vil-9na",
            "evil . example",
            "evil. example",
            "evil .example",
            "evil\u{a0}.\u{3000}example",
            "evil\u{3002}example",
            "evil\u{ff0e}example",
            "evil\u{ff61}example",
            "evil\u{2024}example",
            "evil\u{fe52}example",
            "ｅｖｉｌ．ｅｘａｍｐｌｅ",
            "evil\u{200b}.\u{200d}example",
            "evil.\u{fe0f}example",
            "evil.\u{338}example",
            "evil.\u{43f}\u{440}\u{438}\u{43c}\u{435}\u{440}",
            "evil.\u{4f8b}\u{3048}",
            "evil dot com",
            "evil (dot) com",
            "evil[DOT]com",
            "WWW evil",
            "Acme v1.2",
        ] {
            assert!(holds_contact(text), "{text}");
        }
    }

    #[test]
    fn ordinary_names_are_kept() {
        for text in [
            "Acme",
            "Acme Inc.",
            "Acme & Söhne",
            "Acme: Berlin",
            "Acme / Berlin",
            "Acme (24)",
            "Акме",
            "アクメ・東京",
            "株式会社アクメ",
            "Dotty's",
            "Your account is locked",
            "Wait...",
            "",
        ] {
            assert!(!holds_contact(text), "{text}");
        }
    }

    proptest! {
        /// A domain in a name is found whatever surrounds it.
        #[test]
        fn a_domain_within_a_name_is_found(
            before in "[A-Za-z ]{0,20}",
            host in "[a-z0-9]{1,10}",
            dot in "[.\u{3002}\u{ff0e}\u{ff61}\u{2024}]",
            gap in "[ \u{200b}\u{200c}\u{200d}\u{2060}\u{feff}\u{ad}]{0,3}",
            tld in "[a-zäöü\u{430}-\u{44f}]{2,8}",
            after in "([ /?#:,!][A-Za-z /]{0,20})?",
        ) {
            for domain in [host.clone() + &gap + &dot + &tld, host.clone() + &dot + &gap + &tld] {
                let name = before.clone() + &domain + &after;
                prop_assert!(holds_contact(&name), "{}", name);
            }
        }

        #[test]
        fn an_address_within_a_name_is_found(before in "\\PC{0,20}", after in "\\PC{0,20}") {
            for at in ["@", "\u{ff20}", "\u{fe6b}"] {
                let name = before.clone() + at + &after;
                prop_assert!(holds_contact(&name), "{}", name);
            }
        }

        #[test]
        fn plain_words_are_not_a_contact(name in "[A-CE-GI-LN-VX-Zaeiou]{1,12}( [A-CE-GI-LN-VX-Zaeiou]{1,12}){0,4}") {
            prop_assert!(!holds_contact(&name));
        }
    }
}
