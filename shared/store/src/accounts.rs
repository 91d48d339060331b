//! The deletion of a person's account: what decides on it, its progress, and what it deletes and erases.
//!
//! The pending deletion is stored with the person and is due until it is complete. From its beginning the person's own
//! head says that the account ends, which every seat that they could take requires not to be so.

use crate::{
    Store, billing,
    partitions::ItemKind,
    runtime::runtimes::Recorded,
    table::calls::Query,
    table::condition::{Condition, is_still},
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, TTL, decode, encode, key_of, number, place, text},
    table::keys::{self, Key},
    table::transaction::Transaction,
    team::{memberships, profiles},
    workspace::{deletions, users, workspaces},
};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    billing::account::Billing,
    email::Email,
    identity::access::Role,
    identity::account::{AccountDeletion, Progress, RECEIPT_KEPT},
    identity::profile::Profile,
    ids::{DeletionId, UserId, WorkspaceId},
    team::member::MemberStatus,
    workspace::head::Workspace,
};
use futures::future::try_join_all;
use identity::Caller;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use system_scope::SystemScope;

/// Number of workspaces whose heads and billings are read in one batch.
const BATCH: usize = 50;

/// Number of a person's own items that are read together.
const PAGE: usize = 25;

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredAccountDeletion {
    id: DeletionId,
    version: u64,
    requested_at: Timestamp,
    addresses: Vec<Email>,
    progress: Progress,
}

/// Stored type of the deletion of an account.
pub(crate) const TYPE: &str = StoredAccountDeletion::TYPE;

impl Stored for StoredAccountDeletion {
    const KIND: ItemKind = ItemKind::AccountDeletion;
}

pub(crate) fn parse(item: &Item) -> Result<AccountDeletion, Corrupt> {
    let stored: StoredAccountDeletion = decode(item)?;
    let corrupt = Corrupt { wanted: TYPE, version: StoredAccountDeletion::VERSION };
    let user = item.get("pk").and_then(|pk| pk.as_s().ok()?.strip_prefix("USER#")?.parse().ok());
    let StoredAccountDeletion { id, version, requested_at, addresses, progress } = stored;
    Ok(AccountDeletion { id, version, user: user.ok_or(corrupt)?, requested_at, addresses, progress })
}

fn item(key: &Key, deletion: &AccountDeletion, due: Option<Timestamp>) -> Result<Item, Error> {
    let AccountDeletion { id, version, user: _, requested_at, addresses, progress } = deletion.clone();
    let stored = StoredAccountDeletion { id, version, requested_at, addresses, progress };
    let mut item = encode(key, &stored)?;
    item.extend(due.into_iter().flat_map(|at| keys::due(id.ulid(), at)));
    if let Progress::Complete { at } = deletion.progress {
        let until = at.saturating_add(RECEIPT_KEPT).unwrap_or(Timestamp::MAX);
        item.insert(TTL.to_owned(), number(until.as_second()));
    }
    Ok(item)
}

/// Facts on which the deletion of an account is decided.
#[derive(Debug)]
pub struct AccountFacts {
    /// The pending or last deletion.
    pub deletion: Option<AccountDeletion>,
    /// True if the account is in use: it has a profile or a workspace.
    pub is_in_use: bool,
    /// The workspaces that the person owns, alone or with others.
    pub owned: Vec<(Workspace, Billing)>,
}

impl Store {
    /// Reads the caller's profile, and whether their account is being deleted.
    pub async fn profile(&self, caller: &Caller) -> Result<(Profile, bool), Error> {
        let (profile, head) = (keys::profile(caller.user()), keys::user(caller.user()));
        let found = self.batch_get(&[profile.clone(), head.clone()]).await?;
        let head = found.get(&head).map(users::parse).transpose()?;
        Ok((
            found.get(&profile).map(profiles::parse).transpose()?.unwrap_or_default(),
            head.is_some_and(|head| head.is_ending),
        ))
    }

    /// Reads the pending or last deletion of the account of `user`, if it has not expired.
    pub async fn account_deletion(&self, user: UserId) -> Result<Option<AccountDeletion>, Error> {
        let found = self.read_item(&keys::account_deletion(user), parse).await?;
        Ok(found.filter(|deletion| self.is_kept(deletion)))
    }

