//! The log as a function writes it: a line of JSON for each event, at the level of the template.

use serde_json::Value;
use std::{
    io,
    sync::{Arc, Mutex},
};
use tracing::{Level, subscriber::DefaultGuard};
use tracing_subscriber::fmt::MakeWriter;

/// Lines of this thread since the creation of this value.
#[derive(Debug)]
pub struct JsonLines {
    written: Written,
    _here: DefaultGuard,
}

impl JsonLines {
    /// Captures lines until the value is dropped.
    #[must_use]
    pub fn capture() -> Self {
        let written = Written::default();
        let subscriber = tracing_subscriber::fmt().json().with_max_level(Level::INFO).with_writer(written.clone());
        Self { written, _here: tracing::subscriber::set_default(subscriber.finish()) }
    }

    /// Forgets all lines so far.
    pub fn clear(&self) {
        self.written.0.lock().unwrap().clear();
    }

    /// Returns all lines.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8(self.written.0.lock().unwrap().clone()).unwrap()
    }

    /// Returns the fields of the lines with `message`.
    #[must_use]
    pub fn fields(&self, message: &str) -> Vec<Value> {
        let lines = self.text();
        let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["fields"].clone());
        lines.filter(|fields| fields["message"] == message).collect()
    }
}

#[derive(Debug, Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Written {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
