//! Letters about what the operator did to a workspace. `page` is the URL of the dashboard's page of the workspace.

use crate::{
    content::{Content, Name, plain},
    letter::{Letter, LetterWriter},
};
use domain::{
    email::Email,
    text::{SuspensionReason, WorkspaceName},
};

impl LetterWriter<'_> {
    /// Writes the letter to an owner about the suspension of their workspace.
    #[must_use]
    pub fn suspended(&self, workspace: &WorkspaceName, reason: &SuspensionReason, page: &str) -> Letter {
        let passage = self.words().suspended(workspace.safe_for_mail().map(Name), &plain(reason.as_str()));
        self.render(Content::new(passage, page))
    }

    /// Writes the letter to an owner about the end of a suspension.
    #[must_use]
    pub fn unsuspended(&self, workspace: &WorkspaceName, page: &str) -> Letter {
        let passage = self.words().unsuspended(workspace.safe_for_mail().map(Name));
        self.render(Content::new(passage, page))
    }

    /// Writes the letter to an owner or admin about a member whom the operator made an owner. `owner` is the member's
    /// verified address.
    #[must_use]
    pub fn owner_set(&self, workspace: &WorkspaceName, owner: Option<&Email>, page: &str) -> Letter {
        let passage = self.words().owner_set(workspace.safe_for_mail().map(Name), owner);
        self.render(Content::new(passage, page))
    }
}
