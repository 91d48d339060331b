//! The program: its exit codes, its streams, and the API key, which it never prints.

use crate::shop::{Company, DEFAULT, KEY, Shop};
use berth::{args, commands::Streams, files::Files};
use std::{
    fs,
    io::Write,
    process::{Command, ExitCode, Output, Stdio},
    thread,
    time::Duration,
};
use stripe_standin::RequestFault;

/// Runs the program with `key` in the environment and `input` on its standard input.
fn run(arguments: &[&str], key: &str, input: &str) -> (i32, String, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_berth"));
    program
        .args(arguments)
        .env_remove("STRIPE_API_KEY")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if !key.is_empty() {
        program.env("STRIPE_API_KEY", key);
    }
    let mut child = program.spawn().unwrap();
    // A program that reads nothing may have ended.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    let [output, errors] = [stdout, stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert!(!output.contains(KEY) && !errors.contains(KEY), "{output}{errors}");
    (status.code().unwrap(), output, errors)
}

#[test]
fn default_catalogue_is_valid() {
    let (code, output, errors) = run(&["plans", "check"], "", "");
    assert_eq!((code, output.as_str(), errors.as_str()), (0, "infra/plans.toml is valid: 5 plans, 9 meters\n", ""));
}

#[test]
fn mistakes_are_lines_with_file_and_line() {
    let company = Company::new(&DEFAULT.replace("members = 3\n", "seats = 3\n"));
    let path = company.catalogue.to_str().unwrap();
    let (code, output, errors) = run(&["plans", "check", path], "", "");
    assert_eq!((code, output.as_str()), (1, ""));
    let lines: Vec<_> = errors.lines().collect();
    assert_eq!(lines[0], format!("error: {path}:59: there is no limit of `members`; add members = 0 or \"unlimited\""));
    assert!(
        lines.len() == 2 && lines[1].starts_with(&format!("error: {path}:60: the meter `seats` is unknown")),
        "{errors}"
    );
    let (code, _, errors) = run(&["plans", "check", "/nowhere.toml"], "", "");
    assert_eq!((code, errors.starts_with("error: /nowhere.toml: ")), (1, true), "{errors}");
    let (code, _, errors) = run(&["plans", "chek"], "", "");
    assert_eq!(
        (code, errors.as_str()),
        (1, "error: plans takes check, generate, diff or push; `cargo berth --help` lists the commands\n")
    );
}

#[test]
fn diff_exits_with_2_as_long_as_stripe_differs() {
    let (shop, company) = (Shop::open(), Company::new(DEFAULT));
    let path = company.catalogue.to_str().unwrap();
    let diff = ["plans", "diff", path, "--stripe-url", &shop.url];
    let (code, output, _) = run(&diff, KEY, "");
    assert_eq!((code, output.lines().count(), shop.changes()), (2, 10, 0), "{output}");
    let (code, output, errors) = run(&["plans", "push", path, "--stripe-url", &shop.url, "--yes"], KEY, "");
    assert_eq!((code, errors.as_str()), (0, ""), "{output}");
    assert_eq!(run(&diff, KEY, "").0, 0);
}

#[test]
fn key_and_confirmation_come_from_the_standard_input() {
    let (shop, company) = (Shop::open(), Company::new(DEFAULT));
    let path = company.catalogue.to_str().unwrap();
    let push = ["plans", "push", path, "--stripe-url", &shop.url, "--key-stdin"];
    for (input, changes) in [(format!("{KEY}\n"), 0), (format!("{KEY}\nn\n"), 0), (format!("{KEY}\ny\n"), 9)] {
        let (code, _, errors) = run(&push, "", &input);
        assert_eq!((code == 0, shop.changes()), (changes > 0, changes), "{errors}");
    }
}

#[test]
fn missing_key_is_explained() {
    let company = Company::new(DEFAULT);
    let path = company.catalogue.to_str().unwrap();
    for (arguments, input) in [(&["plans", "diff", path][..], ""), (&["plans", "diff", path, "--key-stdin"], "\n")] {
        let (code, _, errors) = run(arguments, "", input);
        assert_eq!(code, 1);
        assert!(errors.starts_with("error: there is no API key; set the variable STRIPE_API_KEY"), "{errors}");
    }
}

#[test]
fn task_definitions_follow_the_plans() {
    let company = Company::new(DEFAULT);
    let folder = company.catalogue.parent().unwrap();
    let template = folder.join("runtime.yaml");
    fs::write(&template, include_str!("../../../runtime.yaml")).unwrap();
    let run = |line: &str| {
        let (input, company) = (&b""[..], Files::inside(folder));
        let mut streams = Streams { company, input, output: Vec::new(), errors: Vec::new(), key: None };
        let code = streams.run(args::parse(line.split(' ')));
        let said = String::from_utf8([streams.output, streams.errors].concat()).unwrap();
        (code == ExitCode::SUCCESS, said)
    };
    assert_eq!(run("plans check"), (true, "infra/plans.toml is valid: 5 plans, 9 meters\n".to_owned()));
    company.rewrite(&DEFAULT.replace("cpu_units = 256, memory_mib = 512", "cpu_units = 256, memory_mib = 2_048"));
    let stale = "error: infra/runtime.yaml: the task definitions are not those of the plans; run `cargo berth plans generate`\n";
    assert_eq!(run("plans check"), (false, stale.to_owned()));
    assert_eq!(
        run("plans generate"),
        (true, "infra/runtime.yaml has the task definitions of the plans now\n".to_owned())
    );
    assert_eq!(
        run("plans generate"),
        (true, "infra/runtime.yaml has the task definitions of the plans already\n".to_owned())
    );
    assert!(run("plans check").0 && fs::read_to_string(&template).unwrap().contains("TaskDefinition256x2048"));
    // After a merge with conflicts.
    fs::write(company.lock_path(), "# What was sold\n<<<<<<< HEAD\n").unwrap();
    let (_, said) = run("plans check");
    assert!(
        said.starts_with("error: infra/plans.lock:2: ")
            && said.ends_with("restore the file from the repository's history\n"),
        "{said}"
    );
}

/// Stripe performs a request whose sender was killed, and answers that it does so to the next one under the same key.
#[test]
fn killed_push_is_continued_while_its_request_is_performed() {
    let (shop, company) = (Shop::open(), Company::new(DEFAULT));
    let path = company.catalogue.to_str().unwrap();
    let post = || RequestFault { method: Some("POST".to_owned()), ..RequestFault::default() };
    shop.standin().add_fault(RequestFault { count: 4, ..post() });
    shop.standin().add_fault(RequestFault { delay_ms: 1_000, ..post() });
    let mut program = Command::new(env!("CARGO_BIN_EXE_berth"));
    program.args(["plans", "push", path, "--yes", "--stripe-url", &shop.url]).env("STRIPE_API_KEY", KEY);
    let mut child = program.stdout(Stdio::null()).spawn().unwrap();
    while shop.changes() < 4 {
        thread::yield_now();
    }
    thread::sleep(Duration::from_millis(300));
    child.kill().unwrap();
    child.wait().unwrap();
    company.push(&shop).0.unwrap();
    assert_eq!((shop.prices().len(), shop.products().len(), company.differences(&shop)), (6, 3, 0));
    assert_eq!(company.locked_prices().len(), 6);
}
