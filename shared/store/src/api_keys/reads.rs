//! API keys in the read of a request.

use super::{list, records, uses};
use crate::{
    Error,
    table::keys,
    table::slot::Slot,
    workspace::entry::{Authorized, Entry},
};
use domain::{
    identity::{access::Action, denied::Denied},
    ids::KeyId,
    keys::{record::ApiKey, usage::KeyUse},
    page::{Page, PageRequest},
};
use std::collections::BTreeMap;

impl Entry<'_> {
    /// Reads the use of the API key `id`.
    pub fn key_use(&mut self, id: KeyId) -> Slot<KeyUse> {
        self.also_item(keys::key_use(self.workspace, id), uses::parse)
    }

    /// Reads the API key `id`.
    pub fn api_key(&mut self, id: KeyId) -> Slot<ApiKey> {
        self.also_item(keys::api_key(self.workspace, id), records::parse)
    }
}

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
