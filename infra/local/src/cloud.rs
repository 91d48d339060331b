//! Brings a cloud up and down.

mod dashboard;
mod deployed;
mod emulator;
mod gaps;
mod gateway;
pub mod outputs;
mod receivers;
mod record;
pub mod stripe;

use crate::{
    Error, Result,
    aws::{Aws, users},
    clock,
    console::{self, signals},
    containers::{self, Containers, Node},
    dashboard::Npm,
    programs::{
        Binaries, functions,
        process::{Group, Identity},
        python,
    },
    settings::PORT,
    template::stack,
    workspace::Workspace,
};
use dashboard::Dashboard;
use deployed::Deployed;
use outputs::Outputs;
use record::Record;
use std::{
    convert::Infallible,
    env,
    fs::{self, File},
    path::{Path, PathBuf},
    time::Duration,
};

/// Origin of `npm run dev` in infra/dashboard.
const DEVELOPMENT: &str = "http://localhost:5173";
const SENDER: &str = "no-reply@berth.example";
/// The emulator runs no image, so any digest works.
const IMAGE: &str = "berth-workspace@sha256:0000000000000000000000000000000000000000000000000000000000000000";

/// Cargo arguments of `cargo dev`: the binaries that a user needs, without tests. The functions follow the cloud's clock.
pub const BINARIES: &[&str] =
    &["--workspace", "--exclude", "bench", "--exclude", "idle", "--bins", "--features", "platform/local-clock"];
/// Cargo arguments of the journey test: the same selection as `cargo test --workspace`, so that nothing is compiled
/// twice. Cargo unifies features over the selected packages, and tests enable more features, `local-clock` among them.
pub const AS_TESTS_DO: &[&str] = &["--workspace", "--all-targets"];

/// Options of a cloud.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Folder of the cloud's files. Clouds with different folders and ports are independent.
    pub state: PathBuf,
    /// Requested port of the emulator.
    pub port: Option<u16>,
    /// Port of the Stripe stand-in. `None` derives it from the emulator's port.
    pub stripe_port: Option<u16>,
    /// Port of the dashboard. `None` derives it from the emulator's port.
    pub dashboard_port: Option<u16>,
    /// Arguments that select what cargo builds.
    pub build: &'static [&'static str],
    /// Node that runs the processes of containers. `None` runs no processes.
    pub node: Option<Node>,
    /// npm that builds the dashboard. `None` leaves the dashboard out.
    pub npm: Option<Npm>,
}

/// Running cloud. It ends on drop if this process started it.
#[derive(Debug)]
pub struct Cloud {
    /// Addresses and names for callers.
    pub outputs: Outputs,
    /// True if anything was deployed.
    pub changed: bool,
    state: PathBuf,
    started: Started,
}

/// Origin of the emulator's process.
#[derive(Debug)]
enum Started {
    Here(Group),
    Elsewhere,
    Ended,
}

