//! Letters in German.

use super::Words;
use crate::{
    content::{Fact, Name, Passage},
    moment::LocalTime,
    price::{Amount, PriceChange},
};
use domain::{
    email::Email, identity::access::Role, integrations::Cause, notifications::shelf::Category, plans::money::Interval,
};

pub(super) struct German;

const ADMINS: &str = "Sie erhalten diese E-Mail, weil Sie den Arbeitsbereich besitzen oder verwalten.";
const OWNERS: &str = "Sie erhalten diese E-Mail, weil Sie den Arbeitsbereich besitzen.";
const MEMBERS: &str = "Sie erhalten diese E-Mail, weil Sie Mitglied des Arbeitsbereichs sind.";

/// "Im Arbeitsbereich Acme", at the beginning of a sentence.
fn inside(workspace: Option<Name<'_>>) -> String {
    workspace.map_or_else(|| "In einem Ihrer Arbeitsbereiche".to_owned(), |name| format!("Im Arbeitsbereich {name}"))
}

fn yours(workspace: Option<Name<'_>>) -> String {
    workspace.map_or_else(|| "Arbeitsbereich".to_owned(), |name| format!("Arbeitsbereich {name}"))
}

fn of_yours(workspace: Option<Name<'_>>) -> String {
    workspace.map_or_else(|| "Arbeitsbereichs".to_owned(), |name| format!("Arbeitsbereichs {name}"))
}

fn date(at: &LocalTime) -> String {
    let month = match at.date.month() {
        1 => "Januar",
        2 => "Februar",
        3 => "März",
        4 => "April",
        5 => "Mai",
        6 => "Juni",
        7 => "Juli",
        8 => "August",
        9 => "September",
        10 => "Oktober",
        11 => "November",
        _ => "Dezember",
    };
    format!("{}. {month} {}", at.date.day(), at.date.year())
}

fn price(amount: Amount, change: &PriceChange) -> String {
    let seat = if change.is_by_seat { " und Platz" } else { "" };
    let interval = match change.interval {
        Interval::Month => "pro Monat",
        Interval::Year => "pro Jahr",
    };
    format!("{} {interval}{seat}", amount.currency.write(amount.minor_units).replace('.', ","))
}

const fn cause_words(cause: Cause) -> &'static str {
    match cause {
        Cause::Gone => "Der Empfänger hat mit 410 geantwortet, also gibt es ihn endgültig nicht mehr",
        Cause::Failing => "Seit fünf Tagen ist dort nichts angekommen, in mindestens fünf Versuchen",
    }
}

impl Words for German {
    fn quotes(&self) -> [&'static str; 2] {
        ["„", "“"]
    }

    fn moment(&self, at: &LocalTime) -> String {
        let LocalTime { clock, zone, offset, .. } = at;
        let date = date(at);
        if zone == offset { format!("{date}, {clock} UTC") } else { format!("{date}, {clock} ({zone}, {offset})") }
    }

    fn short_moment(&self, at: &LocalTime) -> String {
        format!("{}, {} {}", date(at), at.clock, at.offset)
    }

