//! Cost of a request at the table (round trips and consumed capacity), for its log line and for tests; setup of
//! logging; and metrics for CloudWatch.
//!
//! The store counts; the HTTP layer and the tests read the counts; neither knows the other. Nothing is counted outside
//! [`measure`].

use crate::config::Environment;
use jiff::Timestamp;
use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};
use tracing::level_filters::LevelFilter;

/// Starts logging to standard output, with the level and the format of Lambda's logging controls; by default INFO, as
/// text. The crate `lambda_runtime` does the same with a filter of regular expressions, which would add to every binary
/// and every start.
/// <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html>
pub fn init_logging(environment: &Environment) {
    let lines = tracing_subscriber::fmt().with_target(false).without_time().with_max_level(level(environment));
    if environment.optional("AWS_LAMBDA_LOG_FORMAT").is_some_and(|format| format.eq_ignore_ascii_case("json")) {
        lines.json().init();
    } else {
        lines.init();
    }
}

fn level(environment: &Environment) -> LevelFilter {
    match environment.optional("AWS_LAMBDA_LOG_LEVEL").as_deref() {
        // Lambda has this level in addition.
        Some("FATAL") => LevelFilter::ERROR,
        level => level.and_then(|level| level.parse().ok()).unwrap_or(LevelFilter::INFO),
    }
}

/// Round trips, requests and capacity used so far.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Usage {
    /// Number of sets of concurrent requests.
    pub round_trips: u32,
    /// Number of requests, including retries by Berth, excluding those inside the SDK.
    pub requests: u32,
    /// Capacity units, as the table counted them.
    pub capacity: f64,
}

#[derive(Default)]
struct Meter {
    usage: Usage,
    under_way: u32,
}

tokio::task_local! {
    static METER: Arc<Mutex<Meter>>;
}

/// Runs `work` and returns its output and its usage. The usage also counts for enclosing metered work.
pub async fn measure<F: Future>(work: F) -> (F::Output, Usage) {
    let meter = Arc::new(Mutex::new(Meter::default()));
    let output = METER.scope(Arc::clone(&meter), work).await;
    let usage = meter.lock().unwrap_or_else(PoisonError::into_inner).usage;
    change(|outer| {
        outer.usage.round_trips += usage.round_trips;
        outer.usage.requests += usage.requests;
        outer.usage.capacity += usage.capacity;
    });
    (output, usage)
}

/// A pending request to the table. Dropping it ends it.
#[derive(Debug)]
pub struct Request(());

impl Request {
    /// Begins a request. It begins a round trip if no other request is pending.
    pub fn begin() -> Self {
        change(|meter| {
            meter.usage.round_trips += u32::from(meter.under_way == 0);
            meter.usage.requests += 1;
            meter.under_way += 1;
        });
        Self(())
    }

    /// Adds the capacity that the request consumed.
    pub fn consumed(&self, capacity: Option<f64>) {
        change(|meter| meter.usage.capacity += capacity.unwrap_or_default());
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        change(|meter| meter.under_way = meter.under_way.saturating_sub(1));
    }
}

fn change(change: impl FnOnce(&mut Meter)) {
    // Outside of metered work there is no meter.
    let _ = METER.try_with(|meter| change(&mut meter.lock().unwrap_or_else(PoisonError::into_inner)));
}

/// Emits a count for CloudWatch.
pub fn emit_count(function: &str, metric: &str, amount: u64, at: Timestamp) {
    emit(function, (metric, "Count"), amount, at);
}

/// Emits the milliseconds from `since` to `at` for CloudWatch.
pub fn emit_milliseconds(function: &str, metric: &str, since: Timestamp, at: Timestamp) {
    let passed = at.as_millisecond().saturating_sub(since.as_millisecond());
    emit(function, (metric, "Milliseconds"), u64::try_from(passed).unwrap_or_default(), at);
}

/// Emits a metric in CloudWatch's embedded format, under the stack's own namespace from `METRICS_NAMESPACE`, or else `Berth`.
/// Two stacks in one account must not trigger each other's alarms.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>
fn emit(function: &str, (metric, unit): (&str, &str), amount: u64, at: Timestamp) {
    let line = serde_json::json!({
        "_aws": {
            "Timestamp": at.as_millisecond(),
            "CloudWatchMetrics": [{
                "Namespace": std::env::var("METRICS_NAMESPACE").as_deref().unwrap_or("Berth"),
                "Dimensions": [["function"]],
                "Metrics": [{ "Name": metric, "Unit": unit }],
            }],
        },
        "function": function,
        metric: amount,
    });
    #[expect(clippy::print_stdout, reason = "Lambda takes metrics from standard output, one JSON object a line")]
    {
        println!("{line}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_level_follows_lambda_controls() {
        let level = |set| level(&Environment::from_iter([("AWS_LAMBDA_LOG_LEVEL", set)]));
        let levels = [LevelFilter::TRACE, LevelFilter::DEBUG, LevelFilter::INFO, LevelFilter::WARN, LevelFilter::ERROR];
        assert_eq!(["TRACE", "DEBUG", "INFO", "WARN", "ERROR"].map(level), levels);
        assert_eq!(level("FATAL"), LevelFilter::ERROR);
        assert_eq!(["", "loud"].map(level), [LevelFilter::INFO; 2]);
    }
}
