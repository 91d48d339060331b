//! Letters: recipients, the links that stop letters, and names that must not appear in them.

pub(crate) mod contact;
pub mod letter_link;
pub mod recipient;
