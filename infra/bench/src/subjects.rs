//! Subjects of the measurements: each function at a typical event, the idle function, and Node with the same calls.

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

/// Package of the idle function.
pub const IDLE: &str = "idle";

/// Subject of a measurement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// The idle function.
    Idle,
    /// A function of Berth.
    Ours(String),
    /// Node with the calls of that function.
    Node(String),
}

/// Everything needed to start subjects.
#[derive(Debug)]
pub struct Stage {
    /// Functions of the template.
    pub functions: Vec<Function>,
    /// Release binaries of the functions and of [`IDLE`].
    pub binaries: Binaries,
    /// Further settings of the functions, besides the template's.
    pub variables: BTreeMap<String, String>,
    node: Option<PathBuf>,
    events: PathBuf,
    folder: PathBuf,
}

/// Started process with its event and services.
#[derive(Debug)]
pub struct Run {
    /// World behind the services.
    pub acme: Acme,
    /// Services of the process.
    pub services: Loopback,
    /// The process.
    pub process: Bootstrap,
    /// Event that it is sent.
    pub event: String,
}

impl Stage {
    /// Creates the stage, with its files in the folder `bench` of cargo's target folder. `node` is the folder of the Node
    /// function; without it, Node is not measured.
    ///
    /// # Errors
    /// Returns an error if the folder cannot be created.
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

    /// Lists all subjects, in the order of a round.
    #[must_use]
    pub fn subjects(&self) -> Vec<Subject> {
        let names = || self.functions.iter().map(|function| function.package.clone());
        let node = names().filter(|_| self.node.is_some()).map(Subject::Node);
        [Subject::Idle].into_iter().chain(names().map(Subject::Ours)).chain(node).collect()
    }

    /// Returns the sample event at which `function` is measured. An event that changes something finds the change from
    /// the second time on, and then measures a repetition.
    ///
    /// # Errors
    /// Returns an error if the template has no such function.
    pub fn sample(&self, function: &str) -> Result<Sample> {
        Ok(self.case(function, &self.function(function)?.measured))
    }

    /// Returns the sample event `case` of `function`.
    #[must_use]
    pub fn case(&self, function: &str, case: &str) -> Sample {
        let path = self.events.join(function).join(case).with_extension("json");
        Sample { function: function.to_owned(), case: case.to_owned(), path }
    }

    /// Returns the binary of `package`.
    ///
    /// # Errors
    /// Returns an error if it was not built.
    pub fn binary(&self, package: &str) -> Result<&Path> {
        self.binaries.get(package).map(PathBuf::as_path).ok_or_else(|| Error::lacks("cargo build", package))
    }

    /// Starts `subject` in a new world, under `wrapper` if it is not empty.
    ///
    /// # Errors
    /// Returns an error if it does not start.
    pub async fn start(&self, subject: &Subject, wrapper: &[&str]) -> Result<Run> {
        let name = match subject {
            Subject::Idle => IDLE,
            Subject::Ours(name) | Subject::Node(name) => name,
        };
        let event = if name == IDLE { "{}".to_owned() } else { self.sample(name)?.text()? };
        let acme = Acme::found().await;
        let services = acme.serve().await?;
        // Stripe's signature is dated, so it is made now.
        let event = if event.contains("stripe-signature") { acme.signed_now(&event) } else { event };
        self.start_in(subject, wrapper, event, acme, services).await
    }

    /// Starts `subject` with this event, unchanged.
    ///
    /// # Errors
    /// Returns an error if it does not start.
    pub async fn start_with(&self, subject: &Subject, event: String) -> Result<Run> {
        let acme = Acme::found().await;
        let services = acme.serve().await?;
        self.start_in(subject, &[], event, acme, services).await
    }

    /// Starts `subject` in this world.
    ///
    /// # Errors
    /// Returns an error if it does not start.
    pub async fn start_in(
        &self,
        subject: &Subject,
        wrapper: &[&str],
        event: String,
        acme: Acme,
        services: Loopback,
    ) -> Result<Run> {
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
        Ok(Run { acme, services, process, event })
    }

    fn settings(&self, name: &str, acme: &Acme, services: &Loopback) -> Result<BTreeMap<String, String>> {
        acme.settings(self.function(name)?, services)
    }

    fn function(&self, name: &str) -> Result<&Function> {
        let function = self.functions.iter().find(|function| function.package == name);
        function.ok_or_else(|| Error::lacks("template.yaml", name))
    }

    fn calls(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.calls.json"))
    }

    /// Returns the output of `name` in its last run.
    ///
    /// # Errors
    /// Returns an error if it cannot be read.
    pub fn log(&self, name: &str) -> Result<String> {
        let path = self.folder.join(name).with_extension("log");
        fs::read_to_string(&path).map_err(Error::file(path))
    }

    /// Records the calls that `name` makes for its event, the first time and later, for Node to repeat.
    ///
    /// # Errors
    /// Returns an error if it does not answer.
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
