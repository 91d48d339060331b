//! What is kept of whom, and how it is erased: the part of docs/retention.md that the registration of kinds does not say.
//! Each kind has an answer, or it does not compile.

use crate::partitions::ItemKind;

/// Personal data in items of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonalData {
    /// What it is, and whose.
    pub data: &'static str,
    /// How it is erased when the account of that person is deleted.
    pub erased: &'static str,
}

const LEFT: &str = "deleted when they leave";
const REVOKED: &str = "revoked when its maker leaves; an invitation to them expires within 7 days";

impl ItemKind {
    /// Personal data in these items; `None` if they have ids of persons at most.
    #[must_use]
    pub const fn personal_data(self) -> Option<PersonalData> {
        let (data, erased) = match self {
            Self::AccountDeletion => ("addresses of a person, while it is pending", "when it is complete"),
            Self::Address => ("addresses of members and invited people", LEFT),
            Self::Audit => (
                "names and IP addresses of actors, addresses of members, texts of changes",
                "replaced by digests, also within 30 days after the deletion of the workspace",
            ),
            Self::Command => ("answers to a person, which can name members", "deleted; otherwise after 48 hours"),
            Self::Intent => ("name and IP address of the owner who gave the command", "emptied"),
            Self::Invitation => ("addresses of the invited person and of its maker, the maker's name", REVOKED),
            Self::LettersOfDay => ("digest of a mailbox", "by its TTL, after two days"),
            Self::LettersReturned => ("digest of a mailbox", "by its TTL, after 90 days"),
            Self::LettersStopped => (
                "digest of a mailbox",
                "not erased: without it the mailbox would get letters again; `subscribe again` in a letter ends it",
            ),
            Self::Member => ("names and addresses of members, present and former", "deleted"),
            Self::Profile => ("name, language and time zone of a person", "deleted"),
            Self::Workspace => ("texts and settings that members wrote", "not erased: they are the workspace's"),
            Self::KeyUse => (
                "the IP address from which an API key was last used",
                "deleted with the key, which its maker's leaving revokes",
            ),
            Self::Allowance
            | Self::ApiKey
            | Self::AuditHead
            | Self::AuditLinking
            | Self::Billing
            | Self::Budget
            | Self::Checkpoint
            | Self::Comparison
            | Self::Connection
            | Self::DeferredLetter
            | Self::Deletion
            | Self::DeletionReceipt
            | Self::Delivery
            | Self::Failing
            | Self::Health
            | Self::Heartbeat
            | Self::InboxHead
            | Self::Incident
            | Self::Integration
            | Self::KeySpending
            | Self::MailWindow
            | Self::Membership
            | Self::Notice
            | Self::Notification
            | Self::Orphan
            | Self::Outbox
            | Self::Pace
            | Self::Preferences
            | Self::Publication
            | Self::Repairs
            | Self::Revocation
            | Self::Runtime
            | Self::SeatCheck
            | Self::StripeEvent
            | Self::SentLetter
            | Self::UsageKey
            | Self::Usage
            | Self::User => return None,
        };
        Some(PersonalData { data, erased })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        export::Export,
        partitions::{EndOfLife, Expiry, Owner},
    };
    use expect_test::expect_file;
    use std::fmt::Write;

    const BEGINNING: &str = "# Retention\n\nEverything that the table holds: where, whose it is, when it is deleted, and \
        whether an export of the\nworkspace has it. Generated from `shared/store/src/partitions.rs`, `retention.rs` and \
        `export/kinds.rs` by\n`UPDATE_EXPECT=1 cargo test --workspace --lib -- retention_page`.\n\n";

    const PERSONAL: &str = "\n## Personal data\n\nItems of all other types have ids of persons at most. An id is a hash \
        of issuer and subject.\n\n| type | personal data | kept | erased with an account |\n|---|---|---|---|\n";

    const END: &str = "\n\"With the person\" means until they delete their account with `DELETE /me`: the identity \
        provider reports no end of\naccounts. [Deletion](architecture/deletion.md) has the order in which workspaces and \
        accounts are deleted, and how audit\nrecords are erased; [the table](architecture/table.md) the times of the \
        TTL. Outside the table, logs keep no names and no\naddresses, customers' secrets are deleted with their \
        integration, and Stripe and the identity provider keep what is\ntheirs \
        ([operations](operations.md#people-who-leave)).\n";

    fn end_of(kind: ItemKind) -> String {
        match kind.end() {
            EndOfLife::WithWorkspace => "with the workspace".to_owned(),
            EndOfLife::AtEndOfDeletion => "when the deletion of the workspace is complete".to_owned(),
            EndOfLife::Expires => "by its TTL".to_owned(),
            EndOfLife::WhenDone => "when its work is done".to_owned(),
            EndOfLife::WithPerson => "with the person".to_owned(),
            EndOfLife::Never(reason) => format!("never: {reason}"),
        }
    }

    #[test]
    fn retention_page_lists_every_kind() {
        let mut page =
            format!("{BEGINNING}| type | key | owner | deleted | TTL | exported |\n|---|---|---|---|---|---|\n");
        for kind in ItemKind::ALL {
            let keys: Vec<_> = kind.formats().into_iter().map(|(pk, sk)| format!("`{pk}` `{sk}`")).collect();
            let owner = match kind.owner() {
                Owner::Workspace => "workspace",
                Owner::User => "person",
                Owner::Operator => "operator",
                Owner::Nobody => "nobody",
            };
            let expiry = match kind.expiry() {
                Expiry::Absent => "no",
                Expiry::InSomeStates => "once it has ended",
                Expiry::Always => "yes",
            };
            let exported = match kind.export() {
                Export::Parts(_) => "yes".to_owned(),
                Export::Nothing(reason) => format!("no: {reason}"),
            };
            let (name, end) = (kind.name(), end_of(kind));
            writeln!(page, "| {name} | {} | {owner} | {end} | {expiry} | {exported} |", keys.join(", ")).unwrap();
        }
        page += PERSONAL;
        for (kind, personal) in ItemKind::ALL.into_iter().filter_map(|kind| Some((kind, kind.personal_data()?))) {
            let PersonalData { data, erased } = personal;
            writeln!(page, "| {} | {data} | {} | {erased} |", kind.name(), end_of(kind)).unwrap();
        }
        page += END;
        expect_file!["../../../docs/retention.md"].assert_eq(&page);
    }
}
