//! Publishes notifications of containers.

use super::error::Error;
use domain::{
    ids::NotificationId,
    notifications::published::{PublishError, PublishKey, Published},
};
use secrets::RuntimeKey;
use serde::Serialize;
use store::{
    Store,
    notifications::published::{Outcome, Publication},
};
use workers::decisions::{MAX_DECISIONS, decide_again};

/// A notification that was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PublishedView {
    /// Its id in the inbox of each recipient.
    pub id: NotificationId,
}

/// Publishes a notification to members of the workspace whose container presents `token`. The same `key` publishes once, and
/// answers the same.
///
/// # Errors
/// [`Error`] if the token is not valid, the workspace is suspended, the key was used for another notification, the hour's
/// budget is used up, or the table fails. Nothing is published then.
pub async fn publish(
    store: &Store,
    runtime_key: &RuntimeKey,
    token: &str,
    key: &PublishKey,
    published: &Published,
) -> Result<PublishedView, Error> {
    let bearer = runtime_key.verify(token, store.ambient().now()).await??;
    let digest = published.digest();
    decide_again(MAX_DECISIONS, Error::is_lost, PublishError::ChangedMeanwhile, || async {
        if let Some(known) = store.published_by_container::<Error>(bearer, key).await? {
            let is_same = known.digest == digest;
            return if is_same { Ok(PublishedView { id: known.id }) } else { Err(PublishError::KeyReused.into()) };
        }
        let publication = Publication { id: store.ambient().fresh(), digest: digest.clone() };
        match store.publish(bearer, key, &publication, published.clone()).await? {
            Outcome::Done => Ok(PublishedView { id: publication.id }),
            Outcome::KeyTaken => Err(PublishError::ChangedMeanwhile.into()),
            Outcome::Exhausted(exhausted) => Err(exhausted.into()),
        }
    })
    .await
}
