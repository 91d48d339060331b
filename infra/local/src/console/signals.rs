//! Ctrl-C and its kin: end what was started, then this process.

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

/// From now on a signal ends every process that this one started, runs `last`, and exits as a shell expects it.
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

/// Waits for the exit if a signal came: what just ended, ended because of it and is no failure.
pub fn yield_to_exit() {
    while RECEIVED.load(Ordering::SeqCst) {
        thread::park();
    }
}
