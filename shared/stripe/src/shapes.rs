//! Common parts of Stripe's answers, limited to the fields that Berth reads.

use serde::Deserialize;

/// A page of a list. <https://docs.stripe.com/api/pagination>
#[derive(Debug, Deserialize)]
pub(super) struct List<T> {
    pub(super) data: Vec<T>,
    pub(super) has_more: bool,
}

/// A reference to an object: its id, or the whole object if it was expanded. <https://docs.stripe.com/expand>
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Named<T> {
    Id(String),
    Whole(T),
}

impl<T> Named<T> {
    /// Returns the object, if it was expanded.
    pub(super) const fn whole(&self) -> Option<&T> {
        match self {
            Self::Id(_) => None,
            Self::Whole(object) => Some(object),
        }
    }
}

/// An object of which only the id is read.
#[derive(Debug, Deserialize)]
pub(super) struct Identified {
    pub(super) id: String,
}

impl Named<Identified> {
    /// Returns the object's id, expanded or not.
    pub(super) fn id(&self) -> &str {
        match self {
            Self::Id(id) | Self::Whole(Identified { id }) => id,
        }
    }
}

/// An error object. Stripe's own message is not read, because it may echo the request.
/// <https://docs.stripe.com/api/errors>
#[derive(Debug, Deserialize)]
pub(super) struct Refusal {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) code: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Refused {
    pub(super) error: Refusal,
}
