//! The words of the repository: a list that no text and no identifier may contain (`words.txt`), doc comments that
//! state the fact first, names of tests that fit a line, and public types whose names are unique in their crate.

#![expect(clippy::unwrap_used, reason = "a failure in a test must end it")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// Folders that hold no text of ours: builds, packages of others, and recorded items, whose texts are their test.
const OTHERS: [&str; 9] =
    [".git", "target", "node_modules", "dist", "shots", "test-results", "samples", "proptest-regressions", ".venv"];
/// Files that hold no text of ours, the list itself, and this file, which names exceptions.
const EXEMPT: [&str; 5] = ["words.txt", "words.rs", "Cargo.lock", "package-lock.json", "LICENSE"];
/// Quoted names from the list that deployed tables hold. The text of `rename = "…"` is exempt, too.
const STORED: [&str; 2] = ["\"doomed\"", "\"told\""];
/// Extensions of files that people read.
const TEXTS: [&str; 16] =
    ["rs", "md", "toml", "yaml", "yml", "json", "ts", "tsx", "js", "mjs", "css", "html", "txt", "snap", "sh", "py"];
/// Most relative clauses among a hundred openings of doc comments.
const RELATIVE: usize = 5;
/// Most characters in the name of a test.
const NAME: usize = 60;

#[test]
fn no_text_contains_a_word_of_the_list() {
    let list = include_str!("words.txt").lines().filter_map(entry).map(words).collect::<Vec<_>>();
    let mut found = Vec::new();
    for path in texts() {
        let text = fs::read_to_string(&path).unwrap();
        let words: Vec<_> =
            text.lines().enumerate().flat_map(|(line, text)| words_of(line + 1, without_stored_names(text))).collect();
        for (at, (line, _)) in words.iter().enumerate() {
            let is_here = |phrase: &Vec<String>| {
                phrase.len() <= words.len() - at
                    && phrase.iter().zip(&words[at..]).all(|(word, (_, here))| word == here)
            };
            found.extend(list.iter().filter(|phrase| is_here(phrase)).map(|phrase| {
                format!("{}:{line}: {}", path.strip_prefix(root()).unwrap().display(), phrase.join(" "))
            }));
        }
    }
    assert!(found.is_empty(), "{} words of shared/tests/words.txt are used:\n{}", found.len(), found.join("\n"));
}

#[test]
fn doc_comments_state_the_fact_first() {
    let relative = ["What", "Whether", "How", "Who", "Where", "Whose", "When", "Which", "Whom", "Why"];
    let (mut all, mut found) = (0, Vec::new());
    for path in sources() {
        let text = fs::read_to_string(&path).unwrap();
        let mut inside = false;
        for (number, line) in text.lines().enumerate() {
            let doc = line.trim_start();
            let doc = doc.strip_prefix("///").or_else(|| doc.strip_prefix("//!"));
            if let (Some(doc), false) = (doc, inside) {
                all += 1;
                let first = doc.split_whitespace().next().unwrap_or_default();
                if relative.contains(&first) {
                    found.push(format!("{}:{}:{doc}", path.strip_prefix(root()).unwrap().display(), number + 1));
                }
            }
            inside = doc.is_some();
        }
    }
    let share = found.len() * 100;
    assert!(
        share < all * RELATIVE,
        "{} of {all} doc comments open with a relative clause:\n{}",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn names_of_tests_fit_a_line() {
    let mut long = Vec::new();
    for path in sources() {
        let text = fs::read_to_string(&path).unwrap();
        let mut is_test = false;
        for line in text.lines().map(str::trim_start) {
            is_test |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
            let name = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ");
            if let (Some(name), true) = (name, is_test) {
                let name = name.split('(').next().unwrap();
                if name.chars().count() > NAME {
                    long.push(format!("{}: {name}", path.strip_prefix(root()).unwrap().display()));
                }
                is_test = false;
            }
        }
    }
    assert!(long.is_empty(), "names of tests have at most {NAME} characters:\n{}", long.join("\n"));
}

#[test]
fn public_types_have_one_name_in_a_crate() {
    let mut places: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for path in sources() {
        let text = fs::read_to_string(&path).unwrap();
        let owner = path.ancestors().find(|folder| folder.join("Cargo.toml").exists()).unwrap().to_owned();
        for name in text.lines().filter_map(public_type).filter(|name| *name != "Error") {
            places.entry((owner.clone(), name.to_owned())).or_default().push(path.display().to_string());
        }
    }
    places.retain(|_, paths| paths.len() > 1);
    assert!(places.is_empty(), "each crate has one public type of a name, except `Error`: {places:#?}");
}

/// Returns the name of the public type that a line declares; `None` if a macro fills the name in.
fn public_type(line: &str) -> Option<&str> {
    let (kind, rest) = line.trim_start().strip_prefix("pub ")?.split_once(' ')?;
    let name = rest.split(|letter: char| !letter.is_alphanumeric()).next()?;
    (["struct", "enum", "trait", "type", "union"].contains(&kind) && !name.is_empty()).then_some(name)
}

/// Returns the word or phrase of a line of the list, without its comment.
fn entry(line: &str) -> Option<&str> {
    let text = line.split('#').next().unwrap().trim();
    (!text.is_empty()).then_some(text)
}

/// Removes the names that are stored or sent from a line.
fn without_stored_names(line: &str) -> String {
    let line = STORED.iter().fold(line.to_owned(), |line, name| line.replace(name, ""));
    let Some((before, renamed)) = line.split_once("rename = \"") else { return line };
    format!("{before}{}", renamed.split_once('"').map_or("", |(_, after)| after))
}

/// Returns the words of a text or an identifier in lower case, with the line that each is in.
fn words_of(line: usize, text: String) -> impl Iterator<Item = (usize, String)> {
    words(&text).into_iter().map(move |word| (line, word))
}

/// Splits at everything that is no letter and where a capital follows a small letter.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for letter in text.chars() {
        if !letter.is_alphabetic() || (letter.is_uppercase() && before.is_lowercase()) {
            words.push(String::new());
        }
        if letter.is_alphabetic() {
            words.last_mut().unwrap().extend(letter.to_lowercase());
        }
        before = letter;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn identifiers_are_split_into_words() {
    assert_eq!(
        words("let was_read = isSeen(x), this \"It's\""),
        ["let", "was", "read", "is", "seen", "x", "this", "it", "s"]
    );
}

fn sources() -> impl Iterator<Item = PathBuf> {
    texts().into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
}

/// Returns all files that people read.
fn texts() -> Vec<PathBuf> {
    let mut open = vec![root()];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let entry = entry.unwrap();
            let (path, name) = (entry.path(), entry.file_name().into_string().unwrap());
            if entry.file_type().unwrap().is_dir() {
                if !OTHERS.contains(&name.as_str()) {
                    open.push(path);
                }
            } else if !EXEMPT.contains(&name.as_str())
                && path.extension().and_then(|extension| extension.to_str()).is_none_or(|one| TEXTS.contains(&one))
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Returns the folder of the repository.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().find(|folder| folder.join("template.yaml").exists()).unwrap().to_owned()
}
