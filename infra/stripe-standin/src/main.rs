//! The stand-in as a program.

use jiff::Timestamp;
use std::{env, io::Write, process::ExitCode};
use stripe_standin::{
    CloudClock, Options, Standin, Webhook,
    args::{self, Args, USAGE},
};

/// Port of Stripe's own mock server.
const PORT: u16 = 12_111;

fn main() -> ExitCode {
    let said = match args::parse(env::args_os().skip(1)) {
        Ok(Args { help: true, .. }) => return say(&mut std::io::stdout(), USAGE, ExitCode::SUCCESS),
        Ok(said) => said,
        Err(wrong) => return say(&mut std::io::stderr(), &wrong, ExitCode::FAILURE),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let served = runtime.and_then(|runtime| runtime.block_on(serve(said)));
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => say(&mut std::io::stderr(), &error.to_string(), ExitCode::FAILURE),
    }
}

async fn serve(said: Args) -> std::io::Result<()> {
    let port = said.port.unwrap_or(PORT);
    let options = options(said);
    if let Some(clock) = &options.cloud_clock {
        clock.reset()?;
    }
    let served = Standin::new(options).serve(port).await?;
    say(&mut std::io::stdout(), &format!("The Stripe stand-in listens on {}", served.url()), ());
    served.forever().await;
    Ok(())
}

fn options(said: Args) -> Options {
    #[expect(clippy::disallowed_methods, reason = "the program's edge: all other code is given the time")]
    let wall = Timestamp::now;
    // The start time as the seed gives ids that no earlier run has used.
    let seed = wall().as_nanosecond().unsigned_abs();
    let mut options = Options::new(wall, u64::try_from(seed).unwrap_or(u64::MAX));
    options.public_url = said.public_url;
    options.webhook = said.webhook_url.map(|url| Webhook { url, host: said.webhook_host });
    options.webhook_secret = said.webhook_secret.unwrap_or(options.webhook_secret);
    options.cloud_clock = said.clock_file.map(|file| CloudClock { file, after_move: said.after_move });
    options.api_key = said.api_key.unwrap_or(options.api_key);
    options.account = said.account.unwrap_or(options.account);
    if said.without_prices {
        options.catalogue.clear();
    }
    options.read_key = said.read_key.or(options.read_key);
    options
}

/// Prints a line and ignores a closed output.
fn say<T>(out: &mut impl Write, line: &str, then: T) -> T {
    let _ = writeln!(out, "{line}");
    then
}
