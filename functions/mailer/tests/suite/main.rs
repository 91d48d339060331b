//! The tests of `mailer`, over the embedded table.

#![cfg(test)]

mod letters;
mod mail;
mod notifications;
mod recipients;
