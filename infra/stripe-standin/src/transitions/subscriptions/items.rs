//! Items of a subscription (<https://docs.stripe.com/billing/subscriptions/multiple-products>): their rules, and changes
//! item by item.

use crate::{
    calendar::Interval,
    error::{ApiError, Result},
    ids::{Id, ItemId, PriceId},
    model::{Currency, Item, ItemChange, NewItem, Price, Subscription},
    state::State,
};

/// Item as a request leaves it: an existing one, or one to be created.
struct Planned {
    id: Option<ItemId>,
    item: NewItem,
}

impl State {
    /// Checks new items, which the parameter names. A price that one of the `held` items has may be kept, even if it is
    /// no longer sold.
    pub(in crate::transitions) fn check_items(&self, items: &[NewItem], held: &[Item], param: &str) -> Result<()> {
        for (index, item) in items.iter().enumerate() {
            let param = format!("{param}[{index}][price]");
            if held.iter().any(|held| held.price == item.price) {
                self.known_price(&item.price, &param)?;
            } else {
                self.sold_price(&item.price, &param)?;
            }
        }
        let planned: Vec<_> = items.iter().map(|item| Planned { id: None, item: item.clone() }).collect();
        self.check_together(&planned)
    }

    /// Checks that the changes name existing items, and prices at which something can be bought. An item may keep a price
    /// that is no longer sold.
    pub(in crate::transitions) fn check_named(&self, before: &Subscription, changes: &[ItemChange]) -> Result<()> {
        for (index, change) in changes.iter().enumerate() {
            let (id, price) = match change {
                ItemChange::Add(item) => (None, Some(&item.price)),
                ItemChange::Change { id, price, .. } => (Some(id), price.as_ref()),
                ItemChange::Delete { id } => (Some(id), None),
            };
            let item = id.map(|id| {
                let item = before.items.iter().find(|item| item.id == *id);
                item.ok_or_else(|| ApiError::missing(ItemId::NOUN, id.as_str(), &format!("items[{index}][id]")))
            });
            let (item, param) = (item.transpose()?, format!("items[{index}][price]"));
            match price {
                Some(price) if item.is_some_and(|item| item.price == *price) => self.known_price(price, &param)?,
                Some(price) => self.sold_price(price, &param)?,
                None => continue,
            };
        }
        Ok(())
    }

    /// Checks that the changes leave items that fit together.
    pub(in crate::transitions) fn check_changes(&self, before: &Subscription, changes: &[ItemChange]) -> Result<()> {
        let planned = planned(before, changes);
        let currency = self.currency_of(&before.items)?;
        for Planned { item, .. } in &planned {
            let price = self.prices.known(&item.price)?;
            if price.currency != currency {
                let message = format!(
                    "The price specified only supports `{}`. This doesn't match the expected currency: `{currency}`.",
                    price.currency
                );
                return Err(ApiError::invalid("items", message));
            }
        }
        if planned.is_empty() {
            let message = "A subscription must have at least one active plan. To end it, cancel it.";
            return Err(ApiError::refused(message));
        }
        self.check_together(&planned)
    }

    /// Checks that the items fit together: no price twice, and one interval and one currency for all.
    fn check_together(&self, items: &[Planned]) -> Result<()> {
        let mut first: Option<&Price> = None;
        for (index, Planned { item, .. }) in items.iter().enumerate() {
            let price = self.prices.known(&item.price)?;
            if items.iter().take(index).any(|earlier| earlier.item.price == item.price) {
                let message = format!("Cannot add multiple subscription items with the same plan: {}", item.price);
                return Err(ApiError::invalid("items", message));
            }
            let first = *first.get_or_insert(price);
            if price.currency != first.currency {
                let message = "The price specified supports currencies of `{}` but the subscription has `{}`.";
                let message = message.replacen("{}", price.currency.code(), 1).replacen("{}", first.currency.code(), 1);
                return Err(ApiError::invalid(&format!("items[{index}][price]"), message));
            }
            if price.interval != first.interval {
                return Err(ApiError::not_modelled("items", "items with different intervals"));
            }
        }
        Ok(())
    }

