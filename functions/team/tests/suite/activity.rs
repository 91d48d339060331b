//! The activity of a workspace: as CSV, as far back as its plan shows, with one record for each change.

use axum::Router;
use domain::{command::Expected, identity::access::Role, ids::WorkspaceId, workspace::head::Update};
use insta::assert_snapshot;
use jiff::SignedDuration;
use serde_json::json;
use shared::workspace;
use team::TeamDeps;
use testkit::{ANA, Answer, BEN, NASTY_NAMES, Request, World, plan, valid_nasty_names};

const DAY: SignedDuration = SignedDuration::from_hours(24);

async fn acme() -> (World, Router, WorkspaceId) {
    let world = World::default();
    let router = team::router(
        TeamDeps { store: world.store(), key: world.invitation_key(), free_workspaces: world.free_workspaces() },
        world.claim_rules(),
    );
    let id = world.workspace_of(&ANA).await;
    (world, router, id)
}

async fn rename(world: &World, id: WorkspaceId, name: &str) {
    let update = Update { name: Some(name.parse().unwrap()), ..Update::default() };
    workspace::update_workspace(&world.store(), &ANA.caller(), id, update, Expected::Any).await.unwrap();
}

fn actions(answer: &Answer) -> Vec<&str> {
    let activity = answer.body["activity"].as_array().unwrap();
    activity.iter().map(|record| record["action"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn csv_export_has_pages_with_a_link_to_the_next() {
    let (world, router, id) = acme().await;
    world.wait(SignedDuration::from_secs(1));
    world.join(id, &ANA, &BEN, Role::Member).await;
    world.wait(SignedDuration::from_secs(1));
    rename(&world, id, "=HYPERLINK(\"https://evil.example\")").await;
    let csv = |target: &str| Request::new("GET", target).within(id).header("accept", "text/csv");
    let answer = world.send(&router, csv("/team/activity?limit=2")).await;
    assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8; header=present");
    assert_snapshot!(answer.body.as_str().unwrap());
    let mut lines = Vec::new();
    let mut target = "/team/activity?limit=2".to_owned();
    for _ in 0..9 {
        let answer = world.send(&router, csv(&target)).await;
        lines.extend(answer.body.as_str().unwrap().lines().skip(1).map(ToOwned::to_owned));
        let Some(link) = answer.headers.get("link") else { break };
        let link = link.to_str().unwrap().strip_prefix("</api/v1").unwrap().strip_suffix(">; rel=\"next\"").unwrap();
        link.clone_into(&mut target);
    }
    assert_eq!(lines.len(), 4);
    let refused = world.send(&router, csv("/team/activity?limit=101")).await;
    assert_eq!((refused.status.as_u16(), refused.wrong_fields()), (400, vec!["limit"]), "refusals are JSON");
}

#[tokio::test]
async fn a_cell_that_begins_like_a_formula_is_kept_a_text() {
    let (world, router, id) = acme().await;
    let request = Request::new("GET", "/team/activity").within(id).header("accept", "text/csv");
    let audit = format!("WS#{id}#AUDIT");
    let key = world.items().into_keys().find(|(pk, _)| *pk == audit).unwrap();
    world.overwrite_at(&key, "request_id", json!({"S": "=cmd|'/C calc'!A0"}));
    let answer = world.send(&router, request).await;
    assert!(answer.body.as_str().unwrap().contains(r#","'=cmd|'/C calc'!A0","#), "{answer}");
}

/// Invariant 39.
#[tokio::test]
async fn activity_has_no_path_of_a_url() {
    let (world, router, id) = acme().await;
    world.record_whole_url(id);
    for accept in ["application/json", "text/csv"] {
        let request = Request::new("GET", "/team/activity").within(id).header("accept", accept);
        let shown = world.send(&router, request).await.to_string();
        assert!(shown.contains("https://hooks.example.com") && shown.contains("url_sha256"), "{shown}");
        assert!(!shown.contains("canary"), "{shown}");
    }
}

#[tokio::test]
async fn plan_limits_the_history_and_an_upgrade_shows_more() {
    let (world, router, id) = acme().await;
    for day in 0..3 {
        rename(&world, id, &format!("Acme {day}")).await;
        world.wait(DAY);
    }
    let read = async |query: &str| {
        world.send(&router, Request::new("GET", &format!("/team/activity{query}")).within(id)).await
    };
    assert_eq!(actions(&read("").await).len(), 4);
    world.wait(DAY * 4 + SignedDuration::from_millis(1));
    // The creation and the first name are just over seven days old; a free plan shows seven days.
    let free = read("").await;
    assert_eq!((actions(&free).len(), &free.body["pagination"]["has_more"]), (2, &json!(false)));
    let page = read("?limit=2").await;
    let cursor = page.body["pagination"]["next_cursor"].as_str().unwrap();
    let beyond = read(&format!("?limit=2&cursor={cursor}")).await;
    assert_eq!((actions(&beyond).len(), &beyond.body["pagination"]["has_more"]), (0, &json!(false)));
    let filtered = read("?limit=1&action=workspace.created").await;
    assert_eq!((actions(&filtered).len(), filtered.usage.round_trips), (0, 1));
    world.subscribe(id, plan("starter")).await;
    assert_eq!(actions(&read("").await).len(), 4);
}

#[tokio::test]
async fn a_record_is_kept_as_long_as_the_longest_plan_shows_it() {
    let (world, _, _) = acme().await;
    let records: Vec<_> = world.items().into_values().filter(|item| item["_type"] == "audit").collect();
    let until = (world.clock.now() + DAY * 730).as_second();
    assert_eq!(records.iter().map(|record| &record["ttl"]).collect::<Vec<_>>(), [&json!(until)]);
}

/// Reads rows of quoted cells (RFC 4180).
fn cells(csv: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut rest) = (Vec::new(), Vec::new(), csv);
    while !rest.is_empty() {
        let (mut cell, mut quoted) = (String::new(), rest.strip_prefix('"').unwrap());
        loop {
            let (part, after) = quoted.split_once('"').unwrap();
            cell.push_str(part);
            match after.strip_prefix('"') {
                Some(more) => {
                    cell.push('"');
                    quoted = more;
                }
                None => {
                    quoted = after;
                    break;
                }
            }
        }
        row.push(cell);
        rest = match quoted.strip_prefix("\r\n") {
            Some(next) => {
                rows.push(std::mem::take(&mut row));
                next
            }
            None => quoted.strip_prefix(',').unwrap(),
        };
    }
    rows
}

/// Names of workspaces and members are cells of text, and JSON keeps them as they are.
#[tokio::test]
async fn names_are_text_in_the_activity_and_its_export() {
    let (world, router, id) = acme().await;
    let audit = format!("WS#{id}#AUDIT");
    let valid: Vec<_> = valid_nasty_names().collect();
    assert!(valid.len() > 30, "{}", valid.len());
    for name in NASTY_NAMES {
        // The budget of exports.
        world.wait(SignedDuration::from_hours(1));
        if valid.contains(&name) {
            rename(&world, id, name).await;
        }
        // The newest record, whose actor has the name.
        let key = world.items().into_keys().filter(|(pk, _)| *pk == audit).max().unwrap();
        world.overwrite_at(&key, "actor_name", json!({"S": name}));
        let request = || Request::new("GET", "/team/activity?limit=1").within(id);
        let record = world.send(&router, request()).await.body["activity"][0].clone();
        assert_eq!(record["actor_name"], *name, "{name:?}");
        let exported = world.send(&router, request().header("accept", "text/csv")).await;
        let rows = cells(exported.body.as_str().unwrap());
        assert!(rows.len() == 2 && rows.iter().all(|row| row.len() == 11), "{name:?}: {rows:?}");
        let cell = &rows[1][9];
        assert!(cell == name || *cell == format!("'{name}"), "{name:?} is {cell:?}");
        for cell in rows.iter().flatten() {
            let first = cell.chars().next().unwrap_or_default();
            assert!(!"=+-@\t\r\n\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}".contains(first), "{name:?}: {cell:?} is a formula");
        }
        if valid.contains(&name) {
            assert_eq!(record["after"]["name"], *name);
            let after: serde_json::Value = serde_json::from_str(&rows[1][6]).unwrap();
            assert_eq!(after["name"], *name);
        }
    }
}
