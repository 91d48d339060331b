//! Signals such as Ctrl-C: end the started processes, then this one.

use crate::programs::process;
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM},
    iterator::Signals,
};
use std::{
    io,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

static RECEIVED: AtomicBool = AtomicBool::new(false);

/// Installs a handler: on a signal it ends every process that this one started, runs `last`, and exits with the status
/// that shells expect.
pub fn end_on_signal(last: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            RECEIVED.store(true, Ordering::SeqCst);
            process::end_all();
            last();
            std::process::exit(128 + signal);
        }
    });
    Ok(())
}

/// Waits for the exit if a signal came: a process that has just ended, ended because of the signal and did not fail.
pub fn yield_to_exit() {
    while RECEIVED.load(Ordering::SeqCst) {
        thread::park();
    }
}
