//! The stand-in for Stripe beside the emulator: started with it, ended with it, and joined to the stack by two secrets and
//! the webhook's address.

use crate::{
    Error, Result,
    aws::{Aws, SECRETS, agent},
    clock, console,
    programs::{
        Binaries, STRIPE_STANDIN,
        process::{Group, Identity},
    },
    settings,
    template::stack::Stack,
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

/// The key of its API. It knows no others.
pub const API_KEY: &str = "sk_test_of_the_local_cloud";
/// What it signs events with, until it is rolled.
pub const WEBHOOK_SECRET: &str = "whsec_of_the_local_cloud";

/// Where the stand-in answers next to an emulator on `emulator`.
#[must_use]
pub fn port_beside(emulator: u16) -> u16 {
    settings::port_beside(emulator, 12_111)
}

/// Where it answers: the base of Stripe's API.
pub(crate) fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// Refuses a port that is in use.
pub(crate) fn check_port(port: u16) -> Result<()> {
    TcpListener::bind(("127.0.0.1", port)).map(drop).map_err(|_| Error::StripePortTaken { port })
}

/// Starts it, empty, as one of the emulator's group: whoever ends that, ends both.
pub(crate) fn start(binaries: &Binaries, emulator: &Group, state: &Path, port: u16) -> Result<Identity> {
    console::step(format!("starting the stand-in for Stripe on 127.0.0.1:{port}"));
    let binary = binaries.get(STRIPE_STANDIN).ok_or_else(|| Error::lacks("cargo's build", STRIPE_STANDIN))?;
    let log = state.join("stripe-standin.log");
    let output = File::create(&log).map_err(Error::file(&log))?;
    let errors = output.try_clone().map_err(Error::file(&log))?;
    let mut program = Command::new(binary);
    program.args(["--api-key", API_KEY, "--webhook-secret", WEBHOOK_SECRET, "--port", &port.to_string()]);
    // A member of the group that outlives its leader is known by the folder it works in.
    program.current_dir(state.join("scratch")).stdin(Stdio::null()).stdout(output).stderr(errors);
    program.env_clear().envs(["PATH", "RUST_BACKTRACE"].iter().filter_map(|name| Some((name, env::var_os(name)?))));
    let standin = emulator.join(&mut program)?;
    let ready = clock::wait_for(Duration::from_secs(10), || {
        if !standin.is_alive() {
            return Err(Error::ended("stand-in for Stripe", "ended at once", &log));
        }
        let answer = agent().get(format!("{}/_standin/state", url(port))).call();
        Ok(answer.is_ok_and(|answer| answer.status() == 200).then_some(()))
    })?;
    ready.ok_or_else(|| Error::ended("stand-in for Stripe", "did not answer within 10 seconds", &log))?;
    Ok(standin)
}

/// Puts the stand-in's key and signing secret where the operator of a deployed stack puts Stripe's.
pub(crate) fn put_secrets(aws: &Aws, stack: &Stack) -> Result<()> {
    for (output, value) in [("StripeApiKeySecretArn", API_KEY), ("StripeWebhookSecretArn", WEBHOOK_SECRET)] {
        let secret = stack.output(output)?;
        aws.json(SECRETS, "PutSecretValue", &json!({ "SecretId": secret, "SecretString": value }))?;
    }
    Ok(())
}

/// The address of a function's own URL. Not every resolver knows its host, so it is sent to the emulator's address with
/// that host in the header.
#[derive(Clone, Debug)]
pub(crate) struct Webhook {
    /// An address that every resolver knows.
    pub(crate) url: String,
    /// The host that the function goes by.
    pub(crate) host: String,
}

/// Tells the stand-in where to send events, as one tells Stripe in its dashboard.
pub(crate) fn send_events(aws: &Aws, stack: &Stack, port: u16) -> Result<Webhook> {
    let address = stack.output("StripeWebhookUrl")?;
    let rest = address.split_once("://").map_or(address.as_str(), |(_, rest)| rest);
    let host = rest.split_once('/').map_or(rest, |(host, _)| host).to_owned();
    let webhook = Webhook { url: format!("{}/", aws.endpoint()), host };
    let told = format!("{}/_standin/webhook", url(port));
    let said = json!({ "url": webhook.url, "host": webhook.host });
    let answer = agent().post(&told).send_json(&said);
    let status = answer.map_err(|source| Error::Transport { url: told.clone(), source: Box::new(source) })?.status();
    if status.is_success() { Ok(webhook) } else { Err(Error::lacks(told, format!("use for {said}: {status}"))) }
}
