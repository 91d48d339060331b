//! The routes of the audit log: refusals, filters, pages, formats and budgets.

use super::log::{DAY, Log, RECORDS, broken, next};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{audit::digest::Digest, bounds::budget::Budget, identity::access::Role};
use serde_json::json;
use testkit::{ANA, Answer, BEN, CLEO, Person, Request, World, plan};

const ROUTES: [&str; 4] = ["/audit", "/audit/verify", "/audit/export", "/audit/checkpoints"];
/// The routes that take a range.
const OF_RANGES: [&str; 3] = ["/audit", "/audit/verify", "/audit/export"];

/// Returns the status, and the code of a refusal.
fn said(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.code())
}

/// Returns the numbers of the records on a page.
fn numbers(answer: &Answer) -> Vec<u64> {
    let records = answer.body["records"].as_array().unwrap();
    records.iter().map(|record| record["number"].as_u64().unwrap()).collect()
}

/// Returns a cursor of Ana's, such as the list would have issued for the position.
fn forged(log: &Log, route: &str, filter: &[(&str, &str)], position: &str) -> String {
    let tenant = format!("{} {}", ANA.id(), log.id);
    let list = json!([route, tenant, filter]).to_string();
    let digest = Digest::of(&list, &[position.as_bytes()]);
    let digest = URL_SAFE_NO_PAD.encode(&digest.bytes()[..16]);
    URL_SAFE_NO_PAD.encode(format!("{position}.{digest}"))
}

async fn csv(log: &Log, target: &str) -> Answer {
    let request = Request::new("GET", target).within(log.id).header("accept", "text/csv");
    log.world.send(&log.router, request).await
}

#[tokio::test]
async fn only_admins_of_plans_with_the_log_read_it() {
    let log = Log::acme().await;
    log.world.join(log.id, &ANA, &Person { email: "dora@example.com", subject: "dora", ..CLEO }, Role::Viewer).await;
    let viewer = Person { email: "dora@example.com", subject: "dora", ..CLEO };
    log.world.changes();
    for route in ROUTES {
        for member in [&BEN, &viewer] {
            let refused = log.get_as(member, route).await;
            assert_eq!((said(&refused), &refused.body["required_role"]), ((403, "role_required"), &json!("admin")));
        }
        assert_eq!(said(&log.get_as(&CLEO, route).await), (404, "workspace_not_found"));
    }
    log.world.assert_nothing_written();
    for name in ["free", "starter", "pro"] {
        log.world.subscribe(log.id, plan(name)).await;
        for route in ROUTES {
            let refused = log.get_as(&ANA, route).await;
            assert_eq!(
                (said(&refused), &refused.body["upgrade_to"]),
                ((402, "audit_log_not_included"), &json!("business")),
                "{name} {route}"
            );
        }
    }
    log.world.subscribe(log.id, plan("business")).await;
    log.give_role(Role::Admin).await;
    for route in ROUTES {
        assert_eq!(log.get_as(&BEN, route).await.status.as_u16(), 200, "{route}");
    }
}

#[tokio::test]
async fn wrong_ranges_and_cursors_are_refused() {
    let log = Log::acme().await;
    let cursor = log.get("/audit?limit=2").await.body["pagination"]["next_cursor"].as_str().unwrap().to_owned();
    for route in OF_RANGES {
        for range in [
            "from=2026-11-22T00:00:00Z&to=2026-11-21T00:00:00Z",
            "from=2026-11-22T00:00:00Z&to=2026-11-22T00:00:00Z",
            "to=1969-12-31T00:00:00Z",
        ] {
            assert_eq!(said(&log.get_as(&ANA, &format!("{route}?{range}")).await), (400, "range_inverted"), "{range}");
        }
        for (query, field) in [
            ("from=yesterday", "from"),
            ("to=2026-11-21", "to"),
            ("from=", "from"),
            ("since=2026-11-22T00:00:00Z", "since"),
            ("cursor=x", "cursor"),
        ] {
            let refused = log.get_as(&ANA, &format!("{route}?{query}")).await;
            assert_eq!((refused.status.as_u16(), refused.wrong_fields()), (400, vec![field]), "{route}?{query}");
        }
    }
    for (query, field) in
        [("actor=ana", "actor"), ("action=renamed", "action"), ("limit=0", "limit"), ("target=", "target")]
    {
        let refused = log.get_as(&ANA, &format!("/audit?{query}")).await;
        assert_eq!((refused.status.as_u16(), refused.wrong_fields()), (400, vec![field]), "{query}");
    }
    for target in ["/audit/verify?", "/audit/export?", "/audit/checkpoints?", "/audit?action=workspace.updated&"] {
        let refused = log.get_as(&ANA, &format!("{target}cursor={cursor}")).await;
        assert_eq!((refused.status.as_u16(), refused.wrong_fields()), (400, vec!["cursor"]), "{target}");
    }
}

