//! Sends the e-mails requested in the mail queue, and marks the invitations and the mailboxes whose e-mails were returned. A
//! message that fails is retried, then moves to the dead-letter queue, without affecting the others of its batch.

mod message;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use lambda::{Batch, Handled, QueueMessage, Unreadable};
use message::Work;
use platform::telemetry;
use workers::{
    billing::mail_notice,
    integrations::mail_disabled,
    letters::{MailError, MailOutcome, MailerDeps},
    notifications::{mail_notifications, mark_member_returned},
    team::{mail_invitation, mail_owner_set, mark_letter_returned},
    workspace::mail_suspension,
};

/// The reasons why a message was not handled.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    #[error(transparent)]
    Mail(#[from] MailError),
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
        Work::MarkMember { workspace, member, recipient, returned } => {
            Ok(mark_member_returned(deps, workspace, member, &recipient, returned).await?)
        }
        Work::NotifyDisabled { workspace, integration, version } => {
            Ok(mail_disabled(deps, workspace, integration, version).await?)
        }
        Work::NotifyBilling { workspace, notice } => Ok(mail_notice(deps, workspace, notice).await?),
        Work::NotifySuspension { workspace, version } => Ok(mail_suspension(deps, workspace, version).await?),
        Work::NotifyOwnerSet { workspace, member, event } => Ok(mail_owner_set(deps, workspace, member, event).await?),
        Work::MailNotifications { workspace, member, version } => {
            Ok(mail_notifications(deps, workspace, member, version).await?)
        }
        Work::Nothing => Ok(MailOutcome::Outdated),
    }
}
