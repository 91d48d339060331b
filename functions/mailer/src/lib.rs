//! Sends the e-mails requested in the mail queue, and marks the invitations whose e-mails were returned. A message that fails
//! is retried, then moves to the dead-letter queue, without affecting the others of its batch.

mod message;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use lambda::{Batch, Handled, QueueMessage, Unreadable};
use message::Work;
use platform::telemetry;
use workers::{
    billing::{self, mail_notice},
    integrations::{self, AdminMailDeps, mail_disabled},
    team::{InvitationMailError, MailOutcome, MailerDeps, mail_invitation, mark_letter_returned},
    workspace::{self, mail_suspension},
};

/// The reasons why a message was not handled.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    #[error(transparent)]
    Mail(#[from] InvitationMailError),
    #[error(transparent)]
    Integrations(#[from] integrations::DisabledMailError),
    #[error(transparent)]
    Billing(#[from] billing::BillingMailError),
    #[error(transparent)]
    Suspension(#[from] workspace::SuspensionMailError),
}

/// Handles the messages of `event` concurrently, so that one that hangs does not use up the time of the others, whose e-mails
/// would be sent again on the retry.
pub async fn send(deps: &MailerDeps, event: SqsEvent) -> SqsBatchResponse {
    let send = async |message: QueueMessage<'_>| {
        let outcome = send_one(deps, message).await?;
        tracing::info!(function = "mailer", message_id = message.id, ?outcome, "message handled");
        Ok::<_, Failure>(Handled::Done)
    };
    Batch::concurrent("mailer", event).handle(send).await
}

async fn send_one(deps: &MailerDeps, message: QueueMessage<'_>) -> Result<MailOutcome, Failure> {
    match message::work(message)? {
        Work::Send(letter) => {
            let outcome = mail_invitation(deps, letter).await?;
            if outcome == MailOutcome::Deferred {
                telemetry::emit_count("mailer", "LettersDeferred", 1, deps.store.ambient().now());
            }
            Ok(outcome)
        }
        Work::Mark(letter, returned) => Ok(mark_letter_returned(deps, letter, returned).await?),
        Work::NotifyDisabled { workspace, integration, version } => {
            let MailerDeps { store, key, post, dashboard, letters } = deps;
            let with = AdminMailDeps { store, key, post, dashboard, letters };
            let sent = mail_disabled(with, workspace, integration, version).await?;
            Ok(if sent { MailOutcome::Sent } else { MailOutcome::Outdated })
        }
        Work::NotifyBilling { workspace, notice } => {
            let with = (&deps.store, &deps.post, deps.dashboard.as_str());
            let sent = mail_notice(with, workspace, notice).await?;
            Ok(if sent { MailOutcome::Sent } else { MailOutcome::Outdated })
        }
        Work::NotifySuspension { workspace, version } => {
            let with = (&deps.store, &deps.post, deps.dashboard.as_str());
            let sent = mail_suspension(with, workspace, version).await?;
            Ok(if sent { MailOutcome::Sent } else { MailOutcome::Outdated })
        }
        Work::Nothing => Ok(MailOutcome::Outdated),
    }
}
