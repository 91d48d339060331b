//! Each letter in each language, as files next to this one: the documentation of letters, and what a browser renders in the
//! tests of the dashboard. `UPDATE_EXPECT=1 cargo test -p mail` writes them.

#![cfg(test)]

use domain::{identity::profile::Language, notifications::shelf::Category};
use expect_test::expect_file;
use mail::{Digest, Entry, LetterWriter, MOST_ENTRIES, Reader, Sample, SingleNotification, sample_brand, samples};
use std::collections::BTreeSet;

/// Decodes the entities that the template engine writes.
fn decoded(html: &str) -> String {
    let text = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
    text.into_iter().fold(html.to_owned(), |html, (entity, sign)| html.replace(entity, sign))
}

/// Returns the text between `begin` and `end`, for each occurrence.
fn between<'a>(text: &'a str, begin: &str, end: &str) -> Vec<&'a str> {
    text.split(begin).skip(1).filter_map(|rest| rest.split_once(end)).map(|(inner, _)| inner).collect()
}

/// Returns the lines that people read in an HTML part. A block is a line, and names have no quotation marks.
fn lines_of_html(html: &str) -> BTreeSet<String> {
    let body = html.split_once("</div>").unwrap().1; // after the preview
    let mut lines = vec![String::new()];
    for part in body.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap();
        let name = tag.trim_start_matches('/').split(' ').next().unwrap();
        if name != "strong" {
            lines.push(String::new());
        }
        lines.last_mut().unwrap().push_str(&text.replace('\n', ""));
    }
    lines.into_iter().map(|line| decoded(line.trim())).filter(|line| !line.is_empty()).collect()
}

/// Returns the lines of a text part without links and quotation marks. Labels have a line of their own.
fn lines_of_text(text: &str) -> BTreeSet<String> {
    let lines = text.lines().filter(|line| !line.is_empty() && *line != "-- " && !line.starts_with("https://"));
    lines.map(|line| line.trim_end_matches(':').replace(['"', '„', '“'], "")).collect()
}

#[test]
fn each_letter_is_as_its_file() {
    for Sample { language, name, letter } in samples(&sample_brand()) {
        expect_file![format!("letters/{}/{name}.html", language.name())].assert_eq(&letter.html);
        let text = format!("Subject: {}\n\n{}", letter.subject, letter.text);
        expect_file![format!("letters/{}/{name}.txt", language.name())].assert_eq(&text);
    }
}

/// Facts and entries are "label: value" in text, and two lines in HTML.
#[test]
fn html_and_text_say_the_same_and_link_to_the_same() {
    for Sample { language, name, letter } in samples(&sample_brand()) {
        let what = format!("{name} in {language}");
        let html: BTreeSet<_> = lines_of_html(&letter.html).iter().map(|line| line.replace(['"'], "")).collect();
        let mut split = BTreeSet::new();
        for line in lines_of_text(&letter.text) {
            match line.split_once(": ") {
                Some((label, value)) if !html.contains(&line) => {
                    split.extend([label.to_owned(), value.to_owned()]);
                }
                Some(_) | None => {
                    split.insert(line);
                }
            }
        }
        assert_eq!(html, split, "{what}");
        let links: BTreeSet<_> = between(&letter.html, "href=\"", "\"").into_iter().map(decoded).collect();
        let written: BTreeSet<_> =
            letter.text.lines().filter(|line| line.starts_with("https://")).map(str::to_owned).collect();
        assert_eq!(links, written, "{what}");
    }
}

#[test]
fn letters_load_nothing_but_the_logo() {
    for Sample { name, letter, .. } in samples(&sample_brand()) {
        assert_eq!(between(&letter.html, "src=\"", "\""), ["https://app.example.com/logo.png"], "{name}");
        for forbidden in ["<script", "<link", "url(", "@import", "@font-face", "<form", "<iframe"] {
            let found = letter.html.contains(forbidden);
            assert!(!found, "{name} has {forbidden}");
        }
    }
}

