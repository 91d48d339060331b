//! The layers: who may use what, read from the `use` lines and paths of the sources.
//!
//! Tests and the test kit stand outside: they put the layers together.

#![expect(clippy::unwrap_used, reason = "what goes wrong in a test should end it")]

use std::{
    fs,
    path::{Path, PathBuf},
};

const SDK: &str = "aws_sdk_";
const EDGES: [&str; 8] = ["courier", "ecs", "mail", "queue", "secrets", "store", "stripe", "testkit"];
const USE_CASES: [&str; 8] = ["billing", "doctor", "integrations", "operator", "relay", "runtime", "team", "workspace"];
/// What every layer but `domain` may use.
const COMMON: [&str; 5] = ["ambient", "aws", "config", "domain", "telemetry"];

/// The modules of `shared`.
fn modules() -> Vec<String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let names = fs::read_dir(source)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned());
    names.filter(|name| name != "lib").collect()
}

/// The folders in `functions`.
fn functions() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../functions");
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_str().unwrap().to_owned()).collect()
}

/// Those of `candidates` that there are.
fn present(candidates: &[&'static str]) -> Vec<&'static str> {
    let modules = modules();
    candidates.iter().copied().filter(|name| modules.iter().any(|module| module == name)).collect()
}

/// Ends the test if a source of the module `name` uses a module of `shared` that is neither itself nor in `allowed`.
#[track_caller]
fn only(name: &str, allowed: &[&str]) {
    let modules = modules();
    let others: Vec<_> =
        modules.iter().map(String::as_str).filter(|module| *module != name && !allowed.contains(module)).collect();
    never(&format!("shared/src/{name}"), &banned(&[], &others));
    for (path, text) in sources(&format!("shared/src/{name}")) {
        assert!(!text.contains("super::super"), "{} leaves its module by super", path.display());
    }
}

/// The sources below `folder` of the project, without their test modules.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
    let mut found = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
                let text = fs::read_to_string(&path).unwrap();
                let text = text.split("#[cfg(test)]\nmod tests").next().unwrap().to_owned();
                found.push((path, text));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} has sources");
    found
}

/// The paths that a source names: what is behind `use`, with its braces opened, and `crate::` elsewhere.
fn paths(text: &str) -> Vec<String> {
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut paths = Vec::new();
    for part in code.split("use ").skip(1) {
        let statement: String = part.split(';').next().unwrap().split_whitespace().collect();
        open("", &statement, &mut paths);
    }
    for part in code.split("crate::").skip(1) {
        let name: String = part.chars().take_while(|c| c.is_alphanumeric() || "_:".contains(*c)).collect();
        if !name.is_empty() {
            paths.push(format!("crate::{name}"));
        }
    }
    let outside = code
        .split("use ")
        .enumerate()
        .map(|(at, part)| if at == 0 { part } else { part.split_once(';').map_or("", |(_, rest)| rest) });
    for word in outside.flat_map(|part| part.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))) {
        if word.contains("::") {
            paths.push(word.trim_start_matches(':').to_owned());
        }
    }
    paths
}

/// `a::{b, c::{d}}` opened into `a::b` and `a::c::d`.
fn open(prefix: &str, tree: &str, paths: &mut Vec<String>) {
    let Some((head, rest)) = tree.split_once('{') else {
        paths.push(format!("{prefix}{tree}"));
        return;
    };
    let inner = rest.strip_suffix('}').unwrap_or(rest);
    let (mut depth, mut start) = (0_i32, 0);
    for (at, c) in inner.char_indices() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        if c == ',' && depth == 0 {
            open(&format!("{prefix}{head}"), &inner[start..at], paths);
            start = at + 1;
        }
    }
    open(&format!("{prefix}{head}"), &inner[start..], paths);
}

/// Ends the test if a source below `folder` names something that begins with one of `banned`.
#[track_caller]
fn never(folder: &str, banned: &[String]) {
    for (path, text) in sources(folder) {
        for used in paths(&text) {
            let hit = banned.iter().find(|banned| {
                used == **banned
                    || used
                        .strip_prefix(banned.as_str())
                        .is_some_and(|rest| rest.starts_with("::") || banned.ends_with('_'))
            });
            assert!(hit.is_none(), "{} uses {used}", path.display());
        }
    }
}

