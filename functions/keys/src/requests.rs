//! The requests of the key routes.

use api::{Extensions, FieldErrors, FromBody, from_json};
use deserr::Deserr;
use domain::{
    ids::KeyId,
    keys::{
        network::{MAX_NETWORKS, Network},
        record::{Allotments, KeyChanges, KeyTerms, NewKey, Overlap, Validity},
        scope::{KeyScope, KeyScopes},
    },
    plans::{catalogue::Plans, names::MeterName},
    text::KeyName,
};
use shared::keys::KeyQuestion;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// The path to an API key.
#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors)]
pub(crate) struct KeyPath {
    /// The key's id.
    pub(crate) id: KeyId,
}

/// An API key to make.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = NewApiKey)]
pub(crate) struct NewKeyBody {
    /// Name of the key.
    name: KeyName,
    /// Parts of the API that it may use; at least one.
    #[schema(min_items = 1)]
    scopes: BTreeSet<KeyScope>,
    /// Number of days for which it is valid; 90 by default.
    #[deserr(default)]
    #[schema(required = false, minimum = 1, maximum = 366, default = 90)]
    expires_in_days: Option<u16>,
    /// Networks from which it may be used, in CIDR notation, at most 20; none for all.
    #[deserr(default)]
    #[schema(required = false, value_type = Vec<String>, max_items = 20, example = json!(["203.0.113.0/24"]))]
    networks: Vec<Network>,
    /// Amount of each meter that it may consume in a month of UTC. A release does not give it back.
    #[deserr(default)]
    #[schema(required = false, value_type = BTreeMap<String, u64>, example = json!({"executions": 1000}))]
    budgets: BTreeMap<String, u64>,
    /// True for a key that rests on the workspace instead of your membership. Only owners make such keys.
    #[deserr(default)]
    #[schema(required = false, default = false)]
    service: bool,
}

/// A valid request for an API key.
#[derive(Debug)]
pub(crate) struct NewKeyRequest(pub(crate) NewKey);

impl FromBody for NewKeyRequest {
    fn from_body(bytes: &[u8], _: &[(String, String)], extensions: &Extensions) -> Result<Self, FieldErrors> {
        from_json::<NewKeyBody>(bytes)?.wanted(extensions.get::<Plans>().copied()).map(Self)
    }
}

impl NewKeyBody {
    fn wanted(self, plans: Option<Plans>) -> Result<NewKey, FieldErrors> {
        let Self { name, scopes, expires_in_days, networks, budgets, service } = self;
        let validity = expires_in_days.map_or(Ok(Validity::default()), Validity::of_days);
        let (scopes, networks) = (KeyScopes::new(scopes), distinct(networks));
        let allotments = allotments(budgets, plans);
        let mut errors = FieldErrors::default();
        if let Err(error) = &scopes {
            errors = errors.with("scopes", error.to_string());
        }
        if let Err(error) = &validity {
            errors = errors.with("expires_in_days", error.to_string());
        }
        if let Err(error) = &networks {
            errors = errors.with("networks", error.clone());
        }
        if let Err(error) = &allotments {
            errors = errors.with("budgets", error.clone());
        }
        match (scopes, validity, networks, allotments) {
            (Ok(scopes), Ok(validity), Ok(networks), Ok(allotments)) => {
                let terms = KeyTerms { name, scopes, networks, allotments };
                Ok(NewKey { terms, validity, is_service: service })
            }
            _ => Err(errors),
        }
    }
}

fn distinct(networks: Vec<Network>) -> Result<Vec<Network>, String> {
    if networks.len() > MAX_NETWORKS {
        return Err(format!("must have at most {MAX_NETWORKS} networks"));
    }
    Ok(networks.into_iter().collect::<BTreeSet<_>>().into_iter().collect())
}

/// Returns the budgets of meters that are consumed.
fn allotments(budgets: BTreeMap<String, u64>, plans: Option<Plans>) -> Result<Allotments, String> {
    let Some(plans) = plans else { return Ok(Allotments::new()) };
    let known = |(name, amount): (String, u64)| {
        let meter = name.parse::<MeterName>().ok().and_then(|name| plans.meter(name));
        let consumed = meter.filter(|meter| meter.is_consumed());
        consumed.map(|meter| (meter.name, amount)).ok_or_else(|| {
            let names: Vec<_> = plans.consumed().map(|meter| meter.name.to_string()).collect();
            format!("must name meters that are consumed: {}", names.join(", "))
        })
    };
    budgets.into_iter().map(known).collect()
}

/// Changes of an API key. What is omitted stays as it is.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = ApiKeyChanges)]
pub(crate) struct KeyChangesBody {
    /// Another name.
    #[deserr(default)]
    #[schema(required = false)]
    name: Option<KeyName>,
    /// Fewer scopes; at least one.
    #[deserr(default)]
    #[schema(required = false, min_items = 1)]
    scopes: Option<BTreeSet<KeyScope>>,
    /// Other networks; an empty list for all.
    #[deserr(default)]
    #[schema(required = false, value_type = Vec<String>, max_items = 20)]
    networks: Option<Vec<Network>>,
}

/// Valid changes of an API key.
#[derive(Debug)]
pub(crate) struct KeyChangesRequest(pub(crate) KeyChanges);

impl FromBody for KeyChangesRequest {
    fn from_body(bytes: &[u8], _: &[(String, String)], _: &Extensions) -> Result<Self, FieldErrors> {
        let KeyChangesBody { name, scopes, networks } = from_json(bytes)?;
        let (scopes, networks) = (scopes.map(KeyScopes::new).transpose(), networks.map(distinct).transpose());
        let mut errors = FieldErrors::default();
        if let Err(error) = &scopes {
            errors = errors.with("scopes", error.to_string());
        }
        if let Err(error) = &networks {
            errors = errors.with("networks", error.clone());
        }
        match (scopes, networks) {
            (Ok(scopes), Ok(networks)) => Ok(Self(KeyChanges { name, scopes, networks })),
            _ => Err(errors),
        }
    }
}

/// A rotation of an API key.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = ApiKeyRotation)]
pub(crate) struct RotationBody {
    /// Number of hours for which the present secret stays valid; 24 by default, 0 to end it at once.
    #[deserr(default)]
    #[schema(required = false, minimum = 0, maximum = 168, default = 24)]
    overlap_hours: Option<u16>,
}

/// The overlap of a rotation.
#[derive(Debug)]
pub(crate) struct RotationRequest(pub(crate) Overlap);

impl FromBody for RotationRequest {
    fn from_body(bytes: &[u8], _: &[(String, String)], _: &Extensions) -> Result<Self, FieldErrors> {
        let RotationBody { overlap_hours } = from_json(bytes)?;
        let overlap = overlap_hours.map_or(Ok(Overlap::default()), Overlap::of_hours);
        overlap.map(Self).map_err(|error| FieldErrors::one("overlap_hours", error.to_string()))
    }
}

/// The question whether a key can be used.
#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct Question {
    /// The token.
    token: String,
    /// A scope that it must have.
    #[deserr(default)]
    scope: Option<KeyScope>,
    /// The address of its holder, for keys that may be used from some networks only.
    #[deserr(default)]
    address: Option<String>,
}

impl From<Question> for KeyQuestion {
    fn from(Question { token, scope, address }: Question) -> Self {
        Self { token, scope, address }
    }
}