    fn is_kept(&self, deletion: &AccountDeletion) -> bool {
        match deletion.progress {
            Progress::Complete { at } => self.ambient().now().duration_since(at) < RECEIPT_KEPT,
            Progress::Leaving { .. } | Progress::Erasing(_) => true,
        }
    }

    /// Reads the facts on which the deletion of the caller's account is decided, in two round trips.
    pub async fn account_facts(&self, caller: &Caller) -> Result<AccountFacts, Error> {
        let user = caller.user();
        let (pending, profile, head) = (keys::account_deletion(user), keys::profile(user), keys::user(user));
        let own = [pending.clone(), profile.clone(), head.clone()];
        let (found, noted) = tokio::try_join!(self.batch_get(&own), self.all_memberships(user))?;
        let owned: Vec<_> = noted.iter().filter(|(_, role)| *role == Role::Owner).map(|(id, _)| *id).collect();
        let batches = try_join_all(owned.chunks(BATCH).map(|batch| self.owned(batch))).await?;
        Ok(AccountFacts {
            deletion: found.get(&pending).map(parse).transpose()?.filter(|deletion| self.is_kept(deletion)),
            // Every seat makes the head, and the end of a deletion deletes it.
            is_in_use: found.contains_key(&profile) || found.contains_key(&head) || !noted.is_empty(),
            owned: batches.into_iter().flatten().collect(),
        })
    }

    async fn owned(&self, batch: &[WorkspaceId]) -> Result<Vec<(Workspace, Billing)>, Error> {
        let keys: Vec<_> = batch.iter().flat_map(|id| [keys::workspace(*id), keys::billing(*id)]).collect();
        let found = self.batch_get(&keys).await?;
        let live = batch.iter().filter_map(|id| Some((*id, found.get(&keys::workspace(*id))?)));
        let live =
            live.map(|(id, head)| Ok((workspaces::parse(head)?, billing::parse(found.get(&keys::billing(id)))?)));
        let live = live.collect::<Result<Vec<_>, Error>>()?;
        Ok(live.into_iter().filter(|(workspace, _)| workspace.live).collect())
    }

    async fn all_memberships(&self, user: UserId) -> Result<Vec<(WorkspaceId, Role)>, Error> {
        let (mut noted, mut start) = (Vec::new(), None);
        loop {
            let query = Query::table(keys::user_partition(user)).starting_with(keys::MEMBERSHIP).after(start);
            let output = self.query(query).await?;
            for item in output.items() {
                noted.push(memberships::parse_note(item)?);
            }
            start = output.last_evaluated_key;
            if start.is_none() {
                return Ok(noted);
            }
        }
    }

    /// Reads all workspaces of `user`, for the worker that ends their memberships.
    pub async fn workspaces_of_person(&self, user: UserId) -> Result<Vec<WorkspaceId>, Error> {
        Ok(self.all_memberships(user).await?.into_iter().map(|(workspace, _)| workspace).collect())
    }

    /// Begins the deletion of the caller's account, in place of an earlier one as it was read.
    pub async fn begin_account_deletion(
        &self,
        caller: &Caller,
        before: Option<&AccountDeletion>,
        next: &AccountDeletion,
    ) -> Result<Recorded, Error> {
        let (key, head) = (keys::account_deletion(caller.user()), keys::user(caller.user()));
        let earlier = before.map_or(0, |before| before.version);
        let next = AccountDeletion { version: earlier.saturating_add(1), ..next.clone() };
        let as_read = match before {
            Some(_) => is_still(earlier),
            // One that has expired may still be there.
            None => Condition::absent_or_expired(self.ambient().now()),
        };
        let mut transaction = Transaction::default();
        transaction
            .require(&key, as_read, ())
            .put(&key, item(&key, &next, Some(next.requested_at))?)
            .set(&head, users::ending())
            .add(&head, "workspace_count", 0);
        self.recorded(transaction).await
    }

    /// Writes the progress `next` in place of `before`. It is due again at `due`.
    pub async fn advance_account_deletion(
        &self,
        before: &AccountDeletion,
        next: &AccountDeletion,
        due: Timestamp,
    ) -> Result<Recorded, Error> {
        let key = keys::account_deletion(before.user);
        let next = AccountDeletion { version: before.version.saturating_add(1), ..next.clone() };
        let mut transaction = Transaction::default();
        transaction.require(&key, is_still(before.version), ()).put(&key, item(&key, &next, Some(due))?);
        self.recorded(transaction).await
    }

