//! The Lambda function `mailer`: wiring only.

use mail::MailClient;
use platform::process::Process;
use secrets::InvitationKey;
use store::Store;
use workers::letters::MailerDeps;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    let Process { environment, config, plans } = Process::start()?;
    let deps = MailerDeps {
        store: Store::from_environment(&config, &environment, plans)?,
        key: InvitationKey::new(&config, environment.required("INVITATION_SECRET_ARN")?),
        post: MailClient::new(
            &config,
            environment.required("MAIL_FROM")?,
            environment.optional("MAIL_CONFIGURATION_SET"),
        ),
        dashboard: environment.required("APP_ORIGIN")?,
        letters: environment.required("LETTERS_URL")?,
    };
    lambda::run(async |event| mailer::send(&deps, event).await).await
}
