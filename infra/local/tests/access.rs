//! The access matrix: every route of every HTTP function, asked by each role in its own workspace, in another tenant's,
//! without the header, and after removal. The routes come from the functions' own documents and the bodies from the sample
//! events, so that a route which is added has its row, or ends the test.
//!
//! `UPDATE_EXPECT=1` writes access.txt anew; what changes there is for a person to agree with.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what goes wrong in a test should end it"
)]

use expect_test::expect_file;
use integrations::Integrations;
use serde_json::Value;
use shared::{
    domain::{
        access::Role,
        ids::{InvitationId, WorkspaceId},
        plan::Plan,
    },
    testkit::{ANA, CLEO, Person, Request, World},
};
use std::{collections::BTreeMap, fs, path::PathBuf};
use team::Team;
use utoipa::openapi::OpenApi;

const EVE: Person = Person { subject: "eve", email: "eve@example.com", name: "Eve", verified: true };
const DORA: Person = Person { subject: "dora", email: "dora@example.com", name: "Dora", verified: true };
const FAY: Person = Person { subject: "fay", email: "fay@example.com", name: "Fay", verified: true };

/// Whom and what the sample events name.
const SAMPLE_MEMBER: &str = "usr_01K9ZX3V8Q4M7N2P5R6S8T9W0X";
const SAMPLE_INVITATION: &str = "inv_01K9ZX3V8Q4M7N2P5R6S8T9W0Z";

/// An HTTP function: its folder, its document and its router. A further one has its line here.
type Function = (&'static str, fn() -> OpenApi, fn(&World) -> axum::Router);

const FUNCTIONS: [Function; 5] = [
    ("billing", billing::openapi, |world| {
        // Stripe is out of reach: a route that asks it has let the caller in.
        billing::router(world.charging("http://127.0.0.1:9"), world.claim_rules())
    }),
    ("doctor", doctor::openapi, |world| doctor::router(world.doctor("http://127.0.0.1:9"), world.claim_rules())),
    ("integrations", integrations::openapi, |world| {
        let secrets = world.integration_secrets();
        integrations::router(
            Integrations { store: world.store(), secrets, courier: world.courier() },
            world.claim_rules(),
        )
    }),
    ("team", team::openapi, |world| {
        team::router(
            Team { store: world.store(), key: world.invitation_key(), free_workspaces: world.free_workspaces() },
            world.claim_rules(),
        )
    }),
    ("workspace", workspace::openapi, |world| {
        workspace::router(
            workspace::WorkspaceDeps {
                store: world.store(),
                free_workspaces: world.free_workspaces(),
                free_containers: world.free_containers(),
            },
            world.claim_rules(),
        )
    }),
];

/// Where somebody asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Own,
    OtherTenants,
    NoHeader,
    Removed,
}

const PLACES: [Place; 4] = [Place::Own, Place::OtherTenants, Place::NoHeader, Place::Removed];

/// A route, with what its sample event sends.
struct Route {
    function: Function,
    method: String,
    path: String,
    target: String,
    body: Option<String>,
}

fn routes() -> Vec<Route> {
    let mut routes = Vec::new();
    for function in FUNCTIONS {
        let document = serde_json::to_value(function.1()).unwrap();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for method in methods.as_object().unwrap().keys() {
                let method = method.to_uppercase();
                let event = sample(function.0, &method, path);
                let target = event["rawPath"].as_str().unwrap().strip_prefix(shared::http::BASE_PATH).unwrap();
                let query = event["rawQueryString"].as_str().filter(|query| !query.is_empty());
                let target = query.map_or_else(|| target.to_owned(), |query| format!("{target}?{query}"));
                let body = event["body"].as_str().map(ToOwned::to_owned);
                routes.push(Route { function, method, path: path.clone(), target, body });
            }
        }
    }
    routes.sort_by(|one, other| (&one.path, &one.method).cmp(&(&other.path, &other.method)));
    routes
}

