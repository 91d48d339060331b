//! One person's storm of commands to many runtimes, and its effect on another tenant's start in the queue that all tenants
//! share. The queue here is first in, first out, so nothing relies on its fairness.

use axum::Router;
use domain::{identity::access::Role, ids::WorkspaceId, runtime::record as runtime};
use futures::future::join_all;
use http::StatusCode;
use jiff::SignedDuration;
use outbox::Relay;
use serde_json::{Value, json};
use std::collections::VecDeque;
use testkit::{ANA, Answer, BEN, Person, Request, World, plan};
use workers::runtime::reconcile_runtime;
use workspace::WorkspaceDeps;

/// The most messages of one person that another tenant's start waits behind.
const IN_FRONT: usize = 3;
const WORKSPACES: usize = 10;
const WAVES: usize = 75;

struct Storm {
    world: World,
    router: Router,
    /// Ana's workspaces, all paid for.
    workspaces: Vec<WorkspaceId>,
    /// Ben's workspace.
    other: WorkspaceId,
    /// The number of relayed records of the stream.
    relayed: usize,
    /// The runtime queue.
    queue: VecDeque<Value>,
}

impl Storm {
    async fn new(seed: u64) -> Self {
        let world = World::seeded(seed);
        let (store, free_workspaces, free_containers) =
            (world.store(), world.free_workspaces(), world.free_containers());
        let deps = WorkspaceDeps { store, free_workspaces, free_containers };
        let router = workspace::router(deps, world.claim_rules());
        let mut workspaces = Vec::new();
        for _ in 0..WORKSPACES {
            let workspace = world.workspace_of(&ANA).await;
            world.subscribe(workspace, plan("pro")).await;
            workspaces.push(workspace);
        }
        let other = world.workspace_of(&BEN).await;
        Self { world, router, workspaces, other, relayed: 0, queue: VecDeque::new() }
    }

    async fn give(&self, person: &Person, workspace: WorkspaceId, command: &str) -> Answer {
        let request = Request::new("POST", &format!("/workspace/{command}")).by(person).within(workspace);
        self.world.send(&self.router, request).await
    }

    /// Gives the command to each of Ana's workspaces concurrently, and relays the enqueued messages.
    async fn wave(&mut self, command: &str) -> Vec<Answer> {
        let answers = join_all(self.workspaces.iter().map(|workspace| self.give(&ANA, *workspace, command))).await;
        for answer in &answers {
            let fits = match answer.status {
                StatusCode::ACCEPTED => true,
                StatusCode::TOO_MANY_REQUESTS => {
                    let wait = answer.headers["retry-after"].to_str().unwrap().parse::<u64>().unwrap();
                    answer.code() == "too_many_commands" && wait >= 1 && answer.body["resets_at"].is_string()
                }
                _ => false,
            };
            assert!(fits, "{answer}");
        }
        if answers.iter().any(|answer| answer.status == StatusCode::ACCEPTED) {
            self.relay().await;
        }
        answers
    }

    async fn relay(&mut self) {
        let mut stream = self.world.stream();
        let records = stream["Records"].as_array_mut().unwrap();
        let fresh = records.split_off(self.relayed);
        self.relayed += fresh.len();
        let relay = Relay { store: self.world.store(), queues: self.world.queues() };
        let event = serde_json::from_value(json!({ "Records": fresh })).unwrap();
        assert!(relay.relay(event).await.batch_item_failures.is_empty());
        self.queue.extend(self.world.queued().into_iter().filter(|message| message["kind"] == "reconcile"));
    }

    /// Starts Ben's runtime and returns the number of messages before it.
    async fn other_start(&mut self) -> usize {
        let answer = self.give(&BEN, self.other, "start").await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{answer}");
        self.relay().await;
        self.queue.iter().position(|message| message["workspace"] == json!(self.other)).unwrap()
    }

    /// Handles the message at the front.
    async fn handle(&mut self) {
        if let Some(message) = self.queue.pop_front() {
            let workspace = message["workspace"].as_str().unwrap().parse().unwrap();
            let _ = Box::pin(reconcile_runtime(&self.world.reconciler_deps(), workspace)).await.unwrap();
        }
    }

