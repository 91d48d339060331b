//! Entry to a workspace: one consistent read of the caller's membership and profile, the workspace's head, its billing,
//! and the subject of the request.
//! Nothing is given out before the caller is known to be authorized.

use crate::scope::Scope;
use crate::{
    Store, api_keys,
    audit::head::KnownHead,
    billing,
    table::error::{Corrupt, Error},
    table::idempotency,
    table::item::Item,
    table::keys::{self, Key},
    table::list::List,
    table::slot::Slot,
    team::{members, profiles},
    workspace::workspaces,
};
use domain::{
    billing::account::Billing,
    billing::subscription::Standing,
    command::{Fingerprint, Reply},
    identity::access::{Action, Obstacle, Role},
    identity::denied::Denied,
    identity::profile::Profile,
    ids::{UserId, WorkspaceId},
    keys::{record::ApiKey, refusal::KeyRefusal, usage::RateState},
    page::Page,
    plans::catalogue::Plans,
    team::invitation::Invitation,
    team::member::Member,
    workspace::head::Workspace,
};
use identity::{Caller, PresentedKey};
use jiff::Timestamp;
use std::collections::HashMap;

/// A read of one workspace under construction.
#[derive(Debug)]
pub struct Entry<'a> {
    pub(crate) store: &'a Store,
    pub(crate) caller: &'a Caller,
    pub(crate) workspace: WorkspaceId,
    pub(crate) command: Option<&'a Fingerprint>,
    keys: Vec<Key>,
    inviter: Option<UserId>,
    /// True if a change may follow, which continues the audit log.
    changes: bool,
}

/// Items that were read, not yet accessible.
#[derive(Debug)]
pub struct Loaded<'a> {
    pub(crate) caller: &'a Caller,
    pub(crate) head: Option<Workspace>,
    pub(crate) member: Option<Member>,
    /// The API key that the caller presents, as it is stored; not verified.
    key: Option<ApiKey>,
    /// True if this request has moved the caller's address.
    has_moved: bool,
    /// The head of the audit log, if a change may follow.
    pub(crate) known_head: KnownHead,
    pub(crate) profile: Profile,
    billing: Billing,
    command: Option<&'a Fingerprint>,
    items: HashMap<Key, Item>,
    invitations: Vec<Invitation>,
    now: Timestamp,
    plans: Plans,
}

/// Items that were read, accessible to a member.
#[derive(Debug)]
pub struct Authorized<'a> {
    /// Proof that the member may do the action.
    pub scope: Scope,
    /// The head of the workspace.
    pub workspace: Workspace,
    /// Billing of the workspace.
    pub billing: Billing,
    /// The company's plans.
    pub plans: Plans,
    read: Loaded<'a>,
}

/// An API key that can be used, and what a question about it is answered with.
#[derive(Debug, Clone)]
pub struct Admitted<'a> {
    /// The key.
    pub key: &'a ApiKey,
    /// The role with which its holder acts.
    pub role: Role,
    /// The workspace.
    pub workspace: &'a Workspace,
    /// The plan in force.
    pub standing: Standing,
}

impl Store {
    /// Begins the read for a request of `caller` in `workspace`. `command` identifies a request that may be a
    /// repetition.
    #[must_use]
    pub fn enter<'a>(
        &'a self,
        caller: &'a Caller,
        workspace: WorkspaceId,
        command: Option<&'a Fingerprint>,
    ) -> Entry<'a> {
        let user = caller.user();
        let mut keys = vec![
            keys::member(workspace, user),
            keys::profile(user),
            keys::workspace(workspace),
            keys::billing(workspace),
        ];
        keys.extend(caller.key().map(|key| keys::api_key(workspace, key.claim.key)));
        keys.extend(command.map(|command| keys::idempotency(caller.user(), &command.command)));
        Entry { store: self, caller, workspace, command, keys, inviter: None, changes: true }
    }
}

