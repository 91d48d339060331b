//! Addresses of members that follow the identity provider's. A request whose caller has another verified address than
//! their seat moves the guard, the seat and the record of it in one transaction, before the request continues.
//!
//! A request that shows no change costs nothing. The transaction requires everything that was read, so of two requests
//! one moves the address, and the other's attempt has no effect. Failures and timeouts are ignored: the next request tries
//! again.

use crate::{
    Scope, Store,
    table::calls::TransactionOutcome,
    table::change::Change,
    table::condition::Condition,
    table::error::Error,
    table::item::text,
    table::keys,
    table::transaction::Transaction,
    team::{addresses, invitations, members},
};
use domain::{
    audit::record::Entry as AuditEntry,
    email::Email,
    identity::denied::Denied,
    team::{
        address::{AddressStep, MAX_EXCHANGE},
        invitation::Invitation,
        member::{BlockedAddress, Member, MemberStatus},
    },
};
use identity::Caller;
use jiff::Timestamp;
use std::time::Duration;
use system_scope::SystemScope;

/// Time that a request waits for the move of an address.
const PATIENCE: Duration = Duration::from_secs(1);

/// A member and the address that they are to take.
struct Move {
    member: Member,
    to: Email,
    issued_at: Option<Timestamp>,
}

/// Members who take addresses in one change, each the one that the next holds.
struct Exchange {
    moves: Vec<Move>,
    end: End,
}

/// Holder of the address that the last member of an exchange takes.
enum End {
    Nobody,
    /// The first member of the exchange.
    First,
    /// An invitation to the address. Its recipient is the member, who cannot accept it.
    Invitation(Box<Invitation>),
}

/// The reason for which an address did not move.
#[derive(Debug, thiserror::Error)]
enum MoveError {
    /// A concurrent change came first.
    #[error("a concurrent change came first")]
    Lost,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] Error),
}

impl Store {
    /// Lets the address of `member`, who is `caller`, follow the verified one of the caller. Returns the address that
    /// the member has taken, if they have.
    pub(crate) async fn follow_address(&self, caller: &Caller, member: &Member) -> Option<Email> {
        let now = self.ambient().now();
        let followed = async {
            match member.address_step(caller.person(), caller.issued_at(), now) {
                AddressStep::Keep => Ok(None),
                AddressStep::Unblock => self.note_blocked(member, None).await.map(|()| None),
                AddressStep::Take(to) => match self.exchange(member, to, caller.issued_at()).await? {
                    Some(exchange) => self.exchange_addresses(caller, &exchange, now).await.map(|()| Some(to.clone())),
                    None => {
                        let blocked = BlockedAddress { email: to.clone(), at: now, issued_at: caller.issued_at() };
                        self.note_blocked(member, Some(blocked)).await.map(|()| None)
                    }
                },
            }
        };
        match tokio::time::timeout(PATIENCE, followed).await {
            Ok(Ok(taken)) => taken,
            Ok(Err(_)) | Err(_) => None,
        }
    }

    /// Finds out who must move for `member` to take `to`; `None` if it is held by somebody who does not give it up.
    async fn exchange(
        &self,
        member: &Member,
        to: &Email,
        issued_at: Option<Timestamp>,
    ) -> Result<Option<Exchange>, MoveError> {
        let workspace = member.workspace;
        let mut moves = vec![Move { member: member.clone(), to: to.clone(), issued_at }];
        while moves.len() <= MAX_EXCHANGE {
            let Some(wanted) = moves.last().map(|last| last.to.clone()) else { return Ok(None) };
            let end = match self.read_item(&keys::address(workspace, &wanted), addresses::parse).await? {
                None => End::Nobody,
                Some(addresses::Holder::Member(holder)) if holder == member.user => End::First,
                Some(addresses::Holder::Invitation(id)) => {
                    match self.read_item(&keys::invitation(workspace, id), invitations::parse).await? {
                        Some(invitation) => End::Invitation(Box::new(invitation)),
                        None => return Ok(None),
                    }
                }
                Some(addresses::Holder::Member(holder)) => {
                    // They give the address up if they wait for another one themselves.
                    let next = self.read_item(&keys::member(workspace, holder), members::parse).await?;
                    let next = next.filter(|next| next.is_active() && next.email.as_ref() == Some(&wanted));
                    let known = moves.iter().any(|known| known.member.user == holder);
                    match next.and_then(|next| Some((next.blocked.clone()?, next))).filter(|_| !known) {
                        Some((blocked, next)) => {
                            moves.push(Move { member: next, to: blocked.email, issued_at: blocked.issued_at })
                        }
                        None => return Ok(None),
                    }
                    continue;
                }
            };
            return Ok(Some(Exchange { moves, end }));
        }
        Ok(None)
    }

