//! Use cases of callers, by area: they combine the rules (`domain`), the table (`store`), the edges and `workers`, and know nothing of
//! HTTP. ARCHITECTURE.md has the map and the layers.

pub mod billing;
mod decisions;
pub mod doctor;
pub mod integrations;
pub mod runtime;
pub mod team;
pub mod workspace;
