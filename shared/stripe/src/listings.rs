//! What the nightly comparison goes through: events that no webhook has taken, and customers.
//! <https://docs.stripe.com/api/events/list>, <https://docs.stripe.com/api/customers/list>

use super::{
    Account, Error,
    customers::Customer,
    shapes::{Identified, List},
};
use domain::billing::stripe::event::Hint;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;
use stripe_client_core::{RequestBuilder, StripeMethod};
use stripe_core::customer::ListCustomer;

/// A page of things, and the id of its last one if more follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T> {
    /// The things.
    pub items: Vec<T>,
    /// The last one's id, if more follow.
    pub last: Option<String>,
}

#[derive(Serialize)]
struct Wanted<'a> {
    delivery_success: bool,
    limit: u8,
    #[serde(rename = "created[gte]")]
    since: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    starting_after: Option<&'a str>,
}

impl Account {
    /// A page of the events since `since` that some webhook has not taken, newest first, behind the event `after`.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn undelivered(&self, since: Timestamp, after: Option<&str>) -> Result<Listed<Hint>, Error> {
        let wanted = Wanted { delivery_success: false, limit: 100, since: since.as_second(), starting_after: after };
        let request = RequestBuilder::new(StripeMethod::Get, "/events").query(&wanted);
        // Events of every type and version: what is none to Berth is left out.
        let List::<Box<RawValue>> { data, has_more } = self.send(&request, None).await?;
        let items = data.iter().filter_map(|event| Hint::parse(event.get().as_bytes()).ok()).collect();
        let last = data.last().and_then(|event| serde_json::from_str::<Identified>(event.get()).ok());
        Ok(Listed { items, last: last.map(|last| last.id).filter(|_| has_more) })
    }

    /// A page of the customers who were made for workspaces, newest first, behind the customer `after`.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn customers(&self, after: Option<&str>) -> Result<Listed<String>, Error> {
        let request = ListCustomer::new().limit(100);
        let request = match after {
            Some(after) => request.starting_after(after),
            None => request,
        };
        let page: List<Customer> = self.read(&request).await?;
        let last = page.data.last().map(|last| last.id.clone()).filter(|_| page.has_more);
        let ours = page.data.into_iter().filter(|customer| customer.workspace().is_some());
        Ok(Listed { items: ours.map(|customer| customer.id).collect(), last })
    }
}
