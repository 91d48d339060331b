//! The audit log of Ana's workspace as its readers see it: over the API, and offline with `audit-verify`.

use audit_verify::{checkpoint::key::PublicKey, problem::Place, report::Report, verifier::Verifier, window::Window};
use axum::Router;
use domain::{command::Expected, identity::access::Role, ids::WorkspaceId, workspace::head::Update};
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::workspace::update_workspace;
use sweeper::{ImageReports, SweepSummary, Sweeper};
use team::TeamDeps;
use testkit::{ANA, Answer, BEN, CLEO, Person, Request, World, plan};

pub(super) const DAY: SignedDuration = SignedDuration::from_hours(24);
const SECOND: SignedDuration = SignedDuration::from_secs(1);

/// Number of records of [`Log::acme`].
pub(super) const RECORDS: u64 = 8;

/// The log of one workspace.
pub(super) struct Log {
    pub(super) world: World,
    pub(super) router: Router,
    pub(super) id: WorkspaceId,
}

/// Result of `GET /audit/verify` over all pages.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verified {
    /// The log is whole; holds the number of records that were verified.
    Whole(u64),
    /// The log is broken; holds the reason, and the id of the record.
    Broken(String, Option<String>),
}

pub(super) fn broken(reason: &str, at: &str) -> Verified {
    Verified::Broken(reason.to_owned(), Some(at.to_owned()))
}

impl Log {
    /// Ana's workspace on the plan business, with its first record.
    pub(super) async fn of(world: World) -> Self {
        let id = world.workspace_of(&ANA).await;
        world.subscribe(id, plan("business")).await;
        let deps =
            TeamDeps { store: world.store(), key: world.invitation_key(), free_workspaces: world.free_workspaces() };
        let router = team::router(deps, world.claim_rules());
        Self { world, router, id }
    }

    /// The same with [`RECORDS`] records of several kinds, one a second. Ben is a member.
    pub(super) async fn acme() -> Self {
        Self::acme_of(World::default()).await
    }

    pub(super) async fn acme_of(world: World) -> Self {
        let log = Self::of(world).await;
        log.world.wait(SECOND);
        let (_, token) = log.world.invitation(log.id, &ANA, &BEN, Role::Member).await;
        log.world.wait(SECOND);
        let accept = Request::new("POST", &format!("/team/invitations/{token}/accept")).by(&BEN);
        assert_eq!(log.world.send(&log.router, accept).await.status.as_u16(), 200);
        log.give_role(Role::Admin).await;
        log.rename("Anvils").await;
        log.give_role(Role::Member).await;
        log.rename("Rockets").await;
        log.world.wait(SECOND);
        log.world.invitation(log.id, &ANA, &CLEO, Role::Viewer).await;
        log.world.wait(SECOND);
        assert_eq!(log.records().len() as u64, RECORDS);
        log
    }

    /// Renames the workspace, a second later.
    pub(super) async fn rename(&self, name: &str) {
        self.world.wait(SECOND);
        let update = Update { name: Some(name.parse().unwrap()), ..Update::default() };
        update_workspace(&self.world.store(), &ANA.caller(), self.id, update, Expected::Any).await.unwrap();
    }

    /// Gives Ben a role, a second later.
    pub(super) async fn give_role(&self, role: Role) -> Answer {
        self.world.wait(SECOND);
        let request = Request::new("PUT", &format!("/team/members/{}/role", BEN.id())).json(json!({ "role": role }));
        let answer = self.world.send(&self.router, request.within(self.id)).await;
        assert_eq!(answer.status.as_u16(), 200, "{answer}");
        answer
    }

    pub(super) async fn get_as(&self, person: &Person, target: &str) -> Answer {
        self.world.send(&self.router, Request::new("GET", target).by(person).within(self.id)).await
    }

    /// Gets `target`, which must succeed.
    pub(super) async fn get(&self, target: &str) -> Answer {
        let answer = self.get_as(&ANA, target).await;
        assert_eq!(answer.status.as_u16(), 200, "{target}: {answer}");
        answer
    }

    pub(super) async fn verify(&self) -> Verified {
        self.verify_range("").await
    }

