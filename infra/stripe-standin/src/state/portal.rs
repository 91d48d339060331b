//! The customer portal (<https://docs.stripe.com/customer-management>): what a customer may do on Stripe's own page.

use super::{Cancellation, State};
use crate::{
    error::{ApiError, Result},
    ids::{CustomerId, PaymentMethodId, PortalConfigurationId, PortalSessionId, SubscriptionId},
};
use jiff::Timestamp;

/// What the portal offers (<https://docs.stripe.com/api/customer_portal/configurations/object>).
#[derive(Clone, Debug)]
pub(crate) struct PortalConfiguration {
    pub(crate) id: PortalConfigurationId,
    pub(crate) created: Timestamp,
}

/// One visit (<https://docs.stripe.com/api/customer_portal/sessions/object>).
#[derive(Clone, Debug)]
pub(crate) struct PortalSession {
    pub(crate) id: PortalSessionId,
    pub(crate) created: Timestamp,
    pub(crate) customer: CustomerId,
    pub(crate) configuration: PortalConfigurationId,
    pub(crate) return_url: Option<String>,
    pub(crate) locale: Option<String>,
    /// The unguessable part of the page's address.
    pub(crate) secret: String,
}

impl State {
    /// The configuration that an account has from the start.
    pub(super) fn open_portal(&mut self) {
        let configuration = PortalConfiguration { id: self.fresh(), created: self.now };
        self.portal_configurations.put(configuration.id.clone(), configuration);
    }

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

    /// The customer cancels at the end of his period. In flexible billing mode that becomes a date
    /// (<https://docs.stripe.com/billing/subscriptions/billing-mode/compare>).
    pub(crate) fn portal_cancels(&mut self, id: &SubscriptionId) -> Result<()> {
        let end = self.subscriptions.find(id, "id")?.item.period.end;
        self.set_cancellation(id, Some(Cancellation::At(end)))
    }

    /// The customer takes it back.
    pub(crate) fn portal_renews(&mut self, id: &SubscriptionId) -> Result<()> {
        self.set_cancellation(id, None)
    }

    /// The customer leaves another card: it pays from now on, for all his subscriptions.
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
