//! The list of everything in the table: each kind of item with its partition, its owner and its end of life.
//!
//! A stored type names its kind (`Stored::KIND`), so no type exists without one. Deletion and doctor iterate this list,
//! the test world compares every write with it, and docs/retention.md is generated from it and from `retention`. It knows no
//! shapes.

use domain::ids::WorkspaceId;

/// Partitions of a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkspacePartition {
    /// Audit records.
    Audit,
    /// The head of the audit log and its checkpoints.
    Chain,
    /// Deliveries to integrations.
    Deliveries,
    /// Health of integrations.
    Health,
    /// Inboxes of the members.
    Inbox,
    /// Use of the API keys.
    Keys,
    /// Live connections of the members.
    Live,
    /// Turns of the workspace at the queues.
    Pace,
    /// Usage of the workspace.
    Usage,
    /// Everything else.
    Own,
}

/// Partitions of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Partition {
    /// A partition of a workspace.
    Workspace(WorkspacePartition),
    /// A user.
    User,
    /// A recipient of e-mails, by a digest of their address.
    Recipient,
    /// One message that waits to be relayed.
    Outbox,
    /// One event of which members are to be notified.
    Notice,
    /// One event of Stripe's.
    Event,
    /// The nightly comparison with Stripe.
    Comparison,
}

/// Owners of items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// A workspace.
    Workspace,
    /// A person, in all their workspaces.
    User,
    /// The operator.
    Operator,
    /// Nobody: the item is work in progress.
    Nobody,
}

/// The end of an item's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndOfLife {
    /// Deleted with the workspace, as a leftover or together with one.
    WithWorkspace,
    /// Deleted last, when the deletion of the workspace is complete.
    AtEndOfDeletion,
    /// Deleted by its TTL alone.
    Expires,
    /// Deleted when its work is done. It is due until then.
    WhenDone,
    /// Deleted with the person's account, by `DELETE /me`. The identity provider reports no end of accounts.
    WithPerson,
    /// Never deleted, for this reason.
    Never(&'static str),
}

/// The TTL of a kind of items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// No item has a TTL.
    Absent,
    /// Items have one in some states.
    InSomeStates,
    /// Every item has one.
    Always,
}

/// Kinds of items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "named after the stored types")]
pub enum ItemKind {
    AccountDeletion,
    Address,
    Allowance,
    ApiKey,
    Audit,
    AuditHead,
    AuditLinking,
    Billing,
    Budget,
    Checkpoint,
    Command,
    Comparison,
    Connection,
    DeferredLetter,
    Deletion,
    DeletionReceipt,
    Delivery,
    Failing,
    Health,
    Heartbeat,
    InboxHead,
    Incident,
    Integration,
    Intent,
    Invitation,
    KeySpending,
    KeyUse,
    LettersOfDay,
    LettersReturned,
    LettersStopped,
    MailWindow,
    Member,
    Membership,
    Notice,
    Notification,
    Orphan,
    Outbox,
    Pace,
    Preferences,
    Profile,
    Publication,
    Repairs,
    Revocation,
    Runtime,
    SeatCheck,
    StripeEvent,
    SentLetter,
    UsageKey,
    Usage,
    User,
    Workspace,
}

/// The registration of a kind.
struct Registration {
    name: &'static str,
    partition: Partition,
    /// Formats of the sort keys, in which `*` is an id, a name or a number, and `**` anything. The key fits no format of
    /// another kind, unless that kind is listed later.
    sort_keys: &'static [&'static str],
    owner: Owner,
    end: EndOfLife,
    expiry: Expiry,
}

const OWN: Partition = Partition::Workspace(WorkspacePartition::Own);

