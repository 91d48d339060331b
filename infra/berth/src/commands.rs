//! Runs commands.

use crate::{
    args::{Access, Command, Consent, KeySource, Push, USAGE},
    definitions,
    error::{Error, Result},
    files::Files,
    push::{self, Options, Person},
    stripe::Client,
};
use std::{
    io::{BufRead, Write},
    path::PathBuf,
    process::ExitCode,
};

/// Exit code of `diff` if Stripe differs.
const DIFFERS: u8 = 2;

/// What a command reads and writes.
#[derive(Debug)]
pub struct Streams<I, O, E> {
    /// The company's files.
    pub company: Files,
    /// Standard input.
    pub input: I,
    /// Standard output.
    pub output: O,
    /// Standard error.
    pub errors: E,
    /// Value of the variable `STRIPE_API_KEY`.
    pub key: Option<String>,
}

/// The person at the streams.
struct AtTerminal<'a, I, O, E> {
    streams: &'a mut Streams<I, O, E>,
    consent: Consent,
}

// A closed stream has no reader, so a failure to write to it is ignored.
impl<I: BufRead, O: Write, E: Write> Person for AtTerminal<'_, I, O, E> {
    fn read(&mut self, line: &str) {
        let _ = writeln!(self.streams.output, "{line}");
    }

    fn be_warned(&mut self, line: &str) {
        let _ = writeln!(self.streams.errors, "warning: {line}");
    }

    fn confirms(&mut self, question: &str) -> bool {
        match self.consent {
            Consent::Given => true,
            Consent::Asked => {
                let _ = write!(self.streams.output, "{question} ");
                let _ = self.streams.output.flush();
                let mut answer = String::new();
                let read = self.streams.input.read_line(&mut answer);
                read.is_ok() && matches!(answer.trim(), "y" | "Y" | "yes")
            }
        }
    }
}

impl<I: BufRead, O: Write, E: Write> Streams<I, O, E> {
    /// Runs a command and prints why it fails.
    pub fn run(&mut self, command: Result<Command>) -> ExitCode {
        match command.and_then(|command| self.execute(command)) {
            Ok(code) => code,
            Err(error) => {
                for line in error.to_string().lines() {
                    let _ = writeln!(self.errors, "error: {line}");
                }
                ExitCode::FAILURE
            }
        }
    }

    fn execute(&mut self, command: Command) -> Result<ExitCode> {
        match command {
            Command::Help => {
                let _ = write!(self.output, "{USAGE}");
            }
            Command::Check(file) => self.check(&self.files(file))?,
            Command::Generate => self.generate(&self.files(None))?,
            Command::Diff(file, access) => {
                let (client, files) = (self.client(&access)?, self.files(file));
                let mut person = AtTerminal { streams: self, consent: Consent::Asked };
                if push::diff(&files, &client, &mut person)? > 0 {
                    return Ok(ExitCode::from(DIFFERS));
                }
            }
            Command::Push(file, access, Push { adoptions, record, consent }) => {
                let (client, files) = (self.client(&access)?, self.files(file));
                let mut person = AtTerminal { streams: self, consent };
                push::push(&files, &client, &Options { adoptions, record }, &mut person)?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    fn check(&mut self, files: &Files) -> Result<()> {
        let plans = files.read()?;
        if let Some((name, template)) = files.read_template()?
            && definitions::generate(&template, plans)? != template
        {
            return Err(Error::Stale(name.to_owned()));
        }
        let (name, plans, meters) = (files.catalogue_name(), plans.iter().len(), plans.meters.len());
        let _ = writeln!(self.output, "{name} is valid: {plans} plans, {meters} meters");
        Ok(())
    }

    fn generate(&mut self, files: &Files) -> Result<()> {
        let plans = files.read()?;
        if let Some((name, template)) = files.read_template()? {
            let generated = definitions::generate(&template, plans)?;
            if generated == template {
                let _ = writeln!(self.output, "{name} has the task definitions of the plans already");
            } else {
                files.write_template(&generated)?;
                let _ = writeln!(self.output, "{name} has the task definitions of the plans now");
            }
        }
        Ok(())
    }

    fn client(&mut self, Access { url, key }: &Access) -> Result<Client> {
        let key = match key {
            KeySource::Environment => self.key.clone().unwrap_or_default(),
            KeySource::Stdin => {
                let mut line = String::new();
                self.input.read_line(&mut line).map_err(Error::file("the standard input"))?;
                line
            }
        };
        match key.trim() {
            "" => Err(Error::NoKey),
            key => Ok(Client::new(url, key)?),
        }
    }

    fn files(&self, file: Option<PathBuf>) -> Files {
        file.map_or_else(|| self.company.clone(), Files::of)
    }
}
