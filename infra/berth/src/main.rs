//! `cargo berth`: commands of the company that runs Berth.

use berth::{args, commands::Streams, files::Files};
use std::{env, io, process::ExitCode};

fn main() -> ExitCode {
    let key = env::var("STRIPE_API_KEY").ok();
    let (company, input) = (Files::of_the_company(), io::stdin().lock());
    let mut streams = Streams { company, input, output: io::stdout(), errors: io::stderr(), key };
    streams.run(args::parse(env::args_os().skip(1)))
}
