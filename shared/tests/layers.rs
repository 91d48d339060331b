//! The layers. A crate uses what its Cargo.toml lists. These tests check the listed crates, and rules that Cargo.toml
//! cannot express.

#![expect(clippy::unwrap_used, reason = "a failure in a test must end it")]

use std::fs;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
/// Crates, and the crates of this repository that they may list. The test kit may list any of them.
const LAYERS: [(&str, &str); 12] = [
    ("domain", ""),
    ("lambda local-clock", ""),
    ("catalogue", "domain"),
    ("platform", "catalogue domain local-clock"),
    ("system-scope", "domain"),
    ("identity courier ecs mail notary queue secrets sockets stripe", "domain platform"),
    ("store", "domain platform identity system-scope"),
    ("api", "domain platform identity"),
    ("workers", "domain platform courier ecs mail notary queue secrets sockets stripe store system-scope"),
    ("shared", "domain platform identity courier ecs mail notary queue secrets sockets stripe store workers"),
    ("commands", "domain platform store workers shared"),
    (
        "functions",
        "domain platform identity courier ecs mail notary queue secrets sockets stripe store workers api lambda shared commands",
    ),
];
/// Prefixes of external crates, and the crates of this repository that may list them.
const OUTSIDE: [(&str, &str); 7] = [
    ("aws-sdk-", "ecs mail notary queue secrets sockets store"),
    ("async-stripe", "stripe"),
    ("axum", "api functions"),
    ("lambda_http", "api functions"),
    ("aws_lambda_events", "lambda functions"),
    ("http", "api courier platform stripe functions"),
    ("tokio", "courier platform secrets store stripe workers shared functions"),
];

fn has(names: &str, name: &str) -> bool {
    names.split(' ').any(|one| one == name)
}

/// Returns the files in `folder` and below whose paths end with `end`, and their texts.
fn files(folder: &str, end: &str) -> Vec<(String, String)> {
    let entries = fs::read_dir(format!("{ROOT}/{folder}")).unwrap().map(|entry| entry.unwrap());
    let paths = entries.map(|entry| (format!("{folder}/{}", entry.file_name().to_str().unwrap()), entry.path()));
    let read = |(name, path): (String, std::path::PathBuf)| match path.is_dir() {
        true if name.ends_with("/target") => Vec::new(),
        true => files(&name, end),
        false if name.ends_with(end) => vec![(name, fs::read_to_string(path).unwrap())],
        false => Vec::new(),
    };
    paths.flat_map(read).collect()
}

#[test]
fn crates_list_only_what_their_layer_may_use() {
    let functions = files("functions", "/Cargo.toml");
    let function = |name: &str| functions.iter().any(|(path, _)| path.contains(&format!("/{name}/")));
    for (path, text) in
        files("shared", "/Cargo.toml").iter().chain(&functions).filter(|file| !file.0.contains("testkit"))
    {
        let crate_name = path.rsplit('/').nth(1).unwrap();
        let name = if function(crate_name) { "functions" } else { crate_name };
        let (_, allowed) = LAYERS.iter().find(|(names, _)| has(names, name)).unwrap();
        let lines = text.lines().skip_while(|line| *line != "[dependencies]").skip(1);
        for listed in lines.take_while(|line| !line.is_empty()).map(|line| line.split(['.', ' ']).next().unwrap()) {
            let ours = function(listed) || listed == "testkit" || LAYERS.iter().any(|(names, _)| has(names, listed));
            let outside = OUTSIDE.iter().find(|(start, _)| listed.starts_with(start)).map(|(_, users)| *users);
            let may = if ours { has(allowed, listed) } else { outside.is_none_or(|users| has(users, name)) };
            assert!(may, "{crate_name} must not list {listed}");
        }
    }
}

#[test]
fn sources_stay_in_their_area_and_have_a_header() {
    for (path, text) in ["shared", "functions", "infra"].iter().flat_map(|folder| files(folder, ".rs")) {
        assert!(text.starts_with("//! "), "{path} begins without a //! line");
        let area = path.trim_start_matches("shared/").trim_start_matches("workers/").strip_prefix("src/");
        let areas = ["billing", "doctor", "integrations", "operator", "relay", "runtime", "team", "workspace"];
        let foreign = areas.iter().filter(|other| area.is_some_and(|area| !area.starts_with(**other)));
        let taken = foreign.clone().find(|other| text.contains(&format!("crate::{other}::")));
        assert_eq!(taken, None, "{path} imports another area's use cases");
        let operates = ["operator::", "commands::"].iter().any(|name| text.contains(name));
        let operates = path.contains("/src/") && path.starts_with("functions/") && operates;
        let operators = ["functions/operator/", "functions/console/"];
        assert!(!operates || operators.iter().any(|start| path.starts_with(start)), "{path} acts as the operator");
    }
}
