//! Upgrades: unpaid, paid, withdrawn, and scheduled for the renewal.

mod pending;
mod renewal;
mod replaced;
