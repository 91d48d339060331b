//! Members, invitations and activity of a workspace.
