//! Counters of a workspace's budgets, one for each window. The table deletes them afterwards.
//!
//! A change counts in its own transaction. Where the expensive call comes before any write, or there is no write, a
//! small transaction alongside the read counts. It requires the caller's seat, so that a stranger uses nothing of a
//! workspace's budget.

use crate::{
    Store,
    api_keys::uses,
    partitions::ItemKind,
    table::calls::TransactionOutcome,
    table::change::Change,
    table::condition::Condition,
    table::error::Error,
    table::item::{Item, Stored, TTL, number, stamp, text},
    table::keys::{self, Key},
    table::transaction::Transaction,
    workspace::entry::{Authorized, Entry},
};
use domain::{
    bounds::budget::{Budget, Exhausted},
    identity::access::{Action, Role},
    identity::denied::Denied,
    ids::WorkspaceId,
    keys::{refusal::KeyRefusal, scope::KeyScope},
    team::member::MemberStatus,
};
use identity::{Caller, PresentedKey};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Name of the counting attribute.
const TAKEN: &str = "taken";

/// Written by additions only, so that the first use in a window creates the item.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredBudget {
    taken: u64,
}

impl Stored for StoredBudget {
    const KIND: ItemKind = ItemKind::Budget;
}

/// The counter of a window.
struct Counter {
    key: Key,
    left: Condition,
    set: Item,
    exhausted: Exhausted,
}

impl Counter {
    fn of(workspace: WorkspaceId, budget: Budget, now: Timestamp) -> Self {
        let window = budget.window(now);
        let kept_until = (TTL.to_owned(), number(window.end().as_second()));
        Self {
            key: keys::budget(workspace, budget, window),
            left: Condition::AbsentOrBefore(TAKEN, i64::from(budget.most())),
            set: stamp::<StoredBudget>().into_iter().chain([kept_until]).collect(),
            exhausted: window.exhausted(now),
        }
    }
}

impl<E> Transaction<E> {
    /// Uses one unit of `budget`, if its window has one left.
    pub(crate) fn take(&mut self, workspace: WorkspaceId, budget: Budget, now: Timestamp) -> &mut Self
    where
        E: From<Exhausted>,
    {
        let Counter { key, left, set, exhausted } = Counter::of(workspace, budget, now);
        self.require(&key, left, exhausted.into()).set(&key, set).add(&key, TAKEN, 1)
    }
}

impl<E: From<Error> + From<Denied> + From<Exhausted>> Change<'_, E> {
    /// Uses one unit of `budget`, if its window has one left.
    pub fn take(&mut self, budget: Budget, now: Timestamp) -> &mut Self {
        let Counter { key, left, set, exhausted } = Counter::of(self.scope.workspace(), budget, now);
        self.require(&key, left, exhausted).set(&key, set).add(&key, TAKEN, 1)
    }
}

/// Reason for which nothing was used alongside a read.
pub(crate) enum Refused {
    /// The command was already executed, or is being executed.
    Repeated,
    Denied(Denied),
    Exhausted(Exhausted),
}

impl From<Exhausted> for Refused {
    fn from(exhausted: Exhausted) -> Self {
        Self::Exhausted(exhausted)
    }
}

