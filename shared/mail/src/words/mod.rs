//! The words of letters. A language is one file that implements [`Words`]; the compiler names what a new one lacks.

mod de;
mod en;
pub(crate) mod languages;

use crate::{
    content::{Name, Passage},
    moment::LocalTime,
    price::PriceChange,
};
use domain::{email::Email, identity::access::Role, integrations::Cause, notifications::shelf::Category};

/// The words of one language. A name is `None` if letters must not contain it.
pub(crate) trait Words: Sync {
    /// Quotation marks, in which names are mentioned in text.
    fn quotes(&self) -> [&'static str; 2];
    /// A time with date and zone, which nobody can read as another one.
    fn moment(&self, at: &LocalTime) -> String;
    /// A time with date and difference from UTC.
    fn short_moment(&self, at: &LocalTime) -> String;
    /// Label of the link that stops letters.
    fn stop(&self) -> &'static str;
    /// Label of the link to the reader's preferences.
    fn preferences(&self) -> &'static str;
    /// Label of the link to support.
    fn support(&self) -> &'static str;
    /// Label of a category.
    fn category(&self, category: Category) -> &'static str;
    /// Title of a notification whose own title letters must not contain.
    fn untitled(&self) -> &'static str;
    /// Sentence about `more` further entries.
    fn further(&self, more: u64) -> String;

    /// The invitation of a person to a workspace, which expires at the time `until`.
    fn invitation(&self, inviter: &Email, workspace: Option<Name<'_>>, role: Role, until: &str) -> Passage;
    /// The disabling of an integration.
    fn integration_disabled(&self, workspace: Option<Name<'_>>, integration: Option<Name<'_>>, cause: Cause)
    -> Passage;
    /// A failed payment. The plan lapses at the time `until`, if it has not lapsed yet.
    fn payment_failed(&self, workspace: Option<Name<'_>>, plan: &str, until: Option<&str>) -> Passage;
    /// The end of a trial at the time `end`.
    fn trial_ending(&self, workspace: Option<Name<'_>>, plan: &str, end: &str) -> Passage;
    /// The lapse of a plan. The plan `unpaid` applies until it is paid.
    fn plan_lapsed(&self, workspace: Option<Name<'_>>, plan: &str, unpaid: &str) -> Passage;
    /// Other terms of a plan, from the time `at`.
    fn plan_migrated(&self, workspace: Option<Name<'_>>, plan: &str, change: &PriceChange, at: &str) -> Passage;
    /// A suspension by the operator.
    fn suspended(&self, workspace: Option<Name<'_>>, reason: &str) -> Passage;
    /// The end of a suspension.
    fn unsuspended(&self, workspace: Option<Name<'_>>) -> Passage;
    /// An owner whom the operator has set. `None` is a member without a verified address.
    fn owner_set(&self, workspace: Option<Name<'_>>, owner: Option<&Email>) -> Passage;
    /// One notification. `body` is its text, if letters may contain it.
    fn notification(&self, workspace: Option<Name<'_>>, category: Category, body: Option<&str>, at: &str) -> Passage;
    /// `unread` unread notifications.
    fn digest(&self, workspace: Option<Name<'_>>, unread: u64) -> Passage;
}
