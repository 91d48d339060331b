//! Titles and bodies of notifications, in each language of the dashboard. They are made when a notification is shown, so a
//! reader who changes their language, and a text that is improved, change the notifications of before.

use super::{happening::Happening, notification::NotificationText};
use crate::{
    identity::access::Role,
    identity::profile::Language,
    ids::WorkspaceId,
    plans::{
        catalogue::Plans,
        names::{MeterName, PlanName},
    },
    runtime::record::StopReason,
    text::grouped,
    workspace::dashboard::DashboardPage,
};
use jiff::{Timestamp, tz::TimeZone};

impl Happening {
    /// Title and body in `language`. `plans` name plans and meters.
    #[must_use]
    pub fn text(&self, language: Language, plans: Plans) -> NotificationText {
        let (title, body) = match language {
            Language::En => self.english(plans),
            Language::De => self.german(plans),
        };
        NotificationText { title: title.to_owned(), body }
    }

    /// The page of the dashboard that shows more.
    #[must_use]
    pub fn page(&self, workspace: WorkspaceId) -> DashboardPage<'_> {
        match self {
            Self::Published(published) => match &published.link {
                Some(path) => DashboardPage::Below(workspace, path),
                None => DashboardPage::Overview(workspace),
            },
            Self::WorkspaceSuspended {}
            | Self::WorkspaceUnsuspended {}
            | Self::RuntimeStarted {}
            | Self::RuntimeStopped { .. }
            | Self::RuntimeFailed { .. }
            | Self::RuntimeResized {}
            | Self::RuntimeResizeFailed { .. } => DashboardPage::Overview(workspace),
            Self::PlanChanged { .. }
            | Self::PlanLapsed {}
            | Self::PlanMigrated {}
            | Self::TrialEnding {}
            | Self::PaymentFailed { .. }
            | Self::PaymentRecovered {}
            | Self::PaymentRefunded {}
            | Self::PaymentDisputed {}
            | Self::LimitNear { .. }
            | Self::LimitReached { .. } => DashboardPage::Billing(workspace),
            Self::IntegrationDisabled { .. } => DashboardPage::Integrations(workspace),
            Self::ApiKeyExpiring { .. } | Self::ApiKeyUnused { .. } | Self::ApiKeyMakerLeft { .. } => {
                DashboardPage::ApiKeys(workspace)
            }
            Self::MemberJoined { .. }
            | Self::MemberRemoved { .. }
            | Self::RoleChanged { .. }
            | Self::InvitationReturned { .. }
            | Self::MailReturned { .. } => DashboardPage::Team(workspace),
        }
    }

    fn english(&self, plans: Plans) -> (&str, String) {
        match self {
            Self::Published(published) => (published.title.as_str(), published.body.to_string()),
            Self::WorkspaceSuspended {} => (
                "Workspace suspended",
                "Reading, paying, leaving and deleting still work. The overview shows the reason.".to_owned(),
            ),
            Self::WorkspaceUnsuspended {} => {
                ("Suspension lifted", "The workspace can be used again as before.".to_owned())
            }
            Self::PlanChanged { from, to } => {
                ("Plan changed", format!("The plan changed from {} to {}.", title(plans, *from), title(plans, *to)))
            }
            Self::PlanLapsed {} => (
                "Plan no longer in force",
                "An invoice was not paid in time. Pay it to have the plan again.".to_owned(),
            ),
            Self::PlanMigrated {} => (
                "New version of your plan",
                "The workspace moves to another version of its plan. Billing shows price and date.".to_owned(),
            ),
            Self::TrialEnding {} => {
                ("Trial ends soon", "The trial of your plan ends within three days. Billing shows the date.".to_owned())
            }
            Self::PaymentFailed { grace_until: Some(until) } => {
                ("Payment failed", format!("Pay the invoice in time: the plan stays in force until {}.", day(*until)))
            }
            Self::PaymentFailed { grace_until: None } => {
                ("Payment failed", "Try again, or use another payment method.".to_owned())
            }
            Self::PaymentRecovered {} => ("Payment settled", "No failed payment is owed any more.".to_owned()),
            Self::PaymentRefunded {} => {
                ("Payment refunded", "A payment was refunded. Billing shows the amount.".to_owned())
            }
            Self::PaymentDisputed {} => (
                "Payment disputed",
                "Your bank disputes a payment. If the bank takes it back, the plan ends.".to_owned(),
            ),
            Self::LimitNear { resource, limit } => (
                "Limit is near",
                format!("At least 80 % of the plan's limit of {} is used.", counted(plans, *resource, *limit, ',')),
            ),
            Self::LimitReached { resource, limit } => {
                let limit = counted(plans, *resource, *limit, ',');
                ("Limit reached", format!("The plan's limit of {limit} was reached."))
            }
            Self::RuntimeStarted {} => ("Container started", "It is ready for use.".to_owned()),
            Self::RuntimeStopped { reason } => {
                ("Container stopped", sentence("The container stopped:", "nothing runs", *reason))
            }
            Self::RuntimeFailed { reason } => {
                ("Container failed", sentence("The container failed:", "it did not keep running", *reason))
            }
            Self::RuntimeResized {} => ("Container resized", "The container now has the size of the plan.".to_owned()),
            Self::RuntimeResizeFailed { reason } => (
                "Container not resized",
                sentence("The size could not be changed:", "the container keeps its size", *reason),
            ),
            Self::IntegrationDisabled { integration } => (
                "Integration disabled",
                format!(
                    "The receiver of {} is gone or has failed for days. Check it, then enable the integration again.",
                    integration.usual_name()
                ),
            ),
            Self::MemberJoined { role, .. } => ("Member joined", format!("A member joined as {role}.")),
            Self::MemberRemoved { .. } => ("Member left", "A member left or was removed.".to_owned()),
            Self::RoleChanged { from, to, .. } => {
                ("Role changed", format!("A member's role changed from {from} to {to}."))
            }
            Self::MailReturned { .. } => (
                "E-mail came back",
                "E-mail to a member came back or was marked as spam. Members with that address get no e-mail for 90 days."
                    .to_owned(),
            ),
            Self::ApiKeyExpiring { expires_at, .. } => (
                "API key expires soon",
                format!("An API key expires on {}. Rotate it in time, so that its programs keep working.", day(*expires_at)),
            ),
            Self::ApiKeyUnused { .. } => (
                "API key unused",
                "An API key was not used for 90 days. Revoke it if no program needs it any more.".to_owned(),
            ),
            Self::ApiKeyMakerLeft { keys: 1, .. } => (
                "API key revoked",
                "A member left, and their API key was revoked. Programs that used it need another one.".to_owned(),
            ),
            Self::ApiKeyMakerLeft { keys, .. } => (
                "API keys revoked",
                format!("A member left, and their {keys} API keys were revoked. Programs that used them need others."),
            ),
            Self::InvitationReturned { .. } => (
                "Invitation returned",
                "The letter of an invitation came back. Check the address and invite again.".to_owned(),
            ),
        }
    }

    fn german(&self, plans: Plans) -> (&str, String) {
        match self {
            Self::Published(published) => (published.title.as_str(), published.body.to_string()),
            Self::WorkspaceSuspended {} => (
                "Arbeitsbereich gesperrt",
                "Lesen, Bezahlen, Verlassen und Löschen bleiben möglich. Die Übersicht nennt den Grund.".to_owned(),
            ),
            Self::WorkspaceUnsuspended {} => {
                ("Sperre aufgehoben", "Der Arbeitsbereich ist wieder wie zuvor nutzbar.".to_owned())
            }
            Self::PlanChanged { from, to } => (
                "Tarif geändert",
                format!("Der Tarif wurde von {} zu {} geändert.", title(plans, *from), title(plans, *to)),
            ),
            Self::PlanLapsed {} => (
                "Tarif nicht mehr gültig",
                "Eine Rechnung wurde nicht rechtzeitig bezahlt. Nach der Zahlung gilt der Tarif wieder.".to_owned(),
            ),
            Self::PlanMigrated {} => (
                "Neue Version Ihres Tarifs",
                "Der Arbeitsbereich wechselt zu einer anderen Version seines Tarifs. Die Abrechnung zeigt Preis und Datum."
                    .to_owned(),
            ),
            Self::TrialEnding {} => (
                "Testphase endet bald",
                "Die Testphase Ihres Tarifs endet in höchstens drei Tagen. Die Abrechnung zeigt das Datum.".to_owned(),
            ),
            Self::PaymentFailed { grace_until: Some(until) } => (
                "Zahlung fehlgeschlagen",
                format!("Bezahlen Sie die Rechnung rechtzeitig: Der Tarif gilt noch bis {}.", day(*until)),
            ),
            Self::PaymentFailed { grace_until: None } => (
                "Zahlung fehlgeschlagen",
                "Versuchen Sie es erneut, oder verwenden Sie eine andere Zahlungsart.".to_owned(),
            ),
            Self::PaymentRecovered {} => ("Zahlung erledigt", "Es ist keine Zahlung mehr offen.".to_owned()),
            Self::PaymentRefunded {} => {
                ("Zahlung erstattet", "Eine Zahlung wurde erstattet. Die Abrechnung zeigt den Betrag.".to_owned())
            }
            Self::PaymentDisputed {} => (
                "Zahlung angefochten",
                "Ihre Bank ficht eine Zahlung an. Wenn sie das Geld zurückholt, endet der Tarif.".to_owned(),
            ),
            Self::LimitNear { resource, limit } => (
                "Grenze bald erreicht",
                format!(
                    "Mindestens 80 % der Grenze des Tarifs von {} sind erreicht.",
                    counted(plans, *resource, *limit, '.')
                ),
            ),
            Self::LimitReached { resource, limit } => (
                "Grenze erreicht",
                format!("Die Grenze des Tarifs von {} ist erreicht.", counted(plans, *resource, *limit, '.')),
            ),
            Self::RuntimeStarted {} => ("Container gestartet", "Er ist bereit.".to_owned()),
            Self::RuntimeStopped { reason } => {
                ("Container gestoppt", format!("Der Container wurde gestoppt{}.", german_reason(*reason)))
            }
            Self::RuntimeFailed { reason } => {
                ("Container ausgefallen", format!("Der Container ist ausgefallen{}.", german_reason(*reason)))
            }
            Self::RuntimeResized {} => {
                ("Container in neuer Größe", "Der Container hat jetzt die Größe des Tarifs.".to_owned())
            }
            Self::RuntimeResizeFailed { reason } => {
                ("Größe nicht geändert", format!("Der Container behält vorerst seine Größe{}.", german_reason(*reason)))
            }
            Self::IntegrationDisabled { integration } => (
                "Integration abgeschaltet",
                format!(
                    "Der Empfänger von {} fehlt oder antwortet seit Tagen nicht. Prüfen Sie ihn, und schalten Sie die \
                     Integration wieder ein.",
                    integration.usual_name()
                ),
            ),
            Self::MemberJoined { role, .. } => {
                ("Mitglied beigetreten", format!("Ein Mitglied ist als {} beigetreten.", german_role(*role)))
            }
            Self::MemberRemoved { .. } => {
                ("Mitglied gegangen", "Ein Mitglied ist gegangen oder wurde entfernt.".to_owned())
            }
            Self::RoleChanged { from, to, .. } => (
                "Rolle geändert",
                format!("Die Rolle eines Mitglieds wurde von {} zu {} geändert.", german_role(*from), german_role(*to)),
            ),
            Self::MailReturned { .. } => (
                "E-Mail zurückgekommen",
                "E-Mail an ein Mitglied kam zurück oder wurde als Spam gemeldet. Mitglieder mit dieser Adresse erhalten 90 Tage lang keine E-Mails."
                    .to_owned(),
            ),
            Self::ApiKeyExpiring { expires_at, .. } => (
                "API-Schlüssel läuft bald ab",
                format!(
                    "Ein API-Schlüssel läuft am {} ab. Erneuern Sie ihn rechtzeitig, damit seine Programme weiter funktionieren.",
                    day(*expires_at)
                ),
            ),
            Self::ApiKeyUnused { .. } => (
                "API-Schlüssel unbenutzt",
                "Ein API-Schlüssel wurde 90 Tage lang nicht benutzt. Widerrufen Sie ihn, wenn ihn kein Programm mehr braucht."
                    .to_owned(),
            ),
            Self::ApiKeyMakerLeft { keys: 1, .. } => (
                "API-Schlüssel widerrufen",
                "Ein Mitglied ist gegangen, und sein API-Schlüssel wurde widerrufen. Programme, die ihn benutzt haben, brauchen einen anderen."
                    .to_owned(),
            ),
            Self::ApiKeyMakerLeft { keys, .. } => (
                "API-Schlüssel widerrufen",
                format!(
                    "Ein Mitglied ist gegangen, und seine {keys} API-Schlüssel wurden widerrufen. Programme, die sie benutzt haben, brauchen andere."
                ),
            ),
            Self::InvitationReturned { .. } => (
                "Einladung zurückgekommen",
                "Die E-Mail einer Einladung kam zurück. Prüfen Sie die Adresse, und laden Sie erneut ein.".to_owned(),
            ),
        }
    }
}