/// What was read before has left the part that the plan shows.
#[tokio::test]
async fn a_walk_that_the_retention_has_passed_goes_on() {
    let log = Log::acme().await;
    let last = log.records()[5].clone();
    log.world.wait(DAY * 366);
    log.world.subscribe(log.id, plan("business")).await;
    log.rename("Later").await;
    let export = log.get(&format!("/audit/export?cursor={}", forged(&log, "/audit/export", &[], &last))).await;
    assert_eq!(export.body.as_str().unwrap().lines().count(), 1, "{export}");
    let cursor = forged(&log, "/audit/verify", &[], &format!("{last},,,"));
    let page = log.get(&format!("/audit/verify?cursor={cursor}")).await;
    assert_eq!((&page.body["ok"], &page.body["checked"]), (&json!(true), &json!(1)), "{page}");
}

#[tokio::test]
async fn a_range_before_the_retention_is_empty() {
    let log = Log::acme().await;
    log.world.wait(DAY * 366);
    log.world.subscribe(log.id, plan("business")).await;
    for range in ["to=2026-11-21T12:00:05Z", "from=2026-11-21T12:00:00Z&to=2026-11-22T00:00:00Z"] {
        assert_eq!(numbers(&log.get(&format!("/audit?{range}")).await), [0; 0], "{range}");
        assert_eq!(log.export_range(range).await, [""], "{range}");
        let page = log.get(&format!("/audit/verify?{range}")).await.body;
        assert_eq!((&page["ok"], &page["checked"]), (&json!(true), &json!(0)), "{range}");
    }
}

/// The digest of a cursor is no secret.
#[tokio::test]
async fn an_invented_cursor_shows_nothing_outside_the_range() {
    let log = Log::acme().await;
    let (from, to) = ("2026-11-21T12:00:03Z", "2026-11-21T12:00:05Z");
    let range = format!("from={from}&to={to}");
    let filter = [("from", from), ("to", to)];
    assert_eq!(numbers(&log.get(&format!("/audit?{range}")).await), [5, 4]);
    let records = log.records();
    // A walk forwards from before the range begins with it: its beginning moves with time.
    for (id, shown) in [
        (records[0].as_str(), 2),
        (&records[7], 0),
        ("aud_00000000000000000000000000", 2),
        ("aud_7ZZZZZZZZZZZZZZZZZZZZZZZZZ", 0),
    ] {
        let list = log.get(&format!("/audit?{range}&cursor={}", forged(&log, "/audit", &filter, id))).await;
        assert_eq!((numbers(&list), &list.body["pagination"]["has_more"]), (Vec::new(), &json!(false)), "{id}");
        let export =
            log.get(&format!("/audit/export?{range}&cursor={}", forged(&log, "/audit/export", &filter, id))).await;
        assert_eq!((export.body.as_str().unwrap_or_default().lines().count(), next(&export)), (shown, None), "{id}");
        let position = format!("{id},,,");
        let cursor = forged(&log, "/audit/verify", &filter, &position);
        let page = log.get(&format!("/audit/verify?{range}&cursor={cursor}")).await;
        assert_eq!(
            (&page.body["checked"], &page.body["pagination"]["has_more"]),
            (&json!(shown), &json!(false)),
            "{id}"
        );
    }
    // Within it the page begins after the position.
    let cursor = forged(&log, "/audit/export", &[], &records[5]);
    let export = log.get(&format!("/audit/export?cursor={cursor}")).await;
    assert_eq!(export.body.as_str().unwrap().lines().count(), 2);
    for position in ["", ",", ",,", ",,,,", "x,,,", ",1:x:y:z,,", ",1:2,,"] {
        let cursor = forged(&log, "/audit/verify", &[], position);
        let refused = log.get_as(&ANA, &format!("/audit/verify?cursor={cursor}")).await;
        assert_eq!(refused.wrong_fields(), ["cursor"], "{position:?}");
    }
}

