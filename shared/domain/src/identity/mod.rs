//! Who asks, and what their role allows.

pub mod access;
pub mod denied;
pub mod origin;
pub mod person;
pub mod presence;
pub mod profile;
