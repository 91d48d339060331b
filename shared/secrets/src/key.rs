//! Parses the key of tokens from the text of a secret.

use super::Error;
use domain::team::invitation_token::TokenKey;

pub(super) fn key(text: String) -> Result<TokenKey, Error> {
    TokenKey::new(text).map_err(Error::KeyTooShort)
}
