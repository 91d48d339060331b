//! One of each letter with sample data, for tests and for the local cloud's page of letters.

#![expect(clippy::unwrap_used, reason = "the samples are constants, and a test writes each")]

use crate::{
    brand::Brand,
    letter::{Letter, LetterWriter, Reader},
    letters::{
        integration::IntegrationDisabled,
        invitation::Invitation,
        notification::{Digest, Entry, SingleNotification},
    },
    price::{Amount, PriceChange},
};
use domain::{
    identity::{access::Role, profile::Language},
    integrations::Cause,
    notifications::shelf::Category,
    plans::money::{Currency, Interval},
    text::WorkspaceName,
};
use jiff::{SignedDuration, Timestamp};

/// A letter with sample data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Language of the letter.
    pub language: Language,
    /// Name of the sample, for file names and headings.
    pub name: &'static str,
    /// The letter.
    pub letter: Letter,
}

/// Returns a brand that uses every setting.
#[must_use]
pub fn sample_brand() -> Brand {
    Brand {
        product: "Northwind".parse().unwrap(),
        logo: Some("https://app.example.com/logo.png".parse().unwrap()),
        accent: "#0f766e".parse().unwrap(),
        postal_address: Some("Northwind GmbH, Hafenstraße 12, 20457 Hamburg, Germany".parse().unwrap()),
        support: Some("https://example.com/support".parse().unwrap()),
    }
}

/// Writes each letter in each language.
#[must_use]
pub fn samples(brand: &Brand) -> Vec<Sample> {
    Language::ALL
        .into_iter()
        .flat_map(|language| {
            let zone = match language {
                Language::En => "America/New_York",
                Language::De => "Europe/Berlin",
            };
            let reader = Reader { language, timezone: zone.parse().unwrap() };
            let letters = written(&LetterWriter::new(brand, &reader), language);
            letters.into_iter().map(move |(name, letter)| Sample { language, name, letter })
        })
        .collect()
}

const DASHBOARD: &str = "https://app.example.com/w/ws_01K9ZX3V8Q4M7N2P5R6S8T9W0Y";
const STOP: &str = "https://api.example.com/api/v1/letters/stop/v1.4pC0nXv2Jm8q.Zt6Q1hB7k9w3d5Rr?a=1&b=2";

fn written(writer: &LetterWriter<'_>, language: Language) -> Vec<(&'static str, Letter)> {
    let at: Timestamp = "2026-11-08T09:30:00Z".parse().unwrap();
    let acme: WorkspaceName = "Acme <Rockets> & Co".parse().unwrap();
    let unsafe_name: WorkspaceName = "Your account is locked. Go to www.evil.example".parse().unwrap();
    let page = |path: &str| format!("{DASHBOARD}{path}");
    let (billing, preferences) = (page("/settings/billing"), page("/settings/notifications"));
    let ana = "ana.lima@example.com".parse().unwrap();
    let invitation = Invitation {
        inviter: &ana,
        workspace: &acme,
        role: Role::Admin,
        link: "https://app.example.com/signup?invite=ws%5F01K9ZX3V8Q4M7N2P5R6S8T9W0Y%2E7f3aQx81LmNn02",
        expires_at: at,
        stop: STOP,
    };
    let price = |minor_units| Amount { currency: Currency::USD, minor_units };
    let change = PriceChange {
        at,
        is_made: false,
        before: Some(price(2_900)),
        after: price(3_900),
        interval: Interval::Month,
        is_by_seat: false,
    };
    let made = PriceChange { is_made: true, interval: Interval::Year, is_by_seat: true, ..change };
    let integration = |workspace, integration: &str| {
        writer.integration_disabled(&IntegrationDisabled {
            workspace,
            integration: &integration.parse().unwrap(),
            cause: Cause::Gone,
            page: &page("/settings/integrations"),
            stop: STOP,
        })
    };
    let entries = entries(language, at);
    let digest = |entries, more| {
        let (inbox, preferences) = (page("/inbox"), &preferences);
        writer.digest(&Digest { workspace: &acme, entries, more, inbox: &inbox, preferences, stop: Some(STOP) })
    };
    let single = |entry| {
        writer.notification(&SingleNotification {
            workspace: &acme,
            entry,
            preferences: &preferences,
            stop: Some(STOP),
        })
    };
    vec![
        ("invitation", writer.invitation(&invitation)),
        ("invitation-without-name", writer.invitation(&Invitation { workspace: &unsafe_name, ..invitation })),
        ("integration-disabled", integration(&acme, "Our <hook>")),
        ("integration-disabled-without-names", integration(&unsafe_name, unsafe_name.as_str())),
        ("payment-failed", writer.payment_failed(&acme, "Pro", Some(at), &billing)),
        ("payment-overdue", writer.payment_failed(&acme, "Pro", None, &billing)),
        ("trial-ending", writer.trial_ending(&acme, "Starter", at, &billing)),
        ("plan-lapsed", writer.plan_lapsed(&acme, "Business", "Free", &billing)),
        ("plan-migrated", writer.plan_migrated(&acme, "Pro", &change, &billing)),
        ("plan-migrated-already", writer.plan_migrated(&acme, "Team", &made, &billing)),
        ("suspended", writer.suspended(&acme, &"Invoices <2026/10> are disputed".parse().unwrap(), &page(""))),
        ("unsuspended", writer.unsuspended(&acme, &page(""))),
        ("owner-set", writer.owner_set(&acme, Some(&ana), &page(""))),
        ("notification", single(&entries[1])),
        ("digest", digest(&entries[..], 12)),
        ("digest-of-one", digest(&entries[..1], 0)),
    ]
}

/// Returns notifications of each category.
fn entries(language: Language, at: Timestamp) -> [Entry; 4] {
    let texts = match language {
        Language::En => [
            ("Member joined", "A member joined as viewer.", Category::Info, "/settings/team"),
            ("Payment failed", "Pay the invoice in time to keep the plan.", Category::Error, "/settings/billing"),
            (
                "Limit is near",
                "At least 80 % of the plan's limit of 5 seats is used.",
                Category::Warning,
                "/settings/billing",
            ),
            ("Runtime started", "The container runs.", Category::Success, ""),
        ],
        Language::De => [
            ("Mitglied beigetreten", "Ein Mitglied ist als Betrachter beigetreten.", Category::Info, "/settings/team"),
            (
                "Zahlung fehlgeschlagen",
                "Bezahlen Sie die Rechnung rechtzeitig, um den Tarif zu behalten.",
                Category::Error,
                "/settings/billing",
            ),
            (
                "Grenze ist nah",
                "Mindestens 80 % der Grenze des Tarifs von 5 Plätzen sind verbraucht.",
                Category::Warning,
                "/settings/billing",
            ),
            ("Laufzeit gestartet", "Der Container läuft.", Category::Success, ""),
        ],
    };
    let mut at = at;
    texts.map(|(title, body, category, path)| {
        at -= SignedDuration::from_mins(95);
        let link = format!("{DASHBOARD}{path}");
        Entry { title: title.to_owned(), body: body.to_owned(), link, category, at, published: false }
    })
}
