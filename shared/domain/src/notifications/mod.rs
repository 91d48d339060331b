//! E-mails: recipients, unsubscribe links, and names that e-mails must omit.

pub(crate) mod contact;
pub mod letter_link;
pub mod recipient;
