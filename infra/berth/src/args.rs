//! Command line of `cargo berth`.

use crate::{
    error::{Error, Result},
    push::{Adoption, Record},
};
use std::{ffi::OsString, path::PathBuf};

/// Usage of the program.
pub const USAGE: &str = "\
Commands of the company that runs Berth. docs/plans.md explains them.

    cargo berth plans check [FILE]    checks infra/plans.toml against infra/plans.lock (or FILE and the lock next to it)
    cargo berth plans generate        writes the task definitions of the plans into infra/runtime.yaml
    cargo berth plans diff [FILE]     prints the changes that push would make; exits with 2 if there are some
    cargo berth plans push [FILE]     makes the products and prices of a Stripe account follow the plans

The API key comes from the variable STRIPE_API_KEY.

    --key-stdin                       reads the API key from the first line of the standard input instead
    --stripe-url URL                  another Stripe than https://api.stripe.com, such as the stand-in of cargo dev
    --yes                             pushes without asking
    --no-lock                         does not record in the lock what is sold, for a stand-in
    --adopt PRICE=PLAN/INTERVAL/N     gives version N of a plan to the customers of a price that was sold before
";

/// Stripe's API.
const STRIPE: &str = "https://api.stripe.com";

/// Command to run.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    /// Prints the usage.
    Help,
    /// Checks a catalogue, by default the company's.
    Check(Option<PathBuf>),
    /// Writes what is generated from the catalogue.
    Generate,
    /// Prints the changes at Stripe.
    Diff(Option<PathBuf>, Access),
    /// Makes the changes at Stripe.
    Push(Option<PathBuf>, Access, Push),
}

/// Access to a Stripe account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// URL of Stripe.
    pub url: String,
    /// Source of the API key.
    pub key: KeySource,
}

/// Source of the API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeySource {
    /// The variable `STRIPE_API_KEY`.
    Environment,
    /// The first line of the standard input.
    Stdin,
}

/// Options of a push.
#[derive(Debug, PartialEq, Eq)]
pub struct Push {
    /// Prices that were sold before.
    pub adoptions: Vec<Adoption>,
    /// Place of the record of what is sold.
    pub record: Record,
    /// Way in which the person confirms.
    pub consent: Consent,
}

/// Way in which the person confirms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// By the answer to a question.
    Asked,
    /// By `--yes`.
    Given,
}

/// Parses the arguments after the program's name.
///
/// # Errors
/// [`Error::Usage`] if they are no command. It does not repeat an API key.
pub fn parse(args: impl IntoIterator<Item = impl Into<OsString>>) -> Result<Command> {
    use lexopt::Arg::{Long, Short, Value};
    let args: Vec<OsString> = args.into_iter().map(Into::into).collect();
    if args.iter().any(|argument| has_key(&argument.to_string_lossy())) {
        let message =
            "an API key must not be an argument, which other programs can read; use STRIPE_API_KEY or --key-stdin";
        return Err(Error::Usage(message.to_owned()));
    }
    let mut parser = lexopt::Parser::from_args(args);
    let (mut words, mut options) = (Vec::new(), Vec::new());
    let mut access = Access { url: STRIPE.to_owned(), key: KeySource::Environment };
    let mut push = Push { adoptions: Vec::new(), record: Record::Lock, consent: Consent::Asked };
    while let Some(argument) = parser.next().map_err(usage)? {
        if let Long(name) = &argument {
            options.push(format!("--{name}"));
        }
        match argument {
            Long("help") | Short('h') => return Ok(Command::Help),
            Long("key-stdin") => access.key = KeySource::Stdin,
            Long("stripe-url") => access.url = parser.value().map_err(usage)?.to_string_lossy().into_owned(),
            Long("yes") => push.consent = Consent::Given,
            Long("no-lock") => push.record = Record::Nowhere,
            Long("adopt") => {
                let text = parser.value().map_err(usage)?;
                let text = text.to_string_lossy();
                push.adoptions.push(text.parse().map_err(|error| Error::Usage(format!("--adopt {text}: {error}")))?);
            }
            Value(word) => words.push(word),
            other @ (Short(_) | Long(_)) => return Err(usage(other.unexpected())),
        }
    }
    command(words, &options, access, push)
}

