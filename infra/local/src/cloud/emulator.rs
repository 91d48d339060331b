//! The emulator's process: ministack, on loopback only, with the settings that the functions need.

use crate::{
    Error, Result,
    aws::Aws,
    clock::{self, clock_file},
    cloud::receivers,
    console,
    programs::process::{Group, Identity},
    settings::{ACCESS_KEY, ACCOUNT, REGION, SECRET_KEY},
};
use std::{
    env,
    fs::{self, File},
    net::TcpListener,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

/// Fails if the port is in use.
pub(crate) fn check_port(port: u16) -> Result<()> {
    TcpListener::bind(("127.0.0.1", port)).map(drop).map_err(|_| Error::PortTaken { port })
}

/// Starts the emulator with an empty cloud. Its files go to `state`, and the functions' deliveries to the port
/// `receivers`.
pub(crate) fn start(python: &Path, state: &Path, log: &Path, port: u16, receivers: u16) -> Result<Group> {
    console::print_step(format!("starting the emulator on 127.0.0.1:{port}"));
    let scratch = state.join("scratch");
    if scratch.exists() {
        fs::remove_dir_all(&scratch).map_err(Error::file(&scratch))?;
    }
    fs::create_dir_all(&scratch).map_err(Error::file(&scratch))?;
    let output = File::create(log).map_err(Error::file(log))?;
    let errors = output.try_clone().map_err(Error::file(log))?;
    let mut ministack = Command::new(python);
    ministack.args(["-m", "ministack"]).stdin(Stdio::null()).stdout(output).stderr(errors);
    // Functions inherit the emulator's environment. It is built from nothing, so that no profile, credential or proxy of
    // the user reaches them.
    ministack.env_clear().envs(
        ["PATH", "LANG", "LC_ALL", "RUST_BACKTRACE", "RUST_LOG"]
            .iter()
            .filter_map(|name| Some((name, env::var_os(name)?))),
    );
    let port = port.to_string();
    let endpoint = format!("http://127.0.0.1:{port}");
    let detour = receivers::url(receivers);
    ministack.envs([
        ("GATEWAY_PORT", port.as_str()),
        ("BIND_HOST", "127.0.0.1"), // the default is every interface
        ("IOT_MTLS_ENABLED", "0"),  // these two would listen on every interface
        ("SFTP_ENABLED", "0"),
        ("AUTH", "true"), // enforces the roles of the template
        ("LOG_LEVEL", "INFO"),
        ("PYTHONUNBUFFERED", "1"),
        ("PERSIST_STATE", "0"),
        ("LAMBDA_EXECUTOR", "local"),
        ("MINISTACK_REGION", REGION),
        ("MINISTACK_ACCOUNT_ID", ACCOUNT),
        ("AWS_DEFAULT_REGION", REGION),
        ("AWS_ACCESS_KEY_ID", ACCESS_KEY),
        ("AWS_SECRET_ACCESS_KEY", SECRET_KEY),
        ("AWS_ENDPOINT_URL", &endpoint), // passed on to the functions
        (receivers::DETOUR, &detour),    // these two are passed on as well
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ]);
    ministack.env(local_clock::VARIABLE, clock_file(state));
    ministack.env("HOME", &scratch).env("TMPDIR", &scratch).env("STATE_DIR", scratch.join("state"));
    Group::start(&mut ministack)
}

/// Returns the URL at which the emulator lists the letters that were sent.
pub(crate) fn sent_letters(aws: &Aws) -> String {
    format!("{}/_ministack/ses/messages", aws.endpoint())
}

/// Waits until the emulator answers.
pub(crate) fn wait(aws: &Aws, emulator: &Identity, log: &Path) -> Result<()> {
    let url = format!("{}/_ministack/health", aws.endpoint());
    let agent = crate::aws::agent();
    let ready = clock::wait_for(Duration::from_secs(30), || {
        if !emulator.is_alive() {
            return Err(ended("ended during its start", log));
        }
        Ok(agent.get(&url).call().is_ok_and(|answer| answer.status() == 200).then_some(()))
    })?;
    ready.ok_or_else(|| ended("did not answer within 30 seconds", log))
}

/// Returns the error of an emulator that ended or did not start.
pub(crate) fn ended(what: &'static str, log: &Path) -> Error {
    Error::ended("emulator", what, log)
}
