//! Start of a subscription, by Checkout or by the API (<https://docs.stripe.com/api/subscriptions/create>).

use super::change::PaymentBehavior;
use crate::{
    calendar::{Period, period_at},
    error::{ApiError, Result},
    ids::{CustomerId, InvoiceId, PaymentMethodId, PriceId, SubscriptionId},
    model::{BillingReason, Debit, InvoiceStatus, Item, Line, LineOrigin, Subscription, SubscriptionStatus},
    params::Metadata,
    state::State,
    transitions::invoices::Attempt,
};
use jiff::Timestamp;

/// Parameters of a new subscription.
#[derive(Clone, Debug)]
pub(crate) struct NewSubscription {
    pub(crate) customer: CustomerId,
    pub(crate) price: PriceId,
    pub(crate) quantity: i64,
    pub(crate) metadata: Metadata,
    pub(crate) description: Option<String>,
    pub(crate) default_payment_method: Option<PaymentMethodId>,
    pub(crate) trial_end: Option<Timestamp>,
    pub(crate) automatic_tax: bool,
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
        self.known_price(&new.price, "items[0][price]")?;
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
        let declines = self.would_decline(&new.customer, payer.as_ref());
        if behavior == PaymentBehavior::Refuse && declines && new.trial_end.is_none() {
            return Err(ApiError::declined());
        }
        let (id, invoice) = self.start_subscription(new, SubscriptionStatus::Incomplete)?;
        self.finalize_invoice(&invoice)?;
        let open = self.invoices.known(&invoice)?.status == InvoiceStatus::Open;
        if open && behavior != PaymentBehavior::LeaveOpen {
            self.collect_invoice(&invoice, payer, Attempt::Automatic)?;
        }
        Ok(id)
    }

    /// Adds a subscription and the draft of its first invoice. During a trial that invoice has no amount due
    /// (<https://docs.stripe.com/billing/subscriptions/trials>).
    pub(in crate::transitions) fn start_subscription(
        &mut self,
        new: NewSubscription,
        unpaid: SubscriptionStatus,
    ) -> Result<(SubscriptionId, InvoiceId)> {
        let price = self.prices.known(&new.price)?.clone();
        let now = self.now;
        let (anchor, period) = match new.trial_end {
            Some(end) => (end, Period { start: now, end }),
            None => (now, period_at(now, price.interval, now)),
        };
        let invoice: InvoiceId = self.fresh();
        let mut item =
            Item { id: self.fresh(), created: now, price: new.price, quantity: new.quantity, period, debit: None };
        let line = match new.trial_end {
            Some(_) => self.trial_line(&item)?,
            None => self.period_line(&invoice, &mut item)?,
        };
        let subscription = Subscription {
            id: self.fresh(),
            customer: new.customer,
            created: now,
            status: if new.trial_end.is_some() { SubscriptionStatus::Trialing } else { unpaid },
            item,
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
            pending_update: None,
            schedule: None,
            automatic_tax: new.automatic_tax,
            trial_end_announced: false,
            renewal_announced: None,
        };
        let (id, customer) = (subscription.id.clone(), subscription.customer.clone());
        self.subscriptions.put(id.clone(), subscription.clone());
        self.amend_customer(&customer, |customer| customer.currency = Some(price.currency))?;
        self.emit_subscription("customer.subscription.created", &id)?;
        let reason = BillingReason::Create;
        self.draft_invoice(invoice.clone(), &subscription, reason, Period::moment(now), vec![line])?;
        Ok((id, invoice))
    }

    /// Creates the line for the item's period. The item keeps it for later credits.
    pub(in crate::transitions) fn period_line(&mut self, invoice: &InvoiceId, item: &mut Item) -> Result<Line> {
        let amount = self.prices.known(&item.price)?.unit_amount.saturating_mul(item.quantity);
        let description = self.describe(item, "")?;
        let line = self.line(item, amount, description);
        item.debit = Some(Debit { amount, period: item.period, source: Some((invoice.clone(), line.id.clone())) });
        Ok(line)
    }

    /// Creates the line of a free trial.
    pub(in crate::transitions) fn trial_line(&mut self, item: &Item) -> Result<Line> {
        let description = self.describe(item, "Trial period for ")?;
        Ok(self.line(item, 0, description))
    }

    fn line(&mut self, item: &Item, amount: i64, description: String) -> Line {
        Line {
            id: self.fresh(),
            amount,
            description,
            period: item.period,
            price: item.price.clone(),
            quantity: item.quantity,
            item: item.id.clone(),
            origin: LineOrigin::Period,
        }
    }

    fn describe(&self, item: &Item, trial: &str) -> Result<String> {
        let price = self.prices.known(&item.price)?;
        let product = &self.products.known(&price.product)?.name;
        if trial.is_empty() {
            let (whole, cents) = (price.unit_amount / 100, price.unit_amount % 100);
            let (quantity, interval) = (item.quantity, price.interval.word());
            return Ok(format!("{quantity} × {product} (at ${whole}.{cents:02} / {interval})"));
        }
        Ok(format!("{trial}{product}"))
    }
}
