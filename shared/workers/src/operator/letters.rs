//! Letters that came back, or that the mail service refused: of a workspace, or to an address.

use super::{actor::ActingOperator, error::Error};
use domain::{
    email::Email,
    ids::WorkspaceId,
    named,
    team::invitation::{Invitation, LetterRefusal, Returned},
};
use jiff::Timestamp;
use serde::Serialize;
use store::{Store, notifications::returned_letters::MailboxReturn};

named! {
    /// Reason why a letter did not reach its reader.
    #[derive(utoipa::ToSchema)]
    pub enum LetterProblem {
        /// The mailbox does not exist, or refuses e-mails.
        Bounced = "bounced",
        /// The recipient reported the letter as spam.
        Complained = "complained",
        /// The mail service does not send to this address.
        Rejected = "rejected",
        /// The mail service does not accept the address as one.
        InvalidAddress = "invalid_address",
    }
}

named! {
    /// Kind of a letter.
    #[derive(utoipa::ToSchema)]
    pub enum LetterKind {
        /// The newest letter of an invitation.
        Invitation = "invitation",
        /// A letter to a member, about any of their workspaces. Their mailbox gets no more for 90 days.
        Member = "member",
    }
}

/// A letter that did not reach its reader.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ReturnedLetter)]
pub struct ReturnedLetterView {
    /// Address of the recipient.
    email: Email,
    /// Workspace of the letter; null for a mailbox, whose letters of all workspaces are stopped.
    workspace: Option<WorkspaceId>,
    /// Kind of the letter.
    what: LetterKind,
    /// Reason why it did not reach its reader.
    kind: LetterProblem,
    /// Time at which it came back; null if it is not recorded.
    at: Option<Timestamp>,
}

/// Returns the letters of `workspace` that came back.
///
/// # Errors
/// [`Error`] if the workspace does not exist or the table fails.
pub async fn letters_of_workspace(
    store: &Store,
    operator: &ActingOperator,
    workspace: WorkspaceId,
) -> Result<Vec<ReturnedLetterView>, Error> {
    let ActingOperator { name, request_id, .. } = operator;
    tracing::info!(%workspace, operator = %name, request_id, "letters of a workspace");
    let scope = operator.scope(workspace);
    let (facts, invitations, members) = tokio::try_join!(
        store.workspace_facts(&scope),
        store.invitations_of(&scope),
        store.unreachable_members(&scope)
    )?;
    facts.workspace.ok_or(Error::NoWorkspace)?;
    let members = members
        .into_iter()
        .filter_map(|(member, found)| Some(ReturnedLetterView::of_mailbox(member.email?, Some(workspace), found)));
    Ok(invitations.iter().filter_map(ReturnedLetterView::of_invitation).chain(members).collect())
}

/// Returns the letters to `email` that came back: the invitations in all workspaces, and the state of the mailbox.
///
/// # Errors
/// [`Error`] if the table fails.
pub async fn letters_to(store: &Store, email: &Email) -> Result<Vec<ReturnedLetterView>, Error> {
    let (invitations, mailbox) = tokio::try_join!(store.all_invitations_for(email), store.mailbox_return(email))?;
    let mailbox = mailbox.map(|found| ReturnedLetterView::of_mailbox(email.clone(), None, found));
    Ok(invitations.iter().filter_map(ReturnedLetterView::of_invitation).chain(mailbox).collect())
}

impl ReturnedLetterView {
    fn of_mailbox(email: Email, workspace: Option<WorkspaceId>, MailboxReturn { at, reason }: MailboxReturn) -> Self {
        Self { email, workspace, what: LetterKind::Member, kind: reason.into(), at: Some(at) }
    }

    /// Returns the view of an invitation whose newest letter did not arrive.
    fn of_invitation(invitation: &Invitation) -> Option<Self> {
        let returned = invitation.returned.map(LetterProblem::from);
        Some(Self {
            kind: returned.or(invitation.refusal.map(LetterProblem::from))?,
            email: invitation.email.clone(),
            workspace: Some(invitation.workspace),
            what: LetterKind::Invitation,
            at: None,
        })
    }
}

impl From<Returned> for LetterProblem {
    fn from(returned: Returned) -> Self {
        match returned {
            Returned::Bounced => Self::Bounced,
            Returned::Complained => Self::Complained,
        }
    }
}

impl From<LetterRefusal> for LetterProblem {
    fn from(refusal: LetterRefusal) -> Self {
        match refusal {
            LetterRefusal::Rejected => Self::Rejected,
            LetterRefusal::InvalidAddress => Self::InvalidAddress,
        }
    }
}
