//! The keys of tokens in the versions of a secret.

use super::{Error, versions::Versions};
use domain::team::invitation_token::TokenKey;
use jiff::Timestamp;

fn key(text: String) -> Result<TokenKey, Error> {
    TokenKey::new(text).map_err(Error::KeyTooShort)
}

impl Versions {
    /// Returns the current key.
    pub(super) async fn key(&self, now: Timestamp) -> Result<TokenKey, Error> {
        key(self.current(now).await?)
    }

    /// Returns what `read` finds with the current key, or else with the newest or the previous one.
    pub(super) async fn with_any_key<T>(
        &self,
        now: Timestamp,
        read: impl Fn(&TokenKey) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        if let Some(found) = read(&self.key(now).await?) {
            return Ok(Some(found));
        }
        for version in self.both(now).await? {
            if let Some(found) = read(&key(version)?) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}
