//! What an export has of each kind of items. Only attributes that are listed here leave the table, so an attribute that
//! is added later is withheld until it is listed.

use crate::partitions::{ItemKind, Partition, WorkspacePartition};

/// What an export has of a kind of items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Export {
    /// These parts of each item.
    Parts(Parts),
    /// Nothing, for this reason.
    Nothing(&'static str),
}

/// The exported parts of an item. A field is an attribute, or a path such as `suspended.at` within one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    /// Names of the parts of the sort key, which `#` separates. A part without a name is the same in all items.
    pub key: &'static [&'static str],
    /// Fields that are exported, with everything in them.
    pub shown: &'static [&'static str],
    /// Fields among them that are stored as JSON texts.
    pub json: &'static [&'static str],
    /// Fields that are not exported: secrets and references to them, digests, links that somebody could pay on, names
    /// of the operator's staff and resources, and versions and deadlines that only Berth needs.
    pub withheld: &'static [&'static str],
}

const COPY: Export = Export::Nothing("a copy of what members, invitations and notifications say");
const REPETITIONS: Export = Export::Nothing("a record that makes repetitions safe");
const OTHERS: Export = Export::Nothing("data of a person, in all their workspaces");
const WORK: Export = Export::Nothing("work in progress, without data of its own");
const BOUNDS: Export = Export::Nothing("a counter that bounds requests");

