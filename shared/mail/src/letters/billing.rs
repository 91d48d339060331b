//! Letters about payments. `page` is the URL of the dashboard's page of billing.

use crate::{
    content::{Content, Name},
    letter::{Letter, LetterWriter},
    price::PriceChange,
};
use domain::text::WorkspaceName;
use jiff::Timestamp;

impl LetterWriter<'_> {
    /// Writes the letter about a failed payment for the plan with the title `plan`. `until` is the time at which the plan
    /// lapses, if it has not lapsed yet.
    #[must_use]
    pub fn payment_failed(
        &self,
        workspace: &WorkspaceName,
        plan: &str,
        until: Option<Timestamp>,
        page: &str,
    ) -> Letter {
        let until = until.map(|until| self.moment(until));
        let passage = self.words().payment_failed(workspace.safe_for_mail().map(Name), plan, until.as_deref());
        self.render(Content::new(passage, page))
    }

    /// Writes the letter about a trial that ends soon.
    #[must_use]
    pub fn trial_ending(&self, workspace: &WorkspaceName, plan: &str, end: Timestamp, page: &str) -> Letter {
        let passage = self.words().trial_ending(workspace.safe_for_mail().map(Name), plan, &self.moment(end));
        self.render(Content::new(passage, page))
    }

    /// Writes the letter about a plan that has lapsed. `unpaid` is the plan that applies until it is paid.
    #[must_use]
    pub fn plan_lapsed(&self, workspace: &WorkspaceName, plan: &str, unpaid: &str, page: &str) -> Letter {
        let passage = self.words().plan_lapsed(workspace.safe_for_mail().map(Name), plan, unpaid);
        self.render(Content::new(passage, page))
    }

    /// Writes the letter about other terms of the plan with the title `plan`.
    #[must_use]
    pub fn plan_migrated(&self, workspace: &WorkspaceName, plan: &str, change: &PriceChange, page: &str) -> Letter {
        let at = self.moment(change.at);
        let passage = self.words().plan_migrated(workspace.safe_for_mail().map(Name), plan, change, &at);
        self.render(Content::new(passage, page))
    }
}
