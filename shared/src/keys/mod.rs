//! API keys of a workspace: lists, makes, changes, rotates and revokes them, and says to the company's own services whether one can be used. Requests that present one are not here: the store
//! verifies the key with the workspace that it reads.

mod change;
mod create;
mod error;
mod list;
mod verify;
mod view;

pub use change::{revoke_key, rotate_key, update_key};
pub use create::create_key;
pub use error::Error;
pub use list::list_keys;
pub use verify::{KeyQuestion, VerdictView, verify_key};
pub use view::{CreatedKeyView, KeyView};
