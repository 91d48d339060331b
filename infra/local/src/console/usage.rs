//! Help text of `cargo dev`.

/// Usage of `cargo dev`.
pub const USAGE: &str = "\
Runs Berth on this machine.

    cargo dev [--port N] [--fresh] [--detach] [--with-runtime]
    cargo dev stop
    cargo dev fuzz-api [--minutes N]
    cargo dev bench [--help]

Builds the functions, starts an emulator of AWS and a stand-in for Stripe, deploys template.yaml, and prints all
addresses, first the dashboard's. The dashboard needs Node 20.19 or newer; everything else runs without it. Ctrl-C stops
the cloud. While a cloud is running, another `cargo dev` deploys changes into it. The page of the stand-in for Stripe
moves the clock of the whole cloud.

    --port N     the emulator's port on 127.0.0.1 (4566); the ports of the dashboard (3000) and of the stand-in for
                 Stripe (12111) move by the same distance
    --fresh      start with an empty cloud; a running one is stopped first
    --detach     exit once the cloud is up and leave it running
    --with-runtime
                 run the processes of workspaces' containers (infra/workspace-image); needs Node 20 or newer
    stop         stop the running cloud
    fuzz-api     test the API of the running cloud against openapi.json with random requests, for N minutes
                 (5; at most 50, because an ID token lasts an hour)
    bench        measure the functions, without a cloud";