#[tokio::test]
async fn filters_select_records() {
    let log = Log::acme().await;
    let at = |seconds: u32| format!("2026-11-21T12:00:{seconds:02}Z");
    for (query, expected) in [
        (String::new(), vec![8, 7, 6, 5, 4, 3, 2, 1]),
        (format!("actor={}", BEN.id()), vec![3]),
        ("action=member.role_changed".to_owned(), vec![6, 4]),
        (format!("target={}", log.id), vec![7, 5, 1]),
        (format!("target={}&action=workspace.updated", log.id), vec![7, 5]),
        (format!("from={}", at(5)), vec![8, 7, 6]),
        (format!("to={}", at(2)), vec![2, 1]),
        (format!("from={}&to={}", at(2), at(5)), vec![5, 4, 3]),
        (format!("from={}&to={}&actor={}", at(2), at(5), ANA.id()), vec![5, 4]),
        ("target=nothing".to_owned(), vec![]),
        ("from=2030-01-01T00:00:00Z".to_owned(), vec![]),
    ] {
        assert_eq!(numbers(&log.get(&format!("/audit?{query}")).await), expected, "{query}");
    }
    let first = log.get("/audit?to=2026-11-21T12:00:01Z").await;
    let activity = log.get("/team/activity?action=workspace.created").await.body["activity"][0].clone();
    let mut record = first.body["records"][0].clone();
    let [sequence, number, previous] = ["sequence", "number", "previous"].map(|name| record[name].take());
    assert_eq!((sequence, number, previous), (json!("log"), json!(1), json!("A".repeat(43))));
    record.as_object_mut().unwrap().retain(|name, _| activity.get(name).is_some());
    assert_eq!(record, activity, "it is the activity with its place");
}

#[tokio::test]
async fn lists_have_pages() {
    let log = Log::acme().await;
    for filter in ["", "from=2026-11-21T12:00:01Z&", "action=member.role_changed&"] {
        let whole = numbers(&log.get(&format!("/audit?{filter}")).await);
        for limit in 1..4 {
            let (mut found, mut target) = (Vec::new(), Some(format!("/audit?{filter}limit={limit}")));
            while let Some(at) = target {
                let page = log.get(&at).await;
                assert!(numbers(&page).len() <= limit, "{page}");
                found.extend(numbers(&page));
                let cursor = page.body["pagination"]["next_cursor"].as_str();
                target = cursor.map(|cursor| format!("/audit?{filter}limit={limit}&cursor={cursor}"));
            }
            assert_eq!(found, whole, "{filter} {limit}");
        }
    }
    for day in 0..3 {
        log.rename(&format!("Day {day}")).await;
        log.next_day().await;
    }
    let first = log.get("/audit/checkpoints?limit=2").await.body;
    let cursor = first["pagination"]["next_cursor"].as_str().unwrap();
    let second = log.get(&format!("/audit/checkpoints?limit=2&cursor={cursor}")).await.body;
    let all = log.checkpoints().await["checkpoints"].as_array().unwrap().clone();
    let pages: Vec<_> =
        [first, second].iter().flat_map(|page| page["checkpoints"].as_array().unwrap().clone()).collect();
    assert_eq!((all.len(), pages), (3, all));
}

