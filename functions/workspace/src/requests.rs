//! The requests of the workspace routes.

use api::{FieldErrors, FromQuery, json_body};
use deserr::Deserr;
use domain::{
    identity::profile::{Edit, Language, ProfileChanges},
    ids::DeletionId,
    text::{Description, PersonName, Timezone, WorkspaceName},
    workspace::head::{Settings, Update},
};
use shared::workspace::OtherMembers;
use utoipa::ToSchema;

/// A workspace to create.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct NewWorkspace {
    /// The name, 1 to 100 characters. White space at the ends is removed; otherwise the name is stored as given, or refused.
    #[schema(value_type = String, min_length = 1, max_length = 100)]
    pub(crate) name: WorkspaceName,
    /// The IANA time zone; UTC by default.
    #[schema(value_type = Option<String>, example = "Europe/Berlin")]
    #[deserr(default)]
    pub(crate) timezone: Option<Timezone>,
}

json_body!(NewWorkspace);

/// The fields of a workspace to change; omitted fields are unchanged.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct WorkspaceChanges {
    /// The new name, 1 to 100 characters. White space at the ends is removed; otherwise the name is stored as given, or refused.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    #[deserr(default)]
    name: Option<WorkspaceName>,
    /// The new description, at most 500 characters; an empty one removes it.
    #[schema(value_type = Option<String>, max_length = 500)]
    #[deserr(default)]
    description: Option<Description>,
    /// The new IANA time zone.
    #[schema(value_type = Option<String>, example = "Europe/Berlin")]
    #[deserr(default)]
    timezone: Option<Timezone>,
    /// The new settings, at most 16 KiB of JSON, which replace all current ones.
    #[schema(value_type = Option<Object>)]
    #[deserr(default)]
    settings: Option<Settings>,
}

json_body!(WorkspaceChanges);

impl From<WorkspaceChanges> for Update {
    fn from(changes: WorkspaceChanges) -> Self {
        let WorkspaceChanges { name, description, timezone, settings } = changes;
        Self { name, description, timezone, settings }
    }
}

/// The fields of the caller's profile to change; omitted fields are unchanged, and null clears a field.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = ProfileChanges)]
pub(crate) struct OwnChanges {
    /// The new name, 1 to 100 characters. White space at the ends is removed; otherwise the name is stored as given, or
    /// refused. Null restores the identity provider's name.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    #[deserr(default)]
    name: Edit<PersonName>,
    /// The language of the dashboard.
    #[schema(value_type = Option<Language>)]
    #[deserr(default)]
    language: Edit<Language>,
    /// The IANA time zone.
    #[schema(value_type = Option<String>, example = "Europe/Berlin")]
    #[deserr(default)]
    timezone: Edit<Timezone>,
}

json_body!(OwnChanges);

impl From<OwnChanges> for ProfileChanges {
    fn from(changes: OwnChanges) -> Self {
        let OwnChanges { name, language, timezone } = changes;
        Self { name, language, timezone }
    }
}

/// The path to a deletion.
#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors)]
pub(crate) struct DeletionPath {
    /// The deletion's id.
    pub(crate) id: DeletionId,
}

/// The parameter `force`: true to delete a workspace that has other members.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Force(pub(crate) OtherMembers);

impl FromQuery for Force {
    fn from_query(pairs: Vec<(String, String)>, _: &str, _: &str) -> Result<Self, FieldErrors> {
        let wrong = |field: &str, message: &str| Err(FieldErrors::default().with(field, message));
        match pairs.as_slice() {
            [] => Ok(Self(OtherMembers::Refuse)),
            [(name, value)] if name == "force" => match value.as_str() {
                "true" => Ok(Self(OtherMembers::Include)),
                "false" => Ok(Self(OtherMembers::Refuse)),
                _ => wrong("force", "must be true or false"),
            },
            [(name, _)] if name != "force" => wrong(name, "unknown field; expected one of: force"),
            _ => wrong("force", "must be given once"),
        }
    }
}
