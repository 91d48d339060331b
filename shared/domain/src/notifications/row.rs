//! The table of notifications: type, category and recipients of each happening. docs/architecture/notifications.md has it,
//! and a test holds the two equal.

use super::{
    happening::Happening,
    shelf::{Category, NotificationType, Shelf},
};
use crate::{identity::access::Role, ids::UserId};

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Type of the notification.
    pub kind: NotificationType,
    /// Its category.
    pub category: Category,
    /// The weakest role of its recipients.
    pub audience: Role,
    /// The member who caused it.
    pub actor: ActorRule,
    /// Letters about it.
    pub letter: LetterRule,
}

/// Letters about a happening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterRule {
    /// It has a letter of its own, whatever members prefer.
    Own,
    /// It is mailed at once to members who get mail of its type.
    AtOnce,
    /// It is mailed as members prefer.
    Preferred,
    /// It is mailed in digests at most.
    Digest,
}

/// Treatment of the member who caused a happening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorRule {
    /// They are notified like the others: they may have caused it long before, or without noticing.
    Notified,
    /// They know, and are not notified.
    Skipped,
}

/// A member for whom a happening may become a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addressee {
    /// The member.
    pub user: UserId,
    /// Their role.
    pub role: Role,
}

impl Happening {
    /// The row of the table.
    #[must_use]
    pub fn row(&self) -> Row {
        use ActorRule::{Notified, Skipped};
        use Category::{Error, Info, Success, Warning};
        use NotificationType::{Agent, Billing, System, Team, Workflow};
        let (kind, category, audience, actor) = match self {
            Self::WorkspaceSuspended {} => (System, Error, Role::Viewer, Notified),
            Self::WorkspaceUnsuspended {} => (System, Success, Role::Viewer, Notified),
            Self::PlanChanged { .. } => (Billing, Info, Role::Admin, Notified),
            Self::PlanLapsed {} => (Billing, Error, Role::Admin, Notified),
            Self::PlanMigrated {} => (Billing, Info, Role::Admin, Notified),
            Self::TrialEnding {} => (Billing, Warning, Role::Admin, Notified),
            Self::PaymentFailed { .. } => (Billing, Error, Role::Admin, Notified),
            Self::PaymentRecovered {} => (Billing, Success, Role::Admin, Notified),
            Self::PaymentRefunded {} => (Billing, Info, Role::Admin, Notified),
            Self::PaymentDisputed {} => (Billing, Error, Role::Admin, Notified),
            Self::LimitNear { .. } | Self::LimitReached { .. } => (Billing, Warning, Role::Admin, Notified),
            Self::RuntimeStarted {} => (Agent, Success, Role::Member, Notified),
            Self::RuntimeStopped { .. } => (Agent, Info, Role::Member, Notified),
            Self::RuntimeFailed { .. } => (Agent, Error, Role::Member, Notified),
            Self::RuntimeResized {} => (Agent, Success, Role::Member, Notified),
            Self::RuntimeResizeFailed { .. } => (Agent, Warning, Role::Member, Notified),
            Self::IntegrationDisabled { .. } => (Workflow, Error, Role::Admin, Notified),
            Self::MemberJoined { .. } => (Team, Info, Role::Admin, Skipped),
            Self::MemberRemoved { .. } => (Team, Info, Role::Admin, Skipped),
            Self::RoleChanged { .. } => (Team, Info, Role::Admin, Skipped),
            Self::InvitationReturned { .. } => (Team, Warning, Role::Admin, Notified),
            Self::MailReturned { .. } => (Team, Warning, Role::Admin, Notified),
            Self::ApiKeyExpiring { .. } | Self::ApiKeyMakerLeft { .. } => (System, Warning, Role::Admin, Notified),
            Self::ApiKeyUnused { .. } => (System, Info, Role::Admin, Notified),
            Self::Published(published) => (published.kind, published.category, published.to.weakest(), Notified),
        };
        Row { kind, category, audience, actor, letter: self.letter() }
    }

    const fn letter(&self) -> LetterRule {
        match self {
            Self::WorkspaceSuspended {}
            | Self::WorkspaceUnsuspended {}
            | Self::PlanLapsed {}
            | Self::PlanMigrated {}
            | Self::TrialEnding {}
            | Self::PaymentFailed { .. }
            | Self::IntegrationDisabled { .. } => LetterRule::Own,
            Self::PaymentDisputed {}
            | Self::RuntimeFailed { .. }
            | Self::ApiKeyExpiring { .. }
            | Self::ApiKeyMakerLeft { .. } => LetterRule::AtOnce,
            Self::PlanChanged { .. }
            | Self::PaymentRecovered {}
            | Self::PaymentRefunded {}
            | Self::LimitNear { .. }
            | Self::LimitReached { .. }
            | Self::RuntimeStarted {}
            | Self::RuntimeStopped { .. }
            | Self::RuntimeResized {}
            | Self::RuntimeResizeFailed { .. }
            | Self::MemberJoined { .. }
            | Self::MemberRemoved { .. }
            | Self::RoleChanged { .. }
            | Self::InvitationReturned { .. }
            | Self::MailReturned { .. }
            | Self::ApiKeyUnused { .. } => LetterRule::Preferred,
            Self::Published(_) => LetterRule::Digest,
        }
    }