impl Store {
    /// Awaits `read`, and in the same round trip uses one unit of `budget` for `caller`, if they are a member of `workspace`
    /// whose role allows `action`. The result of the budget is returned separately, so that it can be checked last. If `read`
    /// refuses the request, as it does with a key from another network or beyond its rate, the unit is given back.
    ///
    /// # Errors
    /// The error of `read`. The result of the budget is [`Error`] if the table fails, [`Denied`] if the caller may not do it,
    /// and [`Exhausted`] if the window has no unit left, each converted to `E`.
    pub async fn read_and_take<T, E>(
        &self,
        (caller, workspace): (&Caller, WorkspaceId),
        action: Action,
        budget: Budget,
        read: impl Future<Output = Result<T, E>>,
    ) -> Result<(T, Result<(), E>), E>
    where
        E: From<Error> + From<Denied> + From<Exhausted>,
    {
        let now = self.ambient().now();
        let (read, taken) = tokio::join!(read, self.transact(self.taking(caller, workspace, action, budget, now)));
        if read.is_err() && matches!(taken, Ok(TransactionOutcome::Done)) {
            self.give_back(workspace, budget, now).await;
        }
        let taken = match taken {
            Ok(TransactionOutcome::Done) => Ok(()),
            Ok(TransactionOutcome::Refused(Refused::Denied(denied))) => Err(denied.into()),
            Ok(TransactionOutcome::Refused(Refused::Exhausted(exhausted))) => Err(exhausted.into()),
            Ok(TransactionOutcome::Refused(Refused::Repeated)) => Err(Error::Contended.into()),
            Err(error) => Err(error.into()),
        };
        Ok((read?, taken))
    }

    /// Gives back a unit of `budget` that was used at `now`. If this fails, it stays used until the end of its window.
    pub(crate) async fn give_back(&self, workspace: WorkspaceId, budget: Budget, now: Timestamp) {
        let key = keys::budget(workspace, budget, budget.window(now));
        let mut transaction = Transaction::default();
        transaction.require(&key, Condition::Above(TAKEN, 0), ()).add(&key, TAKEN, -1);
        let _: Result<TransactionOutcome<()>, Error> = self.transact(transaction).await;
    }

    /// The transaction that uses one unit of `budget` at `now`, if `caller` may do `action`.
    pub(crate) fn taking(
        &self,
        caller: &Caller,
        workspace: WorkspaceId,
        action: Action,
        budget: Budget,
        now: Timestamp,
    ) -> Transaction<Refused> {
        let required = action.required_role();
        let roles = Role::ALL.into_iter().filter(|role| *role >= required).map(|role| text(role.name())).collect();
        let active = Condition::Equals("status", text(MemberStatus::Active.name()));
        let member = keys::member(workspace, caller.user());
        let mut transaction = Transaction::default();
        if let Some(PresentedKey { claim, .. }) = caller.key() {
            let refused = |refusal: KeyRefusal| Refused::Denied(refusal.into());
            let (own, used) = (keys::api_key(workspace, claim.key), keys::key_use(workspace, claim.key));
            let scope = KeyScope::of(action).map_or_else(String::new, |scope| scope.to_string());
            transaction.require(&used, uses::is_valid(claim, now), refused(KeyRefusal::Invalid)).require(
                &own,
                Condition::Contains("scopes", scope),
                refused(KeyRefusal::NotByKey),
            );
            if !claim.is_service() {
                transaction.require(&member, active, refused(KeyRefusal::MakerLeft)).require(
                    &member,
                    Condition::OneOf("role", roles),
                    Refused::Denied(Denied::RoleTooWeak { required }),
                );
            }
            transaction.take(workspace, budget, now);
            return transaction;
        }
        transaction
            .require(&member, active, Refused::Denied(Denied::Stranger))
            .require(&member, Condition::OneOf("role", roles), Refused::Denied(Denied::RoleTooWeak { required }))
            .take(workspace, budget, now);
        transaction
    }
}

impl<'a> Entry<'a> {
    /// Reads, and uses one unit of `budget` in the same round trip; opened to members who may do `action`. The result
    /// of the budget is returned separately, so that a repeated request can be answered before it is checked. A request that
    /// is refused uses nothing.
    pub async fn authorize_and_take<E>(
        self,
        action: Action,
        budget: Budget,
    ) -> Result<(Authorized<'a>, Result<(), E>), E>
    where
        E: From<Error> + From<Denied> + From<Exhausted>,
    {
        let (store, caller, workspace) = (self.store, self.caller, self.workspace);
        let read = async { Ok(self.load().await?.authorize(action)?) };
        store.read_and_take((caller, workspace), action, budget, read).await
    }
}
