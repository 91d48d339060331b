//! Builds of the functions, independent of the build tool.

use local::{
    cloud::BINARIES,
    functions::{self, package},
    workspace::Workspace,
};
use std::{fs, path::Path, process::Command};

/// Returns the lines of `cargo tree` with these arguments, each with a crate, its version and its features.
fn tree(arguments: &[&str]) -> Vec<String> {
    let common = ["tree", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}|{f}"];
    let root = Workspace::find().unwrap().root;
    let output = Command::new(env!("CARGO")).args(common).args(arguments).current_dir(root).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().filter(|line| !line.is_empty()).map(ToOwned::to_owned).collect()
}

/// Returns the lines of the crates whose names begin with `start`.
fn of<'a>(tree: &'a [String], start: &str) -> Vec<&'a String> {
    tree.iter().filter(|line| line.starts_with(start)).collect()
}

/// `sam build` selects what cargo selects without a package argument, and cargo unifies features over the selection.
#[test]
fn the_test_kit_is_not_deployed() {
    let tree = tree(&[]);
    assert!(!of(&tree, "team v").is_empty() && !of(&tree, "store v").is_empty(), "{tree:?}");
    let features: Vec<_> = tree.iter().filter(|line| line.split('|').nth(1).unwrap().contains("testkit")).collect();
    assert_eq!((features, of(&tree, "testkit v"), of(&tree, "dynoxide-rs v")), (vec![], vec![], vec![]));
}

/// A deployed function has the system's time only: neither what `sam build` selects, nor a single function, contains the
/// clock that can be moved. The functions of `cargo dev` do.
#[test]
fn the_local_clock_is_not_deployed() {
    let dev = BINARIES.iter().copied().filter(|argument| *argument != "--bins").collect::<Vec<_>>();
    let workspace = Workspace::find().unwrap();
    let single = workspace.functions.iter().map(|function| tree(&["-p", function]));
    for deployed in single.chain([tree(&[])]) {
        assert!(!of(&deployed, "platform v").is_empty(), "{deployed:?}");
        assert_eq!(of(&deployed, "local-clock v"), Vec::<&String>::new());
    }
    assert!(!of(&tree(&dev), "local-clock v").is_empty());
}

/// The variable that names the clock's file is in no package, so nothing in a function's environment can change its time.
/// This bootstrap is built with all features that tests use but those of `local`, so that cargo compiles no dependency
/// again.
#[test]
fn a_packaged_bootstrap_does_not_know_the_local_clock() {
    let selection = ["--workspace", "--exclude", "local", "--examples", "--bin", "stripe-webhook"];
    let binaries = functions::build(&Workspace::find().unwrap(), &selection).unwrap();
    let knows = |binary: &Path, name: &str| {
        let package = package(binary).unwrap();
        package.windows(name.len()).any(|part| part == name.as_bytes())
    };
    let bootstrap = &binaries["stripe-webhook"];
    assert!(knows(bootstrap, "STRIPE_WEBHOOK_SECRET_ARN"), "settings are found by their names");
    assert!(!knows(bootstrap, local_clock::VARIABLE));
    assert!(knows(Path::new(env!("CARGO_BIN_EXE_local")), local_clock::VARIABLE), "and this name would be");
}

/// The webhook has no permission for the table, and the rules depend on nothing outside: neither is compiled with crates
/// that it must not use.
#[test]
fn the_webhook_and_the_rules_are_lean() {
    let webhook = tree(&["-p", "stripe-webhook"]);
    assert!(!of(&webhook, "queue v").is_empty(), "{webhook:?}");
    let rules = tree(&["-p", "domain"]);
    for (tree, absent) in [
        (&webhook, &["aws-sdk-dynamodb", "store v", "aws-sdk-ecs", "aws-sdk-sesv2"][..]),
        (&rules, &["tokio", "aws", "axum", "utoipa", "http v", "hyper", "async-stripe", "platform v"][..]),
    ] {
        assert_eq!(absent.iter().flat_map(|name| of(tree, name)).collect::<Vec<_>>(), Vec::<&String>::new());
    }
}

/// Keeps panics unwinding: cargo-lambda sets everything that the profile leaves open, and would make functions abort. A
/// request that panics would then end the other requests of its process, and get no answer.
#[test]
fn a_panic_fails_its_request_and_not_the_process() {
    let manifest = fs::read_to_string(Workspace::find().unwrap().root.join("Cargo.toml")).unwrap();
    let (_, release) = manifest.split_once("[profile.release]").unwrap();
    let release: Vec<_> = release.lines().take_while(|line| !line.starts_with('[')).collect();
    assert!(release.contains(&r#"panic = "unwind""#), "{release:?}");
}
