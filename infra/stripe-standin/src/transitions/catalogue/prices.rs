//! Changes of prices, and the rules for their use (<https://docs.stripe.com/products-prices/manage-prices>).

use crate::{
    calendar::Interval,
    error::{ApiError, Result},
    ids::{Id, PriceId, ProductId},
    model::{Currency, Price},
    params::{Change, Metadata, MetadataChange},
    state::State,
    view,
};

/// What a price keeps for good.
#[derive(Debug)]
pub(crate) struct NewPrice {
    pub(crate) product: ProductId,
    pub(crate) currency: Currency,
    pub(crate) unit_amount: i64,
    pub(crate) interval: Interval,
}

/// Fields of a price that can change.
#[derive(Debug, Default)]
pub(crate) struct PriceFields {
    pub(crate) active: Option<bool>,
    pub(crate) nickname: Change<String>,
    pub(crate) metadata: MetadataChange,
    pub(crate) lookup_key: Change<String>,
    /// True if the lookup key is taken from the price that has it.
    pub(crate) transfers_key: bool,
}

impl PriceFields {
    fn apply(self, price: &mut Price) -> Result<()> {
        self.metadata.apply(&mut price.metadata)?;
        price.active = self.active.unwrap_or(price.active);
        self.nickname.apply(&mut price.nickname);
        self.lookup_key.apply(&mut price.lookup_key);
        Ok(())
    }
}

impl State {
    /// Creates a price.
    pub(crate) fn create_price(&mut self, new: NewPrice, fields: PriceFields) -> Result<PriceId> {
        self.products.find(&new.product, "product")?;
        let holder = self.key_holder(&fields, None)?;
        let NewPrice { product, currency, unit_amount, interval } = new;
        let mut price = Price {
            id: self.fresh(),
            created: self.now,
            product,
            active: true,
            nickname: None,
            lookup_key: None,
            metadata: Metadata::new(),
            currency,
            unit_amount,
            interval,
            known: true,
        };
        fields.apply(&mut price)?;
        self.release_key(holder)?;
        let (id, object) = (price.id.clone(), view::price(&price));
        self.prices.put(id.clone(), price);
        self.emit("price.created", object);
        Ok(id)
    }

    /// Changes the given fields. A default price cannot be made inactive.
    pub(crate) fn update_price(&mut self, id: &PriceId, fields: PriceFields) -> Result<()> {
        let before = self.known_price(id, "id")?.clone();
        let product = self.products.known(&before.product)?;
        if fields.active == Some(false) && product.default_price.as_ref() == Some(id) {
            let message = "This price cannot be archived because it is the default price of its product.";
            return Err(ApiError::refused(message));
        }
        let holder = self.key_holder(&fields, Some(id))?;
        let mut changed = before;
        fields.apply(&mut changed)?;
        self.release_key(holder)?;
        self.replace_price(changed)
    }

    /// Returns the other price that has the wanted lookup key, or refuses the key if it is not to be transferred
    /// (<https://docs.stripe.com/products-prices/manage-prices#lookup-keys>).
    fn key_holder(&self, fields: &PriceFields, owner: Option<&PriceId>) -> Result<Option<PriceId>> {
        let Change::Set(key) = &fields.lookup_key else { return Ok(None) };
        let mut others = self.prices.iter().filter(|price| Some(&price.id) != owner);
        let Some(holder) = others.find(|price| price.lookup_key.as_ref() == Some(key)) else { return Ok(None) };
        if fields.transfers_key {
            return Ok(Some(holder.id.clone()));
        }
        let message = format!("A price (`{}`) already uses that lookup key.", holder.id);
        Err(ApiError::refused_for("lookup_key", message))
    }

    fn release_key(&mut self, holder: Option<PriceId>) -> Result<()> {
        let Some(holder) = holder else { return Ok(()) };
        let released = Price { lookup_key: None, ..self.prices.known(&holder)?.clone() };
        self.replace_price(released)
    }

    fn replace_price(&mut self, changed: Price) -> Result<()> {
        let (id, after) = (changed.id.clone(), view::price(&changed));
        let before = view::price(self.prices.known(&id)?);
        self.prices.put(id, changed);
        self.emit_change("price.updated", before, after);
        Ok(())
    }

    /// Finds a price that a request names (<https://docs.stripe.com/error-codes>, `resource_missing`).
    pub(crate) fn known_price(&self, id: &PriceId, param: &str) -> Result<&Price> {
        let price = self.prices.find(id, param)?;
        if price.known { Ok(price) } else { Err(ApiError::missing(PriceId::NOUN, id.as_str(), param)) }
    }

    /// Finds a price at which a request buys something new. It and its product must be active.
    pub(in crate::transitions) fn sold_price(&self, id: &PriceId, param: &str) -> Result<&Price> {
        let price = self.known_price(id, param)?;
        price.must_be_active(param)?;
        if self.products.known(&price.product)?.active {
            return Ok(price);
        }
        let message = format!("Price `{id}` is not available to be purchased because its product is not active.");
        Err(ApiError::refused_for(param, message))
    }

    /// Sets if requests find the price from now on. Subscriptions keep it either way.
    pub(crate) fn set_price_known(&mut self, id: &PriceId, known: bool) -> Result<()> {
        self.prices.find(id, "price")?;
        self.prices.known_mut(id)?.known = known;
        Ok(())
    }
}
