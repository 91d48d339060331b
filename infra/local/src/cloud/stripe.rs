//! The Stripe stand-in next to the emulator: it starts and ends with the emulator, and is connected to the stack by two
//! secrets and the webhook's address.

use crate::{
    Error, Result,
    aws::{Aws, SECRETS, agent},
    clock::{self, clock_file},
    console,
    programs::{
        BERTH, Binaries, LOCAL, STRIPE_STANDIN,
        process::{Group, Identity},
    },
    settings, sweep,
    template::stack::Stack,
    workspace::Workspace,
};
use serde_json::json;
use std::{
    env,
    fs::File,
    net::TcpListener,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

/// The API key that the stand-in accepts.
pub const API_KEY: &str = "sk_test_of_the_local_cloud";
/// The restricted API key that may only read.
const READ_KEY: &str = "rk_test_of_the_local_cloud";
/// Initial signing secret of the stand-in's events.
pub const WEBHOOK_SECRET: &str = "whsec_of_the_local_cloud";

/// Returns the stand-in's port for an emulator on `emulator`.
#[must_use]
pub fn port_for(emulator: u16) -> u16 {
    settings::port_for(emulator, 12_111)
}

/// Returns the base URL of the stand-in's API.
pub(crate) fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// Fails if the port is in use.
pub(crate) fn check_port(port: u16) -> Result<()> {
    TcpListener::bind(("127.0.0.1", port)).map(drop).map_err(|_| Error::StripePortTaken { port })
}

/// Starts the stand-in without data in the emulator's group, which ends it too.
pub(crate) fn start(binaries: &Binaries, emulator: &Group, state: &Path, port: u16) -> Result<Identity> {
    console::print_step(format!("starting the stand-in for Stripe on 127.0.0.1:{port}"));
    let binary = |name| binaries.get(name).ok_or_else(|| Error::lacks("cargo's build", name));
    let log = state.join("stripe-standin.log");
    let output = File::create(&log).map_err(Error::file(&log))?;
    let errors = output.try_clone().map_err(Error::file(&log))?;
    let mut program = Command::new(binary(STRIPE_STANDIN)?);
    program.args(["--api-key", API_KEY, "--read-key", READ_KEY, "--webhook-secret", WEBHOOK_SECRET]);
    program.args(["--without-prices", "--port", &port.to_string()]);
    // It keeps the cloud's clock. After a move it runs this program, which sweeps.
    program.arg("--clock-file").arg(clock_file(state));
    program.arg("--after-move").arg(binary(LOCAL)?).arg(sweep::WORD).arg(state);
    // A group member that outlives its leader is recognized by its working directory.
    program.current_dir(state.join("scratch")).stdin(Stdio::null()).stdout(output).stderr(errors);
    program.env_clear().envs(["PATH", "RUST_BACKTRACE"].iter().filter_map(|name| Some((name, env::var_os(name)?))));
    let standin = emulator.join(&mut program)?;
    let ready = clock::wait_for(Duration::from_secs(10), || {
        if !standin.is_alive() {
            return Err(Error::ended("stand-in for Stripe", "ended during its start", &log));
        }
        let answer = agent().get(format!("{}/_standin/state", url(port))).call();
        Ok(answer.is_ok_and(|answer| answer.status() == 200).then_some(()))
    })?;
    ready.ok_or_else(|| Error::ended("stand-in for Stripe", "did not answer within 10 seconds", &log))?;
    Ok(standin)
}

/// Makes the products and prices of the stand-in follow the company's plans.
pub(crate) fn push_plans(workspace: &Workspace, binaries: &Binaries, port: u16) -> Result<()> {
    console::print_step("making the stand-in for Stripe follow infra/plans.toml");
    let binary = binaries.get(BERTH).ok_or_else(|| Error::lacks("cargo's build", BERTH))?;
    let mut program = Command::new(binary);
    program.args(["plans", "push", "--yes", "--no-lock", "--stripe-url", &url(port)]);
    program.current_dir(&workspace.root).env("STRIPE_API_KEY", API_KEY).stdin(Stdio::null()).stdout(Stdio::null());
    let status = program.status().map_err(|source| Error::Start { program: BERTH.to_owned(), source })?;
    let what = || "cargo berth plans push".to_owned();
    if status.success() { Ok(()) } else { Err(Error::Program { what: what(), status }) }
}

/// Stores the stand-in's keys and signing secret in the secrets that hold Stripe's values in a deployed stack.
pub(crate) fn put_secrets(aws: &Aws, stack: &Stack) -> Result<()> {
    let values = [
        ("StripeApiKeySecretArn", API_KEY),
        ("StripeReadKeySecretArn", READ_KEY),
        ("StripeWebhookSecretArn", WEBHOOK_SECRET),
    ];
    for (output, value) in values {
        let secret = stack.output(output)?;
        aws.json(SECRETS, "PutSecretValue", &json!({ "SecretId": secret, "SecretString": value }))?;
    }
    Ok(())
}

/// Address of a function URL. Not every resolver knows its host, so requests go to the emulator's address with that host
/// in the Host header.
#[derive(Clone, Debug)]
pub(crate) struct Webhook {
    /// Address that every resolver knows.
    pub(crate) url: String,
    /// Host name of the function.
    pub(crate) host: String,
}

/// Registers the webhook at the stand-in, as the operator does in Stripe's dashboard.
pub(crate) fn send_events(aws: &Aws, stack: &Stack, port: u16) -> Result<Webhook> {
    let address = stack.output("StripeWebhookUrl")?;
    let rest = address.split_once("://").map_or(address.as_str(), |(_, rest)| rest);
    let host = rest.split_once('/').map_or(rest, |(host, _)| host).to_owned();
    let webhook = Webhook { url: format!("{}/", aws.endpoint()), host };
    let control = format!("{}/_standin/webhook", url(port));
    let said = json!({ "url": webhook.url, "host": webhook.host });
    let answer = agent().post(&control).send_json(&said);
    let status = answer.map_err(|source| Error::Transport { url: control.clone(), source: Box::new(source) })?.status();
    if status.is_success() { Ok(webhook) } else { Err(Error::lacks(control, format!("use for {said}: {status}"))) }
}
