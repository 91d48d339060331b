//! The command line of the stand-in.

use std::ffi::OsString;

/// How it is used.
pub const USAGE: &str = "\
Stands in for Stripe on this machine.

    stripe-standin [options]

    --port N                the port on 127.0.0.1 (12111)
    --public-url URL        where a browser finds it (the address it is bound to)
    --webhook-url URL       where events are sent; without one they wait
    --webhook-host NAME     the Host header to send there
    --webhook-secret TEXT   what events are signed with
    --api-key TEXT          the key that requests must carry";

/// What was said.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Args {
    /// The port that was asked for.
    pub port: Option<u16>,
    /// Where a browser finds it.
    pub public_url: Option<String>,
    /// Where events are sent.
    pub webhook_url: Option<String>,
    /// The Host header to send there.
    pub webhook_host: Option<String>,
    /// What events are signed with.
    pub webhook_secret: Option<String>,
    /// The key that requests must carry.
    pub api_key: Option<String>,
    /// Whether only help was asked for.
    pub help: bool,
}

/// Reads the arguments after the program's name.
///
/// # Errors
/// What is wrong with them, in a sentence.
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
            Long("help") | Short('h') => said.help = true,
            other @ (Short(_) | Long(_) | Value(_)) => return Err(other.unexpected().to_string()),
        }
    }
    if said.webhook_host.is_some() && said.webhook_url.is_none() {
        return Err("--webhook-host needs --webhook-url".to_owned());
    }
    Ok(said)
}

fn text(parser: &mut lexopt::Parser) -> Result<String, String> {
    let value = parser.value().map_err(|error| error.to_string())?;
    value.into_string().map_err(|_| "arguments must be text".to_owned())
}

/// An empty secret would make every signature and every key good.
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
        check("--public-url http://a/", Ok(Args { public_url: Some("http://a".into()), ..Args::default() }));
        check("--port x", Err("--port takes a number up to 65535, not x"));
        check("--webhook-secret=", Err("--webhook-secret must not be empty"));
        check("--webhook-host a", Err("--webhook-host needs --webhook-url"));
        check("--quick", Err("invalid option '--quick'"));
        check("x", Err("unexpected argument \"x\""));
    }
}
