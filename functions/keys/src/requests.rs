//! The requests of the key routes.

use api::{Extensions, FieldErrors, FromBody, from_json, from_json_or};
use deserr::Deserr;
use domain::{
    ids::KeyId,
    keys::{
        record::{KeyChanges, KeyTerms, Networks, NewKey, Overlap, Validity},
        scope::{KeyScope, KeyScopes},
    },
    plans::catalogue::Plans,
    text::KeyName,
};
use shared::keys::KeyQuestion;
use std::collections::BTreeMap;
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
    #[schema(value_type = Vec<KeyScope>, min_items = 1)]
    scopes: KeyScopes,
    /// Number of days for which it is valid; 90 by default.
    #[deserr(default)]
    #[schema(required = false, value_type = u16, minimum = 1, maximum = 366)]
    expires_in_days: Option<Validity>,
    /// Networks from which it may be used, in CIDR notation, at most 20; none for all.
    #[deserr(default)]
    #[schema(required = false, value_type = Vec<String>, max_items = 20, example = json!(["203.0.113.0/24"]))]
    networks: Networks,
    /// Amount of each meter that it may consume in a month of UTC. A release does not give it back.
    #[deserr(default)]
    #[schema(required = false, value_type = BTreeMap<String, u64>, example = json!({"executions": 1000}))]
    budgets: BTreeMap<String, u64>,
    /// True for a key that rests on the workspace instead of your membership. Only owners make such keys.
    #[deserr(default)]
    #[schema(required = false)]
    service: bool,
}

/// A valid request for an API key.
#[derive(Debug)]
pub(crate) struct NewKeyRequest(pub(crate) NewKey);

impl FromBody for NewKeyRequest {
    fn from_body(bytes: &[u8], _: &[(String, String)], extensions: &Extensions) -> Result<Self, FieldErrors> {
        let plans = extensions.get::<Plans>().copied();
        let unknown = |names: Vec<String>| plans.and_then(|plans| unknown_meters(&names, plans));
        let errors = |names: Vec<String>| unknown(names).map(|error| FieldErrors::one("budgets", error));
        let body: NewKeyBody = from_json_or(bytes, |fields| errors(fields.names("budgets")).unwrap_or_default())?;
        if let Some(errors) = errors(body.budgets.keys().cloned().collect()) {
            return Err(errors);
        }
        let NewKeyBody { name, scopes, expires_in_days, networks, budgets, service } = body;
        let budgets = budgets.into_iter().filter_map(|(meter, amount)| Some((meter.parse().ok()?, amount)));
        let terms = KeyTerms { name, scopes, networks: networks.into(), allotments: budgets.collect() };
        Ok(Self(NewKey { terms, validity: expires_in_days.unwrap_or_default(), is_service: service }))
    }
}

/// Returns the error if a name is not that of a meter that is consumed.
fn unknown_meters(names: &[String], plans: Plans) -> Option<String> {
    let is_known = |name: &String| plans.consumed().any(|meter| meter.name.as_str() == name);
    let known: Vec<_> = plans.consumed().map(|meter| meter.name.to_string()).collect();
    let error = || format!("must name meters that are consumed: {}", known.join(", "));
    (!names.iter().all(is_known)).then(error)
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
    #[schema(required = false, value_type = Vec<KeyScope>, min_items = 1)]
    scopes: Option<KeyScopes>,
    /// Other networks; an empty list for all.
    #[deserr(default)]
    #[schema(required = false, value_type = Vec<String>, max_items = 20)]
    networks: Option<Networks>,
}

/// Valid changes of an API key.
#[derive(Debug)]
pub(crate) struct KeyChangesRequest(pub(crate) KeyChanges);

impl FromBody for KeyChangesRequest {
    fn from_body(bytes: &[u8], _: &[(String, String)], _: &Extensions) -> Result<Self, FieldErrors> {
        let KeyChangesBody { name, scopes, networks } = from_json(bytes)?;
        Ok(Self(KeyChanges { name, scopes, networks: networks.map(Into::into) }))
    }
}

/// A rotation of an API key.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = ApiKeyRotation)]
pub(crate) struct RotationBody {
    /// Number of hours for which the present secret stays valid; 24 by default, 0 to end it at once.
    #[deserr(default)]
    #[schema(required = false, value_type = u16, minimum = 0, maximum = 168)]
    overlap_hours: Option<Overlap>,
}

/// The overlap of a rotation.
#[derive(Debug)]
pub(crate) struct RotationRequest(pub(crate) Overlap);

impl FromBody for RotationRequest {
    fn from_body(bytes: &[u8], _: &[(String, String)], _: &Extensions) -> Result<Self, FieldErrors> {
        from_json::<RotationBody>(bytes).map(|body| Self(body.overlap_hours.unwrap_or_default()))
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

impl TryFrom<Question> for KeyQuestion {
    type Error = FieldErrors;

    fn try_from(Question { token, scope, address }: Question) -> Result<Self, FieldErrors> {
        let address = address.map(|address| address.parse()).transpose();
        let address = address.map_err(|_| FieldErrors::one("address", "must be an IP address"))?;
        Ok(Self { token, scope, address })
    }
}
