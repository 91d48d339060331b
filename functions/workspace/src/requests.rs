//! What clients send.

use deserr::Deserr;
use shared::{
    domain::{
        text::{Description, Timezone, WorkspaceName},
        workspace::{Settings, Update},
    },
    http::FieldErrors,
    json_body,
};
use utoipa::ToSchema;

/// A workspace to found.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct NewWorkspace {
    /// Its name: 1 to 100 characters.
    #[schema(value_type = String, min_length = 1, max_length = 100)]
    pub(crate) name: WorkspaceName,
    /// Its IANA time zone; UTC if none is given.
    #[schema(value_type = Option<String>, example = "Europe/Berlin")]
    #[deserr(default)]
    pub(crate) timezone: Option<Timezone>,
}

json_body!(NewWorkspace);

/// The fields of a workspace to change; those that are left out stay.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct WorkspaceChanges {
    /// A new name: 1 to 100 characters.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    #[deserr(default)]
    name: Option<WorkspaceName>,
    /// A new description of at most 500 characters; an empty one removes it.
    #[schema(value_type = Option<String>, max_length = 500)]
    #[deserr(default)]
    description: Option<Description>,
    /// A new IANA time zone.
    #[schema(value_type = Option<String>, example = "Europe/Berlin")]
    #[deserr(default)]
    timezone: Option<Timezone>,
    /// New settings of at most 16 KiB, in place of all the old ones.
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
