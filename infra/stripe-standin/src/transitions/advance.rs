//! The clock: when it moves forward, everything due in that time happens in order and at its own time, as with Stripe's
//! test clocks (<https://docs.stripe.com/billing/testing/test-clocks>).

use super::due::Due;
use crate::{calendar::whole_seconds, error::Result, model::EndReason, state::State};
use jiff::Timestamp;

impl State {
    /// Moves the clock forward, never back.
    pub(crate) fn advance_to(&mut self, target: Timestamp) -> Result<()> {
        let target = whole_seconds(target);
        // Without a move of the clock, only events that were just emitted can make something due.
        if target <= self.now && self.unposted.is_empty() {
            return Ok(());
        }
        while let Some((at, due)) = self.next_due()
            && at <= target
        {
            self.now = self.now.max(at);
            self.perform(due)?;
        }
        self.now = self.now.max(target);
        self.forget_old_events();
        Ok(())
    }

    fn perform(&mut self, due: Due) -> Result<()> {
        match due {
            Due::ExpireSession(id) => self.expire_session(&id),
            Due::AdvanceDraft(id) => self.advance_draft(&id),
            Due::Retry(id) => self.retry(&id),
            Due::SettlePayment(id) => self.settle_payment(&id),
            Due::ExpireIncomplete(id) => self.expire_incomplete(&id),
            Due::ExpirePendingUpdate(id) => self.expire_pending_update(&id),
            Due::EndPause(id) => self.end_pause(&id),
            Due::AnnounceTrialEnd(id) => self.announce_trial_end(&id),
            Due::AnnounceRenewal(id) => self.announce_renewal(&id),
            Due::End(id) => self.end_subscription(&id, EndReason::Requested),
            Due::NextPhase(id) => self.next_phase(&id),
            Due::EndTrial(id) => self.end_trial(&id),
            Due::Renew(id) => self.renew(&id),
        }
    }
}