    fn stop(&self) -> &'static str {
        "Diese E-Mails abbestellen"
    }

    fn preferences(&self) -> &'static str {
        "Einstellungen für Benachrichtigungen"
    }

    fn support(&self) -> &'static str {
        "Support"
    }

    fn category(&self, category: Category) -> &'static str {
        match category {
            Category::Info => "Info",
            Category::Success => "Erfolg",
            Category::Warning => "Warnung",
            Category::Error => "Fehler",
        }
    }

    fn untitled(&self) -> &'static str {
        "Benachrichtigung"
    }

    fn further(&self, more: u64) -> String {
        match more {
            1 => "Eine weitere Benachrichtigung ist ungelesen.".to_owned(),
            more => format!("{more} weitere Benachrichtigungen sind ungelesen."),
        }
    }

    fn invitation(&self, inviter: &Email, workspace: Option<Name<'_>>, role: Role, until: &str) -> Passage {
        let inviter = inviter.written();
        let place = workspace
            .map_or_else(|| "in einen Arbeitsbereich".to_owned(), |name| format!("in den Arbeitsbereich {name}"));
        let role = match role {
            Role::Viewer => "Betrachter",
            Role::Member => "Mitglied",
            Role::Admin => "Administrator",
            Role::Owner => "Inhaber",
        };
        Passage {
            subject: "Sie sind in einen Arbeitsbereich eingeladen".to_owned(),
            lead: vec![format!("{inviter} lädt Sie {place} ein. Ihre Rolle ist {role}.")],
            facts: vec![],
            action: "Einladung annehmen",
            notes: vec![
                format!("Der Link gilt einmal, für diese E-Mail-Adresse, bis {until}."),
                "Wenn Sie die Einladung nicht erwartet haben, müssen Sie nichts tun.".to_owned(),
            ],
            reason: format!("Sie erhalten diese E-Mail, weil {inviter} Ihre Adresse eingeladen hat."),
        }
    }

    fn integration_disabled(
        &self,
        workspace: Option<Name<'_>>,
        integration: Option<Name<'_>>,
        cause: Cause,
    ) -> Passage {
        let which = integration.map_or_else(|| "eine Integration".to_owned(), |name| format!("die Integration {name}"));
        Passage {
            subject: "Eine Integration wurde abgeschaltet".to_owned(),
            lead: vec![
                format!("{} wurde {which} abgeschaltet. {}.", inside(workspace), cause_words(cause)),
                "Ereignisse werden nicht mehr dorthin gesendet. Schalten Sie die Integration wieder ein, sobald der \
                 Empfänger funktioniert."
                    .to_owned(),
            ],
            facts: vec![],
            action: "Zu den Integrationen",
            notes: vec![],
            reason: ADMINS.to_owned(),
        }
    }

    fn payment_failed(&self, workspace: Option<Name<'_>>, plan: &str, until: Option<&str>) -> Passage {
        let then = until.map_or_else(
            || "Der Tarif gilt erst wieder, wenn bezahlt ist.".to_owned(),
            |until| format!("Der Tarif gilt noch bis {until}."),
        );
        Passage {
            subject: "Eine Zahlung ist fehlgeschlagen".to_owned(),
            lead: vec![
                format!("{} ist die Zahlung für den Tarif {plan} fehlgeschlagen.", inside(workspace)),
                format!("{then} Bezahlen Sie die Rechnung, oder wählen Sie eine andere Zahlungsart."),
            ],
            facts: vec![],
            action: "Zur Abrechnung",
            notes: vec![],
            reason: ADMINS.to_owned(),
        }
    }

    fn trial_ending(&self, workspace: Option<Name<'_>>, plan: &str, end: &str) -> Passage {
        Passage {
            subject: "Die Testphase endet bald".to_owned(),
            lead: vec![
                format!("{} endet die Testphase des Tarifs {plan} am {end}.", inside(workspace)),
                "Danach wird der Tarif kostenpflichtig. Wenn Sie das nicht möchten, kündigen Sie vorher.".to_owned(),
            ],
            facts: vec![],
            action: "Tarif ansehen",
            notes: vec![],
            reason: ADMINS.to_owned(),
        }
    }

    fn plan_lapsed(&self, workspace: Option<Name<'_>>, plan: &str, unpaid: &str) -> Passage {
        Passage {
            subject: "Der Tarif gilt nicht mehr".to_owned(),
            lead: vec![
                format!("{} wurde der Tarif {plan} nicht rechtzeitig bezahlt und gilt nicht mehr.", inside(workspace)),
                format!("Die Laufzeit ist gestoppt, und es gelten die Grenzen des Tarifs {unpaid}."),
            ],
            facts: vec![],
            action: "Rechnung bezahlen",
            notes: vec!["Nichts wird gelöscht. Sobald bezahlt ist, gilt der Tarif wieder.".to_owned()],
            reason: ADMINS.to_owned(),
        }
    }

    fn plan_migrated(&self, workspace: Option<Name<'_>>, plan: &str, change: &PriceChange, at: &str) -> Passage {
        let place = inside(workspace);
        let (what, then) = if change.is_made {
            (
                format!("{place} haben sich die Bedingungen und Grenzen des Tarifs {plan} geändert."),
                Some(format!("Vor dem {at} wird nichts berechnet.")),
            )
        } else {
            (format!("{place} ändern sich die Bedingungen und Grenzen des Tarifs {plan} am {at}."), None)
        };
        let after = price(change.after, change);
        let facts = match change.before {
            Some(before) if before == change.after => vec![Fact::new("Preis, wie bisher", after)],
            Some(before) => vec![Fact::new("Preis bis dahin", price(before, change)), Fact::new("Preis danach", after)],
            None => vec![Fact::new("Preis danach", after)],
        };
        Passage {
            subject: "Ihr Tarif ändert sich".to_owned(),
            lead: [what].into_iter().chain(then).collect(),
            facts,
            action: "Tarif ansehen",
            notes: vec![
                "Wenn Sie die neuen Bedingungen nicht möchten, wählen Sie vorher einen anderen Tarif, oder kündigen Sie."
                    .to_owned(),
            ],
            reason: ADMINS.to_owned(),
        }
    }

    fn suspended(&self, workspace: Option<Name<'_>>, reason: &str) -> Passage {
        Passage {
            subject: "Ihr Arbeitsbereich wurde gesperrt".to_owned(),
            lead: vec![
                format!("Ihr {} wurde vom Betreiber des Dienstes gesperrt.", yours(workspace)),
                "Seine Laufzeit ist gestoppt, und an seine Integrationen wird nichts gesendet.".to_owned(),
            ],
            facts: vec![Fact::new("Grund", reason)],
            action: "Arbeitsbereich öffnen",
            notes: vec![
                "Nichts wird gelöscht: Sie können den Arbeitsbereich weiterhin lesen, bezahlen, verlassen und löschen. \
                 Damit die Sperre aufgehoben wird, wenden Sie sich an den Support."
                    .to_owned(),
            ],
            reason: OWNERS.to_owned(),
        }
    }

    fn unsuspended(&self, workspace: Option<Name<'_>>) -> Passage {
        Passage {
            subject: "Ihr Arbeitsbereich ist nicht mehr gesperrt".to_owned(),
            lead: vec![
                format!("Ihr {} ist nicht mehr gesperrt.", yours(workspace)),
                "Seine Laufzeit startet wieder, wenn sie laufen sollte. Ereignisse während der Sperre wurden nicht an \
                 seine Integrationen gesendet."
                    .to_owned(),
            ],
            facts: vec![],
            action: "Arbeitsbereich öffnen",
            notes: vec![],
            reason: OWNERS.to_owned(),
        }
    }

    fn owner_set(&self, workspace: Option<Name<'_>>, owner: Option<&Email>) -> Passage {
        let who = owner.map_or("Ein Mitglied", Email::written);
        Passage {
            subject: "Ihr Arbeitsbereich hat einen neuen Inhaber".to_owned(),
            lead: vec![
                format!("{who} ist jetzt Inhaber Ihres {}.", of_yours(workspace)),
                "Der Betreiber des Dienstes hat das geändert. Inhaber dürfen im Arbeitsbereich alles und können die \
                 Rollen anderer Inhaber ändern."
                    .to_owned(),
            ],
            facts: vec![],
            action: "Arbeitsbereich öffnen",
            notes: vec!["Wenn Sie das nicht erwartet haben, wenden Sie sich an den Support.".to_owned()],
            reason: ADMINS.to_owned(),
        }
    }

    fn notification(&self, workspace: Option<Name<'_>>, category: Category, body: Option<&str>, at: &str) -> Passage {
        let subject = match category {
            Category::Info => "Neues in Ihrem Arbeitsbereich",
            Category::Success => "In Ihrem Arbeitsbereich ist etwas gelungen",
            Category::Warning => "In Ihrem Arbeitsbereich ist etwas zu beachten",
            Category::Error => "In Ihrem Arbeitsbereich funktioniert etwas nicht",
        };
        let place = workspace.map(|name| Fact::new("Arbeitsbereich", name));
        Passage {
            subject: subject.to_owned(),
            lead: body.map(str::to_owned).into_iter().collect(),
            facts: place.into_iter().chain([Fact::new("Zeit", at)]).collect(),
            action: "Mehr anzeigen",
            notes: vec![],
            reason: MEMBERS.to_owned(),
        }
    }

    fn digest(&self, workspace: Option<Name<'_>>, unread: u64) -> Passage {
        let place = inside(workspace);
        let (subject, lead) = match unread {
            1 => {
                ("Eine ungelesene Benachrichtigung".to_owned(), format!("{place} ist eine Benachrichtigung ungelesen."))
            }
            unread => (
                format!("{unread} ungelesene Benachrichtigungen"),
                format!("{place} sind {unread} Benachrichtigungen ungelesen."),
            ),
        };
        Passage {
            subject,
            lead: vec![lead],
            facts: vec![],
            action: "Zum Posteingang",
            notes: vec![],
            reason: MEMBERS.to_owned(),
        }
    }
}