/// The plainest sample event of a route: the one with the shortest name.
fn sample(function: &str, method: &str, path: &str) -> Value {
    let key = format!("{method} {}{path}", shared::http::BASE_PATH);
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../events").join(function);
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let names = names.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned());
    let events = names.map(|name| (name.len(), Request::sample(&format!("{function}/{name}"))));
    let events = events.filter(|(_, event)| event["routeKey"] == key.as_str());
    let plainest = events.min_by_key(|(length, _)| *length).map(|(_, event)| event);
    plainest.unwrap_or_else(|| panic!("events/{function} has no event for {key}"))
}

/// A world in which Eve has a role in Ana's workspace, and Dora and an invitation of Fay's are in Ana's and in Cleo's.
struct Stage {
    world: World,
    own: (WorkspaceId, InvitationId),
    other: (WorkspaceId, InvitationId),
}

impl Stage {
    async fn set(role: Role, place: Place) -> Self {
        let world = World::default();
        let mut tenants = Vec::new();
        for founder in [ANA, CLEO] {
            let id = world.workspace_of(&founder).await;
            world.subscribe(id, Plan::Business).await;
            world.join(id, &founder, &DORA, Role::Viewer).await;
            tenants.push((id, world.invitation(id, &founder, &FAY, Role::Viewer).await.0));
        }
        let [own, other] = tenants.try_into().unwrap();
        world.join(own.0, &ANA, &EVE, role).await;
        if place == Place::Removed {
            shared::team::remove(&world.store(), &ANA.caller(), own.0, EVE.id()).await.unwrap();
        }
        world.changes();
        Self { world, own, other }
    }

    /// What comes of `route`, and what it wrote.
    async fn ask(&self, route: &Route, place: Place) -> (String, String) {
        let (workspace, invitation) = if place == Place::OtherTenants { self.other } else { self.own };
        let name = |text: &str| {
            let text = text.replace(SAMPLE_MEMBER, &DORA.id().to_string());
            text.replace(SAMPLE_INVITATION, &invitation.to_string())
        };
        let request = Request::new(&route.method, &name(&route.target)).by(&EVE);
        let request = route.body.iter().fold(request, |request, body| request.body(name(body)));
        let request = if place == Place::NoHeader { request } else { request.within(workspace) };
        let answer = self.world.send(&route.function.2(&self.world), request).await;
        let said = format!("{} {}", answer.status.as_u16(), answer.code()).trim_end().to_owned();
        (said, self.world.changes())
    }
}

#[tokio::test]
async fn invariant_20_the_access_matrix() {
    let routes = routes();
    let mut cells: BTreeMap<(usize, Role, usize), String> = BTreeMap::new();
    for role in Role::ALL {
        for (column, place) in PLACES.into_iter().enumerate() {
            let mut stage = Stage::set(role, place).await;
            for (row, route) in routes.iter().enumerate() {
                let (said, changes) = stage.ask(route, place).await;
                let what = format!("{} {} as {role}, {place:?}", route.method, route.path);
                assert!(place != Place::Own || !said.starts_with("400"), "{what}: the sample event is no good request");
                // Stripe is out of reach here: whoever comes so far has been let in.
                let let_in = place == Place::Own && said == "503 payments_unavailable";
                assert!(let_in || !said.starts_with('5'), "{what}: {said}");
                let foreign = match place {
                    Place::OtherTenants => Some(stage.other.0),
                    Place::Removed => Some(stage.own.0),
                    Place::Own | Place::NoHeader => None,
                };
                let touched = foreign.is_some_and(|id| changes.contains(&format!("WS#{id}")));
                assert!(!touched, "{what} changed what is not his:\n{changes}");
                if !changes.is_empty() {
                    stage = Stage::set(role, place).await;
                }
                cells.insert((row, role, column), said);
            }
        }
    }
    let mut table = String::new();
    for (row, route) in routes.iter().enumerate() {
        table += &format!("{} {}\n", route.method, route.path);
        for role in Role::ALL {
            let said = (0..PLACES.len()).map(|column| cells.get(&(row, role, column)).expect("no cell is empty"));
            let said: Vec<_> = said.map(|said| format!("{said:<28}")).collect();
            table += format!("  {:<8}{}", role.name(), said.join("")).trim_end();
            table += "\n";
        }
    }
    let head =
        format!("{:<10}{:<28}{:<28}{:<28}{}\n\n", "", "own workspace", "another tenant's", "no header", "removed");
    expect_file!["access.txt"].assert_eq(&(head + &table));
}
