//! Start of a subscription, by Checkout or by the API (<https://docs.stripe.com/api/subscriptions/create>).

use super::change::PaymentBehavior;
use crate::{
    calendar::{Period, period_at},
    error::{ApiError, Result},
    ids::{CustomerId, InvoiceId, PaymentMethodId, SubscriptionId},
    model::{
        BillingReason, Debit, DiscountRequest, InvoiceStatus, Item, Line, LineOrigin, NewItem, PaymentOutcome,
        Subscription, SubscriptionStatus,
    },
    params::Metadata,
    state::State,
    transitions::invoices::Attempt,
};
use jiff::Timestamp;

/// Parameters of a new subscription.
#[derive(Clone, Debug)]
pub(crate) struct NewSubscription {
    pub(crate) customer: CustomerId,
    pub(crate) items: Vec<NewItem>,
    pub(crate) discounts: Vec<DiscountRequest>,
    pub(crate) metadata: Metadata,
    pub(crate) description: Option<String>,
    pub(crate) default_payment_method: Option<PaymentMethodId>,
    pub(crate) trial_end: Option<Timestamp>,
    pub(crate) automatic_tax: bool,
    pub(crate) pauses_without_method: bool,
}

impl State {
    /// Creates a subscription by the API. It is `incomplete` until its first invoice is paid, for at most 23 hours
    /// (<https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses>).
    pub(crate) fn create_subscription(
        &mut self,
        new: NewSubscription,
        behavior: PaymentBehavior,
    ) -> Result<SubscriptionId> {
        self.live_customer(&new.customer, "customer")?;
        self.check_items(&new.items, &[], "items")?;
        let (_, currency) = self.bought(&new.items)?;
        self.check_currency(&new.customer, currency)?;
        self.check_discounts(&new.discounts, currency, "discounts")?;
        if let Some(method) = &new.default_payment_method {
            self.attached_to(&new.customer, method, "default_payment_method")?;
        }
        let payer = self.payer(&new.customer, new.default_payment_method.as_ref());
        if payer.is_none() && new.trial_end.is_none() && behavior != PaymentBehavior::LeaveOpen {
            return Err(ApiError::refused_as(
                "resource_missing",
                "This customer has no attached payment source or default payment method. Please consider adding a \
                 default payment method.",
            ));
        }
        if behavior == PaymentBehavior::Refuse && new.trial_end.is_none() {
            self.refuse_failure(&new.customer, payer.as_ref())?;
        }
        let (id, invoice) = self.start_subscription(new, SubscriptionStatus::Incomplete)?;
        self.finalize_invoice(&invoice)?;
        let open = self.invoices.known(&invoice)?.status == InvoiceStatus::Open;
        if open && behavior != PaymentBehavior::LeaveOpen {
            self.collect_invoice(&invoice, payer, Attempt::Automatic)?;
        }
        Ok(id)
    }

    /// Refuses a payment that would fail (`error_if_incomplete`).
    pub(in crate::transitions) fn refuse_failure(
        &self,
        customer: &CustomerId,
        payer: Option<&PaymentMethodId>,
    ) -> Result<()> {
        match self.outcome(customer, payer) {
            PaymentOutcome::Succeeds | PaymentOutcome::Processing => Ok(()),
            PaymentOutcome::Declines => Err(ApiError::declined()),
            PaymentOutcome::NeedsAction => Err(ApiError::needs_action("subscription")),
        }
    }

