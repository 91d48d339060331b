//! The customer portal (<https://docs.stripe.com/customer-management>): the customer's actions on Stripe's page.

use crate::{
    error::{ApiError, Result},
    ids::{CustomerId, PaymentMethodId, PortalConfigurationId, PortalSessionId, SubscriptionId},
    model::{Buyer, Cancellation, PortalSession},
    state::State,
};

impl State {
    /// Opens the portal for a customer.
    pub(crate) fn create_portal_session(
        &mut self,
        customer: CustomerId,
        configuration: Option<PortalConfigurationId>,
        return_url: Option<String>,
        locale: Option<String>,
    ) -> Result<PortalSessionId> {
        self.live_customer(&customer, "customer")?;
        let configuration = match configuration {
            Some(id) => self.portal_configurations.find(&id, "configuration")?.id.clone(),
            None => {
                let default = self.portal_configurations.iter().next();
                default.ok_or_else(|| ApiError::broken("the portal has no configuration".to_owned()))?.id.clone()
            }
        };
        let (id, secret) = (self.fresh(), self.letters(32));
        let session = PortalSession { id, created: self.now, customer, configuration, return_url, locale, secret };
        let id = session.id.clone();
        self.portal_sessions.put(id.clone(), session);
        Ok(id)
    }

    /// Cancels at the end of the period. In flexible billing mode that sets a time
    /// (<https://docs.stripe.com/billing/subscriptions/billing-mode/compare>).
    pub(crate) fn portal_cancels(&mut self, id: &SubscriptionId) -> Result<()> {
        let end = self.subscriptions.find(id, "id")?.period.end;
        self.set_cancellation(id, Some(Cancellation::At(end)))
    }

    /// Revokes the cancellation.
    pub(crate) fn portal_renews(&mut self, id: &SubscriptionId) -> Result<()> {
        self.set_cancellation(id, None)
    }

    /// Takes what the customer typed: name and address replace those they had, and a tax id is added
    /// (<https://docs.stripe.com/customer-management#customize>). Later invoices show them.
    pub(crate) fn portal_details(&mut self, customer: &CustomerId, typed: Buyer) -> Result<()> {
        self.live_customer(customer, "customer")?;
        self.amend_customer(customer, |customer| {
            customer.name = typed.name.or_else(|| customer.name.take());
            customer.address = typed.address.or_else(|| customer.address.take());
            customer.tax_ids.extend(typed.tax_id);
        })
    }

    /// Adds another card, which pays for all subscriptions of the customer from now on.
    pub(crate) fn portal_card(&mut self, customer: &CustomerId, name: &str) -> Result<PaymentMethodId> {
        let card = self.attach_card(customer, name)?;
        self.amend_customer(customer, |customer| customer.default_payment_method = Some(card.clone()))?;
        let live = self.subscriptions.iter().filter(|each| each.customer == *customer && each.is_live());
        let live: Vec<_> = live.map(|subscription| subscription.id.clone()).collect();
        for id in live {
            self.amend_subscription(&id, |subscription| subscription.default_payment_method = Some(card.clone()))?;
        }
        Ok(card)
    }
}
