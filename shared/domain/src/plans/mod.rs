//! plans

pub mod catalogue;
pub mod contract;
pub mod plan;
pub mod shape;
