//! Lists and their pages (<https://docs.stripe.com/api/pagination>): newest first, 1 to 100 objects, 10 by default. A
//! page begins after or ends before an object that need not match the filters.

use crate::{
    error::{ApiError, Result},
    ids::Id,
    params::Params,
    shelf::Shelf,
};
use serde_json::{Value, json};

/// Requested page.
#[derive(Debug)]
pub(super) struct Page {
    limit: usize,
    side: Side,
}

#[derive(Debug)]
enum Side {
    Start,
    After(String),
    Before(String),
}

impl Page {
    /// Takes the parameters that every list has.
    pub(super) fn read(params: &mut Params) -> Result<Self> {
        let limit = params.integer("limit")?.unwrap_or(10);
        let limit = usize::try_from(limit).ok().filter(|limit| (1..=100).contains(limit));
        let limit = limit.ok_or_else(|| ApiError::invalid("limit", "This value must be between 1 and 100."))?;
        let side = match (params.text("starting_after")?, params.text("ending_before")?) {
            (None, None) => Side::Start,
            (Some(id), None) => Side::After(id),
            (None, Some(id)) => Side::Before(id),
            (Some(_), Some(_)) => {
                let message = "You can only provide one of `starting_after` and `ending_before`.";
                return Err(ApiError::invalid("starting_after", message));
            }
        };
        Ok(Self { limit, side })
    }

    /// Returns the page of the wanted objects on the shelf.
    pub(super) fn of<I: Id, T>(
        self,
        shelf: &Shelf<I, T>,
        url: &str,
        wanted: impl Fn(&T) -> bool,
        show: impl Fn(&T) -> Result<Value>,
    ) -> Result<Value> {
        let all = shelf.newest_entries();
        let (mut found, more): (Vec<&T>, bool) = match &self.side {
            Side::Start => first(self.limit, all.map(|(_, item)| item).filter(|item| wanted(item))),
            Side::After(cursor) => {
                let cursor = Self::cursor(shelf, cursor, "starting_after")?;
                let rest = all.skip_while(|(id, _)| **id != cursor).skip(1).map(|(_, item)| item);
                first(self.limit, rest.filter(|item| wanted(item)))
            }
            Side::Before(cursor) => {
                let cursor = Self::cursor(shelf, cursor, "ending_before")?;
                let newer: Vec<_> = all.take_while(|(id, _)| **id != cursor).map(|(_, item)| item).collect();
                first(self.limit, newer.into_iter().rev().filter(|item| wanted(item)))
            }
        };
        if matches!(self.side, Side::Before(_)) {
            found.reverse();
        }
        let data = found.into_iter().map(show).collect::<Result<Vec<_>>>()?;
        Ok(json!({ "object": "list", "data": data, "has_more": more, "url": url }))
    }

    fn cursor<I: Id, T>(shelf: &Shelf<I, T>, text: &str, param: &str) -> Result<I> {
        let id = I::given(text);
        shelf.find(&id, param)?;
        Ok(id)
    }
}

/// Returns the first `limit` items, and true if there are more.
fn first<'a, T>(limit: usize, mut items: impl Iterator<Item = &'a T>) -> (Vec<&'a T>, bool) {
    let found: Vec<_> = items.by_ref().take(limit).collect();
    (found, items.next().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::CustomerId;

    fn check(query: &str, expected: &str) {
        let mut shelf = Shelf::default();
        for number in 1..=5 {
            shelf.put(CustomerId::given(&format!("c{number}")), number);
        }
        let mut params = Params::read(form_urlencoded::parse(query.as_bytes()).into_owned());
        let odd = |number: &i32| number % 2 == 1;
        let page = Page::read(&mut params).and_then(|page| page.of(&shelf, "/v1/c", odd, |number| Ok(json!(number))));
        let found = match page {
            Ok(page) => format!("{} more: {}", page["data"], page["has_more"]),
            Err(error) => error.to_string(),
        };
        assert_eq!(found, expected, "{query}");
    }

    #[test]
    fn pages() {
        check("", "[5,3,1] more: false");
        check("limit=2", "[5,3] more: true");
        check("limit=1&starting_after=c5", "[3] more: true");
        check("starting_after=c4", "[3,1] more: false");
        check("ending_before=c1", "[5,3] more: false");
        check("limit=1&ending_before=c1", "[3] more: true");
        check("ending_before=c5", "[] more: false");
        check("starting_after=c9", "No such customer: 'c9'");
        check("limit=0", "This value must be between 1 and 100.");
        check("limit=101", "This value must be between 1 and 100.");
    }
}
