//! Answers: problems, entity tags, conditional answers, CSV and NDJSON lists, and HTML pages.

pub mod conditional;
pub mod csv;
pub mod etag;
mod link;
pub mod ndjson;
mod page;
mod problem;

pub use page::{HtmlForm, HtmlPage};
pub use problem::{Problem, ProblemBody};
