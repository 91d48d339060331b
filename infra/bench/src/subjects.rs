//! What is measured: each function at something that it does all day, a function that does nothing, and Node, which makes the
//! function's calls.

use crate::{
    acme::Acme,
    bootstrap::{self, Bootstrap},
    loopback::{Call, Loopback},
    samples::Sample,
    template::Function,
};
use local::{Error, Result, programs::Binaries, workspace::Workspace};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// What each function is measured at: one of its sample events. Those that change something find it changed from the second
/// time on, and then do what they do with what comes twice.
const EVENTS: [(&str, &str); 14] = [
    ("billing", "subscription"),
    ("deliver", "event"),
    ("doctor", "examine"),
    ("integrations", "list"),
    ("mailer", "invitation"),
    ("operator", "facts"),
    ("outbox", "relay"),
    ("reconciler", "reconcile"),
    ("runtime-api", "heartbeat"),
    ("stripe-events", "paid"),
    ("stripe-webhook", "subscription-updated"),
    ("sweeper", "minute"),
    ("team", "members"),
    ("workspace", "read"),
];

/// The package that does nothing.
pub const IDLE: &str = "idle";

/// What is compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// The function that does nothing.
    Idle,
    /// A function of Berth's.
    Ours(String),
    /// Node with the calls of that function.
    Node(String),
}

/// All that it takes to start them.
#[derive(Debug)]
pub struct Stage {
    /// The functions of the template.
    pub functions: Vec<Function>,
    /// Their release binaries, and that of [`IDLE`].
    pub binaries: Binaries,
    /// Settings that they get beside the template's.
    pub variables: BTreeMap<String, String>,
    node: Option<PathBuf>,
    events: PathBuf,
    folder: PathBuf,
}

/// A started process, its event, and what is behind it.
#[derive(Debug)]
pub struct Play {
    /// The world; the services stand in it.
    pub acme: Acme,
    /// Its services.
    pub services: Loopback,
    /// The process.
    pub process: Bootstrap,
    /// What it is sent.
    pub event: String,
}

impl Stage {
    /// The stage, its files in the folder `bench` of where cargo builds. Without `node`, the folder of the Node function, there
    /// is none.
    ///
    /// # Errors
    /// If the folder cannot be made.
    pub fn new(
        workspace: &Workspace,
        functions: Vec<Function>,
        binaries: Binaries,
        node: Option<PathBuf>,
    ) -> Result<Self> {
        let folder = workspace.target.join("bench");
        fs::create_dir_all(&folder).map_err(Error::file(&folder))?;
        let variables = BTreeMap::new();
        Ok(Self { functions, binaries, variables, node, events: workspace.root.join("events"), folder })
    }

    /// Everything to be measured, in the order of a round.
    #[must_use]
    pub fn subjects(&self) -> Vec<Subject> {
        let names = || self.functions.iter().map(|function| function.package.clone());
        let node = names().filter(|_| self.node.is_some()).map(Subject::Node);
        [Subject::Idle].into_iter().chain(names().map(Subject::Ours)).chain(node).collect()
    }

    /// The event that `function` is measured at.
    ///
    /// # Errors
    /// If none is chosen.
    pub fn sample(&self, function: &str) -> Result<Sample> {
        let chosen = EVENTS.iter().find(|(name, _)| *name == function);
        let (_, case) =
            chosen.ok_or_else(|| Error::lacks("infra/bench/src/subjects.rs", format!("event for {function}")))?;
        Ok(self.case(function, case))
    }

    /// This event of `function`.
    #[must_use]
    pub fn case(&self, function: &str, case: &str) -> Sample {
        let path = self.events.join(function).join(case).with_extension("json");
        Sample { function: function.to_owned(), case: case.to_owned(), path }
    }

    /// The binary of `package`.
    ///
    /// # Errors
    /// If there is none.
    pub fn binary(&self, package: &str) -> Result<&Path> {
        self.binaries.get(package).map(PathBuf::as_path).ok_or_else(|| Error::lacks("cargo build", package))
    }

