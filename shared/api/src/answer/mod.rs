//! Answers: problems, entity tags, CSV and NDJSON lists, and HTML pages.

pub mod csv;
pub mod etag;
mod link;
pub mod ndjson;
mod page;
mod problem;

pub use page::{HtmlForm, HtmlPage};
pub use problem::{Problem, ProblemBody};