    /// Returns the items after the changes.
    pub(in crate::transitions) fn changed_items(&mut self, before: &Subscription, changes: &[ItemChange]) -> Vec<Item> {
        let mut items = Vec::new();
        for Planned { id, item } in planned(before, changes) {
            let kept = before.items.iter().find(|kept| Some(&kept.id) == id.as_ref());
            items.push(match kept {
                Some(kept) => Item { price: item.price, quantity: item.quantity, ..kept.clone() },
                None => self.new_item(&item),
            });
        }
        items
    }

    /// Creates an item.
    pub(in crate::transitions) fn new_item(&mut self, new: &NewItem) -> Item {
        let NewItem { price, quantity } = new.clone();
        Item { id: self.fresh(), created: self.now, price, quantity, debit: None }
    }

    /// Returns the interval of the items.
    pub(in crate::transitions) fn interval_of(&self, items: &[Item]) -> Result<Interval> {
        self.first_price(items).map(|price| price.interval)
    }

    /// Returns the currency of the items.
    pub(in crate::transitions) fn currency_of(&self, items: &[Item]) -> Result<Currency> {
        self.first_price(items).map(|price| price.currency)
    }

    /// Returns the price of the items for a whole period, without discounts.
    pub(in crate::transitions) fn price_of(&self, items: &[Item]) -> Result<i64> {
        let amount = |item: &Item| -> Result<i64> {
            Ok(self.prices.known(&item.price)?.unit_amount.saturating_mul(item.quantity))
        };
        items.iter().map(amount).sum()
    }

    /// Returns the amount of a period of new items, and its currency.
    pub(crate) fn bought(&self, items: &[NewItem]) -> Result<(i64, Currency)> {
        let mut bought: Option<(i64, Currency)> = None;
        for item in items {
            let price = self.prices.known(&item.price)?;
            let before = bought.map_or(0, |(sum, _)| sum);
            bought = Some((before.saturating_add(price.unit_amount.saturating_mul(item.quantity)), price.currency));
        }
        bought.ok_or_else(|| ApiError::broken("there is no item".to_owned()))
    }

    fn first_price(&self, items: &[Item]) -> Result<&Price> {
        let first: Option<&PriceId> = items.first().map(|item| &item.price);
        self.prices.known(first.ok_or_else(|| ApiError::broken("a subscription has no item".to_owned()))?)
    }
}

/// Returns the items after the changes. New ones are listed first.
fn planned(before: &Subscription, changes: &[ItemChange]) -> Vec<Planned> {
    let kept = |item: &Item| NewItem { price: item.price.clone(), quantity: item.quantity };
    let mut items: Vec<_> =
        before.items.iter().map(|item| Planned { id: Some(item.id.clone()), item: kept(item) }).collect();
    let mut added = Vec::new();
    for change in changes {
        match change {
            ItemChange::Add(item) => added.push(Planned { id: None, item: item.clone() }),
            ItemChange::Delete { id } => items.retain(|item| item.id.as_ref() != Some(id)),
            ItemChange::Change { id, price, quantity } => {
                let changed = items.iter_mut().find(|item| item.id.as_ref() == Some(id));
                changed.into_iter().for_each(|found| found.item.change(price.as_ref(), *quantity));
            }
        }
    }
    added.append(&mut items);
    added
}

/// Returns the changes that leave exactly these items, as a schedule's phase does. Items of the same price keep their id,
/// the others take the ids that are left.
pub(in crate::transitions) fn changes_to(before: &[Item], wanted: &[NewItem]) -> Vec<ItemChange> {
    let wants = |item: &Item| wanted.iter().any(|wanted| wanted.price == item.price);
    let mut left: Vec<_> = before.iter().filter(|item| !wants(item)).collect();
    left.reverse();
    let mut changes = Vec::new();
    for new in wanted {
        let same = before.iter().find(|item| item.price == new.price);
        let (price, quantity) = (Some(new.price.clone()), Some(new.quantity));
        changes.push(match same.or_else(|| left.pop()) {
            Some(item) => ItemChange::Change { id: item.id.clone(), price, quantity },
            None => ItemChange::Add(new.clone()),
        });
    }
    changes.extend(left.into_iter().map(|item| ItemChange::Delete { id: item.id.clone() }));
    changes
}