    /// Verifies all pages of a range, such as `from=2026-11-21T12:00:00Z`.
    pub(super) async fn verify_range(&self, range: &str) -> Verified {
        let (mut checked, mut cursor) = (0, String::new());
        loop {
            let Value::Object(page) = self.get(&format!("/audit/verify?{range}{cursor}")).await.body else {
                panic!("no object")
            };
            checked += page["checked"].as_u64().unwrap();
            let next = page["pagination"]["next_cursor"].as_str();
            if page["ok"] == false {
                assert_eq!(next, None, "nothing follows a break");
                let at = page["broken_at"].as_str().map(ToOwned::to_owned);
                return Verified::Broken(page["reason"].as_str().unwrap().to_owned(), at);
            }
            assert_eq!((&page["broken_at"], &page["reason"]), (&Value::Null, &Value::Null));
            match next {
                Some(next) => cursor = format!("{}cursor={next}", if range.is_empty() { "" } else { "&" }),
                None => return Verified::Whole(checked),
            }
        }
    }

    pub(super) async fn export(&self) -> Vec<String> {
        self.export_range("").await
    }

    /// Returns the pages of the export of a range.
    pub(super) async fn export_range(&self, range: &str) -> Vec<String> {
        let (mut pages, mut target) = (Vec::new(), Some(format!("/audit/export?{range}")));
        while let Some(at) = target {
            let answer = self.get(&at).await;
            target = next(&answer);
            pages.push(answer.body.as_str().unwrap_or_default().to_owned());
        }
        pages
    }

    /// Returns the checkpoints as the API does, newest first.
    pub(super) async fn checkpoints(&self) -> Value {
        self.get("/audit/checkpoints").await.body
    }

    /// Verifies the whole export offline.
    pub(super) async fn offline(&self) -> Report {
        self.offline_with(&json!({"checkpoints": []})).await
    }

    /// Verifies the whole export offline with `checkpoints`.
    pub(super) async fn offline_with(&self, checkpoints: &Value) -> Report {
        let window = Window { now: self.world.clock.now(), from: None };
        self.verify_offline(window, &self.export().await, checkpoints)
    }

    pub(super) fn verify_offline(&self, window: Window, pages: &[String], checkpoints: &Value) -> Report {
        let key = PublicKey::from_pem(&self.world.public_key()).unwrap();
        let mut verifier = Verifier::new(window, Some(self.id.to_string()));
        verifier.add_checkpoints("checkpoints", checkpoints.to_string().as_bytes(), &key);
        for page in pages {
            verifier.read_page(None, &mut page.as_bytes()).unwrap();
        }
        verifier.finish()
    }

    /// Runs one sweep, in which nothing may fail.
    pub(super) async fn sweep(&self) -> SweepSummary {
        let swept = self.try_sweep().await;
        assert_eq!((swept.failed, swept.corrupt, swept.foreign), (0, 0, 0), "{swept:?}");
        swept
    }

    pub(super) async fn try_sweep(&self) -> SweepSummary {
        let until = self.world.clock.now() + SignedDuration::from_secs(35);
        sweeper(&self.world).sweep("sweep", until).await.unwrap()
    }

    /// Lets a day pass, and sweeps: checkpoints are taken.
    pub(super) async fn next_day(&self) {
        self.world.wait(DAY);
        self.sweep().await;
    }
}

/// Returns the sweeper. No test here calls Stripe.
pub(super) fn sweeper(world: &World) -> Sweeper {
    Sweeper {
        notary: world.notary(),
        live: world.live_deps(),
        store: world.store(),
        queues: world.queues(),
        secrets: world.integration_secrets(),
        billing: world.billing_deps("http://127.0.0.1:9"),
        events: world.stripe_events(),
        image: ImageReports::Expected,
    }
}

/// Returns the target of the next page.
pub(super) fn next(answer: &Answer) -> Option<String> {
    let link = answer.headers.get("link")?.to_str().unwrap();
    Some(link.strip_prefix("</api/v1").unwrap().strip_suffix(">; rel=\"next\"").unwrap().to_owned())
}

/// Returns places and reasons of the problems, such as `line 4: missing`.
pub(super) fn problems(report: &Report) -> Vec<String> {
    let place = |place: &Place| Place { subject: None, ..place.clone() };
    report.problems.iter().map(|problem| format!("{}: {}", place(&problem.place), problem.reason)).collect()
}
