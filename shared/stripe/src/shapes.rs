//! The shapes that Stripe's answers share, as far as Berth reads them.

use serde::Deserialize;

/// What every list of Stripe's is. <https://docs.stripe.com/api/pagination>
#[derive(Debug, Deserialize)]
pub(super) struct List<T> {
    pub(super) data: Vec<T>,
    pub(super) has_more: bool,
}

/// An object that is named by its id, unless the whole of it was asked for. <https://docs.stripe.com/expand>
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Named<T> {
    Id(String),
    Whole(T),
}

impl<T> Named<T> {
    /// The object, if it is there.
    pub(super) const fn whole(&self) -> Option<&T> {
        match self {
            Self::Id(_) => None,
            Self::Whole(object) => Some(object),
        }
    }
}

/// An object of which its id is all that matters.
#[derive(Debug, Deserialize)]
pub(super) struct Identified {
    pub(super) id: String,
}

impl Named<Identified> {
    /// Its id, whether it is there or not.
    pub(super) fn id(&self) -> &str {
        match self {
            Self::Id(id) | Self::Whole(Identified { id }) => id,
        }
    }
}

/// A refusal. Stripe's own words are left out: they may repeat what was sent. <https://docs.stripe.com/api/errors>
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
