//! The use cases of Berth, by area: they combine the rules (`domain`), the table (`store`) and the edges, and know nothing of HTTP.
//! ARCHITECTURE.md has the map and the layers.

pub mod billing;
pub mod doctor;
pub mod integrations;
pub mod operator;
pub mod relay;
pub mod runtime;
pub mod team;
pub mod workspace;
