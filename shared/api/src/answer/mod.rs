//! Answers: problems, entity tags, and lists and pages that are not JSON.

pub mod csv;
pub mod etag;
mod page;
mod problem;

pub use page::{Form, Page};
pub use problem::{Problem, ProblemBody};
