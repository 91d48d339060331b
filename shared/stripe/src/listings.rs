//! Lists for the nightly comparison: undelivered events, and customers.
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

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPage<T> {
    /// Items of the page.
    pub items: Vec<T>,
    /// Id of the last item, if more items follow.
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
    /// Returns a page of the events since `since` that were not delivered to all webhooks, newest first, after the
    /// event `after`.
    pub async fn undelivered_events(&self, since: Timestamp, after: Option<&str>) -> Result<ListPage<Hint>, Error> {
        let wanted = Wanted { delivery_success: false, limit: 100, since: since.as_second(), starting_after: after };
        let request = RequestBuilder::new(StripeMethod::Get, "/events").query(&wanted);
        // The list has events of every type and version. Those that Berth cannot parse are skipped.
        let List::<Box<RawValue>> { data, has_more } = self.send(&request, None).await?;
        let items = data.iter().filter_map(|event| Hint::parse(event.get().as_bytes()).ok()).collect();
        let last = data.last().and_then(|event| serde_json::from_str::<Identified>(event.get()).ok());
        Ok(ListPage { items, last: last.map(|last| last.id).filter(|_| has_more) })
    }

    /// Returns a page of the customers of workspaces, newest first, after the customer `after`.
    pub async fn customers(&self, after: Option<&str>) -> Result<ListPage<String>, Error> {
        let request = ListCustomer::new().limit(100);
        let request = match after {
            Some(after) => request.starting_after(after),
            None => request,
        };
        let page: List<Customer> = self.get_retrying(&request).await?;
        let last = page.data.last().map(|last| last.id.clone()).filter(|_| page.has_more);
        let ours = page.data.into_iter().filter(|customer| customer.workspace().is_some());
        Ok(ListPage { items: ours.map(|customer| customer.id).collect(), last })
    }
}
