//! The letter about a disabled integration.

use crate::{
    content::{Content, Name},
    letter::{Letter, LetterWriter},
};
use domain::{
    integrations::Cause,
    text::{IntegrationName, WorkspaceName},
};

/// Contents of the letter about a disabled integration.
#[derive(Debug, Clone, Copy)]
pub struct IntegrationDisabled<'a> {
    /// Name of the workspace.
    pub workspace: &'a WorkspaceName,
    /// Name of the integration.
    pub integration: &'a IntegrationName,
    /// Cause of the disabling.
    pub cause: Cause,
    /// URL of the dashboard's page of integrations.
    pub page: &'a str,
    /// Link with which the recipient unsubscribes.
    pub stop: &'a str,
}

impl LetterWriter<'_> {
    /// Writes the letter about a disabled integration.
    #[must_use]
    pub fn integration_disabled(&self, about: &IntegrationDisabled<'_>) -> Letter {
        let IntegrationDisabled { workspace, integration, cause, page, stop } = *about;
        let (place, which) = (workspace.safe_for_mail().map(Name), integration.safe_for_mail().map(Name));
        let passage = self.words().integration_disabled(place, which, cause);
        self.render(Content { stop: Some(stop.to_owned()), ..Content::new(passage, page) })
    }
}