/// Brings the cloud up, or deploys changes into the running one.
pub fn up(workspace: &Workspace, plan: &Plan) -> Result<Cloud> {
    fs::create_dir_all(&plan.state).map_err(Error::file(&plan.state))?;
    let lock_path = plan.state.join("lock");
    let lock = File::create(&lock_path).map_err(Error::file(&lock_path))?;
    lock.try_lock().map_err(|_| Error::Busy)?;
    let running = running(plan)?;
    let port = running.as_ref().map_or(plan.port.unwrap_or(PORT), |record| record.port);
    let follows = plan.stripe_port.unwrap_or(stripe::port_for(port));
    let stripe_port = running.as_ref().map_or(follows, |record| record.stripe_port);
    if running.is_none() {
        emulator::check_port(port)?;
        stripe::check_port(stripe_port)?;
    }
    let dashboard_port = plan.dashboard_port.unwrap_or(dashboard::port_for(port));
    let dashboard = Dashboard::prepare(workspace, plan.npm.as_ref(), running.as_ref(), dashboard_port)?;
    let python = python::environment(&workspace.root, &workspace.target)?;
    let binaries = functions::build(workspace, plan.build)?;
    let aws = Aws::on(port);
    let log = plan.state.join("ministack.log");
    let (emulator, receivers, started) = match running {
        Some(record) => (record.emulator, record.receivers, Started::Elsewhere),
        None => start(&aws, &python, &binaries, plan, &log, [port, stripe_port])?,
    };
    let begun = matches!(started, Started::Here(_));
    let mut guard = Guard { started, state: &plan.state };
    stripe::push_plans(workspace, &binaries, stripe_port)?;
    console::print_step("deploying template.yaml");
    let (stripe_api, app_origin, api_origin) = (stripe::url(stripe_port), dashboard.origin(), gateway::origin(port));
    let identity = format!("{}/", aws.endpoint());
    let (live_url, live_endpoint) = (gateway::live_url(port), gateway::live_endpoint(&aws));
    let parameters = [
        ("AppOrigin", app_origin.as_str()),
        ("ExtraOrigin", DEVELOPMENT),
        ("Dashboard", if dashboard.is_hosted() { "true" } else { "false" }),
        ("ApiOrigin", &api_origin),
        ("LiveUrl", &live_url),
        ("LiveEndpoint", &live_endpoint),
        ("IdentityEndpoint", &identity),
        ("SenderAddress", SENDER),
        ("RuntimeImage", IMAGE),
        ("PasswordSignIn", "true"),
        ("ProtectData", "false"),
        ("StripeApiBase", &stripe_api),
        ("Architecture", if env::consts::ARCH == "aarch64" { "arm64" } else { "x86_64" }),
    ];
    let stack = stack::deploy(&aws, &python, &workspace.root, &binaries, &parameters)?;
    gaps::grant_unsupported_actions(&aws, &stack)?;
    gaps::verify_sender(&aws, SENDER)?;
    let gateway = gateway::complete(&aws, &stack)?;
    // A secret that was rolled since the start keeps its value.
    if begun {
        stripe::put_secrets(&aws, &stack)?;
    }
    if let (Started::Here(group), Some(Node(node))) = (&guard.started, &plan.node) {
        let (node, cluster) = (node.clone(), stack.output("RuntimeClusterArn")?);
        let (image, scratch) = (workspace.root.join("infra/workspace-image"), plan.state.join("scratch"));
        let containers = Containers { port, cluster, node, image, scratch };
        let containers = Some(containers::start(&binaries, group, &plan.state, &containers)?);
        if let Some(record) = Record::read(&plan.state) {
            Record { containers, ..record }.write(&plan.state)?;
        }
    }
    dashboard.upload(&aws, &stack)?;
    if let Started::Here(group) = &guard.started {
        dashboard.start(&binaries, group, &plan.state, &stack, port)?;
    }
    let webhook = stripe::send_events(&aws, &stack, stripe_port)?;
    let (aws, stack, users) = (&aws, &stack, users::demo());
    let has_dashboard = dashboard.is_hosted();
    let deployed =
        Deployed { aws, stack, gateway, stripe_port, webhook, users, emulator, log, receivers, has_dashboard };
    let outputs = deployed.outputs()?;
    for user in &outputs.users {
        users::create(aws, &outputs.user_pool_id, user)?;
    }
    outputs.write(&plan.state)?;
    Ok(Cloud { outputs, changed: stack.changed, state: plan.state.clone(), started: guard.disarm() })
}

/// Returns the running cloud to deploy into. Ends a recorded cloud that is no longer complete or has no owner.
fn running(plan: &Plan) -> Result<Option<Record>> {
    let Some(record) = Record::read(&plan.state) else { return Ok(None) };
    if !record.serves() {
        record.end(&plan.state);
        return Ok(None);
    }
    match plan.port {
        Some(asked) if asked != record.port => Err(Error::OtherPort { port: record.port }),
        Some(_) | None if plan.node.is_some() && record.containers.is_none() => Err(Error::RunsWithoutContainers),
        Some(_) | None => Ok(Some(record)),
    }
}

