//! Requests to the table: batch reads, queries and transactions. Each is counted, and repeated while the table reports
//! a temporary failure.

mod query;

pub(crate) use query::Query;

use crate::{
    Store,
    table::error::Error,
    table::item::{Item, key_of, place},
    table::keys::Key,
    table::transaction::{Failed, Transaction},
};
use aws_sdk_dynamodb::{
    error::{ProvideErrorMetadata, SdkError},
    operation::{
        query::QueryOutput, scan::ScanOutput, transact_write_items::TransactWriteItemsError,
        update_item::UpdateItemError,
    },
    types::{
        CancellationReason, KeysAndAttributes, ReturnConsumedCapacity, ReturnValue,
        ReturnValuesOnConditionCheckFailure, TransactWriteItem,
    },
};
use futures::future::try_join_all;
use platform::telemetry;
use std::{collections::HashMap, error::Error as StdError, time::Duration};

/// Maximum number of keys in one request.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html>
const BATCH: usize = 100;

/// Number of attempts before the caller gets [`Error::Contended`].
const ATTEMPTS: u32 = 8;

/// Waits before attempts, each random below a ceiling.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waits {
    /// Number of attempts before the caller gets [`Error::Contended`].
    pub(crate) attempts: u32,
    /// Upper bound of the wait before this attempt.
    ceiling: fn(u32) -> Duration,
}

impl Waits {
    /// For changes that rarely meet: each wait may be twice as long as the one before, up to 400 ms.
    pub(crate) const GROWING: Self = Self {
        attempts: ATTEMPTS,
        ceiling: |attempt| {
            let doublings = 2_u32.saturating_pow(attempt.saturating_sub(1));
            Duration::from_millis(20).saturating_mul(doublings).min(Duration::from_millis(400))
        },
    };

    /// For changes of one workspace, which all move the end of its log: waits become shorter, so that who has waited longest
    /// comes next. All of them together are half a second on average.
    pub(crate) const SHRINKING: Self =
        Self { attempts: 64, ceiling: |attempt| Duration::from_millis(200).checked_div(attempt).unwrap_or_default() };
}

/// Wait before a transaction in progress is sent again. Sending it again more than five seconds after the first attempt
/// makes the table settle its outcome.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html>
const IN_PROGRESS_WAIT: Duration = Duration::from_millis(1_700);

/// Result of a write of one item that the table answered.
pub(crate) enum Updated {
    /// The write was made. Holds the new values of the changed attributes.
    Done(Item),
    /// The condition did not hold. Holds the item that failed it, if there is one.
    Refused(Option<Item>),
}

/// Result of the actions of a transaction that the table answered.
pub(crate) enum Sent {
    Done,
    /// Conditions failed. Holds a reason for each action.
    Refused(Vec<CancellationReason>),
}

/// Result of a transaction that the table answered.
pub(crate) enum TransactionOutcome<E> {
    Done,
    Refused(E),
}

impl Store {
    /// Reads the item `key`, if there is one, and parses it.
    pub(crate) async fn read_item<T, E>(
        &self,
        key: &Key,
        parse: impl FnOnce(&Item) -> Result<T, E>,
    ) -> Result<Option<T>, Error>
    where
        Error: From<E>,
    {
        let found = self.batch_get(std::slice::from_ref(key)).await?;
        Ok(found.get(key).map(parse).transpose()?)
    }

    /// Reads the items at `keys` consistently, in one round trip. Keys without an item are left out.
    pub(crate) async fn batch_get(&self, keys: &[Key]) -> Result<HashMap<Key, Item>, Error> {
        let mut wanted: Vec<_> = keys.to_vec();
        wanted.sort_unstable();
        wanted.dedup();
        let batches = try_join_all(wanted.chunks(BATCH).map(|keys| self.read_batch(keys))).await?;
        Ok(batches.into_iter().flatten().collect())
    }

    /// Reads the items at at most [`BATCH`] different `keys`.
    async fn read_batch(&self, keys: &[Key]) -> Result<HashMap<Key, Item>, Error> {
        let mut found = HashMap::new();
        let mut left: Vec<HashMap<_, _>> = keys.iter().map(|key| HashMap::from(place(key))).collect();
        for attempt in 0..ATTEMPTS {
            if left.is_empty() {
                return Ok(found);
            }
            self.wait(Waits::GROWING, attempt).await;
            let asked = KeysAndAttributes::builder().set_keys(Some(left)).consistent_read(true).build();
            let request = telemetry::Request::begin();
            let output = self
                .client
                .batch_get_item()
                .request_items(&self.table, asked.map_err(|error| Error::Defect(error.into()))?)
                .return_consumed_capacity(ReturnConsumedCapacity::Total)
                .send()
                .await
                .map_err(failure)?;
            request.consumed(
                output.consumed_capacity().iter().filter_map(|used| used.capacity_units()).reduce(|a, b| a + b),
            );
            let items = output.responses.unwrap_or_default().into_values().flatten();
            found.extend(items.filter_map(|item| Some((key_of(&item)?, item))));
            left = output.unprocessed_keys.unwrap_or_default().into_values().flat_map(|asked| asked.keys).collect();
        }
        if left.is_empty() { Ok(found) } else { Err(Error::Contended) }
    }

