//! Compares a workspace's counters and address guards with its items.
//!
//! Every change moves a counter and the counted items together, so a difference stays the same until it is repaired,
//! whatever else changes. A repair therefore adds the difference to the counter and never overwrites it.

use crate::{
    audit::digest::Digest,
    email::Email,
    identity::access::Role,
    ids::{InvitationId, UserId},
    integrations::{Integration, IntegrationType},
    named,
    plans::price::PriceKey,
    team::invitation::Invitation,
    team::member::Member,
    workspace::head::{Counts, Workspace},
};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Holder of an e-mail address in a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, serde::Deserialize)]
#[serde(tag = "holder", content = "id", rename_all = "snake_case")]
pub enum Holder {
    /// The member who joined with the address.
    Member(UserId),
    /// The invitation sent to the address.
    Invitation(InvitationId),
}

/// Snapshot of everything that is counted or guarded in a workspace.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkspaceSnapshot {
    /// The workspace's head, with the counters.
    pub workspace: Workspace,
    /// All current and former members.
    pub members: Vec<Member>,
    /// The invitations.
    pub invitations: Vec<Invitation>,
    /// Holder of each guarded address; addresses are folded.
    pub addresses: BTreeMap<String, Holder>,
    /// The integrations.
    pub integrations: Vec<Integration>,
    /// Number of API keys.
    pub api_keys: u64,
    /// Number of repairs so far.
    pub repairs: u64,
}

/// A stored value that differs from the actual one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Difference {
    /// The kind of difference.
    pub code: DifferenceCode,
    /// The affected counter, member, invitation, task, or integration type.
    pub subject: String,
    /// The value stored in the table.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub recorded: Value,
    /// The actual value.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub found: Value,
    /// The result of the repair; null if the workspace was only examined.
    pub repair: Option<Repair>,
}

named! {
    /// Kind of difference.
    #[derive(PartialOrd, Ord)]
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
    pub enum DifferenceCode {
        /// A counter of the workspace's head is not the number of items it counts.
        Counter = "counter",
        /// The address of a member or an invitation is not guarded for its holder.
        AddressUnguarded = "address_unguarded",
        /// An address is guarded, but nobody holds it.
        AddressOfNobody = "address_of_nobody",
        /// Two holders have the same address.
        AddressOfTwo = "address_of_two",
        /// The runtime's record differs from ECS's tasks.
        Runtime = "runtime",
        /// Stripe does not sell a price of the catalogue, or sells it for another amount.
        Price = "price",
        /// The stored subscription differs from Stripe.
        Subscription = "subscription",
        /// The customer pays for several plans at Stripe, of which only the best counts.
        SecondSubscription = "second_subscription",
        /// The customer was deleted at Stripe, or the account of the API key does not know it.
        Customer = "customer",
        /// An integration refers to a secret that does not exist.
        SecretMissing = "secret_missing",
        /// The audit log does not end where its head says.
        AuditLog = "audit_log",
        /// A count of unread notifications is not the number of them.
        UnreadCount = "unread_count",
        /// A user's list of free workspaces lacks this one, or contains it although it does not count.
        FreeWorkspaceList = "free_workspace_list",
        /// A user's list of free containers lacks this one.
        FreeContainerList = "free_container_list",
    }
}

/// Result of the repair of a difference: `done`; `under_way` takes a moment; `ask_again` if there are more differences than
/// one request repairs; `by_hand` if an operator has to decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = RepairResult))]
#[serde(rename_all = "snake_case")]
pub enum Repair {
    /// The difference is repaired.
    Done,
    /// The repair was triggered and takes a moment.
    UnderWay,
    /// There are more differences than one repair handles; send the request again.
    AskAgain,
    /// An operator has to decide.
    ByHand,
}

/// Repair of an address guard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AddressRepair {
    /// Guards the address for its holder.
    Take(Email, Holder),
    /// Removes the guard of a folded address that nobody holds.
    Free(String, Holder),
}

/// The changes that repair the differences.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Repairs {
    /// Amount to add to each counter.
    pub counters: Vec<(Counter, i64)>,
    /// Repairs of address guards.
    pub addresses: Vec<AddressRepair>,
}

named! {
    /// A counter of the head.
    #[derive(PartialOrd, Ord)]
    pub enum Counter {
        /// Active owners.
        Owners = "owner_count",
        /// Active members.
        Members = "member_count",
        /// Members and invitations.
        Seats = "seat_count",
        /// Enabled integrations.
        Integrations = "integration_count",
        /// API keys.
        Keys = "api_key_count",
    }
}

impl Counter {
    const fn of(self, counts: &Counts) -> u64 {
        match self {
            Self::Owners => counts.owners,
            Self::Members => counts.members,
            Self::Seats => counts.seats,
            Self::Integrations => counts.integrations,
            Self::Keys => counts.api_keys,
        }
    }
}

/// Maximum number of addresses in one repair: each takes two of a transaction's hundred actions.
const MOST: usize = 40;

impl WorkspaceSnapshot {
    /// Computes the counters from the items.
    #[must_use]
    pub fn counted(&self) -> Counts {
        let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let active = || self.members.iter().filter(|member| member.is_active());
        let members = number(active().count());
        Counts {
            owners: number(active().filter(|member| member.role == Role::Owner).count()),
            members,
            seats: members.saturating_add(number(self.invitations.len())),
            integrations: number(self.integrations.iter().filter(|integration| integration.is_enabled()).count()),
            api_keys: self.api_keys,
        }
    }

    /// Returns the integrations that refer to a secret.
    pub fn with_secrets(&self) -> impl Iterator<Item = &Integration> {
        self.integrations.iter().filter(|integration| integration.kept().is_some())
    }

