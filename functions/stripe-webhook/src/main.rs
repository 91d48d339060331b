//! The Lambda function `stripe-webhook`: wiring only.

use platform::{ambient::Ambient, process::Process};
use queue::StripeEvents;
use secrets::WebhookSecret;
use stripe_webhook::WebhookDeps;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let Process { environment, config, .. } = Process::start()?;
    let secret = WebhookSecret::new(&config, environment.required("STRIPE_WEBHOOK_SECRET_ARN")?);
    let events = StripeEvents::from_environment(&config, &environment)?;
    api::run(stripe_webhook::router(WebhookDeps { secret, events, ambient: Ambient::system() })).await
}
