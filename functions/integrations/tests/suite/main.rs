//! The tests of `integrations`, over the embedded table.

#![cfg(test)]

mod budgets;
mod limit;
mod races;
mod routes;
