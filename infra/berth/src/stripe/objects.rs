//! Objects of Stripe, limited to the fields that are compared.

use super::{Client, Error, Form};
use domain::plans::file::lock::Mode;
use serde::{Deserialize, de::DeserializeOwned};
use std::collections::{BTreeMap, BTreeSet};

/// Most subscriptions of a price that are counted.
const MOST: usize = 1_000;

/// Objects on a page. <https://docs.stripe.com/api/pagination>
const PAGE: usize = 100;

/// A product. <https://docs.stripe.com/api/products/object>
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Product {
    /// Its id.
    pub id: String,
    /// Title for customers.
    pub name: String,
    /// Sentence for customers.
    pub description: Option<String>,
    /// True if its prices can be bought.
    pub active: bool,
    /// The company's and Berth's notes.
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
}

/// A price. <https://docs.stripe.com/api/prices/object>
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Price {
    /// Its id.
    pub id: String,
    /// Id of its product.
    pub product: String,
    /// True if it can be bought, as long as its product can.
    pub active: bool,
    /// Code of the currency, in lower case.
    pub currency: String,
    /// Amount in the currency's minor unit; `None` for prices in tiers or with fractions of it.
    pub unit_amount: Option<u64>,
    /// The billing interval; `None` for payments that are not repeated.
    pub recurring: Option<Recurring>,
    /// Name that one price of the account has.
    pub lookup_key: Option<String>,
    /// The company's and Berth's notes.
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
}

/// The billing interval of a price.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Recurring {
    /// `month` or `year`, or one that Berth does not sell.
    pub interval: String,
    /// Number of intervals in a period.
    pub interval_count: u64,
}

/// What an account sells.
#[derive(Debug, Clone)]
pub struct Inventory {
    /// Id of the account.
    pub account: String,
    /// Mode of the account.
    pub mode: Mode,
    /// The products that were asked for.
    pub products: Vec<Product>,
    /// The prices that repeat, newest first, also those that can no longer be bought.
    pub prices: Vec<Price>,
    /// Numbers of subscriptions by price, for the prices that were asked for. Those of [`MOST`] and more are [`MOST`].
    pub subscribers: BTreeMap<String, usize>,
}

#[derive(Deserialize)]
struct Identified {
    id: String,
}

#[derive(Deserialize)]
struct List<T> {
    data: Vec<T>,
    has_more: bool,
}

/// Writes a number of subscriptions.
#[must_use]
pub(crate) fn subscriptions(number: usize) -> String {
    match number {
        1 => "1 subscription".to_owned(),
        MOST.. => format!("{MOST} or more subscriptions"),
        _ => format!("{number} subscriptions"),
    }
}

impl Inventory {
    /// Reads all prices, the products whose ids `products` returns, and the numbers of subscriptions of the prices that
    /// `is_counted`. Numbers that are known stay.
    ///
    /// # Errors
    /// [`Error`] if Stripe refuses or does not answer.
    pub fn read(
        client: &Client,
        products: impl Fn(&[Price]) -> BTreeSet<String>,
        is_counted: impl Fn(&Price) -> bool,
        known: BTreeMap<String, usize>,
    ) -> Result<Self, Error> {
        let Identified { id: account } = client.get("/account", &Form::new())?;
        let mut prices: Vec<Price> = Vec::new();
        for active in ["true", "false"] {
            let form = [("active", active), ("type", "recurring")].map(|(name, value)| (name.into(), value.into()));
            prices.extend(pages::<Price>(client, "/prices", &form.into(), |price| &price.id, usize::MAX)?);
        }
        let ids: Vec<_> = products(&prices).into_iter().collect();
        let mut products = Vec::new();
        for ids in ids.chunks(PAGE) {
            let ids = (0..).zip(ids).map(|(number, id): (usize, _)| (format!("ids[{number}]"), id.clone())).collect();
            // Stripe takes no cursor with ids, and a page has them all.
            let List::<Product> { data, .. } = client.get("/products", &with_limit(ids))?;
            products.extend(data);
        }
        let mut subscribers = known;
        for price in prices.iter().filter(|price| is_counted(price)) {
            if !subscribers.contains_key(&price.id) {
                let form = vec![("price".to_owned(), price.id.clone())];
                let found =
                    pages::<Identified>(client, "/subscriptions", &form, |subscription| &subscription.id, MOST)?;
                subscribers.insert(price.id.clone(), found.len());
            }
        }
        Ok(Self { account, mode: client.mode(), products, prices, subscribers })
    }
}

fn with_limit(mut form: Form) -> Form {
    form.push(("limit".to_owned(), PAGE.to_string()));
    form
}

/// Reads a list until it has at least `most` objects.
fn pages<T: DeserializeOwned>(
    client: &Client,
    path: &str,
    form: &Form,
    id: impl Fn(&T) -> &String,
    most: usize,
) -> Result<Vec<T>, Error> {
    let mut found = Vec::new();
    loop {
        let mut form = with_limit(form.clone());
        form.extend(found.last().map(|last| ("starting_after".to_owned(), id(last).clone())));
        let List::<T> { data, has_more } = client.get(path, &form)?;
        let is_empty = data.is_empty();
        found.extend(data);
        if !has_more || is_empty || found.len() >= most {
            return Ok(found);
        }
    }
}
