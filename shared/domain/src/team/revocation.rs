//! A note that a member's invitations and API keys must be reviewed, because the member lost the right to have made some of
//! them.
//!
//! A member who loses their seat or role may have pending invitations. As many as fit are revoked in the same
//! transaction. The note is written in that transaction and is due immediately: the sweeper revokes the rest, and those
//! made between the read and the change. Nobody can accept one meanwhile, because accepting requires that its maker
//! could still make it.

use crate::ids::{RevocationId, UserId, WorkspaceId};

/// A note that a member's invitations must be reviewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revocation {
    /// Id of the note; a later note of the same member replaces an earlier one.
    pub id: RevocationId,
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The member whose invitations are reviewed.
    pub inviter: UserId,
    /// The user who removed or demoted the member, and on whose behalf invitations are revoked.
    pub by: UserId,
}

/// Maximum number of invitations that one transaction revokes: each takes two of its hundred actions, and the largest
/// change next to them takes sixteen.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html>
pub const AT_ONCE: usize = 40;