fn banned(names: &[&str], modules: &[&str]) -> Vec<String> {
    let modules = modules.iter().map(|module| format!("crate::{module}"));
    names.iter().map(|name| (*name).to_owned()).chain(modules).collect()
}

#[test]
fn every_module_has_a_layer() {
    for module in modules() {
        let known = EDGES.iter().chain(&USE_CASES).chain(&COMMON).any(|name| *name == module) || module == "http";
        assert!(known, "{module} stands in no layer: say in which");
    }
}

#[test]
fn the_domain_knows_nothing_else() {
    only("domain", &[]);
    let crates = [SDK, "aws_types", "aws_smithy_types", "axum", "getrandom", "http", "lambda_http", "tokio", "tracing"];
    never("shared/src/domain", &banned(&crates, &[]));
}

#[test]
fn edges_know_neither_each_other_nor_use_cases_nor_http() {
    for edge in present(&EDGES).into_iter().filter(|edge| *edge != "testkit") {
        only(edge, &COMMON);
        never(&format!("shared/src/{edge}"), &banned(&["axum", "lambda_http"], &[]));
    }
}

#[test]
fn only_the_store_talks_to_the_table() {
    for module in modules().into_iter().filter(|module| module != "store") {
        let path = format!("shared/src/{module}");
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(&module).with_extension("rs");
        if file.exists() {
            assert!(!fs::read_to_string(&file).unwrap().contains("aws_sdk_dynamodb"), "{module}");
        } else {
            never(&path, &banned(&["aws_sdk_dynamodb"], &[]));
        }
    }
}

#[test]
fn use_cases_know_no_http_no_sdk_and_not_each_other() {
    let below: Vec<_> = COMMON.iter().chain(EDGES.iter().filter(|edge| **edge != "testkit")).copied().collect();
    for use_case in present(&USE_CASES) {
        only(use_case, &below);
        never(&format!("shared/src/{use_case}"), &banned(&[SDK, "axum", "http", "lambda_http"], &[]));
    }
}

#[test]
fn http_knows_neither_the_store_nor_edges() {
    only("http", &COMMON);
    never("shared/src/http", &banned(&[SDK], &[]));
}

/// What a function does not depend on it cannot use.
#[test]
fn functions_depend_on_no_sdk_and_no_other_function() {
    let functions = functions();
    for function in &functions {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../functions").join(function).join("Cargo.toml");
        let manifest = fs::read_to_string(manifest).unwrap();
        let used = manifest.lines().skip_while(|line| *line != "[dependencies]").skip(1);
        for line in used.take_while(|line| !line.starts_with('[')) {
            let name = line.split(['.', ' ', '=']).next().unwrap();
            assert!(!name.starts_with("aws-sdk-"), "{function} depends on {name}");
            assert!(!functions.iter().any(|other| other == name), "{function} depends on the function {name}");
        }
    }
}

#[test]
fn http_functions_make_no_system_scope() {
    for function in functions() {
        for (path, text) in sources(&format!("functions/{function}/src")) {
            assert!(!text.contains("SystemScope"), "{}", path.display());
        }
    }
}

/// Nobody reaches what whoever runs the service may do but by invoking its function, which IAM allows.
#[test]
fn only_the_function_operator_acts_as_whoever_runs_the_service() {
    for function in functions() {
        for (path, text) in sources(&format!("functions/{function}/src")) {
            assert!(!text.contains("OperatorScope"), "{}", path.display());
            let acts = paths(&text).iter().any(|path| path.starts_with("shared::operator"));
            assert!(function == "operator" || !acts, "{} uses shared::operator", path.display());
        }
    }
}

#[test]
fn every_file_says_what_it_is() {
    for folder in ["shared/src", "shared/tests", "functions", "infra"] {
        for (path, text) in sources(folder) {
            let built = path.components().any(|part| part.as_os_str() == "target");
            assert!(built || text.starts_with("//! "), "{} begins without a //! line", path.display());
        }
    }
}

#[test]
fn the_reader_of_use_lines_opens_braces() {
    let found =
        paths("use crate::{domain::{ids, text::Name}, store};\nfn f() { crate::http::serve(); }\n// use tokio::x;");
    for wanted in ["crate::domain::ids", "crate::domain::text::Name", "crate::store", "crate::http::serve"] {
        assert!(found.iter().any(|path| path == wanted), "{wanted} in {found:?}");
    }
    assert!(!found.iter().any(|path| path.starts_with("tokio")));
}