/// Returns the sentence `begin reason.`, or one without a reason.
fn sentence(begin: &str, otherwise: &'static str, reason: Option<StopReason>) -> String {
    format!("{begin} {}.", reason.map_or(otherwise, StopReason::words))
}

const fn german_role(role: Role) -> &'static str {
    match role {
        Role::Viewer => "Betrachter",
        Role::Member => "Mitglied",
        Role::Admin => "Administrator",
        Role::Owner => "Inhaber",
    }
}

/// Returns the reason as the rest of a sentence.
const fn german_reason(reason: Option<StopReason>) -> &'static str {
    let Some(reason) = reason else { return "" };
    match reason {
        StopReason::Requested => ", weil ein Mitglied ihn angehalten hat",
        StopReason::Restarted => ", weil ein Mitglied ihn neu gestartet hat",
        StopReason::Resized => ", um in einer anderen Größe neu zu starten",
        StopReason::PastDue => ", weil eine Rechnung offen ist; er startet nach der Zahlung wieder",
        StopReason::NotIncluded => ", weil der Tarif keinen Container enthält",
        StopReason::Idle => ", weil er nicht benutzt wurde",
        StopReason::Deleted => ", weil der Arbeitsbereich gelöscht wurde",
        StopReason::Suspended => ", weil der Arbeitsbereich gesperrt ist",
        StopReason::Exited => ", weil sich sein Prozess beendet hat",
        StopReason::HostLost => ", weil sein Rechner außer Betrieb ging",
        StopReason::Unstartable => ", weil er nicht gestartet werden konnte",
        StopReason::NoCapacity => ", weil keine Kapazität frei war",
        StopReason::SizeUnavailable => {
            ", weil für die neue Größe keine Kapazität frei war; es wird bald erneut versucht"
        }
        StopReason::SizeFailed => ", weil kein Container der neuen Größe startete; es wird bald erneut versucht",
        StopReason::StartTimedOut => ", weil er nicht rechtzeitig startete",
        StopReason::StopTimedOut => ", weil er nicht rechtzeitig anhielt",
        StopReason::Misconfigured => ", weil auf unserer Seite ein Fehler vorliegt; wenden Sie sich an den Support",
    }
}

fn title(plans: Plans, plan: PlanName) -> String {
    plans.named(plan).map_or_else(|_| plan.to_string(), |plan| plan.title.to_owned())
}

/// Returns a number of a meter with its unit, and with `mark` between each three digits.
fn counted(plans: Plans, meter: MeterName, number: u64, mark: char) -> String {
    let number = grouped(number, mark);
    plans.meter(meter).map_or_else(|| format!("{number} {meter}"), |meter| format!("{number} {}", meter.unit))
}

/// Returns the day in UTC, in the notation that both languages read.
fn day(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).date().to_string()
}
