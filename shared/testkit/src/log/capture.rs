//! Captures the log lines of each thread at the levels that the functions log.

use super::lines::Fields;
use std::{cell::RefCell, sync::Once};
use tracing::{Event, Level, Metadata, Subscriber, span, subscriber::set_global_default};

thread_local! {
    /// Lines logged by this thread, at the levels that the functions log.
    static LINES: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Starts to capture the lines of all threads.
pub(super) fn capture_lines() {
    static ONCE: Once = Once::new();
    // A test with its own subscriber checks its lines itself.
    ONCE.call_once(|| drop(set_global_default(CaptureSubscriber)));
}

/// Calls `look` with the lines of this thread.
pub(super) fn with_lines(look: impl FnOnce(&str)) {
    LINES.with_borrow(|lines| look(lines));
}

/// Captures the lines of every thread without a subscriber of its own, at the levels that the functions log.
struct CaptureSubscriber;

impl Subscriber for CaptureSubscriber {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::INFO
    }

    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        written(|fields| span.record(fields));
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        written(|fields| values.record(fields));
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        written(|fields| event.record(fields));
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

/// Appends the fields that `record` writes as a line.
fn written(record: impl FnOnce(&mut Fields<'_>)) {
    let mut line = String::new();
    record(&mut Fields(&mut line));
    LINES.with_borrow_mut(|lines| lines.push_str(&line));
}