    /// Completes the deletion: deletes the person's own items, and what the deletion itself knows of them.
    pub async fn finish_account_deletion(&self, before: &AccountDeletion) -> Result<Recorded, Error> {
        let (user, at) = (before.user, self.ambient().now());
        let key = keys::account_deletion(user);
        let next = AccountDeletion {
            version: before.version.saturating_add(1),
            addresses: Vec::new(),
            progress: Progress::Complete { at },
            ..before.clone()
        };
        let mut transaction = Transaction::default();
        transaction
            .require(&key, is_still(before.version), ())
            .put(&key, item(&key, &next, None)?)
            .delete(&keys::user(user))
            .delete(&keys::profile(user))
            .delete(&keys::allowance(user));
        self.recorded(transaction).await
    }

    /// Deletes the membership record of a workspace that no longer exists.
    pub async fn delete_stray_membership(&self, user: UserId, workspace: WorkspaceId) -> Result<(), Error> {
        self.delete(&keys::membership(user, workspace)).await
    }

    /// Searches the next part of the table for records of `user` as a member, present or former. Returns the workspaces
    /// and the position of the next part.
    pub async fn search_seats(
        &self,
        user: UserId,
        position: Option<(String, String)>,
    ) -> Result<(Vec<WorkspaceId>, Option<(String, String)>), Error> {
        let start = position.map(|(pk, sk)| Item::from(place(&Key { pk, sk })));
        let page = self.scan_page(&[ItemKind::Member], start).await?;
        let seats = page.items().iter().filter(|item| keys::id_of(item, keys::MEMBER) == Some(user));
        let found = seats.filter_map(keys::workspace_of).collect();
        let next = page.last_evaluated_key.as_ref().and_then(key_of);
        Ok((found, next.map(|Key { pk, sk }| (pk, sk))))
    }

    /// Deletes the record of `user` as a former member.
    pub async fn forget_former_member(&self, scope: &SystemScope, user: UserId) -> Result<Recorded, Error> {
        let key = keys::member(scope.workspace(), user);
        let mut transaction = Transaction::default();
        transaction.require(&key, Condition::Equals("status", text(MemberStatus::Removed.name())), ()).delete(&key);
        self.recorded(transaction).await
    }

    /// Erases the name and the IP address of `user` from the workspace's commands to Stripe.
    pub async fn erase_from_intents(&self, scope: &SystemScope, user: UserId) -> Result<(), Error> {
        let mut start = None;
        loop {
            let theirs = Condition::Equals("actor", text(user.to_string()));
            let query = Query::table(keys::workspace_partition(scope.workspace()));
            let query = query.starting_with(keys::INTENT).filter(&theirs).after(start);
            let output = self.query(query).await?;
            for key in output.items().iter().filter_map(key_of) {
                let gone = ["actor_name", "ip_address"].map(|name| (name.to_owned(), AttributeValue::Null(true)));
                let mut transaction = Transaction::default();
                transaction.require(&key, theirs.clone(), ()).set(&key, gone);
                let (Recorded::Yes | Recorded::ChangedMeanwhile) = self.recorded(transaction).await?;
            }
            start = output.last_evaluated_key;
            if start.is_none() {
                return Ok(());
            }
        }
    }

    /// Deletes a page of the person's records of repeated commands and of receipts that are complete. Returns true if
    /// none was left.
    pub async fn delete_own_records(&self, user: UserId) -> Result<bool, Error> {
        let partition = keys::user_partition(user);
        let commands = Query::table(&partition).starting_with(keys::COMMAND).limit(PAGE);
        let receipts = Query::table(&partition).starting_with(keys::RECEIPT);
        let (commands, receipts) = tokio::try_join!(self.query(commands), self.query(receipts))?;
        let mut found: Vec<_> = commands.items().iter().filter_map(key_of).collect();
        for item in receipts.items() {
            // A deletion that is not complete still writes its receipt.
            let is_complete = deletions::parse(item)?.members_at.is_some();
            found.extend(key_of(item).filter(|_| is_complete));
        }
        try_join_all(found.iter().map(|key| self.delete(key))).await?;
        Ok(found.is_empty())
    }
}
