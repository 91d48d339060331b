//! How functions are built, wherever it is done.

use local::workspace::Workspace;
use std::{fs, process::Command};

/// `sam build` selects what cargo does where it is told of no package, and features are unified over what is selected.
#[test]
fn the_test_kit_is_not_deployed() {
    let arguments = ["tree", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}|{f}"];
    let output =
        Command::new(env!("CARGO")).args(arguments).current_dir(Workspace::find().unwrap().root).output().unwrap();
    let tree = String::from_utf8(output.stdout).unwrap();
    let of = |name: &str| tree.lines().filter(move |line| line.starts_with(&format!("{name} v"))).collect::<Vec<_>>();
    assert!(!of("team").is_empty() && !of("shared").is_empty(), "{tree}");
    for shared in of("shared") {
        assert!(!shared.contains("testkit"), "{shared}");
    }
    assert_eq!(of("dynoxide-rs"), Vec::<&str>::new());
}

/// cargo-lambda decides on whatever the profile leaves open, and would have functions abort: a request on which something panics would
/// take the others of its process with it, and be answered by nobody.
#[test]
fn a_panic_costs_its_request_and_not_the_process() {
    let manifest = fs::read_to_string(Workspace::find().unwrap().root.join("Cargo.toml")).unwrap();
    let (_, release) = manifest.split_once("[profile.release]").unwrap();
    let release: Vec<_> = release.lines().take_while(|line| !line.starts_with('[')).collect();
    assert!(release.contains(&r#"panic = "unwind""#), "{release:?}");
}
