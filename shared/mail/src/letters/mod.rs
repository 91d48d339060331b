//! The letters: each is a method of the writer, which puts names, times and links into the words of the reader's language.

mod billing;
pub(crate) mod integration;
pub(crate) mod invitation;
pub(crate) mod notification;
mod operator;