fn command(words: Vec<OsString>, options: &[String], access: Access, push: Push) -> Result<Command> {
    let mut words = words.into_iter();
    let (area, verb, file) = (words.next(), words.next(), words.next().map(PathBuf::from));
    if let Some(word) = words.next() {
        return Err(Error::Usage(format!("{} is one word too many", word.display())));
    }
    let said = |word: &Option<OsString>| word.as_ref().map(|word| word.to_string_lossy().into_owned());
    let (area, verb) = (said(&area), said(&verb));
    let only = |allowed: &[&str]| match options.iter().find(|option| !allowed.contains(&option.as_str())) {
        Some(option) => Err(Error::Usage(format!("{option} does not go with {}", verb.as_deref().unwrap_or_default()))),
        None => Ok(()),
    };
    match (area.as_deref(), verb.as_deref()) {
        (None, _) => Ok(Command::Help),
        (Some("plans"), Some("check")) => only(&[]).map(|()| Command::Check(file)),
        (Some("plans"), Some("generate")) if file.is_none() => only(&[]).map(|()| Command::Generate),
        (Some("plans"), Some("diff")) => only(&["--key-stdin", "--stripe-url"]).map(|()| Command::Diff(file, access)),
        (Some("plans"), Some("push")) if push.record == Record::Nowhere && !is_near(&access.url) => Err(Error::Usage(
            "--no-lock is for a stand-in on this machine; an account of Stripe needs the lock".to_owned(),
        )),
        (Some("plans"), Some("push")) => Ok(Command::Push(file, access, push)),
        (Some("plans"), Some("generate")) => Err(Error::Usage("generate takes no file".to_owned())),
        (Some("plans"), _) => Err(Error::Usage("plans takes check, generate, diff or push".to_owned())),
        (Some(word), _) => Err(Error::Usage(format!("{word} is no command"))),
    }
}

/// True if `url` leads to this machine.
fn is_near(url: &str) -> bool {
    let host = url.strip_prefix("http://").and_then(|rest| rest.split([':', '/']).next());
    matches!(host, Some("127.0.0.1" | "localhost"))
}

/// True if the argument has something that looks like an API key.
fn has_key(argument: &str) -> bool {
    ["sk_test_", "sk_live_", "rk_test_", "rk_live_"].iter().any(|start| argument.contains(start))
}

fn usage(error: lexopt::Error) -> Error {
    Error::Usage(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[track_caller]
    fn check(line: &str, wanted: Expect) {
        let found = match parse(line.split_whitespace()) {
            Ok(command) => format!("{command:?}"),
            Err(error) => error.to_string(),
        };
        wanted.assert_eq(&found);
    }

    #[test]
    fn command_line() {
        check("", expect!["Help"]);
        check("--help", expect!["Help"]);
        check("plans check", expect!["Check(None)"]);
        check("plans check mine.toml", expect![[r#"Check(Some("mine.toml"))"#]]);
        check("plans generate", expect!["Generate"]);
        check(
            "plans diff --stripe-url http://localhost:12111",
            expect![[r#"Diff(None, Access { url: "http://localhost:12111", key: Environment })"#]],
        );
        check(
            "plans push",
            expect![[
                r#"Push(None, Access { url: "https://api.stripe.com", key: Environment }, Push { adoptions: [], record: Lock, consent: Asked })"#
            ]],
        );
        check(
            "plans push mine.toml --key-stdin --yes --no-lock --stripe-url http://127.0.0.1:1 --adopt price_1=pro/month/1 --adopt price_2=pro/year/2",
            expect![[
                r#"Push(Some("mine.toml"), Access { url: "http://127.0.0.1:1", key: Stdin }, Push { adoptions: [Adoption { price: "price_1", plan: pro, interval: Month }, Adoption { price: "price_2", plan: pro/2, interval: Year }], record: Nowhere, consent: Given })"#
            ]],
        );
        check(
            "plans push --no-lock",
            expect![
                "--no-lock is for a stand-in on this machine; an account of Stripe needs the lock; `cargo berth --help` lists the commands"
            ],
        );
        check("plans", expect!["plans takes check, generate, diff or push; `cargo berth --help` lists the commands"]);
        check("plan check", expect!["plan is no command; `cargo berth --help` lists the commands"]);
        check("plans generate mine.toml", expect!["generate takes no file; `cargo berth --help` lists the commands"]);
        check(
            "plans check a.toml b.toml",
            expect!["b.toml is one word too many; `cargo berth --help` lists the commands"],
        );
        check("plans check --yes", expect!["--yes does not go with check; `cargo berth --help` lists the commands"]);
        check(
            "plans diff --adopt price_1=pro/month/1",
            expect!["--adopt does not go with diff; `cargo berth --help` lists the commands"],
        );
        check(
            "plans push --adopt price_1",
            expect![
                "--adopt price_1: must be a price, a plan, an interval and a version, such as price_1=pro/month/1; `cargo berth --help` lists the commands"
            ],
        );
        check("plans push --force", expect!["invalid option '--force'; `cargo berth --help` lists the commands"]);
        check(
            "plans push --stripe-url",
            expect!["missing argument for option '--stripe-url'; `cargo berth --help` lists the commands"],
        );
    }

    #[test]
    fn key_in_an_argument_is_refused_and_not_repeated() {
        for line in ["plans push sk_live_secret", "plans push --key-stdin=rk_test_secret", "plans --sk_test_secret"] {
            let error = parse(line.split_whitespace()).unwrap_err().to_string();
            assert!(error.starts_with("an API key must not be an argument") && !error.contains("secret"), "{error}");
        }
    }
}
