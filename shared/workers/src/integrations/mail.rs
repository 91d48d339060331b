//! The mail to a workspace's admins about a disabled integration.

use crate::letters::{AdminAddress, MailError, MailOutcome, MailerDeps};
use domain::{
    ids::WorkspaceId,
    integrations::{IntegrationState, IntegrationType},
    notifications::recipient::{LetterDay, LetterName, Recipient},
    workspace::dashboard::DashboardPage,
};
use mail::{IntegrationDisabled, unsubscribe_link};
use platform::telemetry;
use system_scope::SystemScope;

/// Notifies the workspace's admins and owners by mail that an integration was disabled, if the integration still has
/// this `version`. Admins who have unsubscribed, or who have used up their letters of the
/// day, do not get this one; the dashboard shows the same.
///
/// # Errors
/// [`MailError`] if the table, the key or SES fails. Recipients who have their letter get no second one on a retry.
pub async fn mail_disabled(
    deps: &MailerDeps,
    workspace: WorkspaceId,
    kind: IntegrationType,
    version: u64,
) -> Result<MailOutcome, MailError> {
    let MailerDeps { store, key, dashboard, letters, .. } = deps;
    let scope = SystemScope::of(workspace);
    let facts = store.delivery_facts(&scope, &[kind]).await?;
    let found = facts.integrations.into_iter().find(|(integration, _)| integration.version == version);
    let (Some(name), Some((integration, _))) = (facts.workspace, found) else { return Ok(MailOutcome::Outdated) };
    let IntegrationState::Disabled { cause, .. } = integration.state else { return Ok(MailOutcome::Outdated) };
    let about = LetterName::disabled(workspace, kind, version);
    let page = DashboardPage::Integrations(workspace).at(dashboard);
    let write = async |AdminAddress { email, reader, .. }: &AdminAddress| {
        let (recipient, now) = (Recipient::of(email), store.ambient().now());
        if store.is_unsubscribed(&recipient).await? {
            return Ok(None);
        }
        let stop = key.sign_letter_link(&recipient, now).await?;
        let letter = deps.writer(reader).integration_disabled(&IntegrationDisabled {
            workspace: &name,
            integration: &integration.name,
            cause,
            page: &page,
            stop: &unsubscribe_link(letters, &stop),
        });
        if store.count_letter_of_day(&recipient, &about, LetterDay::of(now)).await? {
            return Ok(Some(letter));
        }
        tracing::warn!(function = "mailer", %workspace, integration = %kind, "the recipient has used up the letters of the day; this one is dropped");
        telemetry::emit_count("mailer", "LettersDropped", 1, now);
        Ok(None)
    };
    deps.send_to_each(&scope, &about, deps.admins(&scope).await?, write).await
}
