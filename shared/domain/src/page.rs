//! Pagination of lists.

use std::str::FromStr;

/// Maximum number of entries on a page: 1 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(u8);

/// The text is not a page size.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be a whole number from 1 to 100")]
pub struct InvalidLimit;

impl Limit {
    /// The largest page size.
    pub const MOST: Self = Self(100);

    /// Page size of a list that is shown next to other data.
    pub const GLANCE: Self = Self(5);

    /// The number itself.
    #[must_use]
    pub const fn get(self) -> usize {
        self.0 as usize
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(20)
    }
}

impl FromStr for Limit {
    type Err = InvalidLimit;

    fn from_str(text: &str) -> Result<Self, InvalidLimit> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|n| digits && (1..=100).contains(n)).map(Self).ok_or(InvalidLimit)
    }
}

/// Request for a page of a list that is ordered by ids of type `Id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest<Id> {
    /// Maximum number of entries.
    pub limit: Limit,
    /// The page begins after this id; `None` begins at the start.
    pub after: Option<Id>,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T, Id> {
    /// The entries. A filtered page may be short although more follow.
    pub items: Vec<T>,
    /// The next page begins after this id; `None` if nothing follows.
    pub next: Option<Id>,
}

impl<T, Id> Page<T, Id> {
    /// Cuts the page, which is sorted newest first, at the first entry that is too old; nothing follows it then.
    /// `next_is_old` checks the id after which the next page would begin, because a filtered page may have no entries.
    #[must_use]
    pub fn until(mut self, is_old: impl Fn(&T) -> bool, next_is_old: impl Fn(&Id) -> bool) -> Self {
        self.next = self.next.filter(|id| !next_is_old(id));
        if let Some(first) = self.items.iter().position(is_old) {
            self.items.truncate(first);
            self.next = None;
        }
        self
    }

    /// Converts the entries of the page.
    #[must_use]
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U, Id> {
        Page { items: self.items.into_iter().map(change).collect(), next: self.next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_ends_at_the_first_old_entry() {
        let page = |items: &[u8], next| Page { items: items.to_vec(), next }.until(|n| *n < 5, |next| *next < 5);
        assert_eq!(page(&[9, 7, 5], Some(5)), Page { items: vec![9, 7, 5], next: Some(5) });
        assert_eq!(page(&[9, 4, 3], Some(3)), Page { items: vec![9], next: None });
        assert_eq!(page(&[], Some(4)), Page { items: vec![], next: None });
        assert_eq!(page(&[9], None), Page { items: vec![9], next: None });
    }

    #[test]
    fn page_size_is_1_to_100() {
        assert_eq!(["1", "100"].map(|text| text.parse::<Limit>().map(Limit::get)), [Ok(1), Ok(100)]);
        for text in ["0", "101", "-1", "+5", "x", "", " 5", "1.0", "999999999999"] {
            assert_eq!(text.parse::<Limit>(), Err(InvalidLimit), "{text:?}");
        }
    }
}
