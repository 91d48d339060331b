//! Changes of a subscription (<https://docs.stripe.com/api/subscriptions/update>): its price with prorations, and other
//! fields.

use super::ending::RequestedEnd;
use crate::{
    error::{ApiError, Result},
    ids::{PaymentMethodId, SubscriptionId},
    model::{DiscountRequest, ItemChange, Pause, ProrationBehavior, Subscription, SubscriptionStatus},
    params::{Change, MetadataChange},
    state::State,
};
use jiff::Timestamp;

/// Consequence of a payment that is due and fails (<https://docs.stripe.com/api/subscriptions/update>,
/// `payment_behavior`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PaymentBehavior {
    /// `allow_incomplete`: the change is made, the invoice stays open.
    Apply,
    /// `default_incomplete`: nothing is charged yet.
    LeaveOpen,
    /// `error_if_incomplete`: nothing is changed.
    Refuse,
    /// `pending_if_incomplete`: the change is pending until it is paid.
    Wait,
}

/// Parameters of an update.
#[derive(Clone, Debug)]
pub(crate) struct SubscriptionUpdate {
    pub(crate) items: Vec<ItemChange>,
    pub(crate) discounts: Option<Vec<DiscountRequest>>,
    pub(crate) pause: Change<Pause>,
    pub(crate) proration: ProrationBehavior,
    pub(crate) proration_date: Option<Timestamp>,
    pub(crate) payment: PaymentBehavior,
    pub(crate) cancellation: Change<RequestedEnd>,
    pub(crate) metadata: MetadataChange,
    pub(crate) description: Change<String>,
    pub(crate) default_payment_method: Change<PaymentMethodId>,
    pub(crate) comment: Change<String>,
    pub(crate) feedback: Change<String>,
    /// True to end the trial now.
    pub(crate) end_trial: bool,
}

impl SubscriptionUpdate {
    /// Creates an update that changes only items.
    pub(crate) fn of_items(items: Vec<ItemChange>, proration: ProrationBehavior) -> Self {
        Self { items, proration, ..Self::default() }
    }
}

impl Default for SubscriptionUpdate {
    /// Creates an empty update with Stripe's default behaviours.
    fn default() -> Self {
        Self {
            items: Vec::new(),
            discounts: None,
            pause: Change::Keep,
            proration: ProrationBehavior::CreateProrations,
            proration_date: None,
            payment: PaymentBehavior::Apply,
            cancellation: Change::Keep,
            metadata: MetadataChange::default(),
            description: Change::Keep,
            default_payment_method: Change::Keep,
            comment: Change::Keep,
            feedback: Change::Keep,
            end_trial: false,
        }
    }
}

impl State {
    /// Applies the update of a request, or refuses all of it.
    pub(crate) fn update_subscription(&mut self, id: &SubscriptionId, update: SubscriptionUpdate) -> Result<()> {
        self.check_named(self.subscriptions.find(id, "id")?, &update.items)?;
        self.change_subscription(id, update)
    }

    /// Applies an update whose prices were checked when they were planned, or refuses all of it.
    pub(in crate::transitions) fn change_subscription(
        &mut self,
        id: &SubscriptionId,
        update: SubscriptionUpdate,
    ) -> Result<()> {
        let before = self.subscriptions.find(id, "id")?.clone();
        self.check_update(&before, &update)?;
        if let Some(discounts) = &update.discounts {
            let discounts = self.redeem(id, discounts)?;
            self.amend_subscription(id, |subscription| subscription.discounts = discounts)?;
        }
        let before = self.subscriptions.known(id)?.clone();
        // The price comes first, because only this part can still be refused, by the card.
        let waits = self.change_items(&before, &update)?;
        if waits {
            // The rest of the update is part of the pending one.
            return Ok(());
        }
        self.expire_conflicting_update(id, RequestedEnd::at_period_end(&update.cancellation))?;
        match update.cancellation {
            Change::Keep => {}
            Change::Clear => self.set_cancellation(id, None)?,
            Change::Set(wish) => {
                let wanted = wish.of(self.subscriptions.known(id)?);
                self.set_cancellation(id, Some(wanted))?;
            }
        }
        let mut metadata = self.subscriptions.known(id)?.metadata.clone();
        update.metadata.apply(&mut metadata)?;
        self.amend_subscription(id, |subscription| {
            subscription.metadata = metadata;
            update.pause.apply(&mut subscription.pause);
            update.description.apply(&mut subscription.description);
            update.default_payment_method.apply(&mut subscription.default_payment_method);
            update.comment.apply(&mut subscription.comment);
            update.feedback.apply(&mut subscription.feedback);
        })?;
        if update.end_trial { self.end_trial(id) } else { Ok(()) }
    }