/// Invariant 58.
#[tokio::test(start_paused = true)]
async fn an_export_and_its_verification_have_pages() {
    let log = Log::of(World::default()).await;
    for number in 0..502 {
        log.rename(&format!("Acme {number}")).await;
    }
    let first = log.get("/audit/export").await;
    assert_eq!(first.headers["content-type"], "application/jsonl");
    let second = log.get(&next(&first).unwrap()).await;
    assert_eq!(next(&second), None);
    let lines = [&first, &second].map(|page| page.body.as_str().unwrap().lines().count());
    assert_eq!(lines, [500, 3]);
    let first = log.get("/audit/verify").await.body;
    assert_eq!((&first["checked"], &first["last_number"]), (&json!(500), &json!(500)));
    let cursor = first["pagination"]["next_cursor"].as_str().unwrap();
    let second = log.get(&format!("/audit/verify?cursor={cursor}")).await.body;
    assert_eq!((&second["ok"], &second["checked"], &second["last_number"]), (&json!(true), &json!(3), &json!(503)));
    assert_eq!(second["pagination"]["has_more"], false);
    assert!(log.offline().await.is_whole());
    // A break on the second page, between the pages, and at the end.
    let records = log.records();
    for (deleted, reason, at) in [(501, "missing", 502), (499, "missing", 500), (502, "truncated", 501)] {
        let item = log.item(&log.key(&records[deleted]));
        log.delete(&log.key(&records[deleted]));
        assert_eq!(log.verify().await, broken(reason, &records[at]), "{deleted}");
        log.put(item);
    }
}

#[tokio::test]
async fn tables_have_links_to_their_next_page() {
    let log = Log::acme().await;
    let header = "\"id\",\"at\",\"actor\",\"action\",\"target\",\"before\",\"after\",\"request_id\",\"ip_address\",\
                  \"actor_name\",\"sequence\",\"number\",\"previous\",\"digest\",\"key\"";
    let (mut rows, mut target) = (Vec::new(), Some("/audit?limit=3".to_owned()));
    while let Some(at) = target {
        let page = csv(&log, &at).await;
        assert_eq!(page.headers["content-type"], "text/csv; charset=utf-8; header=present");
        let mut lines = page.body.as_str().unwrap().lines().map(ToOwned::to_owned);
        assert_eq!(lines.next().unwrap(), header);
        rows.extend(lines);
        target = next(&page);
    }
    let export = csv(&log, "/audit/export").await;
    let mut exported: Vec<_> = export.body.as_str().unwrap().lines().skip(1).map(ToOwned::to_owned).collect();
    exported.reverse();
    assert_eq!((rows.len() as u64, rows), (RECORDS, exported));
    assert_eq!(next(&export), None);
}

#[tokio::test]
async fn verifications_and_exports_share_a_budget() {
    let log = Log::acme().await;
    log.world.changes();
    let most = Budget::Exports.most();
    for number in 0..most {
        let answer = match number % 3 {
            0 => log.get("/audit/verify").await,
            1 => log.get("/audit/export").await,
            _ => csv(&log, "/audit").await,
        };
        assert_eq!((answer.status.as_u16(), answer.usage.round_trips <= 2), (200, true), "{number}: {answer}");
    }
    for target in ["/audit/verify", "/audit/export"] {
        let refused = log.get_as(&ANA, target).await;
        assert_eq!(said(&refused), (429, "budget_exhausted"));
        assert!(refused.headers.contains_key("retry-after"), "{refused}");
    }
    assert_eq!(said(&csv(&log, "/audit").await), (429, "budget_exhausted"));
    log.get("/audit").await;
    log.get("/audit/checkpoints").await;
    log.world.assert_only_budgets_written();
    log.world.wait(Budget::Exports.length());
    log.get("/audit/verify").await;
}

/// Invariant 22.
#[tokio::test]
async fn another_tenant_sees_nothing() {
    let log = Log::acme().await;
    let theirs = log.world.workspace_of(&CLEO).await;
    log.world.subscribe(theirs, plan("business")).await;
    log.next_day().await;
    let ours = log.get("/audit?limit=2").await.body["pagination"]["next_cursor"].as_str().unwrap().to_owned();
    let cleo =
        async |target: &str| log.world.send(&log.router, Request::new("GET", target).by(&CLEO).within(theirs)).await;
    for route in ROUTES {
        let answer = cleo(route).await;
        let text = answer.to_string();
        assert_eq!(answer.status.as_u16(), 200, "{answer}");
        assert!(
            !text.contains(&log.id.to_string()) && log.records().iter().all(|record| !text.contains(record)),
            "{text}"
        );
        let foreign = cleo(&format!("{route}?cursor={ours}")).await;
        assert_eq!((foreign.status.as_u16(), foreign.wrong_fields()), (400, vec!["cursor"]), "{route}");
    }
    assert_eq!(numbers(&cleo("/audit").await), [1]);
    assert_eq!(cleo(&format!("/audit?target={}", log.id)).await.body["records"], json!([]));
}
