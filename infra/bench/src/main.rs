//! `cargo dev bench`: measures the functions, and for comparison a function that does nothing and Node.

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

    --function NAME      measure this function; may be given more than once (default: all)
    --rounds N           number of measured processes of each function (15)
    --growth N           maximum number of members, audit records and invoices (100000)
    --variable NAME=VALUE   an additional setting of the functions, for comparison with a run without it
    --without-node       skip Node, which is measured if it is installed
    --without-valgrind   skip instructions, which are counted if valgrind is installed";

struct Options {
    functions: Vec<String>,
    variables: BTreeMap<String, String>,
    rounds: u32,
    growth: usize,
    node: bool,
    valgrind: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let outcome = match options() {
        Ok(Some(options)) => run(&options).await,
        Ok(None) => {
            console::print_result(USAGE);
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            console::print_error(&error);
            console::print_result(USAGE);
            return ExitCode::FAILURE;
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            console::print_error(&error);
            ExitCode::FAILURE
        }
    }
}

fn options() -> std::result::Result<Option<Options>, lexopt::Error> {
    use lexopt::{
        Arg::{Long, Short, Value},
        ValueExt,
    };
    let has =
        |program: &str| Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success());
    let (node, valgrind) = (has("node") && has("npm"), has("valgrind"));
    let mut options =
        Options { functions: Vec::new(), variables: BTreeMap::new(), rounds: 15, growth: 100_000, node, valgrind };
    let mut parser = lexopt::Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("function") => options.functions.push(parser.value()?.parse()?),
            Long("variable") => {
                let text: String = parser.value()?.parse()?;
                let (name, value) = text.split_once('=').ok_or("--variable takes NAME=VALUE")?;
                options.variables.insert(name.to_owned(), value.to_owned());
            }
            Long("rounds") => options.rounds = parser.value()?.parse()?,
            Long("growth") => options.growth = parser.value()?.parse()?,
            Long("without-node") => options.node = false,
            Long("without-valgrind") => options.valgrind = false,
            Long("help") => return Ok(None),
            other @ (Long(_) | Short(_) | Value(_)) => return Err(other.unexpected()),
        }
    }
    Ok(Some(options))
}

async fn run(options: &Options) -> Result<()> {
    signals::end_on_signal(|| ()).map_err(Error::file("signals"))?;
    let workspace = Workspace::find()?;
    let node = workspace.root.join("infra/bench/node");
    if options.node {
        install(&node)?;
    }
    let mut functions = template::functions(&workspace)?;
    if let Some(unknown) = options.functions.iter().find(|name| functions.iter().all(|known| known.package != **name)) {
        return Err(Error::lacks("template.yaml", format!("function {unknown}")));
    }
    functions.retain(|function| options.functions.is_empty() || options.functions.contains(&function.package));
    let binaries = build(&workspace, &functions)?;
    let mut stage = Stage::new(&workspace, functions, binaries, options.node.then_some(node))?;
    stage.variables.clone_from(&options.variables);
    let subjects = stage.subjects();

    if options.node {
        console::print_step("recording the functions' calls");
        for function in &stage.functions {
            stage.record(&function.package).await?;
        }
    }
    console::print_step(format!("measuring {} processes of each of {}", options.rounds, subjects.len()));
    let figures = measure::rounds(&stage, &subjects, options.rounds).await?;
    console::print_result(format!("\n## Starts\n\n{}", report::starts(&figures)));
    console::print_result(format!("\n## Afterwards\n\n{}", report::later_answers(&stage, &figures)?));
    if options.valgrind {
        console::print_step("counting instructions");
        console::print_result(format!("\n## Instructions\n\n{}", report::instructions(&stage, &subjects).await?));
    }
    console::print_step("counting round trips");
    let has = |name: &str| stage.functions.iter().any(|function| function.package == name);
    let samples: Vec<_> = samples::all(&workspace)?.into_iter().filter(|sample| has(&sample.function)).collect();
    console::print_result(format!("\n## Routes\n\n{}", report::routes(&stage, &samples).await?));
    if has("stripe-webhook") && has("stripe-events") {
        console::print_step("from the webhook to the plan");
        console::print_result(format!(
            "\n## From Stripe to the plan\n\n{}",
            report::payment_delays(&stage, options.rounds).await?
        ));
    }
    if has("notifier") {
        console::print_step("pushing to live connections");
        console::print_result(format!("\n## From an event to live connections\n\n{}", report::pushes(&stage).await?));
    }
    console::print_step("sending invalid bodies");
    console::print_result(format!("\n## Invalid bodies\n\n{}", report::refused_bodies(&stage).await?));
    console::print_step("growing a workspace");
    let numbers: Vec<_> = [10, 1_000].into_iter().filter(|n| *n < options.growth).chain([options.growth]).collect();
    console::print_result(format!("\n## Growth\n\n{}", report::growth(&stage, &numbers).await?));
    Ok(())
}

/// Builds these functions and the idle one as they are deployed. They are built separately from this program, which
/// depends on the test kit: cargo unifies features over the packages of one build.
fn build(workspace: &Workspace, functions: &[Function]) -> Result<Binaries> {
    let names = functions.iter().map(|function| function.package.as_str()).chain([IDLE]);
    let packages = names.flat_map(|name| ["--package", name]);
    let mut binaries = functions::build(workspace, &["--release"].into_iter().chain(packages).collect::<Vec<_>>())?;
    binaries.insert(IDLE.to_owned(), workspace.target.join("release").join(IDLE));
    Ok(binaries)
}

/// Installs the packages of the Node function from its lock file.
fn install(node: &Path) -> Result<()> {
    if node.join("node_modules").is_dir() {
        return Ok(());
    }
    let mut npm = Command::new(env::var_os("NPM").unwrap_or_else(|| "npm".into()));
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(node);
    process::run("npm ci", &mut npm)
}
