//! The export of a workspace: its pages, who may read them, and what is not in them.

use axum::Router;
use domain::{
    bounds::budget::Budget, command::Expected, identity::access::Role, ids::WorkspaceId, workspace::head::Update,
};
use futures::future::join_all;
use serde_json::{Value, json};
use shared::workspace::{OtherMembers, delete_workspace, update_workspace};
use std::{collections::BTreeSet, fs, path::Path};
use store::partitions::{ItemKind, Partition};
use testkit::{ANA, Answer, BEN, CLEO, Person, Request, TABLE, World};
use workspace::WorkspaceDeps;

async fn acme() -> (World, Router, WorkspaceId) {
    let world = World::default();
    let deps = WorkspaceDeps {
        store: world.store(),
        free_workspaces: world.free_workspaces(),
        free_containers: world.free_containers(),
    };
    let router = workspace::router(deps, world.claim_rules());
    let id = world.workspace_of(&ANA).await;
    world.changes();
    (world, router, id)
}

fn first(limit: u8) -> String {
    format!("/workspace/export?limit={limit}")
}

async fn page(world: &World, router: &Router, id: WorkspaceId, by: &Person, target: &str) -> Answer {
    world.send(router, Request::new("POST", target).within(id).by(by)).await
}

/// Returns the target of the next page.
fn next(answer: &Answer) -> Option<String> {
    let link = answer.headers.get("link")?.to_str().unwrap();
    Some(link.strip_prefix("</api/v1").unwrap().strip_suffix(">; rel=\"next\"").unwrap().to_owned())
}

fn lines(answer: &Answer) -> Vec<Value> {
    assert_eq!((answer.status.as_u16(), answer.usage.round_trips), (200, 1), "{answer}");
    assert_eq!(answer.headers["content-type"], "application/jsonl");
    let text = answer.body.as_str().unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Reads all pages for Ana. Calls `between` before each but the first.
async fn export(world: &World, router: &Router, id: WorkspaceId, limit: u8, between: impl Fn(usize)) -> Vec<Value> {
    let (mut found, mut target) = (Vec::new(), Some(first(limit)));
    for number in 0.. {
        let Some(at) = target else { break };
        if number > 0 {
            between(number);
        }
        let answer = page(world, router, id, &ANA, &at).await;
        let lines = lines(&answer);
        assert!(lines.len() <= usize::from(limit));
        found.extend(lines);
        target = next(&answer);
        world.wait(Budget::WorkspaceExports.length());
    }
    found
}

fn of_type<'a>(lines: &'a [Value], kind: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["type"] == kind).collect()
}

/// Makes a write of one item.
fn write(world: &World, action: &Value) {
    let (status, answer) = world.aws("DynamoDB_20120810.TransactWriteItems", "/", json!({"TransactItems": [action]}));
    assert_eq!(status, 200, "{answer}");
}

/// Writes the samples of every kind in partitions of the workspace, where it has no such item yet, and returns the
/// kinds.
fn add_samples(world: &World, id: WorkspaceId) -> BTreeSet<&'static str> {
    let mut kinds = BTreeSet::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/samples/table");
    for kind in ItemKind::ALL.into_iter().filter(|kind| matches!(kind.partition(), Partition::Workspace(_))) {
        let file = folder.join(kind.name().replace(' ', "_")).with_extension("json");
        let samples: Vec<Value> = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        for mut item in samples.into_iter().map(|sample| sample["item"].clone()) {
            let [pk, sk] = ["pk", "sk"].map(|name| item[name]["S"].as_str().unwrap().to_owned());
            let suffix = pk.splitn(3, '#').nth(2).map(|suffix| format!("#{suffix}")).unwrap_or_default();
            let pk = format!("WS#{id}{suffix}");
            if ItemKind::at(&pk, &sk) != Some(kind) || world.items().contains_key(&(pk.clone(), sk)) {
                continue;
            }
            item["pk"]["S"] = pk.into();
            write(world, &json!({"Put": {"TableName": TABLE, "Item": item}}));
        }
        kinds.insert(kind.name());
    }
    kinds
}

