//! The tests of `deliver`, over the embedded table and stand-ins for all receivers.

#![cfg(test)]

mod audit;
mod customer;
mod faults;
mod incidents;
mod names;
mod sending;
mod vendors;
mod waiting;
