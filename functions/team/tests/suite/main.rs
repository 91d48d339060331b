//! The tests of `team`, over the embedded table.

#![cfg(test)]

mod activity;
mod allowance;
mod audit;
mod budgets;
mod callers;
mod invitations;
mod letters;
mod limit;
mod logs;
mod members;
mod parallel;
mod presence;
mod routes;