#[tokio::test]
async fn every_registered_kind_is_exported_or_says_why_not() {
    let (world, router, id) = acme().await;
    let stored = add_samples(&world, id);
    let own = format!("WS#{id}");
    let held: BTreeSet<_> = world
        .items()
        .into_iter()
        .filter(|((pk, _), _)| pk.starts_with(&own))
        .map(|(_, item)| item["_type"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(held.iter().map(String::as_str).collect::<BTreeSet<_>>(), stored, "the table has each kind");
    let lines = export(&world, &router, id, 100, |_| {}).await;
    let seen: BTreeSet<_> = lines.iter().map(|line| line["type"].as_str().unwrap()).collect();
    let exported = ItemKind::ALL.into_iter().filter(|kind| kind.exported().is_some()).map(ItemKind::name);
    assert_eq!(seen, exported.collect());
    for line in &lines {
        assert_eq!(line["key"]["workspace_id"], id.to_string(), "{line}");
        assert!(!line["content"].as_object().unwrap().is_empty(), "{line}");
    }
    let items = world.items();
    for ((pk, sk), item) in items.iter().filter(|((pk, _), _)| pk.starts_with(&own)) {
        let kind = ItemKind::at(pk, sk).unwrap();
        let number = items.iter().filter(|((pk, _), of)| pk.starts_with(&own) && of["_type"] == item["_type"]).count();
        let wanted = if kind.exported().is_some() { number } else { 0 };
        assert_eq!(of_type(&lines, kind.name()).len(), wanted, "{pk} | {sk}");
    }
}

#[tokio::test]
async fn an_item_is_exported_with_its_key_and_content() {
    let (world, router, id) = acme().await;
    world.join(id, &ANA, &BEN, Role::Member).await;
    let settings = json!({"theme": {"dark": true}}).as_object().unwrap().clone();
    let update = Update { settings: Some(settings.try_into().unwrap()), ..Update::default() };
    update_workspace(&world.store(), &ANA.caller(), id, update, Expected::Any).await.unwrap();
    world.suspend(id, "Spam").await;
    let lines = export(&world, &router, id, 100, |_| {}).await;
    let head = &of_type(&lines, "workspace")[0]["content"];
    assert_eq!((&head["name"], &head["settings"]), (&json!("Acme"), &json!({"theme": {"dark": true}})));
    assert_eq!(head["suspended"], json!({"at": "2026-11-21T12:00:00Z", "reason": "Spam"}));
    let members: BTreeSet<_> = of_type(&lines, "member")
        .into_iter()
        .map(|line| (line["key"]["user_id"].to_string(), line["content"]["email"].to_string()))
        .collect();
    let person = |person: &Person| (json!(person.id()).to_string(), json!(person.email).to_string());
    assert_eq!(members, [person(&ANA), person(&BEN)].into());
    let records = of_type(&lines, "audit");
    let updated = records.iter().find(|line| line["content"]["action"] == "workspace.updated").unwrap();
    assert_eq!(updated["content"]["after"]["settings"], json!({"theme": {"dark": true}}));
    assert!(updated["key"]["id"].as_str().unwrap().starts_with("aud_"));
}

/// Invariant 20.
#[tokio::test]
async fn only_owners_of_the_workspace_export_it() {
    let (world, router, id) = acme().await;
    for role in [Role::Viewer, Role::Member, Role::Admin] {
        let (world, router, id) = acme().await;
        world.join(id, &ANA, &BEN, role).await;
        world.changes();
        let refused = page(&world, &router, id, &BEN, &first(100)).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (403, "role_required"), "{role}");
        world.assert_nothing_written();
    }
    let foreign = world.workspace_of(&CLEO).await;
    world.join(id, &ANA, &BEN, Role::Owner).await;
    assert_eq!(page(&world, &router, id, &BEN, &first(100)).await.status.as_u16(), 200);
    shared::team::remove_member(&world.store(), &ANA.caller(), id, BEN.id()).await.unwrap();
    world.changes();
    for (person, of) in [(&BEN, id), (&CLEO, id), (&ANA, foreign)] {
        let refused = page(&world, &router, of, person, &first(100)).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (404, "workspace_not_found"), "{refused}");
    }
    world.assert_nothing_written();
    delete_workspace(&world.store(), &ANA.caller(), id, OtherMembers::Include).await.unwrap();
    let gone = page(&world, &router, id, &ANA, &first(100)).await;
    assert_eq!((gone.status.as_u16(), gone.code()), (404, "workspace_not_found"));
}

/// Invariant 22.
#[tokio::test]
async fn cursors_open_no_other_workspace() {
    let (world, router, id) = acme().await;
    let other = world.workspace_of(&ANA).await;
    let second = next(&page(&world, &router, id, &ANA, &first(1)).await).unwrap();
    let refused = page(&world, &router, other, &ANA, &second).await;
    assert_eq!((refused.status.as_u16(), refused.wrong_fields()), (400, vec!["cursor"]));
    for line in export(&world, &router, other, 1, |_| {}).await {
        assert!(!line.to_string().contains(&id.to_string()), "{line}");
    }
}