    /// Adds a subscription and the draft of its first invoice. During a trial that invoice has no amount due
    /// (<https://docs.stripe.com/billing/subscriptions/trials>).
    pub(in crate::transitions) fn start_subscription(
        &mut self,
        new: NewSubscription,
        unpaid: SubscriptionStatus,
    ) -> Result<(SubscriptionId, InvoiceId)> {
        let now = self.now;
        let mut items: Vec<Item> = new.items.iter().map(|item| self.new_item(item)).collect();
        let currency = self.currency_of(&items)?;
        let (anchor, period) = match new.trial_end {
            Some(end) => (end, Period { start: now, end }),
            None => (now, period_at(now, self.interval_of(&items)?, now)),
        };
        let invoice: InvoiceId = self.fresh();
        let mut lines = match new.trial_end {
            Some(_) => self.trial_lines(period, &items)?,
            None => self.period_lines(&invoice, period, &mut items)?,
        };
        let mut subscription = Subscription {
            id: self.fresh(),
            customer: new.customer,
            created: now,
            status: if new.trial_end.is_some() { SubscriptionStatus::Trialing } else { unpaid },
            items,
            period,
            anchor,
            metadata: new.metadata,
            description: new.description,
            default_payment_method: new.default_payment_method,
            latest_invoice: Some(invoice.clone()),
            cancellation: None,
            canceled_at: None,
            ended_at: None,
            end_reason: None,
            comment: None,
            feedback: None,
            trial: new.trial_end.map(|end| Period { start: now, end }),
            pauses_without_method: new.pauses_without_method,
            pending_update: None,
            schedule: None,
            automatic_tax: new.automatic_tax,
            discounts: Vec::new(),
            pause: None,
            trial_end_announced: false,
            renewal_announced: None,
        };
        let (id, customer) = (subscription.id.clone(), subscription.customer.clone());
        self.subscriptions.put(id.clone(), subscription.clone());
        subscription.discounts = self.redeem(&id, &new.discounts)?;
        let mut items = subscription.items.clone();
        self.reduce_lines(&subscription, &mut lines, &mut items)?;
        subscription.items = items;
        self.subscriptions.put(id.clone(), subscription.clone());
        self.amend_customer(&customer, |customer| customer.currency = Some(currency))?;
        self.emit_subscription("customer.subscription.created", &id)?;
        let reason = BillingReason::Create;
        self.draft_invoice(invoice.clone(), &subscription, reason, Period::moment(now), lines)?;
        Ok((id, invoice))
    }

    /// Creates the lines for the period of the items. Each item keeps its line for later credits.
    pub(in crate::transitions) fn period_lines(
        &mut self,
        invoice: &InvoiceId,
        period: Period,
        items: &mut [Item],
    ) -> Result<Vec<Line>> {
        let mut lines = Vec::new();
        for item in items {
            let amount = self.prices.known(&item.price)?.unit_amount.saturating_mul(item.quantity);
            let description = self.describe(item, "")?;
            let line = self.line(item, period, amount, description);
            item.debit = Some(Debit { amount, period, source: Some((invoice.clone(), line.id.clone())) });
            lines.push(line);
        }
        Ok(lines)
    }

    /// Creates the lines of a free trial.
    fn trial_lines(&mut self, period: Period, items: &[Item]) -> Result<Vec<Line>> {
        let mut lines = Vec::new();
        for item in items {
            let description = self.describe(item, "Trial period for ")?;
            lines.push(self.line(item, period, 0, description));
        }
        Ok(lines)
    }

    fn line(&mut self, item: &Item, period: Period, amount: i64, description: String) -> Line {
        Line {
            id: self.fresh(),
            amount,
            description,
            period,
            price: item.price.clone(),
            quantity: item.quantity,
            item: item.id.clone(),
            origin: LineOrigin::Period,
            discounts: Vec::new(),
        }
    }

    fn describe(&self, item: &Item, trial: &str) -> Result<String> {
        let price = self.prices.known(&item.price)?;
        let product = &self.products.known(&price.product)?.name;
        if trial.is_empty() {
            let (quantity, interval) = (item.quantity, price.interval.word());
            let amount = price.currency.amount(price.unit_amount);
            return Ok(format!("{quantity} × {product} (at {amount} / {interval})"));
        }
        Ok(format!("{trial}{product}"))
    }
}