    /// Lists the addresses that should be guarded, with their holders.
    fn holders(&self) -> Vec<(&Email, Holder)> {
        let members = self.members.iter().filter(|member| member.is_active());
        let members = members.filter_map(|member| Some((member.email.as_ref()?, Holder::Member(member.user))));
        let invitations = self.invitations.iter().map(|offer| (&offer.email, Holder::Invitation(offer.id)));
        members.chain(invitations).collect()
    }

    /// Compares counters and address guards with the items; returns the differences and the changes that repair them.
    #[must_use]
    pub fn differences(&self) -> (Vec<Difference>, Repairs) {
        let (mut differences, mut repairs) = (Vec::new(), Repairs::default());
        let counted = self.counted();
        for counter in Counter::ALL {
            let (recorded, found) = (counter.of(&self.workspace.counts), counter.of(&counted));
            let drift = i128::from(found) - i128::from(recorded);
            if drift != 0 {
                let repair = Some(Repair::Done);
                let (recorded, found) = (json!(recorded), json!(found));
                let subject = counter.name().to_owned();
                differences.push(Difference { code: DifferenceCode::Counter, subject, recorded, found, repair });
                repairs.counters.push((counter, i64::try_from(drift).unwrap_or_default()));
            }
        }
        for (code, subject, fix) in self.addresses() {
            let room = repairs.addresses.len() < MOST;
            let of_two = code == DifferenceCode::AddressOfTwo;
            let repair = match fix {
                Some(fix) if room => {
                    repairs.addresses.push(fix);
                    Repair::Done
                }
                None if of_two => Repair::ByHand,
                // The guard in the way is removed first.
                Some(_) | None => Repair::AskAgain,
            };
            let of_nobody = code == DifferenceCode::AddressOfNobody;
            let (recorded, found) = (json!(of_nobody || of_two), json!(!of_nobody));
            differences.push(Difference { code, subject, recorded, found, repair: Some(repair) });
        }
        (differences, repairs)
    }

    /// Finds the addresses whose guard is wrong. The result names the holder, never the address.
    fn addresses(&self) -> Vec<(DifferenceCode, String, Option<AddressRepair>)> {
        let holders = self.holders();
        let unguarded = holders.iter().filter_map(|(email, holder)| {
            let twice = holders.iter().filter(|(other, _)| other.folded() == email.folded()).count() > 1;
            let taken = self.addresses.get(email.folded());
            let fix = || AddressRepair::Take((*email).clone(), *holder);
            match taken {
                // The holder of the guard keeps it.
                Some(taken) if taken == holder => None,
                Some(_) | None if twice => Some((DifferenceCode::AddressOfTwo, named(*holder), None)),
                Some(_) => Some((DifferenceCode::AddressUnguarded, named(*holder), None)),
                None => Some((DifferenceCode::AddressUnguarded, named(*holder), Some(fix()))),
            }
        });
        let of_nobody = self.addresses.iter().filter_map(|(address, holder)| {
            let is_held = holders.iter().any(|(email, held)| held == holder && email.folded() == address);
            let fix = || AddressRepair::Free(address.clone(), *holder);
            (!is_held).then(|| (DifferenceCode::AddressOfNobody, named(*holder), Some(fix())))
        });
        unguarded.chain(of_nobody).collect()
    }
}

impl Difference {
    /// The audit log, whose head is `head`, ends with `last`. Nothing repairs that: somebody has changed it by other means.
    #[must_use]
    pub fn audit_log(head: Option<(u64, Digest)>, last: Option<(u64, Digest)>) -> Self {
        let of = |end: Option<(u64, Digest)>| end.map(|(number, digest)| json!({"number": number, "digest": digest}));
        let (recorded, found) = (json!(of(head)), json!(of(last)));
        let (code, repair) = (DifferenceCode::AuditLog, Some(Repair::ByHand));
        Self { code, subject: "head".to_owned(), recorded, found, repair }
    }

    /// Name of the difference: its code and its subject.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.code.name(), self.subject)
    }

    /// True if a repair changes something about it.
    #[must_use]
    pub const fn is_repaired(&self) -> bool {
        matches!(self.repair, Some(Repair::Done | Repair::UnderWay))
    }

    /// The difference of an integration whose secret does not exist.
    #[must_use]
    pub fn secret_missing(kind: IntegrationType) -> Self {
        let (recorded, found) = (json!(true), json!(false));
        let repair = Some(Repair::Done);
        Self { code: DifferenceCode::SecretMissing, subject: kind.to_string(), recorded, found, repair }
    }

    /// The difference of an inbox whose head counts `recorded` unread notifications, while `found` are unread.
    #[must_use]
    pub fn unread_count(user: UserId, recorded: u64, found: u64, repair: Repair) -> Self {
        let (recorded, found) = (json!(recorded), json!(found));
        Self { code: DifferenceCode::UnreadCount, subject: user.to_string(), recorded, found, repair: Some(repair) }
    }

    /// The difference of a price of the catalogue, whose amount is `shown` to customers. `found` is the id and the amount of
    /// the price at Stripe; `None` if it cannot be bought.
    #[must_use]
    pub fn price(name: PriceKey, shown: Option<u64>, found: Option<(&str, Option<u64>)>) -> Self {
        let found = found.map(|(price, amount)| json!({ "price": price, "amount": amount }));
        Self {
            code: DifferenceCode::Price,
            subject: name.to_string(),
            recorded: json!({ "amount": shown }),
            found: found.unwrap_or(Value::Null),
            repair: Some(Repair::ByHand),
        }
    }
}

fn named(holder: Holder) -> String {
    match holder {
        Holder::Member(user) => user.to_string(),
        Holder::Invitation(invitation) => invitation.to_string(),
    }
}