/// Starts the emulator and the Stripe stand-in on these two ports, and the integration receivers on any free port.
fn start(
    aws: &Aws,
    python: &Path,
    binaries: &Binaries,
    plan: &Plan,
    log: &Path,
    [port, stripe_port]: [u16; 2],
) -> Result<(Identity, u16, Started)> {
    let receivers = receivers::free_port()?;
    let group = emulator::start(python, &plan.state, log, port, receivers)?;
    let emulator = group.leader().clone();
    let mut guard = Guard { started: Started::Here(group), state: &plan.state };
    let owner = Identity::of(std::process::id());
    let mut record = Record {
        port,
        receivers,
        emulator: emulator.clone(),
        stripe_port,
        stripe: None,
        containers: None,
        dashboard: None,
        owner,
    };
    record.write(&plan.state)?;
    if let Started::Here(group) = &guard.started {
        receivers::start(binaries, group, &plan.state, receivers, &emulator::sent_letters(aws))?;
        record.stripe = Some(stripe::start(binaries, group, &plan.state, stripe_port)?);
    }
    record.write(&plan.state)?;
    emulator::wait(aws, &emulator, log)?;
    Ok((emulator, receivers, guard.disarm()))
}

/// Ends a started emulator on drop, unless the start succeeded.
struct Guard<'a> {
    started: Started,
    state: &'a Path,
}

impl Guard<'_> {
    fn disarm(&mut self) -> Started {
        std::mem::replace(&mut self.started, Started::Ended)
    }
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        if let Started::Here(group) = self.disarm() {
            group.end();
            Record::remove(self.state);
        }
    }
}

impl Cloud {
    /// Creates a client of the emulator's services.
    #[must_use]
    pub fn aws(&self) -> Aws {
        Aws::at(&self.outputs.aws_endpoint_url)
    }

    /// Returns true if the cloud was running before and continues when this process ends.
    #[must_use]
    pub fn runs_elsewhere(&self) -> bool {
        matches!(self.started, Started::Elsewhere)
    }

    /// Leaves the cloud running.
    pub fn detach(mut self) -> Result<()> {
        if let Some(record) = Record::read(&self.state) {
            Record { owner: None, ..record }.write(&self.state)?;
        }
        if let Started::Here(group) = std::mem::replace(&mut self.started, Started::Ended) {
            group.release();
        }
        Ok(())
    }

    /// Waits until the cloud ends. A signal ends the cloud and this process. An end by `cargo dev stop` is not an error.
    pub fn serve(mut self) -> Result<()> {
        let Started::Here(group) = std::mem::replace(&mut self.started, Started::Ended) else { return Ok(()) };
        let emulator = group.leader().clone();
        drop(group.wait());
        signals::yield_to_exit();
        // `cargo dev stop` removes the record shortly after the cloud has ended.
        let mine = || Record::read(&self.state).filter(|record| record.emulator == emulator);
        let forgotten = || Ok::<_, Infallible>(mine().is_none().then_some(()));
        if matches!(clock::wait_for(Duration::from_secs(2), forgotten), Ok(Some(()))) {
            return Ok(());
        }
        Record::remove(&self.state);
        Err(emulator::ended("ended", &self.outputs.log))
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        if let Started::Here(group) = std::mem::replace(&mut self.started, Started::Ended) {
            group.end();
            Record::remove(&self.state);
        }
    }
}

/// Ends the cloud whose files are in `state`. Returns true if one was running.
#[must_use]
pub fn stop(state: &Path) -> bool {
    Record::read(state).is_some_and(|record| record.end(state))
}

/// Removes the record of this process's cloud, which has ended.
pub fn remove_record(state: &Path) {
    let me = Identity::of(std::process::id());
    if Record::read(state).is_some_and(|record| record.owner == me) {
        Record::remove(state);
    }
}
