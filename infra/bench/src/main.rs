//! `cargo dev bench`: measures the functions beside a function that does nothing, and beside Node.

use bench::{
    measure, report, samples,
    subjects::{IDLE, Stage},
    template,
};
use local::{Error, Result, console, functions, process, signals, workspace::Workspace};
use std::{
    env,
    path::Path,
    process::{Command, ExitCode},
};

const USAGE: &str = "\
Measures the functions' release builds on this machine, and prints the tables of docs/benchmarks.md.

    cargo dev bench [--rounds N] [--growth N] [--without-node] [--without-valgrind]

    --rounds N           how many processes of each are measured (15)
    --growth N           the most members and audit records (100000)
    --without-node       leave out Node, which is used if there is one
    --without-valgrind   leave out instructions, which are counted if there is valgrind";

/// What cargo builds. Not with this program, which asks for the test kit of `shared`: features are unified over what is built.
const RELEASE: &[&str] = &[
    "--release",
    "--workspace",
    "--exclude",
    "bench",
    "--exclude",
    "local",
    "--exclude",
    "receivers",
    "--exclude",
    "stripe-standin",
];

struct Wanted {
    rounds: u32,
    growth: usize,
    node: bool,
    valgrind: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let outcome = match wanted() {
        Ok(Some(wanted)) => run(&wanted).await,
        Ok(None) => {
            console::say(USAGE);
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            console::complain(&error);
            console::say(USAGE);
            return ExitCode::FAILURE;
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            console::complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn wanted() -> std::result::Result<Option<Wanted>, lexopt::Error> {
    use lexopt::{Arg::Long, ValueExt};
    let has =
        |program: &str| Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success());
    let mut wanted = Wanted { rounds: 15, growth: 100_000, node: has("node") && has("npm"), valgrind: has("valgrind") };
    let mut parser = lexopt::Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("rounds") => wanted.rounds = parser.value()?.parse()?,
            Long("growth") => wanted.growth = parser.value()?.parse()?,
            Long("without-node") => wanted.node = false,
            Long("without-valgrind") => wanted.valgrind = false,
            Long("help") => return Ok(None),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Some(wanted))
}

async fn run(wanted: &Wanted) -> Result<()> {
    signals::end_on_signal(|| ()).map_err(Error::file("signals"))?;
    let workspace = Workspace::find()?;
    let node = workspace.root.join("infra/bench/node");
    if wanted.node {
        install(&node)?;
    }
    let mut binaries = functions::build(&workspace, RELEASE)?;
    binaries.insert(IDLE.to_owned(), workspace.target.join("release").join(IDLE));
    let functions = template::functions(&workspace)?;
    let stage = Stage::new(&workspace, functions, binaries, wanted.node.then_some(node))?;
    let subjects = stage.subjects();

    if wanted.node {
        console::step("recording the functions' calls");
        for function in &stage.functions {
            stage.record(&function.package).await?;
        }
    }
    console::step(format!("measuring {} processes of each of {}", wanted.rounds, subjects.len()));
    let figures = measure::rounds(&stage, &subjects, wanted.rounds).await?;
    console::say(format!("\n## Starts\n\n{}", report::starts(&stage, &figures)?));
    if wanted.valgrind {
        console::step("counting instructions");
        console::say(format!("\n## Instructions\n\n{}", report::instructions(&stage, &subjects).await?));
    }
    console::step("counting round trips");
    console::say(format!("\n## Routes\n\n{}", report::routes(&stage, &samples::all(&workspace)?).await?));
    console::step("from the webhook to the plan");
    console::say(format!("\n## From Stripe to the plan\n\n{}", report::applied(&stage, wanted.rounds).await?));
    console::step("growing a workspace");
    let numbers: Vec<_> = [10, 1_000].into_iter().filter(|n| *n < wanted.growth).chain([wanted.growth]).collect();
    console::say(format!("\n## Growth\n\n{}", report::growth(&stage, &numbers).await?));
    Ok(())
}

/// Installs what the Node function needs, as its lock file says.
fn install(node: &Path) -> Result<()> {
    if node.join("node_modules").is_dir() {
        return Ok(());
    }
    let mut npm = Command::new(env::var_os("NPM").unwrap_or_else(|| "npm".into()));
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(node);
    process::run("npm ci", &mut npm)
}