    async fn exchange_addresses(
        &self,
        caller: &Caller,
        Exchange { moves, end }: &Exchange,
        now: Timestamp,
    ) -> Result<(), MoveError> {
        let Some(first) = moves.first() else { return Ok(()) };
        let ended = match end {
            End::Nobody | End::First => None,
            End::Invitation(invitation) => Some(&**invitation),
        };
        let mut entries = moves.iter().map(|one| AuditEntry::address_changed(&one.member, &one.to)).rev();
        let last = entries.next().map(|entry| entry.revoking(ended.map(std::slice::from_ref).unwrap_or_default()));
        let mut entries: Vec<_> = last.into_iter().chain(entries).collect();
        let Some(own) = entries.pop() else { return Ok(()) };
        let workspace = first.member.workspace;
        let scope = Scope::on_behalf_of(&SystemScope::of(workspace), caller.user(), caller.origin().clone());
        let scope = scope.named(first.member.shown_name().cloned());
        let mut change = Change::<MoveError>::begin(self, &scope, own, now)?;
        change.require_live(MoveError::Lost);
        for (one, entry) in moves.iter().skip(1).rev().zip(entries) {
            change.record_for(&one.member, entry, now);
        }
        for (position, one) in moves.iter().enumerate() {
            change.set_address(one);
            let holder = addresses::Holder::Member(one.member.user);
            let from = match (moves.get(position + 1), end) {
                (Some(next), _) => Some(addresses::Holder::Member(next.member.user)),
                (None, End::First) => Some(addresses::Holder::Member(first.member.user)),
                (None, End::Invitation(invitation)) => Some(addresses::Holder::Invitation(invitation.id)),
                (None, End::Nobody) => None,
            };
            match from {
                Some(from) => change.replace_holder_of(&one.to, from, holder, MoveError::Lost)?,
                None => change.take_address(&one.to, holder, MoveError::Lost)?,
            };
        }
        match (end, &first.member.email) {
            (End::First, _) | (_, None) => {}
            (End::Nobody | End::Invitation(_), Some(former)) => {
                change.free_address(former, addresses::Holder::Member(first.member.user), MoveError::Lost);
            }
        }
        if let Some(invitation) = ended {
            change.end_invitation(invitation, MoveError::Lost);
        }
        change.commit(None, (), now).await.map(drop)
    }

    /// Notes the address that `member` could not take, or deletes the note.
    async fn note_blocked(&self, member: &Member, blocked: Option<BlockedAddress>) -> Result<(), MoveError> {
        let key = keys::member(member.workspace, member.user);
        let blocked = serde_dynamo::to_attribute_value(&blocked).map_err(|error| Error::Defect(error.into()))?;
        let mut transaction = Transaction::default();
        for condition in as_read(member) {
            transaction.require(&key, condition, MoveError::Lost);
        }
        transaction.set(&key, [("blocked".to_owned(), blocked)]);
        match self.transact(transaction).await? {
            TransactionOutcome::Done => Ok(()),
            TransactionOutcome::Refused(lost) => Err(lost),
        }
    }
}

/// Conditions: the member has a seat, and the address with which they were read.
fn as_read(member: &Member) -> [Condition; 2] {
    let address = match &member.email {
        Some(email) => Condition::Equals("email", text(email.written())),
        None => Condition::Unset("email"),
    };
    [Condition::Equals("status", text(MemberStatus::Active.name())), address]
}

impl Change<'_, MoveError> {
    fn set_address(&mut self, Move { member, to, issued_at }: &Move) -> &mut Self {
        let key = keys::member(member.workspace, member.user);
        for condition in as_read(member) {
            self.require(&key, condition, MoveError::Lost);
        }
        self.set(&key, members::address(to, *issued_at))
    }
}
