//! Process of a function, started as Lambda starts it.

use crate::{
    loopback::Loopback,
    runtime_api::{Message, Received, RuntimeApi},
};
use local::{Error, Result};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    env,
    fs::File,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tokio::time::timeout;

/// Maximum time of a start or an answer. A debug build on a busy machine needs several seconds.
const LIMIT: Duration = Duration::from_secs(30);

/// Interval between checks of a silent process.
const LOOK: Duration = Duration::from_millis(100);

/// Process of a function. It ends on drop.
#[derive(Debug)]
pub struct Bootstrap {
    child: Child,
    api: RuntimeApi,
    log: PathBuf,
    /// Time from the start of the process until its first request for an event.
    pub init: Duration,
}

impl Drop for Bootstrap {
    fn drop(&mut self) {
        // It may have ended on its own.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Result of an event.
#[derive(Debug)]
pub struct Outcome {
    /// Answer of the function, or the error of its handler.
    pub answer: std::result::Result<Value, Value>,
    /// Time from handing out the event to the answer.
    pub took: Duration,
}

/// Returns the environment variables that Lambda sets for every function, with `services` as the endpoint of all
/// services. A function gets no other variable of this machine, in particular no credentials.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime>
#[must_use]
pub fn environment(services: &Loopback) -> BTreeMap<String, String> {
    let url = services.url();
    let given = [
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ENDPOINT_URL", &url),
        ("AWS_LAMBDA_FUNCTION_NAME", "berth"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
        ("AWS_LAMBDA_LOG_FORMAT", "JSON"),
        ("AWS_LAMBDA_LOG_LEVEL", "INFO"),
        ("_HANDLER", "bootstrap"),
        ("TZ", ":UTC"),
    ];
    let mut variables: BTreeMap<_, _> =
        given.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    // Node is looked up in PATH.
    variables.extend(env::var("PATH").ok().map(|value| ("PATH".to_owned(), value)));
    variables
}

impl Bootstrap {
    /// Starts `program` with this environment and waits until it asks for an event. Its output goes to `log`.
    ///
    /// # Errors
    /// Returns an error if it ends, does not start, or does not ask in time. The error contains the end of the log.
    pub async fn start(program: &mut Command, environment: &BTreeMap<String, String>, log: &Path) -> Result<Self> {
        let api = RuntimeApi::listen().await?;
        let output = File::create(log).map_err(Error::file(log))?;
        let errors = output.try_clone().map_err(Error::file(log))?;
        program.env_clear().envs(environment).env("AWS_LAMBDA_RUNTIME_API", api.address().to_string());
        program.stdin(Stdio::null()).stdout(output).stderr(errors);
        #[expect(clippy::disallowed_methods, reason = "this is what is measured")]
        let started = Instant::now();
        let child = program.spawn().map_err(|source| {
            let program = program.get_program().to_string_lossy().into_owned();
            Error::Start { program, source }
        })?;
        let mut this = Self { child, api, log: log.to_owned(), init: Duration::ZERO };
        match this.receive().await? {
            Received { message: Message::Next, at } => this.init = at.duration_since(started),
            Received { message: Message::Answer(_) | Message::Failure(_) | Message::Broken(_), .. } => {
                return Err(Error::ended("function", "could not start", log));
            }
        }
        Ok(this)
    }

    /// Returns the id of the process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Hands out `event`, and waits for the answer and for the request for the next event.
    ///
    /// # Errors
    /// Returns an error if the process ends or does not answer in time.
    pub async fn invoke(&mut self, event: &str) -> Result<Outcome> {
        #[expect(clippy::disallowed_methods, reason = "this is what is measured")]
        let handed = Instant::now();
        self.api.hand(event.to_owned())?;
        let (answer, at) = match self.receive().await? {
            Received { message: Message::Answer(body), at } => (Ok(value(&body)), at),
            Received { message: Message::Failure(body), at } => (Err(value(&body)), at),
            Received { message: Message::Next | Message::Broken(_), .. } => {
                return Err(Error::ended("function", "did not answer", &self.log));
            }
        };
        match self.receive().await?.message {
            Message::Next => Ok(Outcome { answer, took: at.duration_since(handed) }),
            Message::Answer(_) | Message::Failure(_) | Message::Broken(_) => {
                Err(Error::ended("function", "answered twice", &self.log))
            }
        }
    }

    /// Waits until the process has ended after it was asked to; at most as long as an answer may take.
    pub async fn ended(&mut self) {
        for _ in 0..LIMIT.as_millis() / LOOK.as_millis() {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn receive(&mut self) -> Result<Received> {
        for _ in 0..LIMIT.as_millis() / LOOK.as_millis() {
            if let Ok(Some(said)) = timeout(LOOK, self.api.receive()).await {
                return Ok(said);
            }
            if self.child.try_wait().map_err(Error::file(&self.log))?.is_some() {
                return Err(Error::ended("function", "ended", &self.log));
            }
        }
        Err(Error::ended("function", "sent nothing for 30 seconds", &self.log))
    }
}

/// Parses an answer as JSON, or else as text.
fn value(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(body).into_owned()))
}
