//! notifications

pub(crate) mod contact;
pub mod letter_link;
pub mod recipient;
