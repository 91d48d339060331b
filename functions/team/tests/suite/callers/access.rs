//! The caller's permissions in a workspace, and the reasons for refusals.

use super::acme;
use axum::Router;
use domain::{
    identity::access::{Action, Role, WhileSuspended},
    ids::WorkspaceId,
};
use insta::assert_snapshot;
use serde_json::{Value, json};
use testkit::{ANA, BEN, CLEO, Request, World};

/// Returns Ben's access, with one line for each action that Ben may not take.
async fn refused(world: &World, router: &Router, id: WorkspaceId) -> (String, Vec<Value>) {
    let answer = world.send(router, Request::new("GET", "/access").by(&BEN).within(id)).await;
    assert_eq!((answer.status.as_u16(), answer.usage.round_trips), (200, 1));
    let actions = answer.body["actions"].as_array().unwrap().clone();
    assert_eq!(actions.len(), Action::ALL.len());
    let line = |view: &Value| format!("{} {} {}\n", view["action"], view["reason"], view["required_role"]);
    let lines = actions.iter().filter(|view| view["allowed"] == false).map(line).collect::<String>();
    (format!("{}\n{lines}", answer.body["role"]).replace('"', ""), actions)
}

#[tokio::test]
async fn access_names_the_role_that_each_action_takes() {
    let (mut all, mut expected) = (String::new(), 0);
    for role in Role::ALL {
        let (world, router, id) = acme(role).await;
        let (lines, actions) = refused(&world, &router, id).await;
        all += &lines;
        for (action, view) in Action::ALL.into_iter().zip(actions) {
            let allowed = role >= action.required_role();
            assert_eq!((&view["action"], &view["allowed"]), (&json!(action), &json!(allowed)), "{role}");
            assert_eq!(view["reason"], if allowed { Value::Null } else { json!("role_required") }, "{role}");
            expected += 1;
        }
    }
    assert_eq!(expected, Role::ALL.len() * Action::ALL.len());
    assert_snapshot!(all);
}

#[tokio::test]
async fn access_names_the_suspension_after_the_role() {
    let (world, router, id) = acme(Role::Admin).await;
    let suspension =
        json!({"M": {"reason": {"S": "Unpaid"}, "at": {"S": "2026-11-21T12:00:00Z"}, "by": {"S": "Jane"}}});
    world.overwrite(id, "META", "suspended", suspension);
    let (_, actions) = refused(&world, &router, id).await;
    for (action, view) in Action::ALL.into_iter().zip(actions) {
        let reason = match (Role::Admin >= action.required_role(), action.while_suspended()) {
            (false, _) => json!("role_required"),
            (true, WhileSuspended::Refused) => json!("workspace_suspended"),
            (true, WhileSuspended::Continues) => Value::Null,
        };
        assert_eq!((&view["reason"], &view["allowed"]), (&reason, &json!(reason.is_null())), "{action:?}");
    }
    let pressed = world
        .send(&router, Request::new("POST", &format!("/team/members/{}/reactivate", ANA.id())).by(&BEN).within(id));
    assert_eq!(pressed.await.code(), "workspace_suspended", "the reason is the code of the refusal");
}

#[tokio::test]
async fn strangers_and_former_members_have_no_access() {
    let (world, router, id) = acme(Role::Owner).await;
    let access = || Request::new("GET", "/access").within(id);
    assert_eq!(world.send(&router, access().by(&CLEO)).await.code(), "workspace_not_found");
    world.send(&router, Request::new("DELETE", &format!("/team/members/{}", BEN.id())).within(id)).await;
    assert_eq!(world.send(&router, access().by(&BEN)).await.code(), "workspace_not_found");
}
