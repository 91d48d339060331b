//! The template has the task definitions of the catalogue.

use crate::shop::DEFAULT;
use berth::definitions::{NoPlace, REPORTER, generate};
use catalogue::PLANS;
use domain::plans::file::{self, lock::Lock};
use expect_test::expect_file;
use std::collections::BTreeSet;

const TEMPLATE: &str = include_str!("../../../runtime.yaml");

/// Invariant 18.
#[test]
fn template_has_a_task_definition_for_each_size() {
    let generated = generate(TEMPLATE, PLANS).expect("the template marks the parts");
    expect_file!["../../../runtime.yaml"].assert_eq(&generated);
}

/// Functions take no empty variable for one, so a list without entries has a word.
#[test]
fn catalogue_without_containers_has_no_task_definition() {
    let text = include_str!("../../../../docs/plans/per-seat.toml");
    let generated = generate(TEMPLATE, file::read(text, &Lock::default()).unwrap()).unwrap();
    assert!(generated.contains("    Value: none\n") && !generated.contains("AWS::ECS::TaskDefinition"), "{generated}");
}

#[test]
fn template_without_marks_is_refused() {
    let template = TEMPLATE.replace("# Generated: list of task definitions", "#");
    assert_eq!(generate(&template, PLANS), Err(NoPlace("list of task definitions")));
}

#[test]
fn reporter_has_the_share_that_launches_give_it() {
    assert_eq!(REPORTER, ecs::REPORTER);
}

/// A mistake in the catalogue would stop the command that explains it.
#[test]
fn commands_do_not_depend_on_the_catalogue() {
    let manifest = include_str!("../../Cargo.toml");
    let (_, dependencies) = manifest.split_once("[dependencies]\n").unwrap();
    let (dependencies, _) = dependencies.split_once("\n\n").unwrap();
    let workspace = include_str!("../../../../Cargo.toml");
    let ours = |name: &str| workspace.lines().any(|line| line.starts_with(&format!("{name} = {{ path = ")));
    let names = dependencies.lines().map(|line| line.split(['.', ' ']).next().unwrap());
    assert_eq!(names.filter(|name| ours(name)).collect::<Vec<_>>(), ["domain"]);
}

/// The page explains each field of the file.
#[test]
fn page_names_every_field() {
    let page = include_str!("../../../../docs/plans.md");
    let places = [
        "currencies = ",
        "name = \"gateways\"",
        "name = \"audit_export\"",
        "name = \"pro\"",
        "prices.month = ",
        "cpu_units = 256,",
    ];
    let mut fields = BTreeSet::new();
    for place in places {
        let nonsense = match place {
            "cpu_units = 256," => "nonsense = 1, ",
            "prices.month = " => "prices.nonsense = 1\n",
            _ => "nonsense = 1\n",
        };
        let text = DEFAULT.replacen(place, &format!("{nonsense}{place}"), 1);
        let said = file::read(&text, &Lock::default()).unwrap_err().to_string();
        let (_, names) = said.split_once("`nonsense` is unknown here; expected one of: ").unwrap();
        fields.extend(names.lines().next().unwrap().split(", ").map(str::to_owned));
    }
    assert!(fields.len() > 20, "{fields:?}");
    let missing: Vec<_> = fields
        .iter()
        .filter(|field| {
            !page.contains(&format!("`{field}"))
                && !page.contains(&format!("`prices.{field}"))
                && !page.contains(&format!("{field} = "))
                && !page.contains(&format!("[[{field}]]"))
        })
        .collect();
    assert_eq!(missing, [""; 0]);
}
