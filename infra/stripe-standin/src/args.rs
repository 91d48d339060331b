//! Command line of the stand-in.

use std::{ffi::OsString, path::PathBuf};

/// Usage of the program.
pub const USAGE: &str = "\
A stand-in for Stripe on this machine.

    stripe-standin [options]

    --port N                the port on 127.0.0.1 (default: 12111)
    --public-url URL        base URL for browsers (default: the address it listens on)
    --webhook-url URL       URL that events are sent to; without one they wait
    --webhook-host NAME     the Host header of events
    --webhook-secret TEXT   signing secret of events
    --api-key TEXT          the key that requests must carry
    --read-key TEXT         a restricted key that may only read
    --account TEXT          id of the account
    --without-prices        begins without products and prices; by default it has those of Berth's own plans
    --clock-file FILE       file in which moves of the clock are recorded for the local cloud; signatures are then
                            dated by the moved clock
    --after-move PROGRAM .. program that is run after each move, with its arguments (last option)";

/// Parsed arguments.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Args {
    /// Requested port.
    pub port: Option<u16>,
    /// Address of the stand-in for browsers.
    pub public_url: Option<String>,
    /// Address that events are sent to.
    pub webhook_url: Option<String>,
    /// Host header for events.
    pub webhook_host: Option<String>,
    /// Signing secret of events.
    pub webhook_secret: Option<String>,
    /// API key that requests must carry.
    pub api_key: Option<String>,
    /// Restricted API key that may only read.
    pub read_key: Option<String>,
    /// Id of the account.
    pub account: Option<String>,
    /// True if the account begins without products and prices.
    pub without_prices: bool,
    /// File in which moves of the clock are recorded.
    pub clock_file: Option<PathBuf>,
    /// Program that is run after each move, and its arguments.
    pub after_move: Vec<OsString>,
    /// True if only the usage was requested.
    pub help: bool,
}

/// Parses the arguments after the program's name.
///
/// # Errors
/// A message about the first invalid argument.
pub fn parse(args: impl IntoIterator<Item = impl Into<OsString>>) -> Result<Args, String> {
    use lexopt::Arg::{Long, Short, Value};
    let mut parser = lexopt::Parser::from_args(args);
    let mut said = Args::default();
    while let Some(arg) = parser.next().map_err(|error| error.to_string())? {
        match arg {
            Long("port") => {
                let text = text(&mut parser)?;
                said.port = Some(text.parse().map_err(|_| format!("--port takes a number up to 65535, not {text}"))?);
            }
            Long("public-url") => said.public_url = Some(text(&mut parser)?.trim_end_matches('/').to_owned()),
            Long("webhook-url") => said.webhook_url = Some(text(&mut parser)?),
            Long("webhook-host") => said.webhook_host = Some(text(&mut parser)?),
            Long("webhook-secret") => said.webhook_secret = Some(secret(&mut parser, "--webhook-secret")?),
            Long("api-key") => said.api_key = Some(secret(&mut parser, "--api-key")?),
            Long("read-key") => said.read_key = Some(secret(&mut parser, "--read-key")?),
            Long("account") => said.account = Some(text(&mut parser)?),
            Long("without-prices") => said.without_prices = true,
            Long("clock-file") => said.clock_file = Some(parser.value().map_err(|error| error.to_string())?.into()),
            // All that follows belongs to the program.
            Long("after-move") => said.after_move = parser.raw_args().map_err(|error| error.to_string())?.collect(),
            Long("help") | Short('h') => said.help = true,
            other @ (Short(_) | Long(_) | Value(_)) => return Err(other.unexpected().to_string()),
        }
    }
    if said.webhook_host.is_some() && said.webhook_url.is_none() {
        return Err("--webhook-host needs --webhook-url".to_owned());
    }
    if !said.after_move.is_empty() && said.clock_file.is_none() {
        return Err("--after-move needs --clock-file".to_owned());
    }
    Ok(said)
}

fn text(parser: &mut lexopt::Parser) -> Result<String, String> {
    let value = parser.value().map_err(|error| error.to_string())?;
    value.into_string().map_err(|_| "arguments must be text".to_owned())
}

/// Reads a secret that must not be empty, because an empty one would make every signature and every key valid.
fn secret(parser: &mut lexopt::Parser, name: &str) -> Result<String, String> {
    let text = text(parser)?;
    if text.is_empty() { Err(format!("{name} must not be empty")) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Result<Args, &str>) {
        assert_eq!(parse(line.split(' ').filter(|word| !word.is_empty())), expected.map_err(str::to_owned), "{line}");
    }

    #[test]
    fn command_line() {
        check("", Ok(Args::default()));
        check("--port 1 --api-key k", Ok(Args { port: Some(1), api_key: Some("k".into()), ..Args::default() }));
        check("--read-key r", Ok(Args { read_key: Some("r".into()), ..Args::default() }));
        check("--account acct_2", Ok(Args { account: Some("acct_2".into()), ..Args::default() }));
        check("--without-prices", Ok(Args { without_prices: true, ..Args::default() }));
        check("--read-key=", Err("--read-key must not be empty"));
        check("--public-url http://a/", Ok(Args { public_url: Some("http://a".into()), ..Args::default() }));
        check("--port x", Err("--port takes a number up to 65535, not x"));
        check("--webhook-secret=", Err("--webhook-secret must not be empty"));
        check("--webhook-host a", Err("--webhook-host needs --webhook-url"));
        let after_move = vec!["sweep".into(), "--now".into()];
        let moved = Args { clock_file: Some("clock".into()), after_move, ..Args::default() };
        check("--clock-file clock --after-move sweep --now", Ok(moved));
        check("--after-move sweep", Err("--after-move needs --clock-file"));
        check("--quick", Err("invalid option '--quick'"));
        check("x", Err("unexpected argument \"x\""));
    }
}
