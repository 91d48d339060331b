//! What the nightly comparison goes through: events that no webhook has taken, and customers.
//! <https://docs.stripe.com/api/events/list>, <https://docs.stripe.com/api/customers/list>

use super::{Account, Error, customers::WORKSPACE};
use crate::domain::{ids::WorkspaceId, stripe_event::Hint};
use jiff::Timestamp;
use miniserde::{
    Deserialize,
    json::{self, Value},
};
use serde::Serialize;
use stripe::RequestStrategy;
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

/// Events of every type and version: the crate's own model of them refuses what it does not know.
#[derive(Deserialize)]
struct Events {
    data: Vec<Value>,
    has_more: bool,
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
        let sent = request.customize::<Events>().request_strategy(RequestStrategy::Once).send(&self.client).await;
        let Events { data, has_more } = sent.map_err(Error::of)?;
        let items: Vec<_> =
            data.iter().filter_map(|event| Hint::parse(json::to_string(event).as_bytes()).ok()).collect();
        let last =
            data.last().and_then(|event| if let Value::Object(fields) = event { fields.get("id") } else { None });
        let last = last.and_then(|id| if let Value::String(id) = id { Some(id.clone()) } else { None });
        Ok(Listed { items, last: last.filter(|_| has_more) })
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
        let page = self.read(&request).await?;
        let last = page.data.last().map(|last| last.id.to_string()).filter(|_| page.has_more);
        let ours = page.data.iter().filter(|customer| {
            let named = customer.metadata.as_ref().and_then(|metadata| metadata.get(WORKSPACE));
            named.is_some_and(|name| name.parse::<WorkspaceId>().is_ok())
        });
        Ok(Listed { items: ours.map(|customer| customer.id.to_string()).collect(), last })
    }
}
