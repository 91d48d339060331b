//! The items of an order: a plan and its add-ons, with their prices at Stripe.

use super::OrderRequest;
use domain::{
    billing::{
        intent::{Aim, OrderedAddon, OrderedPrice, PlanChange},
        pending::ReplacedChange,
        stripe::facts::held_addons,
    },
    plans::{
        catalogue::Plans,
        price::{AddonPriceName, PriceAtStripe, SoldAddonPrice, SoldPrice},
    },
};
use stripe::{Account, CurrentSubscription, Purchase, SubscriptionItem, WantedAddon, WantedItems};

/// The items to which an order leads. That a price cannot be bought matters only if it must be.
pub struct OrderedItems<'a> {
    price: &'a OrderedPrice,
    quantity: u64,
    addons: &'a [OrderedAddon],
    sold: Result<SoldPrice, stripe::Error>,
    /// Prices of the add-ons that the subscription did not have.
    sold_addons: Result<Vec<SoldAddonPrice>, stripe::Error>,
}

/// The price and the quantity of an item.
pub(super) const fn paid(item: &SubscriptionItem) -> (&PriceAtStripe, u64) {
    (&item.price, item.quantity)
}

impl<'a> OrderedItems<'a> {
    /// Reads the prices of the items to which `change` leads; `None` if it orders none.
    pub async fn of(account: &Account, plans: Plans, change: &'a PlanChange) -> Option<Self> {
        match &change.aim {
            Aim::Now { price, quantity, addons } | Aim::AtPeriodEnd { price, quantity, addons } => {
                Some(Self::read(account, plans, change, (price, *quantity), addons).await)
            }
            Aim::Cancel | Aim::End | Aim::Keep => None,
        }
    }

    async fn read(
        account: &Account,
        plans: Plans,
        change: &PlanChange,
        (price, quantity): (&'a OrderedPrice, u64),
        addons: &'a [OrderedAddon],
    ) -> Self {
        // The price of what was held by the same interval is known from its item.
        let is_held = |price: AddonPriceName| {
            let interval = change.from.map(|(_, interval)| interval);
            interval == Some(price.interval) && change.held.iter().any(|(held, _)| held == price.addon)
        };
        let new: Vec<_> = addons.iter().map(|addon| addon.price).filter(|price| !is_held(*price)).collect();
        let sold_addons =
            async { if new.is_empty() { Ok(Vec::new()) } else { account.sold_addon_prices(plans, &new).await } };
        let sold = async {
            let stays = price.name().map(|name| (name.plan, name.interval)) == change.from && change.from.is_some();
            if stays {
                Err(stripe::Error::Absent("the plan stays".into()))
            } else {
                account.sold_price(plans, price).await
            }
        };
        let (sold, sold_addons) = tokio::join!(sold, sold_addons);
        Self { price, quantity, addons, sold, sold_addons }
    }

    /// True if `items` have the price of the plan and exactly the add-ons.
    pub fn is_reached<'i>(&self, plans: Plans, items: impl Iterator<Item = (&'i PriceAtStripe, u64)> + Clone) -> bool {
        let addons = self.addons.iter().map(|ordered| (ordered.price.addon, ordered.quantity)).collect();
        items.clone().any(|(price, _)| self.price.is(price)) && held_addons(plans, items) == addons
    }

    /// Returns the items that the order leads to.
    ///
    /// # Errors
    /// [`stripe::Error::Absent`] if a price cannot be bought.
    pub fn wanted(self, plans: Plans, present: &CurrentSubscription) -> Result<WantedItems, stripe::Error> {
        let stays = present.plan_item(plans).is_some_and(|item| self.price.is(&item.price));
        let plan = if stays { None } else { Some(Purchase { price: self.sold?, quantity: self.quantity }) };
        let sold = self.sold_addons?;
        let addon = |OrderedAddon { price: name, quantity }: &OrderedAddon| {
            let held = present.addon_item(*name).map(|item| &item.price.id);
            let id = held.or_else(|| sold.iter().find(|sold| sold.name == *name).map(|sold| &sold.id)).cloned();
            let id = id.ok_or_else(|| stripe::Error::Absent(format!("Stripe has no price {name}").into()))?;
            Ok(WantedAddon { id, name: *name, quantity: *quantity })
        };
        Ok(WantedItems { plan, addons: self.addons.iter().map(addon).collect::<Result<_, stripe::Error>>()? })
    }

    /// Returns the scheduled change and the cancellation that the order replaces once it is paid.
    pub(super) fn replaced(&self, request: &OrderRequest<'_>, present: &CurrentSubscription) -> Option<ReplacedChange> {
        let (schedule, cancel_at) =
            (present.schedule.as_ref().map(|schedule| schedule.id.clone()), present.separate_end());
        if schedule.is_none() && cancel_at.is_none() {
            return None;
        }
        let (price, units) = self.leading(request.plans, present)?;
        Some(ReplacedChange {
            attempt: request.intent.attempt,
            subscription: present.id.clone(),
            price,
            units,
            schedule,
            cancel_at,
        })
    }

    /// Returns the id of a price that the subscription has once the order is in force, and not before: that of the plan, or,
    /// if the plan stays, that of an add-on with its number of units.
    fn leading(&self, plans: Plans, present: &CurrentSubscription) -> Option<(String, Option<u64>)> {
        let pending = present.pending.iter().flat_map(|pending| &pending.items).map(|item| &item.price);
        let known = || present.items.iter().map(|item| &item.price).chain(pending.clone());
        let of_plan = || {
            let sold = self.sold.as_ref().ok().map(|sold| sold.id.clone());
            sold.or_else(|| known().find(|price| self.price.is(price)).map(|price| price.id.clone()))
        };
        let held = present.addons(plans);
        let raised = self.addons.iter().find(|ordered| {
            held.iter().all(|(addon, quantity)| (addon, quantity) != (ordered.price.addon, ordered.quantity))
        });
        let stays = present.plan_item(plans).is_some_and(|item| self.price.is(&item.price));
        match raised.filter(|_| stays) {
            None => Some((of_plan()?, None)),
            Some(raised) => {
                let sold = self.sold_addons.as_ref().ok();
                let sold =
                    sold.and_then(|sold| sold.iter().find(|sold| sold.name == raised.price)).map(|sold| &sold.id);
                let held = known().find(|price| price.addon() == Some(raised.price)).map(|price| &price.id);
                Some((sold.or(held)?.clone(), Some(raised.quantity)))
            }
        }
    }
}