impl Registration {
    /// Registers a kind that lives in the workspace's own partition and ends with it.
    const fn own(name: &'static str, sort_keys: &'static [&'static str]) -> Self {
        let (owner, end, expiry) = (Owner::Workspace, EndOfLife::WithWorkspace, Expiry::Absent);
        Self { name, partition: OWN, sort_keys, owner, end, expiry }
    }

    /// Registers a kind in another partition of the workspace that ends with it.
    const fn of_workspace(
        name: &'static str,
        partition: WorkspacePartition,
        sort_keys: &'static [&'static str],
        expiry: Expiry,
    ) -> Self {
        Self { partition: Partition::Workspace(partition), expiry, ..Self::own(name, sort_keys) }
    }

    /// Registers a kind in the partition of a user.
    const fn of_user(name: &'static str, sort_keys: &'static [&'static str]) -> Self {
        let (owner, end) = (Owner::User, EndOfLife::WithPerson);
        Self { partition: Partition::User, owner, end, ..Self::own(name, sort_keys) }
    }

    /// Registers a kind that has a partition for each item.
    const fn alone(name: &'static str, partition: Partition, end: EndOfLife, expiry: Expiry) -> Self {
        Self { partition, owner: Owner::Nobody, end, expiry, ..Self::own(name, &["META"]) }
    }
}

impl WorkspacePartition {
    /// All partitions of a workspace, in the order of their deletion.
    pub const ALL: [Self; 10] = [
        Self::Deliveries,
        Self::Health,
        Self::Inbox,
        Self::Keys,
        Self::Live,
        Self::Pace,
        Self::Usage,
        Self::Audit,
        Self::Chain,
        Self::Own,
    ];

    /// Returns the partitions with items that are deleted with the workspace.
    pub fn deleted_with_workspace() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|partition| {
            ItemKind::ALL.iter().any(|kind| {
                kind.partition() == Partition::Workspace(*partition) && kind.end() == EndOfLife::WithWorkspace
            })
        })
    }

    /// Name of the partition in positions of exports, which clients keep.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Audit => "audit",
            Self::Chain => "chain",
            Self::Deliveries => "deliveries",
            Self::Health => "health",
            Self::Inbox => "inbox",
            Self::Keys => "keys",
            Self::Live => "live",
            Self::Pace => "pace",
            Self::Usage => "usage",
            Self::Own => "own",
        }
    }

    /// End of the partition key, after the workspace's id.
    const fn suffix(self) -> &'static str {
        match self {
            Self::Audit => "#AUDIT",
            Self::Chain => "#CHAIN",
            Self::Deliveries => "#DELIVERIES",
            Self::Health => "#HEALTH",
            Self::Inbox => "#INBOX",
            Self::Keys => "#KEYS",
            Self::Live => "#LIVE",
            Self::Pace => "#PACE",
            Self::Usage => "#USAGE",
            Self::Own => "",
        }
    }

    /// Returns the partition's key for `workspace`.
    pub(crate) fn key(self, workspace: WorkspaceId) -> String {
        format!("WS#{workspace}{}", self.suffix())
    }
}

impl Partition {
    /// Format of the key, in which `*` is an id or a digest.
    fn format(self) -> String {
        match self {
            Self::Workspace(partition) => format!("WS#*{}", partition.suffix()),
            Self::User => "USER#*".to_owned(),
            Self::Recipient => "RECIPIENT#*".to_owned(),
            Self::Outbox => "OUTBOX#*".to_owned(),
            Self::Notice => "NOTICE#*".to_owned(),
            Self::Event => "EVENT#*".to_owned(),
            Self::Comparison => "COMPARISON".to_owned(),
        }
    }
}

