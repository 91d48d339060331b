//! The note that somebody's invitations are to be looked at: he lost the right to have made some of them.
//!
//! Whoever loses his seat or his role may have invitations that wait. Those that fit are revoked in the same transaction;
//! the note stands in it, too, and is due at once: the sweeper revokes what did not fit, and what he made in the moment
//! between the read and the change. Until then nobody accepts one: accepting requires that its maker could still make it.

use crate::ids::{RevocationId, UserId, WorkspaceId};

/// The note of a person whose invitations are to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revocation {
    /// Which of his notes it is: a later one takes the place of an earlier one.
    pub id: RevocationId,
    /// Where.
    pub workspace: WorkspaceId,
    /// Whose invitations.
    pub inviter: UserId,
    /// Who took his seat or his role, and on whose behalf they are revoked.
    pub by: UserId,
}

/// How many invitations one transaction revokes: each takes two of its hundred actions, and the largest change beside them
/// takes fifteen.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html>
pub const AT_ONCE: usize = 40;
