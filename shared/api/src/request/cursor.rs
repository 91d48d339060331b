//! Lists over HTTP: limit, filter and cursor. A cursor marks the start of the next page and is bound to its list.
//!
//! A cursor holds an id and a digest of the id and its list: route, tenant and filter. The digest is not keyed, because
//! it protects no data: the store reads only within the partition of the caller's scope, whatever the id. The digest
//! only detects cursors of other lists.

use super::input::FromQuery;
use crate::body::{FieldErrors, from_texts};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use deserr::Deserr;
use domain::page::{Limit, Page, PageRequest};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::{fmt::Display, str::FromStr};

/// A cursor that this list has not issued.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("is not a cursor of this list and filter; request the first page without a cursor")]
struct ForeignCursor;

/// Position of the next page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Pagination {
    /// Value of `cursor` for the next page; null on the last page.
    pub next_cursor: Option<String>,
    /// True if there is a next page.
    pub has_more: bool,
}

/// Query of a list ordered by ids of type `Id`: the page, and the list's own filter `F`.
#[derive(Debug)]
pub struct Listing<F, Id> {
    /// Filter of the list.
    pub filter: F,
    /// Requested page.
    pub page: PageRequest<Id>,
    name: ListName,
}

/// Query of a walk through a long list, whose pages are as large as the server chooses: the position `P`, and the walk's own
/// filter `F`.
#[derive(Debug)]
pub struct Walk<F, P> {
    /// Filter of the walk.
    pub filter: F,
    /// Position after which the page begins; `None` begins at the start.
    pub after: Option<P>,
    name: ListName,
}

/// Query parameter that all walks have.
#[derive(Debug, Deserr, utoipa::IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WalkParams {
    #[deserr(default)]
    #[param(value_type = String, required = false)]
    cursor: Option<String>,
}

impl<F, P> FromQuery for Walk<F, P>
where
    F: Deserr<FieldErrors> + Send,
    P: FromStr + Send,
{
    fn from_query(pairs: Vec<(String, String)>, route: &str, tenant: &str) -> Result<Self, FieldErrors> {
        let (position, filter): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(name, _)| name == "cursor");
        let name = ListName::new(route, tenant, filter.clone());
        let after = from_texts(position).and_then(|WalkParams { cursor }| name.position(cursor));
        let (filter, after) = both(from_texts(filter), after)?;
        Ok(Self { filter, after, name })
    }
}

impl<F, P: Display> Walk<F, P> {
    /// Returns the position of the page after `next`.
    #[must_use]
    pub fn pagination(&self, next: Option<&P>) -> Pagination {
        let next_cursor = next.map(|position| self.name.seal(position));
        Pagination { has_more: next_cursor.is_some(), next_cursor }
    }
}

/// Returns two parts of a query, or the errors of both.
fn both<A, B>(one: Result<A, FieldErrors>, other: Result<B, FieldErrors>) -> Result<(A, B), FieldErrors> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(mut wrong), Err(also)) => {
            wrong.absorb(also);
            Err(wrong)
        }
        (Err(wrong), Ok(_)) | (Ok(_), Err(wrong)) => Err(wrong),
    }
}

/// Query parameters that all lists have.
#[derive(Debug, Deserr, utoipa::IntoParams)]
#[deserr(error = FieldErrors)]
#[into_params(parameter_in = Query)]
pub struct PageParams {
    #[deserr(default)]
    #[param(value_type = u8, required = false, minimum = 1, maximum = 100)]
    limit: Option<Limit>,
    #[deserr(default)]
    #[param(value_type = String, required = false)]
    cursor: Option<String>,
}

impl<F, Id> FromQuery for Listing<F, Id>
where
    F: Deserr<FieldErrors> + Send,
    Id: FromStr + Send,
{
    fn from_query(pairs: Vec<(String, String)>, route: &str, tenant: &str) -> Result<Self, FieldErrors> {
        let (position, filter): (Vec<_>, Vec<_>) =
            pairs.into_iter().partition(|(name, _)| ["limit", "cursor"].contains(&name.as_str()));
        let name = ListName::new(route, tenant, filter.clone());
        let page = from_texts(position).and_then(|PageParams { limit, cursor }| {
            Ok(PageRequest { limit: limit.unwrap_or_default(), after: name.position(cursor)? })
        });
        let (filter, page) = both(from_texts(filter), page)?;
        Ok(Self { filter, page, name })
    }
}

impl<F, Id: Display> Listing<F, Id> {
    /// Returns the position after `page` of this list.
    #[must_use]
    pub fn pagination<T>(&self, page: &Page<T, Id>) -> Pagination {
        let next_cursor = page.next.as_ref().map(|id| self.name.seal(id));
        Pagination { has_more: next_cursor.is_some(), next_cursor }
    }
}