#[tokio::test]
async fn pages_have_each_lasting_item_once_while_others_change() {
    let (world, router, id) = acme().await;
    add_samples(&world, id);
    let key = |line: &Value| format!("{} {}", line["type"], line["key"]);
    let whole: Vec<_> = export(&world, &router, id, 100, |_| {}).await.iter().map(key).collect();
    assert_eq!(whole.iter().collect::<BTreeSet<_>>().len(), whole.len());
    let (own, audit) = (format!("WS#{id}"), format!("WS#{id}#AUDIT"));
    let member = (own.clone(), format!("MEMBER#{}", ANA.id()));
    let passing = |number: usize| (own.clone(), format!("MEMBER#usr_0000000000000000000000{:04}", 9999 - number));
    for limit in [3, 7] {
        let pages = export(&world, &router, id, limit, |number| {
            // One item comes, and the one that came before it goes, before and behind the position.
            world.copy_item(&member, [passing(number).1]);
            let (pk, sk) = passing(number - 1);
            let key = json!({"pk": {"S": pk}, "sk": {"S": sk}});
            write(&world, &json!({"Delete": {"TableName": TABLE, "Key": key}}));
            let record = world.items().into_keys().find(|(pk, _)| *pk == audit).unwrap();
            world.overwrite_at(&record, "request_id", json!({"S": format!("request-{number}")}));
        })
        .await;
        let lasting: Vec<_> = pages.iter().map(key).filter(|key| !key.contains("usr_000000000000")).collect();
        assert_eq!(lasting, whole, "{limit}");
    }
}

#[tokio::test]
async fn secrets_are_in_no_export() {
    let (world, router, id) = acme().await;
    let integrations = integrations::router(
        integrations::IntegrationDeps {
            store: world.store(),
            secrets: world.integration_secrets(),
            courier: world.courier(),
        },
        world.claim_rules(),
    );
    // The world searches every answer for this secret from here on.
    let set_up = world.send(&integrations, Request::event("integrations/set-up").within(id)).await;
    assert_eq!(set_up.status.as_u16(), 200);
    let (_, token) = world.invitation(id, &ANA, &BEN, Role::Viewer).await;
    let lines = export(&world, &router, id, 100, |_| {}).await;
    let integration = &of_type(&lines, "integration")[0];
    assert_eq!(
        (&integration["key"]["type"], &integration["content"]["state"]),
        (&json!("webhook"), &json!({"status": "enabled"}))
    );
    assert_eq!(of_type(&lines, "invitation").len(), 1);
    let text = Value::from(lines).to_string();
    assert!(!text.contains(&token) && !text.contains("sec_"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn pages_are_bounded_by_their_budget() {
    let (world, router, id) = acme().await;
    world.join(id, &ANA, &BEN, Role::Admin).await;
    world.changes();
    let flood =
        async |person: &Person| join_all((0..80).map(|_| page(&world, &router, id, person, "/workspace/export"))).await;
    let of = |answers: &[Answer], status: u16| answers.iter().filter(|answer| answer.status.as_u16() == status).count();
    assert_eq!((of(&flood(&BEN).await, 403), of(&flood(&CLEO).await, 404)), (80, 80));
    world.assert_nothing_written();
    let answers = flood(&ANA).await;
    let most = usize::try_from(Budget::WorkspaceExports.most()).unwrap();
    assert_eq!((of(&answers, 200), of(&answers, 429)), (most, 80 - most));
    let refused = answers.iter().find(|answer| answer.status.as_u16() == 429).unwrap();
    assert_eq!((refused.code(), refused.usage.round_trips), ("budget_exhausted", 1));
    world.assert_only_budgets_written();
    world.wait(Budget::WorkspaceExports.length());
    assert_eq!(page(&world, &router, id, &ANA, "/workspace/export").await.status.as_u16(), 200);
}

/// Invariant 39.
#[tokio::test]
async fn audit_records_are_exported_without_the_path_of_a_url() {
    let (world, router, id) = acme().await;
    world.record_whole_url(id);
    let lines = export(&world, &router, id, 100, |_| ()).await;
    let record = lines.iter().find(|line| line["content"]["action"] == "integration.configured").unwrap();
    assert_eq!(record["content"]["after"]["config"]["url"], "https://hooks.example.com");
    assert!(!format!("{lines:?}").contains("canary"), "{record}");
}
