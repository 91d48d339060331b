//! People's profiles, and the copies of their chosen names in their memberships.
//!
//! The profile is authoritative; each copy names the version that it was made of. A change of the name writes the
//! profile and as many copies as fit into one transaction. All other copies, and those of memberships created at the
//! same moment, are refreshed by the person's next request in the workspace. A refresh never replaces a copy of a later
//! version, so refreshes may arrive in any order.

use crate::{
    Store,
    partitions::ItemKind,
    table::calls::TransactionOutcome,
    table::condition::{Condition, Terms, is_still},
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, decode, encode, number, place, text},
    table::keys,
    table::transaction::Transaction,
    team::presence::PATIENCE,
};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    identity::profile::{ChosenName, Language, Profile},
    ids::WorkspaceId,
    team::member::{Member, MemberStatus},
    text::{PersonName, Timezone},
};
use identity::Caller;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredProfile {
    version: u64,
    name: Option<PersonName>,
    name_version: u64,
    language: Option<Language>,
    timezone: Option<Timezone>,
}

impl Stored for StoredProfile {
    const KIND: ItemKind = ItemKind::Profile;
}

/// Maximum number of copies written together with a profile: a transaction takes 100 actions.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html>
pub(crate) const COPIES: usize = 99;

const VERSION: &str = "chosen_name_version";

pub(crate) fn parse(item: &Item) -> Result<Profile, Corrupt> {
    let StoredProfile { version, name, name_version, language, timezone } = decode(item)?;
    Ok(Profile { version, name: ChosenName { name, version: name_version }, language, timezone })
}

/// Returns the attributes of the copy in a member.
fn copy(chosen: &ChosenName) -> [(String, AttributeValue); 2] {
    let name = chosen.name.as_ref().map_or(AttributeValue::Null(true), |name| text(name.as_str()));
    [("chosen_name".to_owned(), name), (VERSION.to_owned(), number(chosen.version))]
}

impl Store {
    /// Writes `next` in place of `before`, and copies of its name into the caller's memberships in `workspaces`;
    /// `changed` if another change of the profile came first, or a membership is gone.
    ///
    /// # Errors
    /// `changed`, or [`Error`] converted to `E` if the table fails.
    pub async fn write_profile<E: From<Error>>(
        &self,
        caller: &Caller,
        before: &Profile,
        next: &Profile,
        workspaces: &[WorkspaceId],
        changed: E,
    ) -> Result<(), E> {
        let key = keys::profile(caller.user());
        let stored = StoredProfile {
            version: next.version,
            name: next.name.name.clone(),
            name_version: next.name.version,
            language: next.language,
            timezone: next.timezone.clone(),
        };
        let mut transaction = Transaction::default();
        transaction.require(&key, is_still(before.version), ()).put(&key, encode(&key, &stored)?);
        for workspace in workspaces {
            // A copy must not restore a membership of a workspace that was deleted in the meantime.
            let seat = keys::member(*workspace, caller.user());
            let seated = Condition::Equals("status", text(MemberStatus::Active.name()));
            transaction.require(&seat, seated, ()).set(&seat, copy(&next.name));
        }
        match self.transact(transaction).await? {
            TransactionOutcome::Done => Ok(()),
            TransactionOutcome::Refused(()) => Err(changed),
        }
    }

    /// Refreshes the copy of the name of `profile` in `member`, if it is outdated. Failures and timeouts are ignored:
    /// the next request tries again.
    pub(crate) async fn refresh_chosen_name(&self, member: &Member, profile: &Profile) {
        if member.chosen.version >= profile.name.version {
            return;
        }
        let mut terms = Terms::default();
        let seated = Condition::Equals("status", text(MemberStatus::Active.name())).expression(&mut terms);
        let version = terms.name(VERSION);
        let later = terms.value(number(profile.name.version));
        let set: Vec<_> = copy(&profile.name)
            .into_iter()
            .map(|(name, value)| format!("{} = {}", terms.name(&name), terms.value(value)))
            .collect();
        let key: Item = HashMap::from(place(&keys::member(member.workspace, member.user)));
        let write = self.update(|update| {
            update
                .set_key(Some(key))
                .update_expression(format!("SET {}", set.join(", ")))
                .condition_expression(format!("{seated} AND (attribute_not_exists({version}) OR {version} < {later})"))
                .set_expression_attribute_names(terms.names())
                .set_expression_attribute_values(terms.values())
        });
        let _ = tokio::time::timeout(PATIENCE, write).await;
    }
}