/// Gmail cuts longer messages off.
/// <https://support.google.com/mail/answer/6584>
#[test]
fn letters_are_short_enough_for_mail_programs() {
    for Sample { name, letter, .. } in samples(&sample_brand()) {
        assert!(letter.html.len() < 100_000, "{name}: {}", letter.html.len());
    }
    let entries = vec![entry("Member joined", "A member joined as viewer."); MOST_ENTRIES];
    let letter = digest(&entries, 0);
    assert!(letter.html.len() < 100_000, "{}", letter.html.len());
}

#[test]
fn names_are_escaped_and_never_in_subjects() {
    for Sample { name, letter, .. } in samples(&sample_brand()) {
        for user_text in ["Acme", "Rockets", "hook", "disputed", "locked", "evil"] {
            assert!(!letter.subject.contains(user_text), "{name}: {}", letter.subject);
        }
        for markup in ["<Rockets>", "<hook>", "<2026"] {
            assert!(!letter.html.contains(markup), "{name} has {markup}");
        }
        for omitted in ["locked", "evil"] {
            assert!(!letter.html.contains(omitted) && !letter.text.contains(omitted), "{name}");
        }
    }
}

fn entry(title: &str, body: &str) -> Entry {
    Entry {
        title: title.to_owned(),
        body: body.to_owned(),
        link: "https://app.example.com/w/ws_1".to_owned(),
        category: Category::Warning,
        at: "2026-11-08T09:30:00Z".parse().unwrap(),
        published: true,
    }
}

fn reader() -> Reader {
    Reader { language: Language::En, timezone: "UTC".parse().unwrap() }
}

fn digest(entries: &[Entry], more: u64) -> mail::Letter {
    let workspace = "Acme".parse().unwrap();
    LetterWriter::new(&sample_brand(), &reader()).digest(&Digest {
        workspace: &workspace,
        entries,
        more,
        inbox: "https://app.example.com/inbox",
        preferences: "https://app.example.com/preferences",
        stop: None,
    })
}

#[test]
fn own_texts_are_never_left_out() {
    let own = Entry { published: false, ..entry("Payment refunded", "A payment was refunded. Billing shows it.") };
    let letter = digest(&[own.clone(), own], 0);
    assert_eq!(letter.text.matches("A payment was refunded. Billing shows it.").count(), 2, "{}", letter.text);
}

#[test]
fn texts_with_an_address_are_left_out_of_notifications() {
    let entries =
        [entry("Go to evil.example", "Your account is locked"), entry("Limit\r\nis near", "See evil.example")];
    let letter = digest(&entries, 0);
    assert!(!letter.text.contains("evil") && !letter.html.contains("evil"), "{}", letter.text);
    assert!(letter.text.contains("\nWarning: Notification\nYour account is locked\n"), "{}", letter.text);
    assert!(letter.text.contains("\nWarning: Limit is near\n8 November 2026, 09:30 UTC\n"), "{}", letter.text);
    for entry in &entries {
        let letter = LetterWriter::new(&sample_brand(), &reader()).notification(&SingleNotification {
            workspace: &"www.evil.example".parse().unwrap(),
            entry,
            preferences: "https://app.example.com/preferences",
            stop: None,
        });
        assert!(!letter.text.contains("evil") && !letter.html.contains("evil"), "{}", letter.text);
        assert_eq!(letter.subject, "Something in your workspace needs attention");
    }
}

#[test]
fn a_digest_counts_what_it_does_not_show() {
    let entries = vec![entry("Limit is near", "Text"); MOST_ENTRIES + 2];
    let letter = digest(&entries, 40);
    assert_eq!(letter.subject, "62 unread notifications");
    assert_eq!(letter.text.matches("Limit is near").count(), MOST_ENTRIES);
    assert!(letter.text.contains("\n42 more notifications are unread.\n"), "{}", letter.text);
    assert!(letter.stop.is_none() && !letter.text.contains("Stop these"));
}