/// Identity of a list: route, tenant and filter.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ListName(String);

impl ListName {
    fn new(route: &str, tenant: &str, mut filter: Vec<(String, String)>) -> Self {
        filter.sort_unstable();
        // JSON separates the parts unambiguously; plain concatenation would not.
        Self(serde_json::json!([route, tenant, filter]).to_string())
    }

    fn digest(&self, id: &str) -> String {
        let digest = Sha256::new().chain_update(&self.0).chain_update([0]).chain_update(id).finalize();
        URL_SAFE_NO_PAD.encode(digest.iter().take(16).copied().collect::<Vec<_>>())
    }

    fn seal(&self, id: &impl Display) -> String {
        let id = id.to_string();
        URL_SAFE_NO_PAD.encode(format!("{id}.{}", self.digest(&id)))
    }

    /// Returns the position in `cursor`, if there is one.
    fn position<Id: FromStr>(&self, cursor: Option<String>) -> Result<Option<Id>, FieldErrors> {
        let position = cursor.map(|cursor| self.open(&cursor)).transpose();
        position.map_err(|error| FieldErrors::one("cursor", error.to_string()))
    }

    fn open<Id: FromStr>(&self, cursor: &str) -> Result<Id, ForeignCursor> {
        let text = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let text = text.ok_or(ForeignCursor)?;
        let (id, digest) = text.split_once('.').ok_or(ForeignCursor)?;
        if digest != self.digest(id) {
            return Err(ForeignCursor);
        }
        id.parse().map_err(|_| ForeignCursor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        billing::invoice::InvoiceId,
        ids::{AuditId, DeliveryId, InvitationId, UserId, WorkspaceId},
        integrations::IntegrationType,
    };
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn list(route: &str, tenant: &str, filter: &[(&str, &str)]) -> ListName {
        let filter = filter.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        ListName::new(route, tenant, filter)
    }

    /// Invariant 22.
    #[test]
    fn cursor_opens_only_its_own_list() {
        let own = list("/members", "ws_1", &[("role", "admin"), ("status", "active")]);
        let user = UserId::of("test", "ana");
        let cursor = own.seal(&user);
        assert_eq!(own.open(&cursor), Ok(user));
        assert_eq!(list("/members", "ws_1", &[("status", "active"), ("role", "admin")]).open(&cursor), Ok(user));
        for other in [
            list("/activity", "ws_1", &[("role", "admin"), ("status", "active")]),
            list("/members", "ws_2", &[("role", "admin"), ("status", "active")]),
            list("/members", "ws_1", &[("role", "admin")]),
            list("/members", "ws_1", &[("role", "admin"), ("status", "removed")]),
            list("/members", "ws_1", &[("role", "admin,status"), ("active", "")]),
        ] {
            assert_eq!(other.open::<UserId>(&cursor), Err(ForeignCursor), "{other:?}");
        }
    }

    /// A cursor that a list has issued, and the request that it answered.
    #[derive(serde::Deserialize)]
    struct Sample {
        id: String,
        route: String,
        tenant: String,
        filter: Vec<(String, String)>,
        cursor: String,
    }

    fn opened<Id: FromStr + Display>(name: &ListName, cursor: &str) -> String {
        name.open::<Id>(cursor).unwrap().to_string()
    }

    /// Clients keep cursors between requests, so samples are never edited. A new list adds a sample.
    #[test]
    fn cursors_held_by_clients_stay_valid() {
        let samples: BTreeMap<String, Sample> =
            serde_json::from_str(include_str!("../../../samples/cursors.json")).unwrap();
        for (kind, Sample { id, route, tenant, filter, cursor }) in samples {
            let name = ListName::new(&route, &tenant, filter);
            let opened = match kind.as_str() {
                "audit" => opened::<AuditId>(&name, &cursor),
                "delivery" => opened::<DeliveryId>(&name, &cursor),
                // The store parses it: `positions_held_by_clients_stay_valid`.
                "export" => opened::<String>(&name, &cursor),
                "integration" => opened::<IntegrationType>(&name, &cursor),
                "invitation" => opened::<InvitationId>(&name, &cursor),
                "invoice" => opened::<InvoiceId>(&name, &cursor),
                "member" => opened::<UserId>(&name, &cursor),
                "plan" => opened::<domain::plans::names::PlanName>(&name, &cursor),
                "workspace" => opened::<WorkspaceId>(&name, &cursor),
                other => panic!("no list has cursors of {other}"),
            };
            assert_eq!(opened, id, "{kind}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_refused(text in "\\PC{0,80}") {
            prop_assert_eq!(list("/members", "ws_1", &[]).open::<UserId>(&text), Err(ForeignCursor));
        }
    }
}
