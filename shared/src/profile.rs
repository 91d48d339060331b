//! Users' own profiles, which belong to no workspace.

use domain::{
    email::Email,
    error::{CollectedError, Kind, Verdict},
    identity::profile::{Edit, Language, Profile, ProfileChanges},
    ids::UserId,
    text::{PersonName, Timezone},
};
use identity::Caller;
use serde::Serialize;
use store::{self, Store};
use workers::decisions::{MAX_DECISIONS, decide_again};

/// The caller's profile.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Profile)]
pub struct ProfileView {
    /// Your id.
    pub id: UserId,
    /// The e-mail address that your identity provider names.
    pub email: Option<Email>,
    /// True if your identity provider has verified the address.
    pub email_verified: bool,
    /// Your name: the one that you set, or else your identity provider's.
    pub name: Option<PersonName>,
    /// Why the name that your identity provider gives is not used; null if it is used, if it gives none, or if you set a
    /// name. Set one, or change it there.
    pub name_problem: Option<String>,
    /// The language that you set; null if you set none.
    pub language: Option<Language>,
    /// The IANA time zone that you set; null if you set none.
    pub timezone: Option<Timezone>,
    /// True while your account is being deleted. `GET /me/deletion` shows how far.
    pub is_ending: bool,
}

impl ProfileView {
    fn new(caller: &Caller, profile: Profile, is_ending: bool) -> Self {
        let Profile { name, language, timezone, version: _ } = profile;
        Self {
            id: caller.user(),
            email: caller.email().cloned(),
            email_verified: caller.verified_email().is_some(),
            name_problem: caller
                .name_problem()
                .filter(|_| name.name.is_none())
                .map(|problem| format!("the name that your identity provider gives {problem}")),
            name: name.name.or_else(|| caller.name().cloned()),
            language,
            timezone,
            is_ending,
        }
    }
}

/// The reason a profile is not shown or changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Concurrent changes of the profile, or of the caller's seats, exhausted the attempts.
    #[error("your profile is being changed by another request; send the same request again")]
    ChangedMeanwhile,
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    /// Returns true if a concurrent change came first and the command should be decided again.
    const fn is_lost(&self) -> bool {
        matches!(self, Self::ChangedMeanwhile)
    }
}

impl CollectedError for Error {
    fn verdict(&self) -> Verdict<'_> {
        match self {
            Self::Store(inner) => Verdict::Of(inner),
            Self::ChangedMeanwhile => Verdict::Own(Kind::Conflict, "profile_changed"),
        }
    }
}

/// Returns the caller's profile.
///
/// # Errors
/// [`Error::Store`] if the table fails.
pub async fn read_profile(store: &Store, caller: &Caller) -> Result<ProfileView, Error> {
    let (profile, is_ending) = store.profile(caller).await?;
    Ok(ProfileView::new(caller, profile, is_ending))
}

/// Changes the fields of the caller's profile that `changes` names. The caller's member records in their newest
/// workspaces get the new name in the same transaction; see docs/architecture/team.md ("Names of people").
///
/// # Errors
/// [`Error`] if the table fails or concurrent changes exhaust the attempts.
pub async fn update_profile(store: &Store, caller: &Caller, changes: &ProfileChanges) -> Result<ProfileView, Error> {
    decide_again(MAX_DECISIONS, Error::is_lost, Error::ChangedMeanwhile, || async {
        let seats = async {
            match changes.name {
                Edit::Keep => Ok(Vec::new()),
                Edit::Clear | Edit::Set(_) => store.workspaces_to_rename_in(caller).await,
            }
        };
        let ((before, is_ending), seats) = tokio::try_join!(store.profile(caller), seats)?;
        let Some(next) = before.changed(changes) else { return Ok(ProfileView::new(caller, before, is_ending)) };
        let seats = if next.name == before.name { &[][..] } else { &seats };
        store.write_profile(caller, &before, &next, seats, Error::ChangedMeanwhile).await?;
        Ok(ProfileView::new(caller, next, is_ending))
    })
    .await
}