    /// Sends `query`.
    pub(crate) async fn query(&self, query: Query) -> Result<QueryOutput, Error> {
        let request = telemetry::Request::begin();
        let builder = self.client.query().table_name(&self.table);
        let builder = query.shape(builder).return_consumed_capacity(ReturnConsumedCapacity::Total);
        let output = builder.send().await.map_err(failure)?;
        request.consumed(output.consumed_capacity().and_then(|used| used.capacity_units()));
        Ok(output)
    }

    pub(crate) async fn scan(
        &self,
        shape: impl FnOnce(
            aws_sdk_dynamodb::operation::scan::builders::ScanFluentBuilder,
        ) -> aws_sdk_dynamodb::operation::scan::builders::ScanFluentBuilder,
    ) -> Result<ScanOutput, Error> {
        let request = telemetry::Request::begin();
        let scan = self.client.scan().table_name(&self.table).return_consumed_capacity(ReturnConsumedCapacity::Total);
        let output = shape(scan).send().await.map_err(failure)?;
        request.consumed(output.consumed_capacity().and_then(|used| used.capacity_units()));
        Ok(output)
    }

    /// Makes all changes of `transaction`, or none.
    pub(crate) async fn transact<E>(&self, transaction: Transaction<E>) -> Result<TransactionOutcome<E>, Error> {
        match self.send(transaction.items(&self.table)?, Waits::GROWING).await? {
            Sent::Done => Ok(TransactionOutcome::Done),
            Sent::Refused(reasons) => transaction.refusal(&failed(&reasons)).map(TransactionOutcome::Refused),
        }
    }

    /// Sends the actions of a transaction until the table has decided.
    ///
    /// All attempts carry one token. If one was applied and its answer lost, the table neither applies the next attempt
    /// nor checks its conditions against what the first one wrote. So an attempt after a conflict has the same token, too.
    pub(crate) async fn send(&self, items: Vec<TransactWriteItem>, waits: Waits) -> Result<Sent, Error> {
        let token = format!("{:032x}", self.ambient.random());
        for attempt in 0..waits.attempts {
            self.wait(waits, attempt).await;
            let request = telemetry::Request::begin();
            let answer = self
                .client
                .transact_write_items()
                .set_transact_items(Some(items.clone()))
                .client_request_token(&token)
                .return_consumed_capacity(ReturnConsumedCapacity::Total)
                .send()
                .await;
            let reasons = match answer {
                Ok(output) => {
                    let used = output.consumed_capacity().iter().filter_map(|used| used.capacity_units());
                    request.consumed(used.reduce(|a, b| a + b));
                    return Ok(Sent::Done);
                }
                Err(error) if is_in_progress(&error) => {
                    drop(request);
                    tokio::time::sleep(IN_PROGRESS_WAIT).await;
                    continue;
                }
                Err(error) => cancellation(error)?,
            };
            if failed(&reasons).iter().any(|failed| matches!(failed, Failed::With(_))) {
                return Ok(Sent::Refused(reasons));
            }
            if let Some(reason) = reasons.iter().find(|reason| !is_temporary(reason)) {
                return Err(Error::Defect(reason.code().unwrap_or("no reason").into()));
            }
        }
        Err(Error::Contended)
    }

    /// Waits before `attempt`, the first of which is 0.
    pub(crate) async fn wait(&self, waits: Waits, attempt: u32) {
        if attempt > 0 {
            tokio::time::sleep(self.ambient.jitter((waits.ceiling)(attempt))).await;
        }
    }

    /// Sends the write of one item that `shape` completes, for changes that do not need a transaction. The condition is
    /// part of the write.
    pub(crate) async fn update(
        &self,
        shape: impl FnOnce(
            aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder,
        ) -> aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder,
    ) -> Result<(), Error> {
        let request = telemetry::Request::begin();
        let update = self.client.update_item().table_name(&self.table);
        let update = update.return_consumed_capacity(ReturnConsumedCapacity::Total);
        let update = shape(update);
        let output = self.unless_conflicting(|| update.clone().send()).await.map_err(failure)?;
        request.consumed(output.consumed_capacity().and_then(|used| used.capacity_units()));
        Ok(())
    }

