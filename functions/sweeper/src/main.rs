//! The Lambda function `sweeper`: wiring only.

use jiff::{SignedDuration, Timestamp};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use notary::Notary;
use platform::process::Process;
use queue::{Queues, StripeEvents};
use secrets::IntegrationSecrets;
use serde::Deserialize;
use sockets::Sockets;
use store::Store;
use sweeper::Sweeper;
use workers::{billing::BillingDeps, live::LiveDeps, runtime::ImageReports};

/// The time before the function's deadline in which no new page is begun. The calls for one item take up to three times the
/// longest single call.
const MARGIN: SignedDuration = SignedDuration::from_secs(25);

/// The payload of a schedule: empty each minute, and once a night the request to begin the comparison with Stripe.
#[derive(Deserialize)]
struct Call {
    begin: Option<Begin>,
}

#[derive(PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Begin {
    Comparison,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let Process { environment, config, plans } = Process::start()?;
    let store = Store::from_environment(&config, &environment, plans)?;
    let sweeper = Sweeper {
        events: StripeEvents::from_environment(&config, &environment)?,
        billing: BillingDeps::from_environment(store.clone(), &config, &environment)?,
        live: LiveDeps { store: store.clone(), sockets: Sockets::from_environment(&config, &environment)? },
        store,
        notary: Notary::from_environment(&config, &environment)?,
        queues: Queues::from_environment(&config, &environment)?,
        image: ImageReports::from_environment(&environment)?,
        secrets: IntegrationSecrets::from_environment(&config, &environment)?,
    };
    let sweeper = &sweeper;
    let handler = service_fn(|event: LambdaEvent<Call>| async move {
        if event.payload.begin == Some(Begin::Comparison) {
            return sweeper.begin_comparison().await.map(|()| None).map_err(Error::from);
        }
        let deadline = Timestamp::from_millisecond(i64::try_from(event.context.deadline)?)?;
        let until = sweeper.store.ambient().of_observation(deadline).saturating_sub(MARGIN)?;
        sweeper.sweep(&event.context.request_id, until).await.map(Some).map_err(Error::from)
    });
    lambda_runtime::run(handler).await
}
