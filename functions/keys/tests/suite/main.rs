//! The tests of `keys`, with the functions whose routes keys open, over the embedded table.

#![cfg(test)]

mod audit;
mod budgets;
mod due;
mod entrance;
mod races;
mod rights;
mod routes;
mod stage;
mod trips;
mod upgrade;
mod verify;
