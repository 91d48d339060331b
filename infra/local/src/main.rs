//! `cargo dev`: runs Berth on this machine.

use local::{
    Error, Result,
    args::{self, Command, Up},
    cloud::{self, BINARIES, Plan},
    console,
    containers::Node,
    dashboard::Npm,
    fuzz, guide, signals, sweep,
    usage::USAGE,
    workspace::{self, Workspace},
};
use std::{
    env,
    os::unix::process::CommandExt,
    process::{self, ExitCode},
};

fn main() -> ExitCode {
    match args::parse(env::args_os().skip(1)).and_then(run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            signals::yield_to_exit();
            console::print_error(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Help => console::print_result(USAGE),
        Command::Stop => {
            let state = Workspace::find()?.target.join("local");
            console::print_result(if cloud::stop(&state) {
                "The local cloud is stopped."
            } else {
                "No local cloud is running."
            });
        }
        Command::FuzzApi(budget) => {
            let workspace = Workspace::find()?;
            fuzz::fuzz_running_cloud(&workspace, &workspace.target.join("local"), budget)?;
        }
        Command::Bench(arguments) => {
            // A separate program, which `cargo dev` does not need to compile. It replaces this process.
            let mut bench = process::Command::new(workspace::cargo());
            bench.args(["run", "--quiet", "--profile", "services", "--package", "bench", "--"]).args(arguments);
            let source = bench.current_dir(Workspace::find()?.root).exec();
            return Err(Error::Start { program: "cargo".to_owned(), source });
        }
        Command::Up(up) => bring_up(&up)?,
        Command::RunContainers(containers) => containers.run()?,
        Command::Forward(forwarder) => forwarder.serve()?,
        Command::Sweep(state) => sweep::until_settled(&state)?,
    }
    Ok(())
}

fn bring_up(up: &Up) -> Result<()> {
    let workspace = Workspace::find()?;
    let plan = Plan {
        state: workspace.target.join("local"),
        port: up.port,
        stripe_port: None,
        dashboard_port: None,
        build: BINARIES,
        // Checked before anything is built or started.
        node: up.with_runtime.then(Node::find).transpose()?,
        npm: Npm::find()
            .inspect_err(|missing| console::print_step(format!("the dashboard is left out because {missing}")))
            .ok(),
    };
    if up.fresh && cloud::stop(&plan.state) {
        console::print_step("ended the running cloud");
    }
    let state = plan.state.clone();
    let signals = signals::end_on_signal(move || {
        cloud::remove_record(&state);
        console::print_step("stopped");
    });
    signals.map_err(local::Error::file("signals"))?;
    let cloud = cloud::up(&workspace, &plan)?;
    console::print_result(guide::text(&cloud.outputs));
    if cloud.runs_elsewhere() {
        console::print_result("The cloud was running already and keeps running. Stop it with `cargo dev stop`.");
        return Ok(());
    }
    if up.detach {
        console::print_result("The cloud runs in the background. Stop it with `cargo dev stop`.");
        return cloud.detach();
    }
    console::print_result("Stop the cloud with Ctrl-C.");
    cloud.serve()
}
