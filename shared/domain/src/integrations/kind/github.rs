//! GitHub, through a repository's dispatch event, which starts workflows; a token is the secret.
//! <https://docs.github.com/en/rest/repos/repos#create-a-repository-dispatch-event>

use crate::{
    integrations::{
        fields::Fields,
        kind::markdown,
        occurrence::IntegrationNotice,
        outgoing::{Outgoing, Redirects, RequestError},
        kind::secret_error::SecretError,
    },
    keyring::Keyring,
    secret::Secret,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::str::FromStr;

/// Settings of a GitHub integration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct GithubConfig {
    /// The repository, as `owner/name`.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "octo-org/octo-repo"))]
    pub repository: Repository,
}

/// A repository, as `owner/name`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Repository(String);

/// The text is not a repository.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be the owner and the name of a repository, such as octo-org/octo-repo")]
pub struct NoRepository;

impl FromStr for Repository {
    type Err = NoRepository;

    /// Accepts only characters that GitHub allows, and no name of dots alone, because the text becomes part of a path.
    fn from_str(text: &str) -> Result<Self, NoRepository> {
        let (owner, name) = text.split_once('/').ok_or(NoRepository)?;
        let of = |part: &str, longest, others: &str| {
            (1..=longest).contains(&part.len())
                && part.chars().all(|c| c.is_ascii_alphanumeric() || others.contains(c))
                && part.chars().any(|c| c != '.')
        };
        if of(owner, 39, "-_") && of(name, 100, "-_.") { Ok(Self(text.to_owned())) } else { Err(NoRepository) }
    }
}

/// False: the secret does not sign requests.
pub(super) const SIGNS: bool = false;

impl GithubConfig {
    pub(super) fn read(fields: &mut Fields<'_>) -> Option<Self> {
        Some(Self { repository: fields.required("repository")? })
    }

    pub(super) fn request(
        &self,
        keys: &Keyring,
        notice: &IntegrationNotice,
        _: Timestamp,
    ) -> Result<Outgoing, RequestError> {
        let body = json!({
            "event_type": format!("berth.{}", notice.kind()),
            "client_payload": {
                "id": notice.id,
                "type": notice.kind(),
                "timestamp": notice.at,
                // A workflow may show it as Markdown.
                "message": notice.sentence(markdown::without_mentions),
                "data": notice.facts(),
            },
        });
        let request = Outgoing::json(&format!("https://api.github.com/repos/{}/dispatches", self.repository.0), &body)?;
        // GitHub redirects the requests to a repository that was renamed.
        Ok(Outgoing { redirects: Redirects::WithinHost, ..request }
            .with("accept", "application/vnd.github+json")
            .with("authorization", format!("Bearer {}", keys.current().reveal()))
            .with("x-github-api-version", "2022-11-28"))
    }
}

/// Parses a token that may write to the repository's contents.
///
/// # Errors
/// [`SecretError`] if the text does not have the form of a token.
pub(super) fn secret(text: &str) -> Result<Secret, SecretError> {
    let fits =
        (20..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if fits { Ok(text.parse()?) } else { Err(SecretError::Shape("a token such as github_pat_… or ghp_…")) }
}
