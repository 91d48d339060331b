//! Gives records from before the log was chained their places, and binds them to it.

use domain::{
    audit::chain::Linking,
    identity::{denied::Denied, origin::Origin},
    ids::UserId,
};
use store::{Scope, Store, audit::LinkStep};
use system_scope::SystemScope;

/// Number of steps in one minute. A step links a page of records.
const STEPS: usize = 8;

/// The reason a step was not made.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The scope of a worker depends on nothing that could deny it.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Another worker has made the step.
    #[error("another worker links the records")]
    ChangedMeanwhile,
}

/// Makes some steps; the next minute continues. After the last one, a record of the log binds what was linked. Nobody has asked
/// for this change, so its actor is Berth.
///
/// # Errors
/// [`LinkError`] if the table fails.
pub async fn link_before(store: &Store, linking: Linking, request_id: &str) -> Result<(), LinkError> {
    let system = SystemScope::of(linking.workspace);
    let mut linking = linking;
    for _ in 0..STEPS {
        match store.link_records(&system, &linking).await? {
            LinkStep::More(next) => linking = next,
            LinkStep::ChangedMeanwhile => return Ok(()),
            LinkStep::Linked => {
                let origin = Origin { request_id: request_id.to_owned(), ip_address: None };
                let scope = Scope::on_behalf_of(&system, UserId::of("berth", "audit"), origin);
                return match store.bind_records(&scope, &linking, LinkError::ChangedMeanwhile).await {
                    Err(LinkError::ChangedMeanwhile) => Ok(()),
                    result => result,
                };
            }
        }
    }
    Ok(())
}
