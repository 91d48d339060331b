//! Answers: problems, entity tags, CSV lists and HTML pages.

pub mod csv;
pub mod etag;
mod page;
mod problem;

pub use page::{HtmlForm, HtmlPage};
pub use problem::{Problem, ProblemBody};
