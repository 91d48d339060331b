//! Notifications that a workspace's own container publishes to the members.

use super::shelf::{Category, NotificationType, Shelf};
use crate::{
    error::{Kind, Refusal},
    identity::access::Role,
    ids::UserId,
    text::{NotificationBody, NotificationTitle, is_visible_ascii},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::{collections::BTreeSet, fmt, str::FromStr};

/// A published notification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// Type.
    #[serde(rename = "type")]
    pub kind: NotificationType,
    /// Severity.
    pub category: Category,
    /// Title in the words of the publisher.
    pub title: NotificationTitle,
    /// Body in the words of the publisher.
    pub body: NotificationBody,
    /// Page that shows more; `None` is the overview.
    pub link: Option<PagePath>,
    /// Facts for programs.
    pub data: PublishedData,
    /// Recipients.
    pub to: Addressed,
}

/// Recipients of a published notification: members of some roles, and some members whatever their role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addressed {
    roles: BTreeSet<Role>,
    members: BTreeSet<UserId>,
}

/// These are no recipients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAddressed {
    /// Nobody is addressed.
    #[error("must name a role or a member; omit it to notify every member")]
    Nobody,
    /// Too many members are named.
    #[error("must name at most {} members; name roles instead", Addressed::MAX_MEMBERS)]
    TooMany,
}

impl Addressed {
    /// Maximum number of members that are named one by one.
    pub const MAX_MEMBERS: usize = 50;

    /// Addresses members with one of `roles`, and each of `members`.
    ///
    /// # Errors
    /// [`InvalidAddressed`] if it is nobody, or too many are named.
    pub fn new(roles: BTreeSet<Role>, members: BTreeSet<UserId>) -> Result<Self, InvalidAddressed> {
        match (roles.len(), members.len()) {
            (0, 0) => Err(InvalidAddressed::Nobody),
            (_, named) if named > Self::MAX_MEMBERS => Err(InvalidAddressed::TooMany),
            (_, _) => Ok(Self { roles, members }),
        }
    }

    /// Addresses every member.
    #[must_use]
    pub fn everybody() -> Self {
        Self { roles: Role::ALL.into(), members: BTreeSet::new() }
    }

    /// The weakest role that is addressed. Only the named members see a notification that addresses none.
    #[must_use]
    pub fn weakest(&self) -> Role {
        self.roles.first().copied().unwrap_or(Role::Owner)
    }

    /// True if the member is named.
    #[must_use]
    pub fn names(&self, member: UserId) -> bool {
        self.members.contains(&member)
    }

    /// The shelf of a notification of type `kind` in the inbox of a member with this role; `None` if they are not addressed.
    #[must_use]
    pub(super) fn shelf(&self, kind: NotificationType, member: UserId, role: Role) -> Option<Shelf> {
        if self.names(member) {
            return Some(Shelf { kind, audience: Role::Viewer });
        }
        self.roles.contains(&role).then(|| Shelf { kind, audience: self.weakest() })
    }
}

/// Facts of a published notification: an object. It is stored as a JSON text, since the table does not keep every number.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublishedData(Map<String, Value>);

/// The facts are too large.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be at most {} bytes of JSON", PublishedData::MAX_BYTES)]
pub struct TooMuchData;

impl PublishedData {
    /// Maximum length of its JSON text.
    pub const MAX_BYTES: usize = 1024;

    /// The object.
    #[must_use]
    pub const fn object(&self) -> &Map<String, Value> {
        &self.0
    }
}

impl TryFrom<Map<String, Value>> for PublishedData {
    type Error = TooMuchData;

    fn try_from(object: Map<String, Value>) -> Result<Self, TooMuchData> {
        let data = Self(object);
        let text = String::from(data.clone());
        if text.len() <= Self::MAX_BYTES { Ok(data) } else { Err(TooMuchData) }
    }
}

impl TryFrom<String> for PublishedData {
    type Error = serde_json::Error;

    fn try_from(text: String) -> Result<Self, serde_json::Error> {
        serde_json::from_str(&text).map(Self)
    }
}

impl From<PublishedData> for String {
    fn from(PublishedData(object): PublishedData) -> Self {
        Value::Object(object).to_string()
    }
}

/// Path of a page of the workspace in the dashboard, below the workspace's own, such as `/agents/42`. It leads nowhere else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PagePath(String);

/// The text is no path of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be a path below the workspace's page, such as /agents/42: 2 to {} letters, digits and -._~/?=&+,:@#, without //, \
     /./ and /../",
    PagePath::MAX_CHARS
)]
pub struct InvalidPagePath;

impl PagePath {
    const MAX_CHARS: usize = 200;
}

impl FromStr for PagePath {
    type Err = InvalidPagePath;

    fn from_str(text: &str) -> Result<Self, InvalidPagePath> {
        // A percent sign could write a dot in another way.
        let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/?=&+,:@#".contains(&byte);
        let fits = (2..=Self::MAX_CHARS).contains(&text.len()) && text.bytes().all(known);
        let path = text.strip_prefix('/').filter(|_| fits).ok_or(InvalidPagePath)?;
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let leads_up = path.split('/').any(|part| ["", ".", ".."].contains(&part));
        if leads_up { Err(InvalidPagePath) } else { Ok(Self(text.to_owned())) }
    }
}

