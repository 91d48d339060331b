//! Customers (<https://docs.stripe.com/api/customers>).

use crate::{
    error::{ApiError, Result},
    ids::{CustomerId, PaymentMethodId},
    model::{Customer, EndReason},
    params::{Change, Metadata, MetadataChange},
    state::State,
    view,
};

/// Fields of a customer in a create or an update.
#[derive(Debug, Default)]
pub(crate) struct CustomerFields {
    pub(crate) name: Change<String>,
    pub(crate) email: Change<String>,
    pub(crate) phone: Change<String>,
    pub(crate) description: Change<String>,
    pub(crate) metadata: MetadataChange,
    pub(crate) balance: Option<i64>,
    pub(crate) default_payment_method: Change<PaymentMethodId>,
}

impl CustomerFields {
    fn apply(self, customer: &mut Customer) -> Result<()> {
        self.metadata.apply(&mut customer.metadata)?;
        customer.balance = self.balance.unwrap_or(customer.balance);
        self.name.apply(&mut customer.name);
        self.email.apply(&mut customer.email);
        self.phone.apply(&mut customer.phone);
        self.description.apply(&mut customer.description);
        self.default_payment_method.apply(&mut customer.default_payment_method);
        Ok(())
    }
}

impl State {
    /// Creates a customer. Customers with the same address or name stay separate.
    pub(crate) fn create_customer(&mut self, fields: CustomerFields) -> Result<CustomerId> {
        if fields.default_payment_method != Change::Keep {
            let param = "invoice_settings[default_payment_method]";
            return Err(ApiError::invalid(param, "A new customer has no payment method that could be its default."));
        }
        let mut customer = Customer {
            id: self.fresh(),
            created: self.now,
            name: None,
            email: None,
            phone: None,
            description: None,
            address: None,
            tax_ids: Vec::new(),
            metadata: Metadata::new(),
            currency: None,
            balance: 0,
            default_payment_method: None,
            invoice_prefix: self.letters(8).to_uppercase(),
            next_invoice: 1,
            delinquent: false,
            deleted: false,
            cards_fail: false,
            finalization_fails: false,
        };
        fields.apply(&mut customer)?;
        let id = customer.id.clone();
        let object = view::customer(&customer);
        self.customers.put(id.clone(), customer);
        self.emit("customer.created", object);
        Ok(id)
    }

    /// Finds a customer who is not deleted.
    pub(crate) fn live_customer(&self, id: &CustomerId, param: &str) -> Result<&Customer> {
        let customer = self.customers.find(id, param)?;
        if customer.deleted { Err(ApiError::missing("customer", id.as_str(), param)) } else { Ok(customer) }
    }

    /// Changes the given fields.
    pub(crate) fn update_customer(&mut self, id: &CustomerId, fields: CustomerFields) -> Result<()> {
        self.live_customer(id, "id")?;
        if let Change::Set(method) = &fields.default_payment_method {
            self.attached_to(id, method, "invoice_settings[default_payment_method]")?;
        }
        let mut changed = self.customers.known(id)?.clone();
        fields.apply(&mut changed)?;
        self.amend_customer(id, |customer| *customer = changed)
    }

    /// Deletes a customer permanently and ends their subscriptions (<https://docs.stripe.com/api/customers/delete>).
    pub(crate) fn delete_customer(&mut self, id: &CustomerId) -> Result<()> {
        self.live_customer(id, "id")?;
        let live = self.subscriptions.iter().filter(|each| each.customer == *id && each.is_live());
        let live: Vec<_> = live.map(|subscription| subscription.id.clone()).collect();
        for subscription in live {
            self.end_subscription(&subscription, EndReason::Requested)?;
        }
        let customer = self.customers.known_mut(id)?;
        // The event has the customer as they were before.
        let object = view::customer(customer);
        customer.deleted = true;
        self.emit("customer.deleted", object);
        Ok(())
    }

    /// Changes a customer, and emits an event if anything changed.
    pub(super) fn amend_customer(&mut self, id: &CustomerId, change: impl FnOnce(&mut Customer)) -> Result<()> {
        let before = view::customer(self.customers.known(id)?);
        change(self.customers.known_mut(id)?);
        let after = view::customer(self.customers.known(id)?);
        self.emit_change("customer.updated", before, after);
        Ok(())
    }

    /// Sets if the customer's invoices cannot be finalized from now on.
    pub(crate) fn set_finalization_fails(&mut self, id: &CustomerId, fails: bool) -> Result<()> {
        self.live_customer(id, "customer")?;
        self.customers.known_mut(id)?.finalization_fails = fails;
        Ok(())
    }

    /// Sets if the customer's cards are declined from now on.
    pub(crate) fn set_cards_fail(&mut self, id: &CustomerId, fails: bool) -> Result<()> {
        self.live_customer(id, "customer")?;
        self.customers.known_mut(id)?.cards_fail = fails;
        Ok(())
    }
}
