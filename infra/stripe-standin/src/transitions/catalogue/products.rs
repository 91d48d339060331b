//! Changes of products (<https://docs.stripe.com/api/products>).

use crate::{
    error::{ApiError, Result},
    ids::{PriceId, ProductId},
    model::Product,
    params::{Change, MetadataChange},
    state::State,
    view,
};

/// Fields of a product in a create or an update.
#[derive(Debug, Default)]
pub(crate) struct ProductFields {
    pub(crate) name: Option<String>,
    pub(crate) description: Change<String>,
    pub(crate) active: Option<bool>,
    pub(crate) metadata: MetadataChange,
    pub(crate) marketing_features: Option<Vec<String>>,
    pub(crate) default_price: Change<PriceId>,
}

impl ProductFields {
    fn apply(self, product: &mut Product) -> Result<()> {
        self.metadata.apply(&mut product.metadata)?;
        if let Some(name) = self.name {
            product.name = name;
        }
        if let Some(features) = self.marketing_features {
            product.marketing_features = features;
        }
        self.description.apply(&mut product.description);
        product.active = self.active.unwrap_or(product.active);
        self.default_price.apply(&mut product.default_price);
        Ok(())
    }
}

impl State {
    /// Creates a product, whose id may be chosen. An id that exists is refused
    /// (<https://docs.stripe.com/error-codes>, `resource_already_exists`).
    pub(crate) fn create_product(
        &mut self,
        id: Option<ProductId>,
        name: String,
        fields: ProductFields,
    ) -> Result<ProductId> {
        let id = id.unwrap_or_else(|| self.fresh());
        if self.products.get(&id).is_some() {
            return Err(ApiError::refused_as("resource_already_exists", "Product already exists."));
        }
        let mut product = Product::new(id.clone(), name, self.now);
        fields.apply(&mut product)?;
        let object = view::product(&product);
        self.products.put(id.clone(), product);
        self.emit("product.created", object);
        Ok(id)
    }

    /// Changes the given fields. The default price must be an active one of the product.
    pub(crate) fn update_product(&mut self, id: &ProductId, fields: ProductFields) -> Result<()> {
        let before = self.products.find(id, "id")?.clone();
        if let Change::Set(price) = &fields.default_price {
            let found = self.known_price(price, "default_price")?;
            if found.product != *id {
                let message = format!("The price `{price}` does not belong to the product `{id}`.");
                return Err(ApiError::refused_for("default_price", message));
            }
            found.must_be_active("default_price")?;
        }
        let mut changed = before.clone();
        fields.apply(&mut changed)?;
        let was = view::product(&before);
        if view::product(&changed) != was {
            changed.updated = self.now;
        }
        let is = view::product(&changed);
        self.products.put(id.clone(), changed);
        self.emit_change("product.updated", was, is);
        Ok(())
    }
}