impl ItemKind {
    /// All kinds.
    pub const ALL: [Self; 51] = [
        Self::AccountDeletion,
        Self::Address,
        Self::Allowance,
        Self::ApiKey,
        Self::Audit,
        Self::AuditHead,
        Self::AuditLinking,
        Self::Billing,
        Self::Budget,
        Self::Checkpoint,
        Self::Command,
        Self::Comparison,
        Self::Connection,
        Self::DeferredLetter,
        Self::Deletion,
        Self::DeletionReceipt,
        Self::Delivery,
        Self::Failing,
        Self::Health,
        Self::Heartbeat,
        Self::InboxHead,
        Self::Incident,
        Self::Integration,
        Self::Intent,
        Self::Invitation,
        Self::KeySpending,
        Self::KeyUse,
        Self::LettersOfDay,
        Self::LettersReturned,
        Self::LettersStopped,
        Self::MailWindow,
        Self::Member,
        Self::Membership,
        Self::Notice,
        Self::Notification,
        Self::Orphan,
        Self::Outbox,
        Self::Pace,
        Self::Preferences,
        Self::Profile,
        Self::Publication,
        Self::Repairs,
        Self::Revocation,
        Self::Runtime,
        Self::SeatCheck,
        Self::StripeEvent,
        Self::SentLetter,
        Self::UsageKey,
        Self::Usage,
        Self::User,
        Self::Workspace,
    ];

    const fn registration(self) -> Registration {
        use EndOfLife::{AtEndOfDeletion, Expires, Never, WhenDone, WithWorkspace};
        use Expiry::{Absent, Always, InSomeStates};
        use Registration as R;
        use WorkspacePartition as Within;
        match self {
            Self::AccountDeletion => {
                R { end: Expires, expiry: InSomeStates, ..R::of_user("account_deletion", &["ACCOUNT_DELETION"]) }
            }
            Self::Address => R::own("address", &["EMAIL#**"]),
            Self::Allowance => R::of_user("allowance", &["ALLOWANCE"]),
            Self::ApiKey => R::own("api_key", &["APIKEY#*"]),
            // Audit records outlive the workspace: docs/decisions/0018.
            Self::Audit => R { end: Expires, ..R::of_workspace("audit", Within::Audit, &["*"], Always) },
            // It has a TTL once the workspace is deleted.
            Self::AuditHead => {
                R { end: Expires, ..R::of_workspace("audit_head", Within::Chain, &["HEAD"], InSomeStates) }
            }
            Self::AuditLinking => {
                R { end: WhenDone, ..R::of_workspace("audit_linking", Within::Chain, &["LINKING"], Absent) }
            }
            Self::Billing => R::own("billing", &["SUBSCRIPTION"]),
            Self::Budget => R { expiry: Always, ..R::own("budget", &["BUDGET#*#*"]) },
            Self::Checkpoint => {
                R { end: Expires, ..R::of_workspace("checkpoint", Within::Chain, &["CHECKPOINT#*"], Always) }
            }
            Self::Command => R { end: Expires, expiry: Always, ..R::of_user("command", &["IDEM#*"]) },
            Self::Comparison => {
                let owner = Owner::Operator;
                R { owner, ..R::alone("comparison", Partition::Comparison, WhenDone, Absent) }
            }
            Self::Connection => R::of_workspace("connection", Within::Live, &["*#*"], Always),
            Self::DeferredLetter => R::own("deferred_letter", &["DEFERRED#*"]),
            Self::Deletion => R { end: AtEndOfDeletion, ..R::own("deletion", &["DELETION"]) },
            Self::DeletionReceipt => {
                R { end: Expires, expiry: InSomeStates, ..R::of_user("deletion", &["DELETION#*"]) }
            }
            Self::Delivery => R::of_workspace("delivery", Within::Deliveries, &["*"], InSomeStates),
            Self::Failing => R::of_workspace("failing", Within::Health, &["*#FAILING"], Absent),
            Self::Health => R::of_workspace("health", Within::Health, &["*#CHECK", "*#*"], Absent),
            Self::Heartbeat => R::own("heartbeat", &["HEARTBEAT"]),
            Self::InboxHead => R::of_workspace("inbox", Within::Inbox, &["*#HEAD"], Always),
            Self::Incident => R::of_workspace("incident", Within::Own, &["INCIDENT#*"], Absent),
            Self::Integration => R::own("integration", &["INTEGRATION#*"]),
            Self::Intent => R::own("intent", &["INTENT#*"]),
            Self::Invitation => R::own("invitation", &["INVITE#*"]),
            Self::KeySpending => R::of_workspace("key_spending", Within::Keys, &["SPENT#*#*#*"], Always),
            Self::KeyUse => R::of_workspace("key_use", Within::Keys, &["USE#*"], Absent),
            Self::LettersOfDay => R {
                sort_keys: &["DAY#*"],
                owner: Owner::User,
                ..R::alone("letters_of_day", Partition::Recipient, Expires, Always)
            },
            Self::LettersReturned => R {
                sort_keys: &["RETURNED"],
                owner: Owner::User,
                ..R::alone("letters_returned", Partition::Recipient, Expires, Always)
            },
            Self::LettersStopped => R {
                sort_keys: &["STOP"],
                owner: Owner::User,
                ..R::alone(
                    "letters_stopped",
                    Partition::Recipient,
                    Never("who has unsubscribed stays so, until they subscribe again"),
                    Absent,
                )
            },
            Self::MailWindow => R::of_workspace("mail_window", Within::Inbox, &["*#MAIL"], Absent),
            Self::Member => R::own("member", &["MEMBER#*"]),
            Self::Membership => R { end: WithWorkspace, ..R::of_user("membership", &["WS#*"]) },
            Self::Notice => R::alone("notice", Partition::Notice, WhenDone, Absent),
            Self::Notification => R::of_workspace("notification", Within::Inbox, &["*#N#*"], Always),
            Self::Orphan => R { end: WhenDone, ..R::own("orphan", &["SECRET#*"]) },
            Self::Outbox => R::alone("outbox", Partition::Outbox, WhenDone, Absent),
            Self::Pace => R::of_workspace("pace", Within::Pace, &["*"], Always),
            Self::Preferences => R::of_workspace("preferences", Within::Inbox, &["*#PREFERENCES"], Absent),
            Self::Profile => R::of_user("profile", &["PROFILE"]),
            Self::Publication => R::of_workspace("publication", Within::Inbox, &["PUBLISHED#*"], Always),
            Self::Repairs => R::own("repairs", &["REPAIRS"]),
            Self::Revocation => R::own("revocation", &["REVOKE#*"]),
            Self::Runtime => R::own("runtime", &["RUNTIME"]),
            Self::SeatCheck => R::own("seat_check", &["SEATS"]),
            Self::StripeEvent => R::alone("event", Partition::Event, Expires, Always),
            Self::SentLetter => R { expiry: Always, ..R::own("suspension_letter", &["LETTER#*#*"]) },
            Self::Usage => R::of_workspace("usage", Within::Usage, &["*#*#*"], Absent),
            Self::UsageKey => R::of_workspace("usage key", Within::Usage, &["KEY#**", "RETURN#**"], Always),
            Self::User => R::of_user("user", &["META"]),
            Self::Workspace => R { end: AtEndOfDeletion, ..R::own("workspace", &["META"]) },
        }
    }

