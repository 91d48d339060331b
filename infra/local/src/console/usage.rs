//! The help text of `cargo dev`.

/// How `cargo dev` is used.
pub const USAGE: &str = "\
Berth on this machine.

    cargo dev [--port N] [--fresh] [--detach] [--with-runtime]
    cargo dev stop
    cargo dev fuzz-api [--minutes N]
    cargo dev bench [--help]

Builds the functions, starts an emulator of AWS and a stand-in for Stripe, deploys template.yaml, and prints where
everything is, first the address of the dashboard. The dashboard needs Node 20.19 or newer; without it the rest runs. Ctrl-C ends it. While one runs, another `cargo dev` deploys what has changed into it.

    --port N     the emulator's port on 127.0.0.1 (4566); the dashboard is as far from 3000, the stand-in for Stripe from 12111
    --fresh      begin with an empty cloud; one that runs is ended first
    --detach     return when the cloud is up and leave it running
    --with-runtime
                 run what the containers of workspaces run (infra/workspace-image) for each that is started; needs Node
    stop         end the cloud that runs
    fuzz-api     hold the API of the cloud that runs against openapi.json, with requests made at random,
                 for this many minutes (5; at most 50, since an ID token lasts an hour)
    bench        measure the functions, without a cloud";