impl ItemKind {
    /// What an export has of these items.
    #[must_use]
    pub const fn export(self) -> Export {
        Export::Parts(match self {
            Self::Audit => Parts {
                key: &["id"],
                shown: &[
                    "at",
                    "actor",
                    "actor_name",
                    "key",
                    "action",
                    "target",
                    "before",
                    "after",
                    "request_id",
                    "ip_address",
                    "place",
                ],
                json: &["before", "after"],
                withheld: &["digests", "salts"],
            },
            Self::AuditHead => Parts {
                key: &[],
                shown: &["at", "checkpointed", "digest", "kept_until", "last", "number"],
                json: &[],
                withheld: &["of_datadog", "of_webhook"],
            },
            Self::ApiKey => Parts {
                key: &["", "id"],
                shown: &[
                    "allotments",
                    "basis",
                    "created_at",
                    "expires_at",
                    "maker",
                    "name",
                    "networks",
                    "rotated_at",
                    "scopes",
                    "validity",
                ],
                json: &[],
                withheld: &["digest", "hint", "notices", "previous", "rights", "version"],
            },
            Self::KeySpending => {
                Parts { key: &["", "id", "month", "meter"], shown: &["spent"], json: &[], withheld: &[] }
            }
            Self::KeyUse => Parts {
                key: &["", "id"],
                shown: &["last_address", "last_used_at", "uses"],
                json: &[],
                withheld: &["actor", "current", "ends_at", "minute", "previous", "previous_until", "requests"],
            },
            Self::Billing => Parts {
                key: &[],
                shown: &[
                    "contract",
                    "customer",
                    "customer_facts.card",
                    "customer_facts.credit",
                    "granted",
                    "last_command.code",
                    "last_command.given_at",
                    "last_command.interval",
                    "last_command.kind",
                    "last_command.plan",
                    "last_command.status",
                    "last_error",
                    "ordered_by",
                    "other_subscriptions",
                    "owed.invoice",
                    "pending_checkout.currency",
                    "pending_checkout.expires_at",
                    "pending_checkout.interval",
                    "pending_checkout.plan",
                    "pending_checkout.quantity",
                    "pending_checkout.trial",
                    "refusal.at",
                    "refusal.reason",
                    "reversals",
                    "subscription.addons",
                    "subscription.cancel_at",
                    "subscription.cancel_at_period_end",
                    "subscription.collection_paused",
                    "subscription.currency",
                    "subscription.first_payment",
                    "subscription.grace_until",
                    "subscription.id",
                    "subscription.interval",
                    "subscription.paid_plan",
                    "subscription.pending_change.addons",
                    "subscription.pending_change.expires_at",
                    "subscription.pending_change.interval",
                    "subscription.pending_change.plan",
                    "subscription.period",
                    "subscription.scheduled",
                    "subscription.scheduled_addons",
                    "subscription.seats",
                    "subscription.status",
                    "subscription.trial_end",
                    "trialed_at",
                ],
                json: &[],
                withheld: &[
                    "attempt",
                    "checked_again_at",
                    "customer_facts.invoices",
                    "customer_facts.read_at",
                    "last_command.first",
                    "open",
                    "owed.payment_url",
                    "pending_checkout.session",
                    "pending_checkout.url",
                    "refusal.attempt",
                    "replaced",
                    "seats_until",
                    "subscription.pending_change.url",
                    "told",
                    "version",
                ],
            },
            Self::Checkpoint => {
                Parts { key: &["", "number"], shown: &["checkpoint"], json: &["checkpoint"], withheld: &[] }
            }
            Self::Delivery => Parts {
                key: &["id"],
                shown: &["at", "attempts", "event", "integration", "last", "occurrence", "state"],
                json: &[],
                withheld: &["setup"],
            },
            Self::Failing => Parts { key: &["type"], shown: &["failures", "since"], json: &[], withheld: &[] },
            Self::Health => Parts {
                key: &["type", "part"],
                shown: &["errors", "last_check", "last_error", "last_sync_at", "sent"],
                json: &[],
                withheld: &[],
            },
            Self::Incident => Parts {
                key: &["", "incident"],
                shown: &["at", "event", "occurrence"],
                json: &[],
                withheld: &["happened_at"],
            },
            Self::Heartbeat => Parts {
                key: &[],
                shown: &["active_at", "at", "cpu_percent", "ram_used_mb"],
                json: &[],
                withheld: &["attempt", "version"],
            },
            Self::Integration => Parts {
                key: &["", "type"],
                shown: &[
                    "changed_by",
                    "config",
                    "created_at",
                    "events",
                    "name",
                    "state.cause",
                    "state.status",
                    "updated_at",
                ],
                json: &[],
                withheld: &["setup", "state.secret", "version"],
            },
            Self::Intent => Parts {
                key: &["", "attempt"],
                shown: &[
                    "actor",
                    "actor_name",
                    "begun_at",
                    "given_at",
                    "ip_address",
                    "order.customer_name",
                    "order.interval",
                    "order.kind",
                    "order.plan",
                    "order.subscription",
                    "request_id",
                ],
                json: &[],
                withheld: &[
                    "attempt",
                    "command",
                    "command_body",
                    "first",
                    "order.aim",
                    "order.cancel_url",
                    "order.from",
                    "order.held",
                    "order.offers",
                    "order.price",
                    "order.quantity",
                    "order.success_url",
                    "order.trial",
                    "order.when",
                ],
            },
            Self::Invitation => Parts {
                key: &["", "id"],
                shown: &[
                    "created_at",
                    "delivery",
                    "email",
                    "expires_at",
                    "invited_by",
                    "invited_by_name",
                    "refusal",
                    "returned",
                    "role",
                    "sender",
                ],
                json: &[],
                withheld: &["version"],
            },
            Self::Member => Parts {
                key: &["", "user_id"],
                shown: &[
                    "accepted",
                    "accepted_at",
                    "blocked",
                    "chosen_name",
                    "created_at",
                    "email",
                    "full_name",
                    "invited_by",
                    "last_active_at",
                    "role",
                    "status",
                ],
                json: &[],
                withheld: &["address_issued_at", "chosen_name_version"],
            },
            Self::Notification => Parts {
                key: &["user_id", "", "id"],
                shown: &["happening", "read_at", "type"],
                json: &[],
                withheld: &["arrived", "audience", "seq", "version"],
            },
            Self::Preferences => Parts {
                key: &["user_id"],
                shown: &["email", "muted", "quiet.from", "quiet.to"],
                json: &[],
                withheld: &["version"],
            },
            Self::Runtime => Parts {
                key: &[],
                shown: &[
                    "generation",
                    "held_by",
                    "last_stop_reason",
                    "launch.plan",
                    "launch.size",
                    "requested_by",
                    "state.at",
                    "state.deadline",
                    "state.retry_at",
                    "state.since",
                    "state.started_at",
                    "state.status",
                    "wish",
                ],
                json: &[],
                withheld: &[
                    "check_at",
                    "commands",
                    "early_ends",
                    "launch.attempt",
                    "launch.outcome",
                    "launch.placement",
                    "launch.refusals",
                    "state.from",
                    "version",
                ],
            },
            Self::Usage => Parts {
                key: &["period", "meter", "shard"],
                shown: &["days", "days_since", "resets_at", "used"],
                json: &[],
                withheld: &["billing", "deal", "left", "limit", "number", "told", "version"],
            },
            Self::Workspace => Parts {
                key: &[],
                shown: &[
                    "created_at",
                    "description",
                    "held_by",
                    "integration_count",
                    "member_count",
                    "name",
                    "owner_count",
                    "personal",
                    "seat_count",
                    "settings",
                    "suspended.at",
                    "suspended.reason",
                    "timezone",
                    "updated_at",
                ],
                json: &["settings"],
                withheld: &["live", "settings_version", "suspended.by", "suspension_version"],
            },
            Self::Address | Self::InboxHead | Self::Membership => return COPY,
            Self::Command | Self::Publication | Self::StripeEvent | Self::SentLetter | Self::UsageKey => {
                return REPETITIONS;
            }
            Self::AccountDeletion
            | Self::Allowance
            | Self::DeletionReceipt
            | Self::LettersOfDay
            | Self::LettersReturned
            | Self::LettersStopped
            | Self::Profile
            | Self::User => return OTHERS,
            Self::AuditLinking
            | Self::Comparison
            | Self::Connection
            | Self::DeferredLetter
            | Self::Deletion
            | Self::MailWindow
            | Self::Notice
            | Self::Orphan
            | Self::Outbox
            | Self::Revocation
            | Self::SeatCheck => return WORK,
            Self::Budget | Self::Pace | Self::Repairs => return BOUNDS,
        })
    }

    /// The exported parts of these items, if there are any.
    #[must_use]
    pub const fn exported(self) -> Option<Parts> {
        match self.export() {
            Export::Parts(parts) => Some(parts),
            Export::Nothing(_) => None,
        }
    }
}

/// Returns the partitions with exported items, in the order of an export.
pub(super) fn parts() -> impl Iterator<Item = WorkspacePartition> {
    WorkspacePartition::ALL.into_iter().rev().filter(|partition| {
        let within = Partition::Workspace(*partition);
        ItemKind::ALL.iter().any(|kind| kind.partition() == within && kind.exported().is_some())
    })
}
