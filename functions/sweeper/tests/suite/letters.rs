//! E-mails that are deferred to the next day.

use super::sweep::sweeper;
use domain::{
    identity::access::Role,
    ids::{InvitationId, WorkspaceId},
    notifications::recipient::LETTERS_A_DAY,
};
use jiff::SignedDuration;
use mail::LetterReference;
use serde_json::Value;
use shared::workspace::{self, OtherMembers};
use sweeper::SweepSummary;
use testkit::{ANA, BEN, CLEO, Fault, Person, World};
use workers::letters::MailOutcome;

async fn sweep(world: &World) -> SweepSummary {
    sweeper(world).sweep("sweep", world.clock.now() + SignedDuration::from_secs(35)).await.unwrap()
}

async fn mail(world: &World, workspace: WorkspaceId, invitation: InvitationId, version: u64) -> MailOutcome {
    workers::team::mail_invitation(&world.mailer_deps(), LetterReference { workspace, invitation, version })
        .await
        .unwrap()
}

/// Sends the queued e-mails, and returns the numbers of messages and of sent e-mails.
async fn mail_queued(world: &World) -> (usize, usize) {
    let (mut messages, mut sent) = (0, 0);
    for message in world.queued().into_iter().filter(|message| message["kind"] == "invitation_mail") {
        let id = |name: &str| message.get(name).and_then(Value::as_str).unwrap();
        let (workspace, invitation) = (id("workspace").parse().unwrap(), id("invitation").parse().unwrap());
        let outcome = mail(world, workspace, invitation, message.get("version").unwrap().as_u64().unwrap()).await;
        messages += 1;
        sent += usize::from(outcome == MailOutcome::Sent);
    }
    (messages, sent)
}

fn of_type(world: &World, kind: &str) -> usize {
    world.items().into_values().filter(|item| item.get("_type").is_some_and(|found| found == kind)).count()
}

/// Creates a world in which BEN got all e-mails of the day and another one is deferred, at noon. Returns its workspace.
async fn deferred() -> (World, WorkspaceId) {
    let world = World::default();
    for number in 0..LETTERS_A_DAY {
        let founder = Person { subject: format!("founder {number}").leak(), ..CLEO };
        let id = world.workspace_of(&founder).await;
        let (invitation, _) = world.invitation(id, &founder, &BEN, Role::Member).await;
        assert_eq!(mail(&world, id, invitation, 1).await, MailOutcome::Sent);
    }
    let id = world.workspace_of(&ANA).await;
    let (invitation, _) = world.invitation(id, &ANA, &BEN, Role::Member).await;
    assert_eq!(mail(&world, id, invitation, 1).await, MailOutcome::Deferred);
    // Messages that the stream relays, and unrelated due items.
    world.wait(SignedDuration::from_mins(2));
    sweep(&world).await;
    drop((world.queued(), world.letters()));
    assert_eq!(of_type(&world, "deferred_letter"), 1);
    (world, id)
}

const UNTIL_MIDNIGHT: SignedDuration = SignedDuration::from_mins(12 * 60 - 2);

/// Invariant 29.
#[tokio::test]
async fn a_deferred_letter_is_sent_the_next_day_once() {
    let (world, _) = deferred().await;
    world.wait(UNTIL_MIDNIGHT - SignedDuration::from_millis(1));
    assert_eq!(sweep(&world).await, SweepSummary::default(), "the day is not over");
    world.wait(SignedDuration::from_millis(1));
    assert_eq!(sweep(&world).await, SweepSummary { done: 1, ..SweepSummary::default() });
    assert_eq!(mail_queued(&world).await, (1, 1));
    assert_eq!((world.letters().len(), of_type(&world, "deferred_letter")), (1, 0));
    assert_eq!(sweep(&world).await, SweepSummary::default());
    assert_eq!(mail_queued(&world).await, (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_deferral_that_is_not_forgotten_sends_no_second_letter() {
    let (world, _) = deferred().await;
    world.wait(UNTIL_MIDNIGHT);
    (0..3).for_each(|_| world.plan("TransactWriteItems", Fault::LoseRequest));
    assert_eq!(sweep(&world).await, SweepSummary { failed: 1, ..SweepSummary::default() });
    assert_eq!(mail_queued(&world).await, (1, 1));
    assert_eq!(sweep(&world).await, SweepSummary { done: 1, ..SweepSummary::default() });
    assert_eq!(mail_queued(&world).await, (1, 0), "it is recorded as sent");
    assert_eq!(world.letters().len(), 1);
}

#[tokio::test]
async fn a_deferred_letter_goes_with_its_workspace() {
    let (world, id) = deferred().await;
    workspace::delete_workspace(&world.store(), &ANA.caller(), id, OtherMembers::Include).await.unwrap();
    for _ in 0..5 {
        world.wait(SignedDuration::from_mins(1));
        sweep(&world).await;
        Box::pin(workers::runtime::reconcile_runtime(&world.reconciler_deps(), id)).await.unwrap();
    }
    let left: Vec<_> = world.items().into_keys().filter(|(pk, _)| *pk == format!("WS#{id}")).collect();
    assert_eq!(left, []);
    world.wait(SignedDuration::from_hours(24));
    sweep(&world).await;
    mail_queued(&world).await;
    assert_eq!(world.letters(), []);
}
