//! The Lambda function `mailer`: wiring only.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use mail::MailClient;
use platform::{ambient::Ambient, aws, config::Environment, telemetry};
use secrets::InvitationKey;
use store::Store;
use workers::team::MailerDeps;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let environment = Environment::of_process();
    telemetry::init_logging(&environment);
    let config = aws::sdk_config(&environment)?;
    let deps = MailerDeps {
        store: Store::new(&config, environment.required("TABLE_NAME")?, Ambient::system()),
        key: InvitationKey::new(&config, environment.required("INVITATION_SECRET_ARN")?),
        post: MailClient::new(
            &config,
            environment.required("MAIL_FROM")?,
            environment.optional("MAIL_CONFIGURATION_SET"),
        ),
        dashboard: environment.required("APP_ORIGIN")?,
        letters: environment.required("LETTERS_URL")?,
    };
    let deps = &deps;
    let handler =
        service_fn(|event: LambdaEvent<_>| async move { Ok::<_, Error>(mailer::send(deps, event.payload).await) });
    lambda_runtime::run(handler).await
}
