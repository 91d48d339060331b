//! The audit log: one chain for each workspace, its verification, its export and its checkpoints.

mod before;
mod chain;
mod checkpoints;
mod expiry;
mod log;
mod routes;
mod table;
mod tampering;
