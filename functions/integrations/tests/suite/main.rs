//! The tests of `integrations`, over the embedded table.

#![cfg(test)]

mod budgets;
mod destinations;
mod limit;
mod once;
mod races;
mod routes;
mod shown;
