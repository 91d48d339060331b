//! `cargo dev bench`: measures the functions beside a function that does nothing, and beside Node.

use bench::{
    measure, report, samples,
    subjects::{IDLE, Stage},
    template::{self, Function},
};
use local::{Error, Result, console, functions, process, programs::Binaries, signals, workspace::Workspace};
use std::{
    collections::BTreeMap,
    env,
    path::Path,
    process::{Command, ExitCode},
};

const USAGE: &str = "\
Measures the functions' release builds on this machine, and prints the tables of docs/benchmarks.md.

    cargo dev bench [--function NAME]... [--rounds N] [--growth N] [--variable NAME=VALUE]...
                    [--without-node] [--without-valgrind]

    --function NAME      measure this one; it may be given more than once (all of them)
    --rounds N           how many processes of each are measured (15)
    --growth N           the most members, audit records and invoices (100000)
    --variable NAME=VALUE   a setting that the functions get, too: to compare with a run without it
    --without-node       leave out Node, which is used if there is one
    --without-valgrind   leave out instructions, which are counted if there is valgrind";

struct Wanted {
    functions: Vec<String>,
    variables: BTreeMap<String, String>,
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
    use lexopt::{
        Arg::{Long, Short, Value},
        ValueExt,
    };
    let has =
        |program: &str| Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success());
    let (node, valgrind) = (has("node") && has("npm"), has("valgrind"));
    let mut wanted =
        Wanted { functions: Vec::new(), variables: BTreeMap::new(), rounds: 15, growth: 100_000, node, valgrind };
    let mut parser = lexopt::Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("function") => wanted.functions.push(parser.value()?.parse()?),
            Long("variable") => {
                let text: String = parser.value()?.parse()?;
                let (name, value) = text.split_once('=').ok_or("--variable takes NAME=VALUE")?;
                wanted.variables.insert(name.to_owned(), value.to_owned());
            }
            Long("rounds") => wanted.rounds = parser.value()?.parse()?,
            Long("growth") => wanted.growth = parser.value()?.parse()?,
            Long("without-node") => wanted.node = false,
            Long("without-valgrind") => wanted.valgrind = false,
            Long("help") => return Ok(None),
            other @ (Long(_) | Short(_) | Value(_)) => return Err(other.unexpected()),
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
    let mut functions = template::functions(&workspace)?;
    if let Some(unknown) = wanted.functions.iter().find(|name| functions.iter().all(|known| known.package != **name)) {
        return Err(Error::lacks("template.yaml", format!("function {unknown}")));
    }
    functions.retain(|function| wanted.functions.is_empty() || wanted.functions.contains(&function.package));
    let binaries = build(&workspace, &functions)?;
    let mut stage = Stage::new(&workspace, functions, binaries, wanted.node.then_some(node))?;
    stage.variables.clone_from(&wanted.variables);
    let subjects = stage.subjects();

    if wanted.node {
        console::step("recording the functions' calls");
        for function in &stage.functions {
            stage.record(&function.package).await?;
        }
    }
    console::step(format!("measuring {} processes of each of {}", wanted.rounds, subjects.len()));
    let figures = measure::rounds(&stage, &subjects, wanted.rounds).await?;
    console::say(format!("\n## Starts\n\n{}", report::starts(&figures)));
    console::say(format!("\n## Afterwards\n\n{}", report::later(&stage, &figures)?));
    if wanted.valgrind {
        console::step("counting instructions");
        console::say(format!("\n## Instructions\n\n{}", report::instructions(&stage, &subjects).await?));
    }
    console::step("counting round trips");
    let has = |name: &str| stage.functions.iter().any(|function| function.package == name);
    let samples: Vec<_> = samples::all(&workspace)?.into_iter().filter(|sample| has(&sample.function)).collect();
    console::say(format!("\n## Routes\n\n{}", report::routes(&stage, &samples).await?));
    if has("stripe-webhook") && has("stripe-events") {
        console::step("from the webhook to the plan");
        console::say(format!("\n## From Stripe to the plan\n\n{}", report::applied(&stage, wanted.rounds).await?));
    }
    console::step("sending wrong bodies");
    console::say(format!("\n## Wrong bodies\n\n{}", report::wrong(&stage).await?));
    console::step("growing a workspace");
    let numbers: Vec<_> = [10, 1_000].into_iter().filter(|n| *n < wanted.growth).chain([wanted.growth]).collect();
    console::say(format!("\n## Growth\n\n{}", report::growth(&stage, &numbers).await?));
    Ok(())
}

/// Builds these functions, and the one that does nothing, as they are deployed. Not with this program, which asks for the test
/// kit of `shared`: features are unified over what is built at once.
fn build(workspace: &Workspace, functions: &[Function]) -> Result<Binaries> {
    let names = functions.iter().map(|function| function.package.as_str()).chain([IDLE]);
    let packages = names.flat_map(|name| ["--package", name]);
    let mut binaries = functions::build(workspace, &["--release"].into_iter().chain(packages).collect::<Vec<_>>())?;
    binaries.insert(IDLE.to_owned(), workspace.target.join("release").join(IDLE));
    Ok(binaries)
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
