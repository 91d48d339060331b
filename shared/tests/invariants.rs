//! Tests name the invariants that they hold, in a line of their documentation: `/// Invariant 23.` or
//! `/// Invariants 1 and 24.` Each number must be a heading of docs/invariants.md, and each heading must be named.
//!
//! `UPDATE_EXPECT=1` rewrites the lines `Tests: …` of the page.

#![expect(clippy::unwrap_used, reason = "a failure in a test must end it")]

use expect_test::expect_file;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// Column at which lines of the page end.
const WIDTH: usize = 120;

/// Number of tests in each file that name an invariant.
type Holders = BTreeMap<u32, BTreeMap<String, usize>>;

#[test]
fn each_invariant_is_held_by_tests() {
    let page = fs::read_to_string(root().join("docs/invariants.md")).unwrap();
    let mut holders = holders();
    let mut written = String::new();
    let mut sections = page.split("\n### ");
    written += sections.next().unwrap();
    let mut missing = Vec::new();
    for section in sections {
        let number = section.split('.').next().and_then(|number| number.parse().ok()).unwrap();
        let (text, next) = section.split_once("\n\n## ").map_or((section, None), |(text, next)| (text, Some(next)));
        let text = text.split("\n\nTests: ").next().unwrap().trim_end();
        let files = holders.remove(&number).unwrap_or_default();
        if files.is_empty() {
            missing.push(number);
        }
        written += &format!("\n### {text}\n\n{}\n", line(&files));
        written += &next.map(|next| format!("\n## {next}")).unwrap_or_default();
    }
    assert!(missing.is_empty(), "no test names these invariants of docs/invariants.md: {missing:?}");
    assert!(holders.is_empty(), "docs/invariants.md has no heading for these numbers of tests: {holders:#?}");
    expect_file!["../../docs/invariants.md"].assert_eq(&written);
}

/// Writes the files of tests, with the number of tests in each, as lines of the page.
fn line(files: &BTreeMap<String, usize>) -> String {
    let files: Vec<_> = files.iter().map(|(file, tests)| format!("`{file}` ({tests})")).collect();
    let mut lines = vec!["Tests:".to_owned()];
    for word in files.join(", ").split(' ') {
        let last = lines.last_mut().unwrap();
        if last.len() + 1 + word.len() > WIDTH {
            lines.push(word.to_owned());
        } else {
            *last += &format!(" {word}");
        }
    }
    lines.join("\n")
}

/// Reads the invariants that the tests of all crates name.
fn holders() -> Holders {
    let mut holders = Holders::new();
    for path in sources() {
        let file = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        let named = text.lines().filter_map(|line| numbers(line.trim_start().strip_prefix("/// Invariant")?));
        for number in named.flatten() {
            *holders.entry(number).or_default().entry(file.clone()).or_default() += 1;
        }
    }
    holders
}

/// Returns the numbers of ` 23.` or `s 1, 3 and 24.`, the end of a line that names invariants.
fn numbers(text: &str) -> Option<Vec<u32>> {
    let text = text.strip_prefix('s').unwrap_or(text).strip_prefix(' ')?.strip_suffix('.')?;
    text.split(" and ").flat_map(|part| part.split(", ")).map(|number| number.parse().ok()).collect()
}

/// Returns the folder of the repository.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().find(|folder| folder.join("template.yaml").exists()).unwrap().to_owned()
}

/// Lists all Rust files of the workspace, except this one.
fn sources() -> Vec<PathBuf> {
    let mut open = ["shared", "functions", "infra"].map(|folder| root().join(folder)).to_vec();
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
            let path = entry.path();
            if entry.file_type().unwrap().is_dir() && !path.ends_with("node_modules") {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("invariants.rs") {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn numbers_are_read_from_lines_of_documentation() {
    assert_eq!(numbers(" 23."), Some(vec![23]));
    assert_eq!(numbers("s 1, 3 and 24."), Some(vec![1, 3, 24]));
    for text in ["s hold", " 23", " twenty.", "23.", " 1 and."] {
        assert_eq!(numbers(text), None, "{text}");
    }
}
