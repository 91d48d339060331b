//! Terminal output: progress on stderr, results on stdout. Nothing else prints.

use std::fmt::Display;

/// Prints the start of a step that takes a moment.
#[expect(clippy::print_stderr, reason = "progress is for the user at the terminal")]
pub fn print_step(what: impl Display) {
    eprintln!("  {what}");
}

/// Prints a result.
#[expect(clippy::print_stdout, reason = "results go where a pipe can read them")]
pub fn print_result(what: impl Display) {
    println!("{what}");
}

/// Prints an error with all its causes.
#[expect(clippy::print_stderr, reason = "reports the error of a failed run")]
pub fn print_error(error: &dyn std::error::Error) {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    eprintln!("error: {text}");
}