    /// Name of the stored type.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.registration().name
    }

    /// Partition of the items.
    #[must_use]
    pub const fn partition(self) -> Partition {
        self.registration().partition
    }

    /// Owner of the items.
    #[must_use]
    pub const fn owner(self) -> Owner {
        self.registration().owner
    }

    /// End of life of the items.
    #[must_use]
    pub const fn end(self) -> EndOfLife {
        self.registration().end
    }

    /// TTL of the items.
    #[must_use]
    pub const fn expiry(self) -> Expiry {
        self.registration().expiry
    }

    /// Formats of the keys, in which `*` is an id, a name or a number, and `**` anything.
    #[cfg(test)]
    pub(crate) fn formats(self) -> Vec<(String, &'static str)> {
        let Registration { partition, sort_keys, .. } = self.registration();
        sort_keys.iter().map(|sk| (partition.format(), *sk)).collect()
    }

    /// Beginnings of the partition keys and the sort keys of these items, for scans. Items of other kinds may share them:
    /// [`Self::at`] decides.
    pub(crate) fn beginnings(self) -> impl Iterator<Item = (String, &'static str)> {
        let Registration { partition, sort_keys, .. } = self.registration();
        let beginning = |format: &str| format.split('*').next().unwrap_or_default().len();
        let pk = partition.format();
        let pk = pk.get(..beginning(&pk)).unwrap_or_default().to_owned();
        sort_keys.iter().map(move |sk| (pk.clone(), sk.split('*').next().unwrap_or_default()))
    }

    /// True if items of this kind are in the partition `pk`.
    pub(crate) fn is_in(self, pk: &str) -> bool {
        fits(&self.registration().partition.format(), pk)
    }

    /// Returns the kind of the item at (`pk`, `sk`); `None` if no kind is registered there.
    #[must_use]
    pub fn at(pk: &str, sk: &str) -> Option<Self> {
        let fits = |kind: &Self| {
            let Registration { partition, sort_keys, .. } = kind.registration();
            fits(&partition.format(), pk) && sort_keys.iter().any(|format| fits(format, sk))
        };
        Self::ALL.into_iter().find(fits)
    }
}