    /// Checks everything that can be refused beforehand, so that a refusal changes nothing.
    fn check_update(&self, before: &Subscription, update: &SubscriptionUpdate) -> Result<()> {
        let changes_item = !update.items.is_empty();
        let changes_more = update.discounts.is_some()
            || update.pause != Change::Keep
            || update.cancellation != Change::Keep
            || update.default_payment_method != Change::Keep;
        match before.status {
            SubscriptionStatus::Canceled | SubscriptionStatus::IncompleteExpired if changes_item || changes_more => {
                let message = "A canceled subscription can only update its cancellation_details and metadata.";
                return Err(ApiError::refused(message));
            }
            SubscriptionStatus::Incomplete if changes_item => {
                let message = "You cannot update a subscription in `incomplete` status in a way that results in a new \
                               invoice.";
                return Err(ApiError::refused(message));
            }
            SubscriptionStatus::Canceled
            | SubscriptionStatus::IncompleteExpired
            | SubscriptionStatus::Incomplete
            | SubscriptionStatus::Trialing
            | SubscriptionStatus::Active
            | SubscriptionStatus::PastDue
            | SubscriptionStatus::Unpaid
            | SubscriptionStatus::Paused => {}
        }
        self.check_changes(before, &update.items)?;
        let (discounts, currency) = (update.discounts.as_deref().unwrap_or_default(), self.currency_of(&before.items)?);
        self.check_discounts(discounts, currency, "discounts")?;
        match update.cancellation {
            Change::Keep => {}
            Change::Clear => before.may_change_end(None, self.now)?,
            Change::Set(wish) => before.may_change_end(Some(wish.of(before)), self.now)?,
        }
        if let Change::Set(method) = &update.default_payment_method {
            self.attached_to(&before.customer, method, "default_payment_method")?;
        }
        // https://docs.stripe.com/billing/subscriptions/pending-updates#supported-attributes
        let by_time =
            update.cancellation != Change::Keep && RequestedEnd::at_period_end(&update.cancellation).is_none();
        let details = update.comment != Change::Keep || update.feedback != Change::Keep;
        if update.payment == PaymentBehavior::Wait && update.discounts.is_some() {
            return Err(ApiError::not_modelled("discounts", "pending updates with discounts"));
        }
        let unsupported = by_time
            || details
            || update.pause != Change::Keep
            || update.default_payment_method != Change::Keep
            || update.description != Change::Keep;
        if update.payment == PaymentBehavior::Wait && unsupported {
            return Err(ApiError::unsupported_in_pending_update());
        }
        let payer = self.payer(&before.customer, before.default_payment_method.as_ref());
        if update.payment == PaymentBehavior::Wait && self.is_bank_debit(payer.as_ref()) {
            // https://docs.stripe.com/billing/subscriptions/pending-updates names the methods that can be used. The words
            // of the refusal are not documented.
            let message = "`payment_behavior` cannot be `pending_if_incomplete` for a subscription whose payment method is \
                           a bank debit.";
            return Err(ApiError::invalid("payment_behavior", message));
        }
        if update.payment == PaymentBehavior::LeaveOpen {
            return Err(ApiError::not_modelled("payment_behavior", "`default_incomplete` for updates"));
        }
        Ok(())
    }
}