impl<'a> Entry<'a> {
    /// Table from which the items are read.
    pub(crate) const fn store(&self) -> &'a Store {
        self.store
    }

    pub(crate) fn also_item<T>(&mut self, key: Key, parse: fn(&Item) -> Result<T, Corrupt>) -> Slot<T> {
        self.keys.push(key.clone());
        Slot::new(key, parse)
    }

    /// Leaves out what only an audited change needs.
    #[must_use]
    pub fn unaudited(self) -> Self {
        Self { changes: false, ..self }
    }

    /// Counts the request among those of the presented API key, once.
    async fn count_key_use(&self) -> Result<(), Error> {
        let Some(PresentedKey { claim, rate }) = self.caller.key() else { return Ok(()) };
        if rate.counted().is_none() {
            let address = self.caller.origin().ip_address.as_deref();
            let counted = self.store.count_key_use(claim, address, self.store.ambient().now()).await?;
            counted.into_iter().for_each(|requests| rate.count(requests));
        }
        Ok(())
    }

    /// Also reads invitations that `inviter` made, in the same round trip; see [`Authorized::invitations`].
    pub const fn also_invitations_by(&mut self, inviter: UserId) {
        self.inviter = Some(inviter);
    }

    /// Reads the items. If the caller's verified address is another one than their seat has, the seat takes it first; see
    /// `team/address_moves.rs`.
    ///
    /// # Errors
    /// [`Error`] if the table fails. No access is granted then.
    pub async fn load(mut self) -> Result<Loaded<'a>, Error> {
        if self.changes {
            self.keys.push(keys::chain_head(self.workspace));
        }
        let offers = async {
            match self.inviter {
                Some(inviter) => self.store.invitations_by(self.workspace, inviter).await,
                None => Ok(Vec::new()),
            }
        };
        // The rate of a key is counted alongside, so that it costs no round trip.
        let counted = self.count_key_use();
        let (mut items, offers, ()) = tokio::try_join!(self.store.batch_get(&self.keys), offers, counted)?;
        let seat = keys::member(self.workspace, self.caller.user());
        let mut member = items.get(&seat).map(members::parse).transpose()?;
        let profile =
            items.get(&keys::profile(self.caller.user())).map(profiles::parse).transpose()?.unwrap_or_default();
        let head = items.get(&keys::workspace(self.workspace)).map(workspaces::parse).transpose()?;
        let billing = billing::parse(items.get(&keys::billing(self.workspace)))?;
        let presented = self.caller.key().map(|key| keys::api_key(self.workspace, key.claim.key));
        let key = presented.and_then(|key| items.get(&key)).map(api_keys::records::parse).transpose()?;
        let mut has_moved = false;
        if let Some(seated) = member.as_ref().filter(|_| head.as_ref().is_some_and(|head| head.live))
            && let Some(email) = self.store.follow_address(self.caller, seated).await
            && let Some(item) = items.get_mut(&seat)
        {
            members::set_address(item, &email, self.caller.issued_at());
            member = Some(members::parse(item)?);
            has_moved = true;
        }
        let log = keys::chain_head(self.workspace);
        // A move has continued the log.
        let is_known = self.changes && !has_moved;
        let known_head = if is_known { KnownHead::read(items.get(&log))? } else { KnownHead::Unread };
        let now = self.store.ambient().now();
        let Self { caller, command, .. } = self;
        Ok(Loaded {
            known_head,
            caller,
            head,
            member,
            key,
            has_moved,
            profile,
            billing,
            command,
            items,
            invitations: offers,
            now,
            plans: self.store.plans(),
        })
    }

    /// Reads for a request that changes nothing, opened to members who may do `action`. The member's presence is
    /// recorded in the same round trip. If the member's copy of their chosen name is outdated, a second round trip
    /// writes it.
    pub async fn authorize_read<E>(self, action: Action) -> Result<Authorized<'a>, E>
    where
        E: From<Error> + From<Denied>,
    {
        let (store, caller, workspace) = (self.store, self.caller, self.workspace);
        let presence = async {
            // A program is not present.
            if caller.key().is_none() {
                store.note_presence(caller, workspace).await;
            }
        };
        let (read, ()) = tokio::join!(self.unaudited().load(), presence);
        let inside = read?.authorize(action)?;
        if let Some(member) = inside.read.member.as_ref().filter(|_| caller.key().is_none()) {
            store.refresh_chosen_name(member, &inside.read.profile).await;
        }
        Ok(inside)
    }

    /// Reads, with a page of `list` in the same round trip; opened to members who may do `action`.
    pub async fn page<T, Id, E>(self, action: Action, list: List<T, Id>) -> Result<(Authorized<'a>, Page<T, Id>), E>
    where
        Id: Copy + std::fmt::Display,
        E: From<Error> + From<Denied>,
    {
        let (store, partition) = (self.store, (list.partition)(self.workspace));
        let (inside, page) =
            tokio::join!(self.authorize_read::<E>(action), store.page(partition.clone(), list.clone()));
        let inside = inside?;
        // The list may have been read before the caller's address moved.
        let page = if inside.read.has_moved { store.page(partition, list).await? } else { page? };
        Ok((inside, page))
    }
}

