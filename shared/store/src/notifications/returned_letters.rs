//! Reads of the letters that came back, for the operator's staff.

use crate::{
    Store,
    notifications::recipients::{StoredReturn, parse_return},
    scope::OperatorScope,
    table::calls::Query,
    table::condition::Condition,
    table::error::{Corrupt, Error},
    table::item::Item,
    table::keys,
    team::{invitations, members},
};
use domain::{
    email::Email,
    ids::InvitationId,
    notifications::recipient::Recipient,
    page::{Limit, PageRequest},
    team::{
        invitation::{Invitation, Returned},
        member::Member,
    },
};
use jiff::Timestamp;

/// The record that a letter came back from a mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailboxReturn {
    /// Time at which the first one came back.
    pub at: Timestamp,
    /// The reason.
    pub reason: Returned,
}

/// Number of items that one query examines.
const QUERY_LIMIT: usize = 500;

impl Store {
    /// Returns what is recorded of the mailbox of `email`, if a letter came back from it.
    pub async fn mailbox_return(&self, email: &Email) -> Result<Option<MailboxReturn>, Error> {
        let found =
            self.read_item(&keys::returned(&Recipient::of(email)), |item| Ok::<_, Corrupt>(item.clone())).await?;
        Ok(self.present_return(found.as_ref()).transpose()?)
    }

    /// Returns what `item` records, unless its time is over.
    fn present_return(&self, item: Option<&Item>) -> Option<Result<MailboxReturn, Corrupt>> {
        let item = item.filter(|item| !Condition::absent_or_expired(self.ambient().now()).holds(Some(item)))?;
        Some(parse_return(item).map(MailboxReturn::from))
    }

    /// Returns the active members of the workspace of `scope` from whose mailboxes a letter came back.
    pub async fn unreachable_members(&self, scope: &OperatorScope) -> Result<Vec<(Member, MailboxReturn)>, Error> {
        let members = self.team_items(scope, keys::MEMBER, members::parse).await?.into_iter();
        let reached = members.filter(Member::is_active).filter_map(|member| {
            let key = keys::returned(&Recipient::of(member.email.as_ref()?));
            Some((member, key))
        });
        let reached: Vec<_> = reached.collect();
        let keys: Vec<_> = reached.iter().map(|(_, key)| key.clone()).collect();
        let found = self.batch_get(&keys).await?;
        let returned = reached
            .into_iter()
            .filter_map(|(member, key)| Some(self.present_return(found.get(&key))?.map(|returned| (member, returned))));
        Ok(returned.collect::<Result<_, _>>()?)
    }

    /// Returns the invitations of the workspace of `scope`.
    pub async fn invitations_of(&self, scope: &OperatorScope) -> Result<Vec<Invitation>, Error> {
        self.team_items(scope, keys::INVITATION, invitations::parse).await
    }

    /// Returns the invitations to `email` in all workspaces.
    pub async fn all_invitations_for(&self, email: &Email) -> Result<Vec<Invitation>, Error> {
        let (mut found, mut after): (Vec<Invitation>, Option<InvitationId>) = (Vec::new(), None);
        loop {
            let page = self.invitations_for(email, PageRequest { limit: Limit::MOST, after }).await?;
            found.extend(page.items.into_iter().map(|(_, invitation)| invitation));
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(found),
            }
        }
    }

    /// Reads the items of the workspace of `scope` whose sort keys begin with `prefix`.
    async fn team_items<T>(
        &self,
        scope: &OperatorScope,
        prefix: &str,
        parse: impl Fn(&Item) -> Result<T, Corrupt>,
    ) -> Result<Vec<T>, Error> {
        let partition = keys::workspace_partition(scope.scope().workspace());
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let query = Query::table(partition.clone()).starting_with(prefix).after(after).limit(QUERY_LIMIT);
            let page = self.query(query).await?;
            for item in page.items() {
                found.push(parse(item)?);
            }
            match page.last_evaluated_key {
                Some(next) => after = Some(next),
                None => return Ok(found),
            }
        }
    }
}

impl From<StoredReturn> for MailboxReturn {
    fn from(StoredReturn { at, reason }: StoredReturn) -> Self {
        Self { at, reason }
    }
}
