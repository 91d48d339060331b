//! Files of checkpoints: answers of `GET /audit/checkpoints`, and checkpoints or deliveries of events, one a line. This file
//! does not know what a checkpoint says.

use crate::{checkpoint::signed::Checkpoint, problem::Position};
use serde_json::{Map, Value};

/// Something in a file.
#[derive(Debug)]
pub struct Found {
    /// Its position.
    pub position: Position,
    /// The checkpoint, or the reason why there is none.
    pub checkpoint: Result<Checkpoint, String>,
}

/// A line of a file, or all of it.
struct Document {
    line: u64,
    content: serde_json::Result<Value>,
}

impl Document {
    fn is_object(&self) -> bool {
        self.content.as_ref().is_ok_and(Value::is_object)
    }
}

impl Found {
    fn unreadable(line: u64, message: String) -> Self {
        Self { position: Position::Line(line), checkpoint: Err(message) }
    }
}

/// Finds the checkpoints of a file.
#[must_use]
pub fn parse(bytes: &[u8]) -> Vec<Found> {
    let (mut found, mut checkpoints) = (Vec::new(), 0);
    for Document { line, content } in documents(bytes) {
        match content {
            Ok(Value::Object(object)) => found.extend(checkpoints_of(object).into_iter().map(|value| {
                checkpoints += 1;
                let checkpoint =
                    serde_json::from_value(value).map_err(|error| format!("it is not a checkpoint: {error}"));
                Found { position: Position::Checkpoint(checkpoints), checkpoint }
            })),
            Ok(_) => found.push(Found::unreadable(line, "it is not an object in JSON".to_owned())),
            Err(error) => found.push(Found::unreadable(line, format!("it is not an object in JSON: {error}"))),
        }
    }
    found
}

/// Returns the document of a file, or those of its lines.
fn documents(bytes: &[u8]) -> Vec<Document> {
    let whole = Document { line: 1, content: serde_json::from_slice(bytes) };
    if whole.content.is_ok() {
        return vec![whole];
    }
    let lines = (1..).zip(bytes.split(|byte| *byte == b'\n')).filter(|(_, line)| !line.trim_ascii().is_empty());
    let lines = lines.map(|(line, bytes)| Document { line, content: serde_json::from_slice(bytes) });
    let lines: Vec<_> = lines.collect();
    // Without a line that is an object, the file was to be one document of several lines.
    if lines.is_empty() || lines.iter().any(Document::is_object) { lines } else { vec![whole] }
}

/// Returns the checkpoints of a document: those of an answer, the one of an event, or the document.
fn checkpoints_of(mut object: Map<String, Value>) -> Vec<Value> {
    match object.remove("checkpoints") {
        Some(Value::Array(list)) => list,
        Some(other) => vec![other],
        None if object.contains_key("text") => vec![Value::Object(object)],
        None => vec![object.remove("data").unwrap_or_default()],
    }
}
