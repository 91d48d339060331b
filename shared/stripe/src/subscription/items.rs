//! Items of a subscription, and their changes.

use domain::{
    billing::stripe::facts::best_plan,
    plans::{
        catalogue::Plans,
        price::{AddonPriceName, PriceAtStripe, SoldPrice},
    },
};
use stripe_billing::{
    invoice::CreatePreviewInvoiceSubscriptionDetailsItems as PreviewedItem, subscription::UpdateSubscriptionItems,
};

/// An item of a subscription: its plan, an add-on, or something that is sold next to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionItem {
    pub(super) id: String,
    /// Current price.
    pub price: PriceAtStripe,
    /// Amount of the price per interval, in the currency's minor unit, if it has one.
    pub amount: Option<u64>,
    /// Number of times that the price is paid.
    pub quantity: u64,
}

/// The wanted items of a subscription. Those of other prices than plans and add-ons stay as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedItems {
    /// The plan; `None` if it stays as it is.
    pub plan: Option<Purchase>,
    /// All add-ons.
    pub addons: Vec<WantedAddon>,
}

/// The price of a plan that is bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purchase {
    /// The price.
    pub price: SoldPrice,
    /// Number of times that it is paid.
    pub quantity: u64,
}

/// A wanted add-on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedAddon {
    /// Stripe's id of the price of a unit.
    pub id: String,
    /// What it sells.
    pub name: AddonPriceName,
    /// Number of units.
    pub quantity: u64,
}

/// A change of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemChange<'a> {
    /// The item has this price and quantity. Without an item, one is added.
    Set {
        /// Present item.
        item: Option<&'a SubscriptionItem>,
        /// Stripe's id of the price.
        price: &'a str,
        /// Number of times that the price is paid.
        quantity: u64,
    },
    /// The item is removed.
    Remove(&'a SubscriptionItem),
}

/// Returns the changes of the items `present` that lead to `wanted`.
pub(super) fn changes<'a>(
    plans: Plans,
    present: &'a [SubscriptionItem],
    wanted: &'a WantedItems,
) -> Vec<ItemChange<'a>> {
    let plan = wanted.plan.as_ref().map(|Purchase { price, quantity }| ItemChange::Set {
        item: plan_item(plans, present),
        price: &price.id,
        quantity: *quantity,
    });
    let mut left: Vec<_> = present.iter().filter(|item| plans.addon_paid_by(&item.price).is_some()).collect();
    let mut changes = Vec::from_iter(plan);
    for WantedAddon { id, name, quantity } in &wanted.addons {
        let same = left.iter().position(|item| item.price.addon() == Some(*name));
        // Another version or interval of it takes its place.
        let of_name = |item: &&SubscriptionItem| item.price.addon().is_some_and(|of| of.addon.name == name.addon.name);
        let item = same.or_else(|| left.iter().position(of_name)).map(|position| left.remove(position));
        if item.is_none_or(|item| (item.price.addon(), item.quantity) != (Some(*name), *quantity)) {
            changes.push(ItemChange::Set { item, price: id, quantity: *quantity });
        }
    }
    changes.extend(left.into_iter().map(ItemChange::Remove));
    changes
}

/// Returns the item whose price is a plan's.
pub(super) fn plan_item(plans: Plans, items: &[SubscriptionItem]) -> Option<&SubscriptionItem> {
    best_plan(plans, items, |item| &item.price).map(|(item, _)| item)
}

impl ItemChange<'_> {
    pub(super) fn to_update(self) -> UpdateSubscriptionItems {
        let empty = UpdateSubscriptionItems::new();
        match self {
            Self::Set { item, price, quantity } => UpdateSubscriptionItems {
                id: item.map(|item| item.id.clone()),
                price: Some(price.to_owned()),
                quantity: Some(quantity),
                ..empty
            },
            Self::Remove(item) => UpdateSubscriptionItems { id: Some(item.id.clone()), deleted: Some(true), ..empty },
        }
    }

    pub(super) fn to_preview(self) -> PreviewedItem {
        let UpdateSubscriptionItems { id, price, quantity, deleted, .. } = self.to_update();
        PreviewedItem { id, price, quantity, deleted, ..PreviewedItem::new() }
    }
}