/// True if `key` has the parts of `format`. Addresses and usage keys may contain a `#`, which `**` takes.
fn fits(format: &str, key: &str) -> bool {
    if format == "**" {
        return true;
    }
    match (format.split_once('#'), key.split_once('#')) {
        (None, None) => format == "*" || format == key,
        (Some((format, formats)), Some((part, parts))) => (format == "*" || format == part) && fits(formats, parts),
        (Some(_), None) | (None, Some(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each sample key is registered, and each registered kind has a sample key.
    #[test]
    fn every_key_is_of_a_registered_kind() {
        let mut seen = Vec::new();
        let keys = include_str!("../../samples/keys.txt").lines().filter_map(|line| line.split_once(" | "));
        for (pk, sk) in keys.filter(|(pk, _)| !pk.starts_with("STRIPE#") && !pk.starts_with("EMAIL#")) {
            seen.push(ItemKind::at(pk, sk).unwrap_or_else(|| panic!("no kind is registered at {pk} | {sk}")));
        }
        for kind in ItemKind::ALL {
            assert!(seen.contains(&kind), "{kind:?} has no sample key");
        }
    }

    #[test]
    fn names_in_keys_may_contain_the_separator() {
        for (pk, sk, kind) in [
            ("WS#id", "EMAIL#a#b@example.com", ItemKind::Address),
            ("WS#id#USAGE", "KEY#a#b#c", ItemKind::UsageKey),
            ("WS#id#USAGE", "always#executions#2", ItemKind::Usage),
            ("WS#id#HEALTH", "slack#FAILING", ItemKind::Failing),
            ("WS#id#HEALTH", "slack#7", ItemKind::Health),
        ] {
            assert_eq!(ItemKind::at(pk, sk), Some(kind), "{pk} | {sk}");
        }
        for (pk, sk) in [("WS#id", "OTHER"), ("WS#id#OTHER", "META"), ("WS", "META"), ("USER#id#AUDIT", "aud_id")] {
            assert_eq!(ItemKind::at(pk, sk), None, "{pk} | {sk}");
        }
    }

    #[test]
    fn every_kind_is_listed_once() {
        for (position, kind) in ItemKind::ALL.iter().enumerate() {
            assert_eq!(*kind as usize, position, "{kind:?}");
        }
    }

    #[test]
    fn only_the_audit_log_outlives_the_workspace() {
        let kept = WorkspacePartition::ALL
            .into_iter()
            .filter(|partition| !WorkspacePartition::deleted_with_workspace().any(|deleted| deleted == *partition));
        assert_eq!(kept.collect::<Vec<_>>(), [WorkspacePartition::Audit, WorkspacePartition::Chain]);
    }
}