impl<'a> Loaded<'a> {
    /// Opens the items to an active member of a live workspace whose role allows `action`, unless a suspension stops
    /// it.
    ///
    /// # Errors
    /// [`Denied`] if the caller may not do it.
    pub fn authorize(mut self, action: Action) -> Result<Authorized<'a>, Denied> {
        // Who has no valid key does not learn which workspaces exist.
        let unknown = if self.caller.key().is_some() { KeyRefusal::Invalid.into() } else { Denied::Stranger };
        let workspace = self.head.take().filter(|workspace| workspace.live).ok_or(unknown)?;
        let (chosen, suspension) = (&self.profile.name, workspace.suspended.as_ref());
        let scope = match self.caller.key() {
            None => Scope::of_member(self.caller, chosen, self.member.as_ref(), suspension, action)?,
            Some(presented) => {
                let (key, role) = self.admitted(presented)?;
                Scope::of_key(self.caller, (key, role), self.member.as_ref(), suspension, action)?
            }
        };
        let scope = scope.with_head(self.known_head.clone());
        let billing = std::mem::take(&mut self.billing);
        let plans = self.plans;
        Ok(Authorized { scope, workspace, billing, plans, read: self })
    }

    /// Returns the API key that the caller presents, verified and within its rate, for a question about it.
    ///
    /// # Errors
    /// [`KeyRefusal`] if it cannot be used.
    pub fn admit_key(&self) -> Result<Admitted<'_>, KeyRefusal> {
        let presented = self.caller.key().ok_or(KeyRefusal::Invalid)?;
        let workspace = self.head.as_ref().filter(|workspace| workspace.live).ok_or(KeyRefusal::Invalid)?;
        let (key, role) = self.admitted(presented)?;
        Ok(Admitted { key, role, workspace, standing: self.billing.standing(self.plans, self.now) })
    }

    /// Returns the verified API key that the caller presents, and the role of its holder; within its rate.
    fn admitted(&self, presented: &PresentedKey) -> Result<(&ApiKey, Role), KeyRefusal> {
        let PresentedKey { claim, rate } = presented;
        let key = self.key.as_ref().ok_or(KeyRefusal::Invalid)?;
        let address = self.caller.origin().ip_address.as_deref();
        // A forged key is not counted, and what a real one is refused for is said to its holder only.
        let requests = rate.counted();
        let admitted = key.admits(claim, self.member.as_ref(), address, self.now);
        let requests = requests.filter(|_| admitted != Err(KeyRefusal::Invalid)).ok_or(KeyRefusal::Invalid)?;
        let plan = self.billing.standing(self.plans, self.now).plan;
        let state = RateState::after(requests, self.plans.requests_per_minute(plan), self.now);
        rate.set(state);
        let role = admitted?;
        state.check(requests)?;
        Ok((key, role))
    }

    /// Returns the earlier answer to this command; none to a program, whose key is not verified yet.
    ///
    /// # Errors
    /// [`Error::KeyReused`] if another command was sent under the same key, [`Error::InProgress`] if the command has
    /// not finished.
    pub fn earlier_answer<T>(&self) -> Result<Option<Reply<T>>, Error> {
        if self.caller.key().is_some() {
            return Ok(None);
        }
        self.recorded_answer()
    }

    fn recorded_answer<T>(&self) -> Result<Option<Reply<T>>, Error> {
        let Some(command) = self.command else { return Ok(None) };
        let record = self.items.get(&keys::idempotency(self.caller.user(), &command.command));
        Ok(record.map(|item| idempotency::answer(item, command, self.now)).transpose()?.flatten())
    }

    pub(crate) fn take<T>(&self, slot: &Slot<T>) -> Result<Option<T>, Corrupt> {
        slot.take(&self.items)
    }
}

impl Authorized<'_> {
    /// The caller's profile.
    #[must_use]
    pub const fn profile(&self) -> &Profile {
        &self.read.profile
    }

    /// Returns invitations of the inviter passed to [`Entry::also_invitations_by`], as many as one query finds.
    #[must_use]
    pub fn invitations(&self) -> &[Invitation] {
        &self.read.invitations
    }

    /// Returns the reason why the caller may not take `action` now; `None` if they may.
    #[must_use]
    pub fn obstacle(&self, action: Action) -> Option<Obstacle> {
        let of_key = self.read.key.as_ref().filter(|_| self.scope.key().is_some()).and_then(|key| key.obstacle(action));
        of_key.or_else(|| action.obstacle(self.scope.role()?, self.workspace.suspended.as_ref()))
    }

    /// Checks that the caller may also do `action`.
    ///
    /// # Errors
    /// [`Denied`] if they may not.
    pub fn require(&self, action: Action) -> Result<(), Denied> {
        let role = self.scope.role().ok_or(Denied::Stranger)?;
        if let Some(key) = self.read.key.as_ref().filter(|_| self.scope.key().is_some()) {
            key.allows(action)?;
        }
        Denied::unless_allowed(action, role, self.workspace.suspended.as_ref())
    }

    /// Returns the value that was read into `slot`, if there is such an item.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if the item does not have the expected shape.
    pub fn take<T>(&self, slot: &Slot<T>) -> Result<Option<T>, Error> {
        Ok(self.read.take(slot)?)
    }

    /// See [`Loaded::earlier_answer`].
    pub fn earlier_answer<T>(&self) -> Result<Option<Reply<T>>, Error> {
        self.read.recorded_answer()
    }
}
