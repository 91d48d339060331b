//! Use cases of the function `team`: members, invitations and activity.

mod accept;
mod error;
mod invitations;
mod invite;
mod letters;
mod members;
mod removal;
mod revoke;
mod roles;
mod room;
mod view;

pub use accept::{Shown, accept, decline, shown};
pub use error::Error;
pub use invitations::{cancel, invitations, own_invitations, resend};
pub use invite::invite;
pub use letters::{letter_holder, resume_letters, stop_letters};
pub(crate) use members::shown as shown_activity;
pub use members::{access, activity, export_activity, members};
pub use removal::{leave, reactivate, remove};
pub use roles::{give_role, transfer_ownership};
pub use view::{
    AccessView, ActionView, ActivityView, InvitationDelivery, InvitationView, MemberView, OwnInvitationView,
};
