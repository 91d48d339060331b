//! Use cases of members and invitations.

mod accept;
mod error;
mod free_seat;
mod invitations;
mod invite;
mod letters;
mod members;
mod removal;
mod revoke;
mod roles;
mod view;

pub use accept::{PresentedInvitation, accept_invitation, decline_invitation, parse_id_or_token};
pub use error::Error;
pub use invitations::{list_invitations, list_own_invitations, resend_invitation, revoke_invitation};
pub use invite::invite_member;
pub use letters::{resubscribe, unsubscribe, verify_letter_link};
pub use members::{list_members, read_access};
pub use removal::{leave_workspace, reactivate_member, remove_member};
pub use roles::{change_role, transfer_ownership};
pub use view::{AccessView, ActionView, InvitationDelivery, InvitationView, MemberView, OwnInvitationView};
