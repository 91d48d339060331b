//! Runs functions that are not called over HTTP, and handles batches of queue messages. Must not know what a message
//! means.

mod batch;

pub use batch::{Batch, Handled, QueueMessage, Unreadable};
pub use lambda_runtime::Error;

use lambda_runtime::{LambdaEvent, service_fn};
use serde::{Serialize, de::DeserializeOwned};

/// Runs a function whose `handler` answers every event. Events that failed are part of its answer.
///
/// # Errors
/// [`Error`] if the Runtime API of Lambda fails.
pub async fn run<E: DeserializeOwned, A: Serialize>(handler: impl AsyncFn(E) -> A) -> Result<(), Error> {
    let handler = &handler;
    // Boxed: the future of all calls of a function is too deep for the compiler to lay out in one.
    lambda_runtime::run(service_fn(|event: LambdaEvent<E>| async move {
        Ok::<_, Error>(Box::pin(handler(event.payload)).await)
    }))
    .await
}
