//! The access matrix of the operator's staff: calls every route of customers as a person of the staff who is in no workspace, and
//! every route of the console as members with each role and as staff. The routes come from the functions' own documents and the
//! bodies from the sample events.
//!
//! `UPDATE_EXPECT=1` rewrites staff.txt. Review its changes by hand.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "an unexpected value should fail the test"
)]

mod routes;

use console::ConsoleDeps;
use domain::{
    identity::access::Role,
    ids::{InvitationId, KeyId, WorkspaceId},
    keys::scope::KeyScope,
};
use expect_test::expect_file;
use routes::{Function, Route, SAMPLE_INVITATION, SAMPLE_KEY, SAMPLE_MEMBER};
use testkit::{ANA, BEN, CLEO, JANE, Person, Request, World, plan};

/// Workspace that the sample events name in their bodies and queries.
const SAMPLE_WORKSPACE: &str = "ws_01K9ZX3V8Q4M7N2P5R6S8T9W0Y";

const EVE: Person = Person { subject: "eve", email: "eve@example.com", name: "Eve", verified: true };

/// Address at which nothing listens.
const STRIPE: &str = "http://127.0.0.1:9";

/// The function of the console, which is not among the functions of customers.
const CONSOLE: Function = Function {
    name: "console",
    document: console::openapi,
    router: |world, stripe| {
        let deps = ConsoleDeps { doctor: world.doctor_deps(stripe), queues: world.dead_letter_queues() };
        console::router(deps, world.staff_rules())
    },
};

/// World in which Eve has a role in Ana's workspace, and Jane of the staff has none in any.
struct Stage {
    world: World,
    workspace: WorkspaceId,
    invitation: InvitationId,
    key: KeyId,
}

impl Stage {
    async fn set(role: Role) -> Self {
        let world = World::default();
        let workspace = world.workspace_of(&ANA).await;
        world.subscribe(workspace, plan("business")).await;
        world.join(workspace, &ANA, &BEN, Role::Viewer).await;
        world.join(workspace, &ANA, &EVE, role).await;
        let invitation = world.invitation(workspace, &ANA, &CLEO, Role::Viewer).await.0;
        let key = world.key(workspace, &ANA, &[KeyScope::TeamRead]).await.0;
        world.changes();
        Self { world, workspace, invitation, key }
    }

    /// Calls `route` and returns the status and code, and the changes to the table.
    async fn ask(&self, route: &Route, sender: impl FnOnce(Request) -> Request) -> (String, String) {
        let name = |text: &str| {
            let text = text.replace(SAMPLE_MEMBER, &BEN.id().to_string());
            let text = text.replace(SAMPLE_INVITATION, &self.invitation.to_string());
            text.replace(SAMPLE_KEY, &self.key.to_string()).replace(SAMPLE_WORKSPACE, &self.workspace.to_string())
        };
        let request = sender(Request::new(&route.method, &name(&route.target)));
        let request = route.body.iter().fold(request, |request, body| request.body(name(body)));
        let answer =
            self.world.send(&(route.function.router)(&self.world, STRIPE), request.within(self.workspace)).await;
        let said = format!("{} {}", answer.status.as_u16(), answer.code()).trim_end().to_owned();
        (said, self.world.changes())
    }
}

/// Invariant 67.
#[tokio::test]
async fn the_access_matrix_of_staff() {
    let mut table =
        "Each route of the console, called by a member with each role, and by a person of the staff.\n\n".to_owned();
    for route in routes::of(&[CONSOLE]) {
        table += &format!("{} {}\n", route.method, route.path);
        for role in Role::ALL {
            let (said, changes) = Stage::set(role).await.ask(&route, |request| request.by(&EVE)).await;
            assert_eq!((said.as_str(), changes.as_str()), ("404 route_not_found", ""), "{} as {role}", route.path);
            table += &format!("  {:<8}{said}\n", role.name());
        }
        let (said, _) = Stage::set(Role::Viewer).await.ask(&route, |request| request.by_staff(&JANE)).await;
        assert!(said.starts_with('2'), "{} {}: {said}", route.method, route.path);
        table += &format!("  {:<8}{said}\n", "staff");
    }
    table += "\nEach route of customers, called by a person of the staff who is in no workspace, in a customer's workspace.\n\n";
    for route in routes::all() {
        let stage = Stage::set(Role::Viewer).await;
        let (said, changes) = stage.ask(&route, |request| request.by_staff(&JANE)).await;
        let own = format!("WS#{}", stage.workspace);
        assert!(!changes.contains(&own), "{} {} changed a workspace:\n{changes}", route.method, route.path);
        let without = Stage::set(Role::Viewer).await.ask(&route, |request| request.by(&JANE)).await.0;
        assert_eq!(said, without, "{} {}: the group gives nothing here", route.method, route.path);
        table += &format!("{said:<36}{} {}\n", route.method, route.path);
    }
    expect_file!["staff.txt"].assert_eq(&table);
}
