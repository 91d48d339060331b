//! What the user reads: progress on stderr, results on stdout. Nothing else prints.

use std::fmt::Display;

/// A step that takes a moment begins.
#[expect(clippy::print_stderr, reason = "progress is for the person in front of the terminal")]
pub fn step(what: impl Display) {
    eprintln!("  {what}");
}

/// What was asked for.
#[expect(clippy::print_stdout, reason = "results go where a pipe can read them")]
pub fn say(what: impl Display) {
    println!("{what}");
}

/// What went wrong, with everything that led to it.
#[expect(clippy::print_stderr, reason = "the last word of a run that failed")]
pub fn complain(error: &dyn std::error::Error) {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    eprintln!("error: {text}");
}
