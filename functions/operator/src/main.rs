//! The Lambda function `operator`: wiring only.

use ecs::Cluster;
use jiff::{SignedDuration, Timestamp};
use lambda_runtime::{Context, Error, LambdaEvent, service_fn};
use platform::process::Process;
use secrets::IntegrationSecrets;
use shared::doctor::DoctorDeps;
use store::Store;
use workers::billing::BillingDeps;

/// The time reserved for the last workspace of the doctor's rounds and for the answer.
const RESERVE: SignedDuration = SignedDuration::from_secs(20);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let Process { environment, config } = Process::start()?;
    let store = Store::from_environment(&config, &environment)?;
    let BillingDeps { store, payments, catalogue, .. } = BillingDeps::from_environment(store, &config, &environment)?;
    let cluster = Cluster::from_environment(&config, &environment)?;
    let secrets = IntegrationSecrets::from_environment(&config, &environment)?;
    let doctor = &DoctorDeps { store, cluster, secrets, payments, catalogue };
    let handler = service_fn(|event: LambdaEvent<_>| async move {
        let until = doctor.store.ambient().of_observation(until(&event.context));
        operator::run_command(doctor, event.payload, event.context.request_id, until).await.map_err(Error::from)
    });
    lambda_runtime::run(handler).await
}

/// Returns the time after which no further workspace is begun.
fn until(context: &Context) -> Timestamp {
    let deadline = i64::try_from(context.deadline).ok().and_then(|at| Timestamp::from_millisecond(at).ok());
    deadline.and_then(|deadline| deadline.saturating_sub(RESERVE).ok()).unwrap_or(Timestamp::MIN)
}