    /// Starts `subject` in a fresh world, under `wrapper` if there is one.
    ///
    /// # Errors
    /// If it does not start.
    pub async fn start(&self, subject: &Subject, wrapper: &[&str]) -> Result<Play> {
        let name = match subject {
            Subject::Idle => IDLE,
            Subject::Ours(name) | Subject::Node(name) => name,
        };
        let event = if name == IDLE { "{}".to_owned() } else { self.sample(name)?.text()? };
        let acme = Acme::found().await;
        let services = acme.serve().await?;
        // Stripe's signature is of the time at which it is sent.
        let event = if event.contains("stripe-signature") { acme.signed_now(&event) } else { event };
        self.start_in(subject, wrapper, event, acme, services).await
    }

    /// The same with an event of one's own, as it is.
    ///
    /// # Errors
    /// If it does not start.
    pub async fn start_with(&self, subject: &Subject, event: String) -> Result<Play> {
        let acme = Acme::found().await;
        let services = acme.serve().await?;
        self.start_in(subject, &[], event, acme, services).await
    }

    /// The same in a world of one's own.
    ///
    /// # Errors
    /// If it does not start.
    pub async fn start_in(
        &self,
        subject: &Subject,
        wrapper: &[&str],
        event: String,
        acme: Acme,
        services: Loopback,
    ) -> Result<Play> {
        let mut environment = bootstrap::environment(&services);
        let (program, arguments, log) = match subject {
            Subject::Idle => (self.binary(IDLE)?.to_owned(), Vec::new(), IDLE.to_owned()),
            Subject::Ours(name) => {
                environment.extend(self.settings(name, &acme, &services)?);
                environment.extend(self.variables.clone());
                (self.binary(name)?.to_owned(), Vec::new(), name.clone())
            }
            Subject::Node(name) => {
                let folder = self.node.as_ref().ok_or_else(|| Error::lacks("this run", "Node"))?;
                environment.insert("CALLS".to_owned(), self.calls(name).display().to_string());
                ("node".into(), vec![folder.join("index.mjs")], format!("node-{name}"))
            }
        };
        let mut command = match wrapper {
            [] => Command::new(program),
            [first, rest @ ..] => {
                let mut command = Command::new(first);
                command.args(rest).arg(program);
                command
            }
        };
        command.args(arguments);
        let log = self.folder.join(log).with_extension("log");
        let process = Bootstrap::start(&mut command, &environment, &log).await?;
        Ok(Play { acme, services, process, event })
    }

    fn settings(&self, name: &str, acme: &Acme, services: &Loopback) -> Result<BTreeMap<String, String>> {
        let function = self.functions.iter().find(|function| function.package == name);
        acme.settings(function.ok_or_else(|| Error::lacks("template.yaml", name))?, services)
    }

    fn calls(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.calls.json"))
    }

    /// What `name` printed in its last run.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn log(&self, name: &str) -> Result<String> {
        let path = self.folder.join(name).with_extension("log");
        fs::read_to_string(&path).map_err(Error::file(path))
    }

    /// Writes down which calls `name` makes of its event, the first time and later, for Node to make them.
    ///
    /// # Errors
    /// If it does not answer.
    pub async fn record(&self, name: &str) -> Result<()> {
        let mut play = self.start(&Subject::Ours(name.to_owned()), &[]).await?;
        let mut calls = Vec::new();
        let mut answer = Value::Null;
        for _ in 0..3 {
            answer = play.process.invoke(&play.event).await?.answer.unwrap_or_default();
            let made = play.services.calls();
            let shown = |Call { target, body }| json!({"target": target, "body": body});
            calls.push(made.into_iter().map(shown).collect::<Value>());
        }
        let record = json!({"first": calls.first(), "later": calls.last(), "answer": answer});
        let path = self.calls(name);
        fs::write(&path, record.to_string()).map_err(Error::file(path))
    }
}