impl fmt::Display for PagePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Key by which a container makes sure that a notification that it sends twice counts once: 1 to 255 visible ASCII
/// characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishKey(String);

/// The text is not such a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 255 visible ASCII characters, such as the id of what has happened")]
pub struct InvalidPublishKey;

impl FromStr for PublishKey {
    type Err = InvalidPublishKey;

    fn from_str(text: &str) -> Result<Self, InvalidPublishKey> {
        if is_visible_ascii(text, 255) { Ok(Self(text.to_owned())) } else { Err(InvalidPublishKey) }
    }
}

impl PublishKey {
    /// Digest of the key, under which it is recorded: keys have any length and any characters.
    #[must_use]
    pub fn digest(&self) -> String {
        digest(&self.0)
    }
}

impl Published {
    /// Digest of the contents, by which a repetition is recognized.
    #[must_use]
    pub fn digest(&self) -> String {
        let Self { kind, category, title, body, link, data, to } = self;
        let link = link.as_ref().map(|PagePath(path)| path);
        digest(&json!([kind, category, title, body, link, data, to]).to_string())
    }
}

fn digest(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(text))
}

/// The notification was not published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// The key was used for another notification.
    #[error("this key was already used for another notification; use a new key")]
    KeyReused,
    /// Another request with the same key is being executed.
    #[error("a request with the same key is being executed; send the same request again")]
    ChangedMeanwhile,
}

impl Refusal for PublishError {
    fn kind(&self) -> Kind {
        match self {
            Self::KeyReused | Self::ChangedMeanwhile => Kind::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::KeyReused => "publish_key_reused",
            Self::ChangedMeanwhile => "notification_being_published",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addressed_members_see_it_on_their_own_shelf() {
        let [ana, ben] = ["ana", "ben"].map(|name| UserId::of("test", name));
        let to = Addressed::new([Role::Admin, Role::Viewer].into(), [ana].into()).unwrap();
        let shelf = |user, role| to.shelf(NotificationType::Agent, user, role).map(|shelf| shelf.audience);
        let seen = Role::ALL.map(|role| shelf(ben, role));
        let expected = Role::ALL.map(|role| [Role::Viewer, Role::Admin].contains(&role).then_some(Role::Viewer));
        assert_eq!(seen, expected);
        assert_eq!(Role::ALL.map(|role| shelf(ana, role)), [Some(Role::Viewer); 4]);
        let only = Addressed::new(BTreeSet::new(), [ana].into()).unwrap();
        assert_eq!((only.shelf(NotificationType::Kb, ben, Role::Owner), only.weakest()), (None, Role::Owner));
        assert_eq!(Addressed::new(BTreeSet::new(), BTreeSet::new()), Err(InvalidAddressed::Nobody));
        let many = (0..51).map(|n: u32| UserId::of("test", &n.to_string())).collect();
        assert_eq!(Addressed::new(BTreeSet::new(), many), Err(InvalidAddressed::TooMany));
        assert_eq!(Addressed::everybody().weakest(), Role::Viewer);
    }

    #[test]
    fn data_is_bounded_and_keeps_every_number() {
        let object = |text: &str| serde_json::from_str::<Map<String, Value>>(text).unwrap();
        let data = PublishedData::try_from(object(r#"{"a": 1e300, "b": [18446744073709551615, null]}"#)).unwrap();
        let written = serde_json::to_value(&data).unwrap();
        assert!(written.is_string(), "{written}");
        assert_eq!(serde_json::from_value::<PublishedData>(written).unwrap(), data);
        let sized = |bytes: usize| object(&format!(r#"{{"a":"{}"}}"#, "x".repeat(bytes - 8)));
        assert!(PublishedData::try_from(sized(1024)).is_ok());
        assert_eq!(PublishedData::try_from(sized(1025)), Err(TooMuchData));
    }

    #[test]
    fn paths_stay_below_the_workspace() {
        for path in ["/agents/42", "/a", "/runs?id=7&x=..", "/a.b/..c#top"] {
            assert_eq!(path.parse::<PagePath>().unwrap().to_string(), path);
        }
        let long = format!("/{}", "x".repeat(200));
        for path in [
            "",
            "/",
            "//evil.example",
            "/a//b",
            "/a/",
            "/.",
            "/..",
            "/a/../../w",
            "/%2e%2e/b",
            "/a\\b",
            "\\\\evil",
            "a/b",
            "https://evil.example",
            "/a b",
            "/ü",
            "/a\n",
            "/../w",
            &long,
        ] {
            assert_eq!(path.parse::<PagePath>(), Err(InvalidPagePath), "{path:?}");
        }
    }

    proptest! {
        /// A browser that resolves an accepted path stays below the workspace.
        #[test]
        fn accepted_paths_resolve_below(text in "/[-a-z./?#:@%\\\\ ]{0,12}") {
            if let Ok(path) = text.parse::<PagePath>() {
                let base = url::Url::parse("https://app.example.com/w/ws_1").unwrap();
                let resolved = base.join(&format!("/w/ws_1{path}")).unwrap();
                prop_assert!(resolved.path().starts_with("/w/ws_1/"), "{}", resolved);
                prop_assert_eq!(resolved.host_str(), Some("app.example.com"));
            }
        }
    }
}
