//! What a workspace's counters and guards should be by its own items, and in what they differ.
//!
//! Every change moves a counter and what it counts together. So a difference stays the same whatever else happens, until somebody
//! repairs it: it is added to the counter, not written over it.

use crate::{
    email::Email,
    identity::access::Role,
    ids::{InvitationId, UserId},
    integrations::{Integration, IntegrationType},
    team::invitation::Invitation,
    team::member::Member,
    workspace::head::{Counts, Workspace},
};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Who has taken an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, serde::Deserialize)]
#[serde(tag = "holder", content = "id", rename_all = "snake_case")]
pub enum Holder {
    /// A member, seated under it.
    Member(UserId),
    /// An invitation to it.
    Invitation(InvitationId),
}

/// All that is counted or guarded in a workspace, as it was at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Books {
    /// The head, with the counters.
    pub workspace: Workspace,
    /// Everybody who has a seat, or had one.
    pub members: Vec<Member>,
    /// The invitations.
    pub invitations: Vec<Invitation>,
    /// Who has taken which address, folded.
    pub addresses: BTreeMap<String, Holder>,
    /// The integrations.
    pub integrations: Vec<Integration>,
    /// How often something was repaired.
    pub repairs: u64,
}

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Difference {
    /// What differs.
    pub code: DifferenceCode,
    /// Of what: a counter, a member, an invitation, a task, a type of integration.
    pub subject: String,
    /// What the table says.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub recorded: Value,
    /// What is so.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub found: Value,
    /// What becomes of it; null where it was only looked at.
    pub repair: Option<Repair>,
}

/// What can differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DifferenceCode {
    /// A counter of the head is not the number of what it counts.
    Counter,
    /// Somebody has a seat, or an invitation, whose address is not taken for him.
    AddressUnguarded,
    /// An address is taken for nobody.
    AddressOfNobody,
    /// Two have the same address.
    AddressOfTwo,
    /// The runtime's record and ECS's tasks.
    Runtime,
    /// What the workspace pays for, and what Stripe says.
    Subscription,
    /// An integration refers to a secret that is not there.
    SecretMissing,
    /// The list of a person's free workspaces lacks this one, or has it although it does not count.
    FreeWorkspaceList,
    /// The list of a person's free containers lacks this one.
    FreeContainerList,
}

impl DifferenceCode {
    /// The name in answers and audit records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::AddressUnguarded => "address_unguarded",
            Self::AddressOfNobody => "address_of_nobody",
            Self::AddressOfTwo => "address_of_two",
            Self::Runtime => "runtime",
            Self::Subscription => "subscription",
            Self::SecretMissing => "secret_missing",
            Self::FreeWorkspaceList => "free_workspace_list",
            Self::FreeContainerList => "free_container_list",
        }
    }
}

/// What becomes of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Repair {
    /// It is gone.
    Done,
    /// What brings it about was set off, and takes a moment.
    UnderWay,
    /// There is more than one repair takes; ask again.
    AskAgain,
    /// A person has to decide.
    ByHand,
}

/// How an address is put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mend {
    /// It is taken for whoever should have it.
    Take(Email, Holder),
    /// It is freed, which is taken for nobody; folded.
    Free(String, Holder),
}

/// What is to be changed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mending {
    /// What is added to each counter, by the attribute's name.
    pub counters: Vec<(Counter, i64)>,
    /// What becomes of addresses.
    pub addresses: Vec<Mend>,
}

/// A counter of the head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counter {
    /// Active owners.
    Owners,
    /// Active members.
    Members,
    /// Members and invitations.
    Seats,
    /// Integrations at work.
    Integrations,
}

impl Counter {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Owners, Self::Members, Self::Seats, Self::Integrations];

    /// Its attribute.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owners => "owner_count",
            Self::Members => "member_count",
            Self::Seats => "seat_count",
            Self::Integrations => "integration_count",
        }
    }

    const fn of(self, counts: &Counts) -> u64 {
        match self {
            Self::Owners => counts.owners,
            Self::Members => counts.members,
            Self::Seats => counts.seats,
            Self::Integrations => counts.integrations,
        }
    }
}

/// How many addresses one repair puts right: each takes two of a transaction's hundred actions.
const MOST: usize = 40;