    /// The shelf of the inbox of `to` on which the notification is put; `None` if they are not a recipient. `actor` caused
    /// the happening.
    #[must_use]
    pub fn shelf_for(&self, to: Addressee, actor: Option<UserId>) -> Option<Shelf> {
        let Row { kind, audience, actor: rule, .. } = self.row();
        match rule {
            ActorRule::Skipped if actor == Some(to.user) => return None,
            ActorRule::Skipped | ActorRule::Notified => {}
        }
        if let Self::Published(published) = self {
            return published.to.shelf(kind, to.user, to.role);
        }
        if self.concerned() == Some(to.user) {
            return Some(Shelf { kind, audience: Role::Viewer });
        }
        (to.role >= audience).then_some(Shelf { kind, audience })
    }

    /// The member whom the happening concerns.
    const fn concerned(&self) -> Option<UserId> {
        match self {
            Self::RoleChanged { user_id, .. } => Some(*user_id),
            Self::WorkspaceSuspended {}
            | Self::WorkspaceUnsuspended {}
            | Self::PlanChanged { .. }
            | Self::PlanLapsed {}
            | Self::PlanMigrated {}
            | Self::TrialEnding {}
            | Self::PaymentFailed { .. }
            | Self::PaymentRecovered {}
            | Self::PaymentRefunded {}
            | Self::PaymentDisputed {}
            | Self::LimitNear { .. }
            | Self::LimitReached { .. }
            | Self::RuntimeStarted {}
            | Self::RuntimeStopped { .. }
            | Self::RuntimeFailed { .. }
            | Self::RuntimeResized {}
            | Self::RuntimeResizeFailed { .. }
            | Self::IntegrationDisabled { .. }
            | Self::MemberJoined { .. }
            | Self::MemberRemoved { .. }
            | Self::InvitationReturned { .. }
            | Self::MailReturned { .. }
            | Self::ApiKeyExpiring { .. }
            | Self::ApiKeyUnused { .. }
            | Self::ApiKeyMakerLeft { .. }
            | Self::Published(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        identity::access::Action, identity::profile::Language, ids::WorkspaceId,
        notifications::mailing::mode::EmailMode, plans::samples::plans, workspace::dashboard::DashboardPage,
    };
    use expect_test::expect_file;
    use std::{collections::BTreeSet, fmt::Write};

    fn name(happening: &Happening) -> String {
        serde_json::to_value(happening).unwrap()["event"].as_str().unwrap().to_owned()
    }

    #[test]
    fn samples_have_each_happening_once_and_parse_back() {
        let unknown = serde_json::json!({"event": "?", "facts": {}});
        let error = serde_json::from_value::<Happening>(unknown).unwrap_err().to_string();
        let (_, known) = error.split_once("expected one of ").unwrap();
        let known: BTreeSet<_> = known.split('`').skip(1).step_by(2).map(ToOwned::to_owned).collect();
        assert_eq!(Happening::samples().iter().map(name).collect::<BTreeSet<_>>(), known);
        for happening in Happening::samples() {
            let written = serde_json::to_value(&happening).unwrap();
            assert_eq!(serde_json::from_value::<Happening>(written).unwrap(), happening);
        }
    }

    /// The table of docs/architecture/notifications.md is generated from the rows.
    #[test]
    fn page_has_the_table_of_notifications() {
        let mut table = String::new();
        // What containers publish has recipients and words of its own.
        let known = Happening::samples().into_iter().filter(|happening| !matches!(happening, Happening::Published(_)));
        for happening in known {
            let Row { kind, category, audience, actor, letter } = happening.row();
            let mut to = format!("{audience} and above");
            if happening.concerned().is_some() {
                to += ", the member concerned";
            }
            if actor == ActorRule::Skipped {
                to += "; not who did it";
            }
            let mail = match (letter, kind.usual_email()) {
                (LetterRule::Own, _) => "a letter of its own",
                (LetterRule::AtOnce, EmailMode::Off) => "off; else at once",
                (LetterRule::AtOnce, EmailMode::Instant | EmailMode::Digest) => "at once",
                (LetterRule::Preferred | LetterRule::Digest, usual) => usual.name(),
            };
            let muted = if kind.is_locked_for(Role::Owner) { "not by owners" } else { "yes" };
            let [en, de] = [Language::En, Language::De].map(|language| happening.text(language, plans()));
            let link = happening.page(WorkspaceId::NIL).to_string().replace(&WorkspaceId::NIL.to_string(), "…");
            let event = name(&happening);
            writeln!(table, "| `{event}` | {kind} | {category} | {to} | {mail} | {muted} | `{link}` |").unwrap();
            for text in [en, de] {
                writeln!(table, "| | | | **{}** {} | | | |", text.title, text.body).unwrap();
            }
        }
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/architecture/notifications.md");
        let page = std::fs::read_to_string(path).unwrap();
        let (begin, end) = ("|---|---|---|---|---|---|---|\n", "\n## Inboxes");
        let (before, rest) = page.split_once(begin).unwrap();
        let (_, after) = rest.split_once(end).unwrap();
        expect_file![path].assert_eq(&format!("{before}{begin}{table}{end}{after}"));
    }

    /// Invariant 51.
    #[test]
    fn recipients_may_read_what_they_are_notified_of() {
        for happening in Happening::samples() {
            let action = match happening {
                Happening::WorkspaceSuspended {} | Happening::WorkspaceUnsuspended {} => Action::ReadWorkspace,
                Happening::PlanChanged { .. }
                | Happening::PlanLapsed {}
                | Happening::PlanMigrated {}
                | Happening::TrialEnding {}
                | Happening::LimitNear { .. }
                | Happening::LimitReached { .. } => Action::ReadBilling,
                Happening::PaymentFailed { .. }
                | Happening::PaymentRecovered {}
                | Happening::PaymentRefunded {}
                | Happening::PaymentDisputed {} => Action::ReadInvoices,
                Happening::RuntimeStarted {}
                | Happening::RuntimeStopped { .. }
                | Happening::RuntimeFailed { .. }
                | Happening::RuntimeResized {}
                | Happening::RuntimeResizeFailed { .. } => Action::ReadRuntime,
                Happening::IntegrationDisabled { .. } => Action::ReadIntegrations,
                Happening::MemberJoined { .. }
                | Happening::MemberRemoved { .. }
                | Happening::RoleChanged { .. }
                | Happening::MailReturned { .. } => Action::ListMembers,
                Happening::InvitationReturned { .. } => Action::ListInvitations,
                Happening::ApiKeyExpiring { .. }
                | Happening::ApiKeyUnused { .. }
                | Happening::ApiKeyMakerLeft { .. } => Action::ReadKeys,
                Happening::Published(_) => Action::ReadNotifications,
            };
            assert!(happening.row().audience >= action.required_role(), "{happening:?}");
        }
    }

    #[test]
    fn actors_of_team_changes_are_not_notified() {
        let [ana, ben] = ["ana", "ben"].map(|name| UserId::of("test", name));
        let changed = Happening::RoleChanged { user_id: ben, from: Role::Admin, to: Role::Viewer };
        let shelf = |user, role, actor| changed.shelf_for(Addressee { user, role }, actor);
        let of = |audience| Some(Shelf { kind: NotificationType::Team, audience });
        assert_eq!(shelf(ana, Role::Owner, Some(ana)), None);
        assert_eq!(shelf(ana, Role::Owner, Some(ben)), of(Role::Admin));
        assert_eq!(shelf(ana, Role::Member, Some(ben)), None);
        assert_eq!(shelf(ben, Role::Viewer, Some(ana)), of(Role::Viewer));
        assert_eq!(shelf(ben, Role::Viewer, Some(ben)), None);
        let failed = Happening::PaymentFailed { grace_until: None };
        let own = failed.shelf_for(Addressee { user: ana, role: Role::Owner }, Some(ana));
        assert_eq!(own, Some(Shelf { kind: NotificationType::Billing, audience: Role::Admin }));
    }

    #[test]
    fn texts_are_short_and_different_in_each_language() {
        for happening in Happening::samples() {
            let [en, de] = [Language::En, Language::De].map(|language| happening.text(language, plans()));
            let is_published = matches!(happening, Happening::Published(_));
            assert!(is_published || en.title != de.title && en.body != de.body, "{happening:?}");
            for text in [&en.title, &de.title] {
                assert!((1..=60).contains(&text.chars().count()) && !text.ends_with('.'), "{text}");
            }
            for text in [&en.body, &de.body] {
                assert!((1..=240).contains(&text.chars().count()) && text.ends_with('.'), "{text}");
            }
            let page = happening.page(WorkspaceId::NIL);
            assert!(!matches!(page, DashboardPage::Invitation(_)), "{happening:?}");
        }
    }
}
