//! Errors of inboxes.

use domain::{
    bounds::budget::Exhausted,
    error::{CollectedError, Verdict},
    identity::denied::Denied,
    notifications::{inbox::InboxError, preferences::PreferenceError, published::PublishError},
    runtime::token::NotAContainer,
};

/// An error of an inbox.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller is not permitted to do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The notification cannot be changed.
    #[error(transparent)]
    Inbox(#[from] InboxError),
    /// The preferences cannot be changed.
    #[error(transparent)]
    Preferences(#[from] PreferenceError),
    /// The token is not that of a running container.
    #[error(transparent)]
    NotAContainer(#[from] NotAContainer),
    /// The notification cannot be published.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// The workspace has published as much as it may for now.
    #[error(transparent)]
    Exhausted(#[from] Exhausted),
    /// The key of the tokens could not be read.
    #[error(transparent)]
    Secret(#[from] secrets::Error),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    /// Returns true if a concurrent change came first and the command should be decided again.
    pub(super) const fn is_lost(&self) -> bool {
        matches!(
            self,
            Self::Inbox(InboxError::ChangedMeanwhile)
                | Self::Preferences(PreferenceError::ChangedMeanwhile)
                | Self::Publish(PublishError::ChangedMeanwhile)
        )
    }
}

impl CollectedError for Error {
    fn verdict(&self) -> Verdict<'_> {
        match self {
            Self::Denied(inner) => Verdict::Of(inner),
            Self::Inbox(inner) => Verdict::Of(inner),
            Self::Preferences(inner) => Verdict::Of(inner),
            Self::NotAContainer(inner) => Verdict::Of(inner),
            Self::Publish(inner) => Verdict::Of(inner),
            Self::Exhausted(inner) => Verdict::Of(inner),
            Self::Secret(inner) => Verdict::Of(inner),
            Self::Store(inner) => Verdict::Of(inner),
        }
    }
}