impl Books {
    /// What the counters should be.
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
        }
    }

    /// The integrations that refer to a secret.
    pub fn with_secrets(&self) -> impl Iterator<Item = &Integration> {
        self.integrations.iter().filter(|integration| integration.kept().is_some())
    }

    /// Whoever should have taken an address.
    fn holders(&self) -> Vec<(&Email, Holder)> {
        let members = self.members.iter().filter(|member| member.is_active());
        let members = members.filter_map(|member| Some((member.email.as_ref()?, Holder::Member(member.user))));
        let invitations = self.invitations.iter().map(|offer| (&offer.email, Holder::Invitation(offer.id)));
        members.chain(invitations).collect()
    }

    /// In what the counters and the addresses differ from the items, and what puts that right.
    #[must_use]
    pub fn examined(&self) -> (Vec<Difference>, Mending) {
        let (mut differences, mut mending) = (Vec::new(), Mending::default());
        let counted = self.counted();
        for counter in Counter::ALL {
            let (recorded, found) = (counter.of(&self.workspace.counts), counter.of(&counted));
            let drift = i128::from(found) - i128::from(recorded);
            if drift != 0 {
                let repair = Some(Repair::Done);
                let (recorded, found) = (json!(recorded), json!(found));
                let subject = counter.name().to_owned();
                differences.push(Difference { code: DifferenceCode::Counter, subject, recorded, found, repair });
                mending.counters.push((counter, i64::try_from(drift).unwrap_or_default()));
            }
        }
        for (code, subject, mend) in self.addresses() {
            let room = mending.addresses.len() < MOST;
            let of_two = code == DifferenceCode::AddressOfTwo;
            let repair = match mend {
                Some(mend) if room => {
                    mending.addresses.push(mend);
                    Repair::Done
                }
                None if of_two => Repair::ByHand,
                // What is in the way is freed first.
                Some(_) | None => Repair::AskAgain,
            };
            let of_nobody = code == DifferenceCode::AddressOfNobody;
            let (recorded, found) = (json!(of_nobody || of_two), json!(!of_nobody));
            differences.push(Difference { code, subject, recorded, found, repair: Some(repair) });
        }
        (differences, mending)
    }

    /// Addresses that are not taken as they should be. Who has one is named, the address is not.
    fn addresses(&self) -> Vec<(DifferenceCode, String, Option<Mend>)> {
        let holders = self.holders();
        let unguarded = holders.iter().filter_map(|(email, holder)| {
            let twice = holders.iter().filter(|(other, _)| other.folded() == email.folded()).count() > 1;
            let taken = self.addresses.get(email.folded());
            let mend = || Mend::Take((*email).clone(), *holder);
            match taken {
                // Of two, he who has it keeps it.
                Some(taken) if taken == holder => None,
                Some(_) | None if twice => Some((DifferenceCode::AddressOfTwo, named(*holder), None)),
                Some(_) => Some((DifferenceCode::AddressUnguarded, named(*holder), None)),
                None => Some((DifferenceCode::AddressUnguarded, named(*holder), Some(mend()))),
            }
        });
        let of_nobody = self.addresses.iter().filter_map(|(address, holder)| {
            let is_held = holders.iter().any(|(email, held)| held == holder && email.folded() == address);
            let mend = || Mend::Free(address.clone(), *holder);
            (!is_held).then(|| (DifferenceCode::AddressOfNobody, named(*holder), Some(mend())))
        });
        unguarded.chain(of_nobody).collect()
    }
}

impl Difference {
    /// What differs, and of what.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.code.name(), self.subject)
    }

    /// Whether a repair does something about it.
    #[must_use]
    pub const fn is_mended(&self) -> bool {
        matches!(self.repair, Some(Repair::Done | Repair::UnderWay))
    }

    /// An integration whose secret is not there.
    #[must_use]
    pub fn secret_missing(kind: IntegrationType) -> Self {
        let (recorded, found) = (json!(true), json!(false));
        let repair = Some(Repair::Done);
        Self { code: DifferenceCode::SecretMissing, subject: kind.to_string(), recorded, found, repair }
    }
}

fn named(holder: Holder) -> String {
    match holder {
        Holder::Member(user) => user.to_string(),
        Holder::Invitation(invitation) => invitation.to_string(),
    }
}
