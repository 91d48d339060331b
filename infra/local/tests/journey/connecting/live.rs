//! Live connections: what happens arrives at once, marking reaches the other connections of a person, a member who leaves is informed and
//! disconnected, and three hundred connections that die leave nothing behind.

use crate::client::World;
use local::{clock, programs::python, settings::API_ID, users::Tokens, workspace::Workspace};
use serde_json::{Value, json};
use std::{
    convert::Infallible,
    env,
    io::{BufRead, BufReader},
    net::TcpStream,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};
use tungstenite::{Message, WebSocket};

/// Longer than anything that happens at once.
const PATIENCE: Duration = Duration::from_secs(10);

/// A client of a live connection.
struct Client(WebSocket<TcpStream>);

impl Client {
    /// Opens a connection, with a ticket of its own.
    fn open(world: &World, who: &Tokens, acme: &str) -> Self {
        let ticket = world.post("/notifications/ticket").by(who).to(acme).send().ok(200);
        Self::with(ticket.field("url"), ticket.field("ticket")).unwrap_or_else(|refusal| panic!("{refusal}"))
    }

    /// Opens a connection, or returns the status with which it is refused.
    fn with(url: &str, ticket: &str) -> Result<Self, String> {
        let (_, address) = url.split_once("://").unwrap();
        let (_, port) = address.split('/').next().unwrap().rsplit_once(':').unwrap();
        let stream = TcpStream::connect(("127.0.0.1", port.parse().unwrap())).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let opened = tungstenite::client(format!("{url}?ticket={ticket}"), stream);
        opened.map(|(socket, _)| Self(socket)).map_err(|error| error.to_string())
    }

    fn say(&mut self, message: &Value) {
        self.0.send(Message::text(message.to_string())).unwrap();
    }

    /// Returns the next message of this type.
    fn receive(&mut self, kind: &str) -> Value {
        loop {
            let received = self.0.read().unwrap_or_else(|error| panic!("no {kind}: {error}"));
            // The emulator sends the status of a route to the client, which API Gateway does not.
            let message: Value =
                received.to_text().ok().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
            if message["type"] == kind {
                return message;
            }
        }
    }

    fn subscribe(&mut self) -> Value {
        self.say(&json!({ "action": "subscribe" }));
        self.receive("state")
    }

    /// Asserts that the service ends the connection.
    fn ends(mut self) {
        while self.0.read().is_ok() {}
        assert!(!self.0.can_read(), "it is open");
    }

    /// Resets the connection: nobody says goodbye.
    fn reset(self) {
        rustix::net::sockopt::set_socket_linger(self.0.get_ref(), Some(Duration::ZERO)).unwrap();
    }
}

/// A program that prints what happens.
struct Example(Child);

impl Example {
    /// Starts `program`, and waits until it prints what happened before.
    fn start(program: &mut Command, world: &World, acme: &str) -> (Self, impl Iterator<Item = String>) {
        let api = format!("{}/_aws/execute-api/{API_ID}/$default/api/v1", world.outputs.api_url);
        let started = program.args([&api, acme, &world.ana.id]).stdout(Stdio::piped()).spawn();
        let mut child = started.unwrap_or_else(|error| panic!("{program:?}: {error}"));
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        assert!(lines.next().is_some(), "{program:?} has ended");
        (Self(child), lines)
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The programs of docs/live.md: in Python, and in Rust.
fn examples() -> [Command; 2] {
    let workspace = Workspace::find().unwrap();
    let mut python = Command::new(python::environment(&workspace.root, &workspace.target).unwrap());
    python.arg(workspace.root.join("docs/examples/live.py"));
    let tests = env::current_exe().unwrap();
    let rust = Command::new(tests.ancestors().nth(2).unwrap().join("examples/live"));
    [python, rust]
}

/// Returns the items of connections in the table: those that may be open, and the places of tickets that were used.
fn stored(world: &World) -> (usize, usize) {
    let items = world.table().into_iter().filter(|item| item["pk"]["S"].as_str().unwrap().ends_with("#LIVE"));
    let (open, used): (Vec<_>, Vec<_>) = items.partition(|item| item["connection"]["S"].is_string());
    (open.len(), used.len())
}

pub(crate) fn what_happens_is_pushed(world: &World, acme: &str) {
    let ticket = world.post("/notifications/ticket").by(&world.ana).to(acme).send().ok(200);
    let mut first = Client::with(ticket.field("url"), ticket.field("ticket")).unwrap();
    assert!(Client::with(ticket.field("url"), ticket.field("ticket")).is_err(), "a ticket opens one connection");
    assert!(Client::with(ticket.field("url"), "forged").is_err());
    world.post("/notifications/ticket").by(&world.stranger).to(acme).send().problem(404);

    let (mut second, mut ben) = (Client::open(world, &world.ana, acme), Client::open(world, &world.ben, acme));
    first.say(&json!({ "action": "ping" }));
    let [known, _, _] = [first.subscribe(), second.subscribe(), ben.subscribe()];
    let mut programs = examples();
    let printed = programs.each_mut().map(|program| Example::start(program, world, acme));
    let id = ben_leaves(world, acme);
    let pushed = first.receive("notification");
    assert_eq!(pushed["notification"]["event"], "member.removed", "{pushed:#}");
    assert_eq!(pushed["seq"].as_u64(), known["seq"].as_u64().map(|seq| seq + 1));
    assert_eq!(second.receive("notification")["rev"], pushed["rev"]);
    assert_eq!(ben.receive("ended")["reason"], "no_member");
    ben.ends();
    for (program, mut lines) in printed {
        assert!(lines.any(|line| line.contains("member.removed")), "{:?} has ended", program.0);
    }
    world.post(&format!("/team/members/{id}/reactivate")).by(&world.ana).to(acme).send().ok(200);

    first.say(&json!({ "action": "markAsRead", "id": pushed["notification"]["id"] }));
    let marked = first.receive("marked");
    let unread = second.receive("unread");
    assert_eq!((&unread["rev"], &unread["unread_count"]), (&marked["rev"], &marked["unread_count"]));
    world.post("/notifications/mark-all-read").by(&world.ana).to(acme).json(&json!({})).send().ok(200);
    assert_eq!(first.receive("unread")["unread_count"], 0);
}

/// Ben leaves. Returns the id of this member.
fn ben_leaves(world: &World, acme: &str) -> String {
    let list = world.get("/team/members?role=admin&status=active").by(&world.ana).to(acme).send().ok(200);
    world.post("/team/leave").by(&world.ben).to(acme).send().ok(204);
    list.body["members"][0]["id"].as_str().unwrap().to_owned()
}

/// A later step sees that nothing of these connections is left.
pub(crate) fn three_hundred_resets(world: &World, acme: &str) {
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                for number in 0..50 {
                    let mut client = Client::open(world, &world.ana, acme);
                    if number % 5 == 0 {
                        client.subscribe();
                    }
                    client.reset();
                }
            });
        }
    });
    // Six are opened at once, so a person may have some more than ten.
    assert!(stored(world).0 <= 16, "{:?}", stored(world));
    // The ends of the last ones are reported late, if at all.
    let reported = || {
        let before = stored(world);
        thread::sleep(Duration::from_secs(2));
        Ok::<_, Infallible>((stored(world) == before).then_some(()))
    };
    clock::wait_for(Duration::from_secs(60), reported).unwrap().expect("connections keep ending");
}

/// Asserts that no connection is left, hours later.
pub(crate) fn nothing_is_left(world: &World) {
    assert_eq!(stored(world), (0, 0));
}