    fn commands_recorded(&self) -> usize {
        let is_command = |item: &Value| item["action"].as_str().is_some_and(|action| action.starts_with("runtime."));
        self.world.items().values().filter(|item| is_command(item)).count()
    }
}

#[tokio::test(start_paused = true)]
async fn a_storm_at_one_moment_leaves_three_messages() {
    for seed in 0..2 {
        let mut storm = Storm::new(seed).await;
        let first = storm.wave("restart").await;
        let accepted = first.iter().filter(|answer| answer.status == StatusCode::ACCEPTED).count();
        assert_eq!((accepted, storm.queue.len()), (IN_FRONT, IN_FRONT), "seed {seed}");
        storm.world.changes();
        for _ in 1..WAVES {
            storm.wave("restart").await;
            storm.world.assert_nothing_written();
        }
        assert_eq!(storm.commands_recorded(), IN_FRONT, "seed {seed}");
        assert_eq!(storm.other_start().await, IN_FRONT, "seed {seed}");
    }
}

/// The reconciler handles a message every two seconds, a wave comes every second.
#[tokio::test(start_paused = true)]
async fn a_storm_that_is_handled_meanwhile_stays_short() {
    for seed in 0..2 {
        let mut storm = Storm::new(seed).await;
        let mut accepted = 0;
        for wave in 0..WAVES {
            let enqueued = storm.queue.len();
            storm.wave(["restart", "restart", "stop", "start"][wave % 4]).await;
            accepted += storm.queue.len() - enqueued;
            assert!(storm.queue.len() <= IN_FRONT, "seed {seed}, wave {wave}: {:?}", storm.queue);
            if wave == WAVES / 2 {
                assert!(storm.other_start().await <= IN_FRONT, "seed {seed}");
                storm.queue.pop_back();
            }
            if wave % 2 == 0 {
                storm.handle().await;
            }
            storm.world.wait(SignedDuration::from_secs(1));
        }
        assert!((10..=20).contains(&accepted), "seed {seed}: {accepted}");
        assert_eq!(storm.commands_recorded(), accepted + 1, "seed {seed}: each message is of a recorded command");
    }
}

#[tokio::test]
async fn commands_to_one_runtime_by_many_are_limited() {
    let world = World::default();
    let workspace = world.workspace_of(&ANA).await;
    world.join(workspace, &ANA, &BEN, Role::Admin).await;
    let deps = WorkspaceDeps {
        store: world.store(),
        free_workspaces: world.free_workspaces(),
        free_containers: world.free_containers(),
    };
    let router = workspace::router(deps, world.claim_rules());
    let give = |n: u16| {
        let (command, person) = [("start", &ANA), ("stop", &BEN)][usize::from(n % 2)];
        let request = Request::new("POST", &format!("/workspace/{command}")).by(person).within(workspace);
        world.send(&router, request)
    };
    let burst = runtime::COMMANDS.burst;
    for n in 0..burst {
        let answer = give(n).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{n}: {answer}");
    }
    world.changes();
    let answer = give(burst).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::TOO_MANY_REQUESTS, "too_many_commands"));
    assert_eq!((&answer.headers["retry-after"], answer.usage.round_trips), (&"10".parse().unwrap(), 1), "{answer}");
    assert_eq!(give(burst - 1).await.status, StatusCode::ACCEPTED, "a command without effect takes no budget");
    world.assert_nothing_written();
    world.wait(runtime::COMMANDS.every);
    assert_eq!(give(burst).await.status, StatusCode::ACCEPTED);
}

/// Creating and deleting workspaces repeatedly takes from the same budget of commands.
#[tokio::test]
async fn deletions_count_among_a_persons_commands() {
    let mut storm = Storm::new(0).await;
    let mut refused = None;
    for n in 0..WORKSPACES {
        let delete = Request::new("DELETE", "/workspace").within(storm.workspaces[n]);
        let answer = storm.world.send(&storm.router, delete).await;
        if answer.status != StatusCode::ACCEPTED {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.unwrap();
    assert_eq!((refused.status, refused.code()), (StatusCode::TOO_MANY_REQUESTS, "too_many_commands"));
    assert_eq!((&refused.headers["retry-after"], refused.usage.round_trips), (&"5".parse().unwrap(), 1));
    storm.relay().await;
    assert_eq!(storm.queue.len(), IN_FRONT);
}
