//! The Lambda function `mailer`: wiring only.

use mail::{Brand, MailClient, Sender};
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
        post: MailClient::new(&config, Sender::from_environment(&environment)?),
        dashboard: environment.required("APP_ORIGIN")?,
        letters: environment.required("LETTERS_URL")?,
        brand: Brand::from_environment(&environment)?,
    };
    lambda::run(async |event| mailer::send(&deps, event).await).await
}
