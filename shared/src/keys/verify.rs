//! Verifies keys for the company's own services, which let programs of customers in.

use domain::{
    identity::{access::Role, origin::Origin},
    ids::{KeyId, UserId, WorkspaceId},
    keys::{
        refusal::KeyRefusal,
        scope::KeyScope,
        secret::{KeyClaim, KeyPrefix},
        usage::RateReport,
    },
    plans::names::{FeatureName, PlanName},
    text::{KeyName, WorkspaceName},
};
use identity::{Caller, PresentedKey};
use jiff::Timestamp;
use serde::Serialize;
use std::net::IpAddr;
use store::{Admitted, Error, Store};

/// A key to verify.
#[derive(Debug, Clone)]
pub struct KeyQuestion {
    /// The token.
    pub token: String,
    /// A scope that it must have.
    pub scope: Option<KeyScope>,
    /// The address of its holder, as the service sees it.
    pub address: Option<IpAddr>,
}

/// Whether a key can be used now, and for whom.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum VerdictView {
    /// It can be used.
    Valid {
        /// True.
        valid: bool,
        /// The key.
        key: KeyFacts,
        /// The workspace.
        workspace: WorkspaceOfKey,
        /// The member who made it; null for a service key.
        maker: Option<MakerOfKey>,
        /// What is left in this minute.
        rate: RateFacts,
    },
    /// It cannot.
    Invalid {
        /// False.
        valid: bool,
        /// Stable code of the reason.
        code: &'static str,
        /// The reason.
        detail: String,
        /// Seconds until a retry may succeed.
        #[serde(skip_serializing_if = "Option::is_none")]
        retry_after: Option<u64>,
    },
}

/// A verified key.
#[derive(Debug, Serialize)]
pub struct KeyFacts {
    id: KeyId,
    name: KeyName,
    scopes: Vec<KeyScope>,
    service: bool,
    expires_at: Timestamp,
}

/// The workspace of a verified key.
#[derive(Debug, Serialize)]
pub struct WorkspaceOfKey {
    id: WorkspaceId,
    name: WorkspaceName,
    plan: PlanName,
    features: Vec<FeatureName>,
    suspended: bool,
}

/// The maker of a verified key.
#[derive(Debug, Serialize)]
pub struct MakerOfKey {
    id: UserId,
    role: Role,
}

/// The rate of a verified key.
#[derive(Debug, Serialize)]
pub struct RateFacts {
    limit: u32,
    remaining: u32,
    resets_in: u64,
}

/// Returns whether the key can be used now. The question counts as a use of the key. A token without the form of one is answered
/// without a read, and an unknown key as one with another secret.
///
/// # Errors
/// [`Error`] if the table fails.
pub async fn verify_key(store: &Store, prefix: &KeyPrefix, question: &KeyQuestion) -> Result<VerdictView, Error> {
    let Ok(claim) = KeyClaim::parse(&question.token, prefix) else { return Ok(refused(KeyRefusal::Invalid)) };
    let rate = RateReport::default();
    let origin = Origin { request_id: String::new(), ip_address: question.address.map(|address| address.to_string()) };
    let caller = Caller::by_key(PresentedKey { claim, rate: rate.clone() }, origin);
    let read = store.enter(&caller, claim.workspace, None).unaudited().load().await?;
    let Admitted { key, role, workspace, standing } = match read.admit_key() {
        Ok(admitted) => admitted,
        Err(refusal) => return Ok(refused(refusal)),
    };
    if let Some(required) = question.scope.filter(|scope| !key.has(*scope)) {
        return Ok(refused(KeyRefusal::ScopeRequired { required }));
    }
    // A scope that the maker's present role does not cover opens nothing.
    let open: Vec<_> = key.terms.scopes.iter().filter(|scope| scope.is_open_to(role)).collect();
    if question.scope.is_some_and(|scope| !open.contains(&scope)) {
        let denied = "the maker of this API key no longer has a role that allows it".to_owned();
        return Ok(VerdictView::Invalid { valid: false, code: "role_required", detail: denied, retry_after: None });
    }
    let state = rate.get().ok_or_else(|| Error::Defect("the rate of an admitted key is known".into()))?;
    Ok(VerdictView::Valid {
        valid: true,
        key: KeyFacts {
            id: key.id,
            name: key.terms.name.clone(),
            scopes: open,
            service: key.is_service(),
            expires_at: key.expires_at,
        },
        workspace: WorkspaceOfKey {
            id: workspace.id,
            name: workspace.name.clone(),
            plan: standing.plan.name,
            features: standing.plan.features.to_vec(),
            suspended: workspace.suspended.is_some(),
        },
        maker: (!key.is_service()).then_some(MakerOfKey { id: key.maker, role }),
        rate: RateFacts { limit: state.limit, remaining: state.remaining, resets_in: state.resets_in },
    })
}

fn refused(refusal: KeyRefusal) -> VerdictView {
    let retry_after = match refusal {
        KeyRefusal::OverRate { retry_after, .. } => Some(retry_after),
        KeyRefusal::Invalid
        | KeyRefusal::Expired
        | KeyRefusal::MakerLeft
        | KeyRefusal::Changed
        | KeyRefusal::OtherNetwork
        | KeyRefusal::ScopeRequired { .. }
        | KeyRefusal::NotByKey => None,
    };
    VerdictView::Invalid { valid: false, code: refusal.code(), detail: refusal.to_string(), retry_after }
}