    /// Sends the write of one item again while a transaction changes or checks the item, which the SDK does not do.
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling>
    async fn unless_conflicting<T, E, F>(&self, send: impl Fn() -> F) -> Result<T, SdkError<E>>
    where
        E: ProvideErrorMetadata,
        F: Future<Output = Result<T, SdkError<E>>>,
    {
        let mut attempt = 0;
        loop {
            let answer = send().await;
            let conflicts = answer.as_ref().is_err_and(|error| error.code() == Some("TransactionConflictException"));
            attempt += 1;
            if !conflicts || attempt == ATTEMPTS {
                return answer;
            }
            self.wait(Waits::GROWING, attempt).await;
        }
    }

    /// Like [`Self::update`], but reports whether the condition held.
    pub(crate) async fn update_if(
        &self,
        shape: impl FnOnce(
            aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder,
        ) -> aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder,
    ) -> Result<Updated, Error> {
        let request = telemetry::Request::begin();
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .return_values(ReturnValue::UpdatedNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let update = shape(update);
        match self.unless_conflicting(|| update.clone().send()).await {
            Ok(output) => {
                request.consumed(output.consumed_capacity().and_then(|used| used.capacity_units()));
                Ok(Updated::Done(output.attributes.unwrap_or_default()))
            }
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                    Ok(Updated::Refused(refused.item.clone()))
                }
                _ => Err(failure(error)),
            },
        }
    }

    /// Deletes the item at `key`, if there is one.
    pub(crate) async fn delete(&self, key: &Key) -> Result<(), Error> {
        let request = telemetry::Request::begin();
        let delete = self.client.delete_item().table_name(&self.table).set_key(Some(HashMap::from(place(key))));
        let delete = delete.return_consumed_capacity(ReturnConsumedCapacity::Total);
        let output = self.unless_conflicting(|| delete.clone().send()).await.map_err(failure)?;
        request.consumed(output.consumed_capacity().and_then(|used| used.capacity_units()));
        Ok(())
    }
}

/// Returns, for each action of a transaction, whether its conditions failed.
pub(crate) fn failed(reasons: &[CancellationReason]) -> Vec<Failed<'_>> {
    let failed = |reason: &'_ CancellationReason| match reason.code() {
        Some("ConditionalCheckFailed") => true,
        Some(_) | None => false,
    };
    reasons.iter().map(|reason| if failed(reason) { Failed::With(reason.item()) } else { Failed::No }).collect()
}

/// True if an earlier attempt of the same transaction is still in progress. It may succeed, so the transaction is sent
/// again.
fn is_in_progress(error: &SdkError<TransactWriteItemsError>) -> bool {
    matches!(error.as_service_error(), Some(TransactWriteItemsError::TransactionInProgressException(_)))
}

/// Returns the reasons of a cancelled transaction, one per action. Every other error is final, since the SDK has
/// already repeated what may be repeated.
fn cancellation(error: SdkError<TransactWriteItemsError>) -> Result<Vec<CancellationReason>, Error> {
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
            Ok(cancelled.cancellation_reasons.clone().unwrap_or_default())
        }
        // Some implementations of DynamoDB report a conflict with a code of its own.
        Some(service) if service.code() == Some("TransactionConflictException") => Ok(Vec::new()),
        _ => Err(failure_of(error, Error::OutcomeUnknown)),
    }
}

/// True if the cause is temporary: a concurrent transaction, or a table that is scaling.
fn is_temporary(reason: &CancellationReason) -> bool {
    matches!(
        reason.code(),
        None | Some("None" | "TransactionConflict" | "ThrottlingError" | "ProvisionedThroughputExceeded")
    )
}

/// Converts an SDK error into a failure of the store. A temporary failure becomes [`Error::Unavailable`].
fn failure<E>(error: SdkError<E>) -> Error
where
    E: StdError + ProvideErrorMetadata + Send + Sync + 'static,
{
    failure_of(error, Error::Unavailable)
}

/// Converts an SDK error into a failure of the store. A request that the table refuses as malformed or not allowed is a
/// defect of Berth; every other failure may be temporary and becomes `passing`.
fn failure_of<E>(error: SdkError<E>, passing: fn(Box<dyn StdError + Send + Sync>) -> Error) -> Error
where
    E: StdError + ProvideErrorMetadata + Send + Sync + 'static,
{
    let ours = matches!(
        error.as_service_error().and_then(ProvideErrorMetadata::code),
        Some(
            "ValidationException"
                | "AccessDeniedException"
                | "ResourceNotFoundException"
                | "IdempotentParameterMismatchException"
        )
    );
    let source = Box::new(platform::aws::CallFailed::new("the table", &error));
    if ours { Error::Defect(source) } else { passing(source) }
}
