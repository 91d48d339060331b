//! API keys: one item for each key, and one for its use.
//!
//! The item of the use has the digests of the secrets, too: a request counts there alongside the read that verifies it, so a
//! forged secret must spend nothing of the key's rate, and create no item.

pub(crate) mod records;
pub(crate) mod spending;
pub(crate) mod uses;

pub use records::list;
pub use spending::Spending;

use crate::{
    Error,
    workspace::entry::{Authorized, Entry},
};
use domain::{
    identity::{access::Action, denied::Denied},
    ids::KeyId,
    keys::{record::ApiKey, usage::KeyUse},
    page::{Page, PageRequest},
};
use std::collections::BTreeMap;

impl<'a> Entry<'a> {
    /// Reads a page of the API keys, and the use of all of them, in one round trip; opened to members who may do `action`.
    pub async fn api_keys<E>(
        self,
        action: Action,
        page: PageRequest<KeyId>,
    ) -> Result<(Authorized<'a>, Page<ApiKey, KeyId>, BTreeMap<KeyId, KeyUse>), E>
    where
        E: From<Error> + From<Denied>,
    {
        let (store, workspace) = (self.store(), self.workspace);
        let (inside, uses) = tokio::join!(self.page::<_, _, E>(action, list(page)), store.key_uses(workspace));
        let (inside, keys) = inside?;
        Ok((inside, keys, uses?))
    }
}
