//! The service of docs/keys.md that lets in whom `verify` lets in: run as it is, against the real router of `keys`.

#![expect(clippy::unwrap_used, reason = "a failure in a test must end it")]

use domain::{ids::WorkspaceId, keys::scope::KeyScope};
use keys::KeyDeps;
use local::{programs::python, workspace::Workspace};
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};
use testkit::{ANA, Request, World};

const GUARD: &str = include_str!("../../../docs/examples/guard.py");

/// Ends the program with the test.
struct Guard(Child);

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Reads a request: its head, in lower case, and its body.
fn read(stream: &TcpStream) -> (String, String) {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        let line = line.to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        head += &line;
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    (head, String::from_utf8(body).unwrap())
}

/// Takes the place of Lambda before the function's URL: refuses what is not signed, and says who signed the rest.
fn serve(world: World, listener: TcpListener) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let rules = world.claim_rules();
    let router = keys::router(KeyDeps { store: world.store(), prefix: rules.key_prefix().clone() }, rules);
    for stream in listener.incoming() {
        let mut stream = stream.unwrap();
        let (head, body) = read(&stream);
        let signed =
            head.contains("authorization: aws4-hmac-sha256 credential=") && head.contains("/lambda/aws4_request");
        let (status, answer) = if signed {
            let request = Request::new("POST", "/").to("POST", "/verify").body(body);
            let request = request.signed_by("arn:aws:sts::000000000000:assumed-role/Service/guard");
            let answer = runtime.block_on(world.send(&router, request));
            (answer.status.as_u16(), answer.body)
        } else {
            (403, json!({"Message": "Forbidden"}))
        };
        let text = answer.to_string();
        let length = text.len();
        write!(stream, "HTTP/1.1 {status} -\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{text}").unwrap();
    }
}

/// Asks the service with this token.
fn ask(port: u16, token: &str) -> (u16, Value) {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut answer = agent
        .get(format!("http://127.0.0.1:{port}/"))
        .header("authorization", format!("Bearer {token}"))
        .call()
        .unwrap();
    (answer.status().as_u16(), answer.body_mut().read_json().unwrap())
}

async fn stage() -> (World, WorkspaceId, String, String) {
    let world = World::default();
    let id = world.workspace_of(&ANA).await;
    world.subscribe(id, testkit::plan("business")).await;
    let (_, writes) = world.key(id, &ANA, &[KeyScope::UsageWrite]).await;
    let (_, reads) = world.key(id, &ANA, &[KeyScope::UsageRead]).await;
    (world, id, writes, reads)
}

#[test]
fn the_guard_of_the_page_lets_in_whom_verify_lets_in() {
    let workspace = Workspace::find().unwrap();
    let python = python::environment(&workspace.root, &workspace.target).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (world, id, writes, reads) = runtime.block_on(stage());
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let verifier = listener.local_addr().unwrap().port();
    let free = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let served = world.clone();
    thread::spawn(move || serve(served, listener));
    let mut command = Command::new(python);
    command.arg(workspace.root.join("docs/examples/guard.py")).arg(format!("http://127.0.0.1:{verifier}"));
    command.arg(free.to_string()).stderr(Stdio::null());
    command.envs([("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")]);
    let _guard = Guard(command.spawn().unwrap());
    #[expect(clippy::disallowed_methods, reason = "the program starts in its own time")]
    let begun = Instant::now();
    while TcpStream::connect(("127.0.0.1", free)).is_err() {
        assert!(begun.elapsed() < Duration::from_secs(20), "the service does not start");
        thread::sleep(Duration::from_millis(50));
    }

    let (status, body) = ask(free, &writes);
    assert_eq!((status, &body["workspace"]), (200, &json!(id.to_string())), "{body}");
    let (status, body) = ask(free, &reads);
    assert_eq!((status, &body["code"]), (403, &json!("scope_required")), "{body}");
    let (status, body) = ask(free, "berth_sk_made_up");
    assert_eq!((status, &body["code"]), (401, &json!("key_invalid")), "{body}");
}

#[test]
fn the_page_has_the_guard_as_it_runs() {
    assert!(include_str!("../../../docs/keys.md").contains(GUARD.trim_end()));
}
