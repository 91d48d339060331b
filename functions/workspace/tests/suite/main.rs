//! The tests of `workspace`, over the embedded table.

#![cfg(test)]

mod account;
mod allowance;
mod deletion;
mod export;
mod onboarding;
mod overview;
mod profile;
mod races;
mod routes;
mod runtime;
mod storm;
