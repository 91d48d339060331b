//! Ben is promoted, invites, is demoted and removed, and returns; Cleo finds and declines an invitation; ownership is
//! transferred to Ben and back.

use crate::client::World;
use local::users::Tokens;
use serde_json::json;

/// Returns the id of the member with this role.
fn member(world: &World, acme: &str, role: &str) -> String {
    let list = world.get(&format!("/team/members?role={role}&status=active")).by(&world.ana).to(acme).send().ok(200);
    list.body["members"][0]["id"].as_str().unwrap().to_owned()
}

fn invite(world: &World, acme: &str, by: &Tokens, email: &str) -> String {
    let body = json!({ "email": email, "role": "viewer" });
    world.post("/team/invite").by(by).to(acme).json(&body).send().ok(201).field("id").to_owned()
}

fn pending(world: &World, acme: &str) -> usize {
    let list = world.get("/team/invitations").by(&world.ana).to(acme).send().ok(200);
    list.body["invitations"].as_array().unwrap().len()
}

pub(crate) fn invitations_come_and_go(world: &World, acme: &str) {
    let ben = member(world, acme, "viewer");
    let role = format!("/team/members/{ben}/role");
    world.put(&role).by(&world.ana).to(acme).json(&json!({ "role": "admin" })).send().ok(200);
    let dan = invite(world, acme, &world.ben, "dan@example.com");
    world.post(&format!("/team/invitations/{dan}/resend")).by(&world.ben).to(acme).send().ok(202);
    assert_eq!(pending(world, acme), 1);
    world.call("DELETE", &format!("/team/invitations/{dan}")).by(&world.ben).to(acme).send().ok(204);
    assert_eq!(pending(world, acme), 0);

    let cleos = invite(world, acme, &world.ben, &world.address("Cleo"));
    let found = world.get("/invitations").by(&world.stranger).send().ok(200);
    let found = &found.body["invitations"][0];
    assert_eq!((&found["id"], &found["workspace_id"]), (&json!(cleos), &json!(acme)));
    world.post(&format!("/team/invitations/{cleos}/decline")).by(&world.stranger).to(acme).send().ok(204);
    assert_eq!(pending(world, acme), 0);
}

pub(crate) fn a_member_falls_and_comes_back(world: &World, acme: &str) {
    let ben = member(world, acme, "admin");
    invite(world, acme, &world.ben, "dan@example.com");
    world.call("DELETE", &format!("/team/members/{ben}")).by(&world.ana).to(acme).send().ok(204);
    assert_eq!(pending(world, acme), 0, "Ben's invitations are revoked");
    world.get("/workspace").by(&world.ben).to(acme).send().problem(404);
    let mine = world.get("/workspaces").by(&world.ben).send().ok(200);
    let mine: Vec<_> = mine.body["workspaces"].as_array().unwrap().iter().map(|workspace| &workspace["name"]).collect();
    assert_eq!(mine, ["Personal"]);
    let back = world.post(&format!("/team/members/{ben}/reactivate")).by(&world.ana).to(acme).send().ok(200);
    assert_eq!(back.field("role"), "admin");
}

pub(crate) fn ownership_goes_and_returns(world: &World, acme: &str) {
    let (ana, ben) = (member(world, acme, "owner"), member(world, acme, "admin"));
    let hand_over = |by: &Tokens, successor: &str| {
        let body = json!({ "member_id": successor });
        world.post("/team/transfer-ownership").by(by).to(acme).json(&body).send()
    };
    world.post("/team/leave").by(&world.ana).to(acme).send().problem(409);
    hand_over(&world.ana, &ben).ok(200);
    hand_over(&world.ana, &ben).problem(403);
    hand_over(&world.ben, &ana).ok(200);
    let seen = world.get("/onboarding").by(&world.ana).to(acme).send().ok(200);
    assert_eq!(seen.body["steps"].as_array().unwrap().len(), 5);
    let table = world.get("/team/activity?limit=1").by(&world.ana).to(acme).header("accept", "text/csv").send();
    assert_eq!((table.status, table.content_type.as_str()), (200, "text/csv; charset=utf-8; header=present"));
    assert!(table.text.contains("\"ownership.transferred\""), "{}", table.text);
}
