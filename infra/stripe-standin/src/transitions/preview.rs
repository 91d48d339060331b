//! Invoices that do not exist yet: the amount of a change or of the next renewal
//! (<https://docs.stripe.com/api/invoices/create_preview>). The change is made in a copy of the subscription's objects,
//! so a preview equals the result of the change.

use crate::{
    error::{ApiError, Result},
    ids::SubscriptionId,
    model::{Customer, Invoice, ProrationBehavior, Subscription},
    state::State,
    transitions::subscriptions::SubscriptionUpdate,
    view,
};

/// Subject of a preview: the next renewal, or a change.
#[derive(Debug)]
pub(crate) struct PreviewRequest {
    pub(crate) subscription: SubscriptionId,
    pub(crate) update: Option<SubscriptionUpdate>,
}

impl State {
    /// Returns the next invoice.
    pub(crate) fn preview_invoice(&self, request: PreviewRequest) -> Result<Invoice> {
        let mut sketch = self.sketch(self.subscriptions.find(&request.subscription, "subscription")?)?;
        let id = &request.subscription;
        let Some(update) = request.update else { return sketch.next_renewal(id) };
        let invoiced_at_once = update.proration == ProrationBehavior::AlwaysInvoice;
        let before = sketch.subscriptions.known(id)?.latest_invoice.clone();
        sketch.update_subscription(id, update)?;
        let after = sketch.subscriptions.known(id)?.latest_invoice.clone();
        match after {
            Some(invoice) if invoiced_at_once || before.as_ref() != Some(&invoice) => {
                Ok(sketch.invoices.known(&invoice)?.clone())
            }
            Some(_) | None => sketch.next_renewal(id),
        }
    }

    /// Announces the next renewal (`invoice.upcoming`), if there will be one.
    pub(super) fn announce_renewal(&mut self, id: &SubscriptionId) -> Result<()> {
        let period_end = self.subscriptions.known(id)?.period.end;
        self.subscriptions.known_mut(id)?.renewal_announced = Some(period_end);
        if let Some(invoice) = self.sketch(self.subscriptions.known(id)?)?.renewed(id)? {
            let object = view::upcoming(self, &invoice);
            self.emit("invoice.upcoming", object);
        }
        Ok(())
    }

    /// Returns the invoice of the next period.
    fn next_renewal(&mut self, id: &SubscriptionId) -> Result<Invoice> {
        let customer = self.subscriptions.known(id)?.customer.clone();
        let message = format!("No upcoming invoices for customer: {customer}");
        self.renewed(id)?.ok_or_else(|| ApiError::refused_as("invoice_upcoming_none", message))
    }

    /// Ends the period and returns the invoice of the next one, if there is one.
    fn renewed(&mut self, id: &SubscriptionId) -> Result<Option<Invoice>> {
        let subscription = self.subscriptions.known(id)?;
        let (end, schedule) = (subscription.period.end, subscription.schedule.clone());
        if subscription.ends_at().is_some_and(|at| at <= end) {
            return Ok(None);
        }
        self.now = end;
        if let Some(schedule) = schedule
            && self.schedules.known(&schedule)?.phase_ends().is_some_and(|at| at <= end)
        {
            self.next_phase(&schedule)?;
        }
        if !self.subscriptions.known(id)?.is_live() {
            return Ok(None);
        }
        self.renew(id)?;
        let invoice = self.subscriptions.known(id)?.latest_invoice.clone();
        invoice.map(|invoice| self.invoices.known(&invoice).cloned()).transpose()
    }

    /// Copies the objects of a subscription. Every card works in the copy.
    fn sketch(&self, subscription: &Subscription) -> Result<Self> {
        let customer = self.customers.known(&subscription.customer)?.clone();
        let mut sketch = Self::empty(self.now, self.random(), self.settings.clone());
        sketch.products = self.products.clone();
        sketch.prices = self.prices.clone();
        sketch.coupons = self.coupons.clone();
        sketch.promotion_codes = self.promotion_codes.clone();
        sketch.discounts = self.discounts.clone();
        sketch.customers.put(customer.id.clone(), Customer { cards_fail: false, ..customer });
        sketch.subscriptions.put(subscription.id.clone(), subscription.clone());
        sketch.pending_items = self.pending_items.part(|item| item.subscription == subscription.id);
        sketch.invoices = self.invoices.part(|invoice| invoice.subscription == subscription.id);
        sketch.intents = self.intents.part(|intent| intent.customer == subscription.customer);
        sketch.schedules = self.schedules.part(|each| each.subscription.as_ref() == Some(&subscription.id));
        let own = |customer: &Option<_>| customer.as_ref() == Some(&subscription.customer);
        sketch.payment_methods = self.payment_methods.part(|method| own(&method.customer));
        Ok(sketch)
    }
}
