//! Mails a member their unread notifications: one letter for a window, or none if there is nothing to say.
//!
//! The process may end before any step, and the letter is then requested again. It was sealed before, so it is about the same
//! notifications, and it is claimed under the name of its window, so it is sent once.

use crate::{
    decisions::{MAX_DECISIONS, decide_again},
    letters::{AdminAddress, MailError, MailOutcome, MailerDeps},
};
use domain::{
    identity::access::Role,
    ids::{UserId, WorkspaceId},
    notifications::{
        happening::Happening,
        mailing::{mode::EmailMode, window::MailWindow},
        notification::Notification,
        recipient::{LetterName, Recipient},
        row::LetterRule,
    },
    workspace::dashboard::DashboardPage,
};
use jiff::Timestamp;
use mail::{Digest, Entry, Reader, SingleNotification};
use store::notifications::windows::LetterOfInbox;
use system_scope::SystemScope;

/// Mails `member` what waits in the window of their inbox, if it still has this version and is due.
///
/// # Errors
/// [`MailError`] if the table, the key or SES fails.
pub async fn mail_notifications(
    deps: &MailerDeps,
    workspace: WorkspaceId,
    member: UserId,
    version: u64,
) -> Result<MailOutcome, MailError> {
    let (scope, now) = (SystemScope::of(workspace), deps.store.ambient().now());
    let Some((facts, window)) = seal(deps, &scope, member, version, now).await? else {
        return Ok(MailOutcome::Outdated);
    };
    let outcome = send(deps, &scope, &facts, &window).await?;
    close(deps, &scope, member, window, (outcome == MailOutcome::Sent).then_some(now)).await?;
    Ok(outcome)
}

/// Seals the window, unless it is sealed, and returns what its letter depends on; `None` if it has changed or is not due.
async fn seal(
    deps: &MailerDeps,
    scope: &SystemScope,
    member: UserId,
    version: u64,
    now: Timestamp,
) -> Result<Option<(LetterOfInbox, MailWindow)>, MailError> {
    decide_again(MAX_DECISIONS, MailError::is_lost, MailError::BeingSent, || async {
        let facts = deps.store.letter_of_inbox(scope, member).await?;
        let known = facts.window;
        if known.version != version || !known.is_due(now) {
            return Ok(None);
        }
        if known.sealed.is_some() {
            return Ok(Some((facts, known)));
        }
        let sealed = known.sealed(facts.head.seq);
        let done = deps.store.seal_window(scope, member, (&known, &sealed), &facts.head).await?;
        if done { Ok(Some((facts, sealed))) } else { Err(MailError::BeingSent) }
    })
    .await
}

/// Closes `window`. What arrived meanwhile has changed it, and waits for the next letter.
async fn close(
    deps: &MailerDeps,
    scope: &SystemScope,
    member: UserId,
    window: MailWindow,
    sent: Option<Timestamp>,
) -> Result<(), MailError> {
    let mut first = Some(window);
    decide_again(MAX_DECISIONS, MailError::is_lost, MailError::BeingSent, || {
        let first = first.take();
        async move {
            let known = match first {
                Some(window) => window,
                None => deps.store.letter_of_inbox(scope, member).await?.window,
            };
            let is_same = (known.after, known.sealed) == (window.after, window.sealed);
            let done = !is_same || deps.store.close_window(scope, member, (&known, &known.closed(sent))).await?;
            if done { Ok(()) } else { Err(MailError::BeingSent) }
        }
    })
    .await
}

async fn send(
    deps: &MailerDeps,
    scope: &SystemScope,
    facts: &LetterOfInbox,
    window: &MailWindow,
) -> Result<MailOutcome, MailError> {
    let now = deps.store.ambient().now();
    let LetterOfInbox { workspace, member, profile, .. } = facts;
    let Some((workspace, seat)) = workspace.as_ref().zip(member.as_ref()) else { return Ok(MailOutcome::Outdated) };
    let Some(email) = seat.email.clone() else { return Ok(MailOutcome::Outdated) };
    let recipient = Recipient::of(&email);
    let (found, stopped) = tokio::try_join!(
        deps.store.newest_notifications(scope, seat.user, now),
        deps.store.is_unsubscribed(&recipient)
    )?;
    let can_stop = |one: &Notification| !one.shelf.kind.is_locked_for(seat.role);
    let mut waiting: Vec<_> = found.into_iter().filter(|one| is_mailed(one, facts, window, seat.role)).collect();
    waiting.retain(|one| !stopped || !can_stop(one));
    let Some(newest) = waiting.first() else {
        return Ok(if stopped { MailOutcome::Stopped } else { MailOutcome::Outdated });
    };
    let stop =
        if waiting.iter().any(can_stop) { Some(deps.key.sign_letter_link(&recipient, now).await?) } else { None };
    let stop = stop.map(|token| mail::unsubscribe_link(&deps.letters, &token));
    let reader = Reader::of(profile, &workspace.timezone);
    let entry = |one: &Notification| {
        let text = one.happening.text(reader.language, deps.store.plans());
        let link = one.happening.page(scope.workspace()).at(&deps.dashboard);
        let category = one.happening.row().category;
        Entry {
            title: text.title,
            body: text.body,
            link,
            category,
            at: one.id.made_at(),
            published: matches!(one.happening, Happening::Published(_)),
        }
    };
    let preferences = DashboardPage::Notifications(scope.workspace()).at(&deps.dashboard);
    let (name, preferences, stop) = (&workspace.name, preferences.as_str(), stop.as_deref());
    let letter = if waiting.len() == 1 {
        let about = SingleNotification { workspace: name, entry: &entry(newest), preferences, stop };
        deps.writer(&reader).notification(&about)
    } else {
        let entries: Vec<_> = waiting.iter().map(entry).collect();
        let inbox = DashboardPage::Overview(scope.workspace()).at(&deps.dashboard);
        let about = Digest { workspace: name, entries: &entries, more: 0, inbox: &inbox, preferences, stop };
        deps.writer(&reader).digest(&about)
    };
    let to = AdminAddress { user: seat.user, role: seat.role, email, reader };
    let letter_name = LetterName::notifications(window.after);
    deps.send_to_each(scope, &letter_name, vec![to], async |_: &AdminAddress| Ok(Some(letter.clone()))).await
}

/// True if `one` belongs into the letter of `window` to a member of this role.
fn is_mailed(one: &Notification, facts: &LetterOfInbox, window: &MailWindow, role: Role) -> bool {
    let wanted = match (one.happening.row().letter, facts.preferences.email(one.shelf.kind, role)) {
        (LetterRule::Own, _) | (_, EmailMode::Off) => false,
        (LetterRule::AtOnce | LetterRule::Preferred | LetterRule::Digest, EmailMode::Instant | EmailMode::Digest) => {
            true
        }
    };
    wanted && window.has(one.arrived) && one.shelf.is_visible_to(role) && facts.head.read_at(one).is_none()
}
