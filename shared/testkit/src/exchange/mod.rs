//! Requests as the gateway sends them, and their responses.

mod answer;
mod mistakes;
mod request;

pub use answer::Answer;
pub use mistakes::{MISTAKES, Mistake};
pub use request::Request;
