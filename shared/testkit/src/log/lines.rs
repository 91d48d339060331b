//! The log lines of this thread, at every level and of every crate, including the SDK.

use std::{
    fmt::Write,
    sync::{Arc, Mutex},
};
use tracing::{
    Dispatch, Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
    subscriber::{DefaultGuard, set_default},
};

/// Lines captured since the creation of this value.
#[derive(Debug)]
pub struct Lines {
    text: Arc<Mutex<String>>,
    _here: DefaultGuard,
    /// A second subscriber. With only one, a log statement first reached on another test's thread would be disabled for
    /// all threads.
    _second: Dispatch,
}

impl Lines {
    /// Captures lines until the value is dropped.
    #[must_use]
    pub fn capture() -> Self {
        let text = Arc::new(Mutex::new(String::new()));
        let second = Dispatch::new(Recorder(Arc::default()));
        Self { text: Arc::clone(&text), _here: set_default(Recorder(text)), _second: second }
    }

    /// Returns all captured lines.
    #[must_use]
    pub fn text(&self) -> String {
        self.text.lock().unwrap().clone()
    }
}

struct Recorder(Arc<Mutex<String>>);

/// Writes the fields of an event or a span one after another.
pub(super) struct Fields<'a>(pub(super) &'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, "{field}={value:?} ").unwrap();
    }
}

impl Subscriber for Recorder {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        span.record(&mut Fields(&mut self.0.lock().unwrap()));
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        values.record(&mut Fields(&mut self.0.lock().unwrap()));
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Fields(&mut self.0.lock().unwrap()));
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}
