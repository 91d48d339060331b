//! Seeded rounds in which connections are opened, reset, replaced and lost without a word, tickets are replayed, and pushes fail,
//! while members are notified and mark what they have. A hundred rounds.

use super::stage::{Client, Stage};
use domain::{
    identity::access::Role,
    ids::NotificationId,
    notifications::happening::Happening,
    page::{Limit, PageRequest},
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::notifications::{InboxFilter, list_notifications};
use std::collections::BTreeMap;
use testkit::{ANA, BEN, CLEO, Chances, Person, World};

const SEEDS: u64 = 100;
const STEPS: usize = 40;

/// What a client knows: as much as it was sent, in whatever order.
#[derive(Default)]
struct Known {
    rev: u64,
    seq: u64,
    unread: u64,
    ids: BTreeMap<String, Value>,
}

impl Known {
    fn take(&mut self, messages: Vec<Value>) {
        for message in messages {
            if let Some(rev) = message["rev"].as_u64().filter(|rev| *rev >= self.rev) {
                self.rev = rev;
                self.unread = message["unread_count"].as_u64().unwrap();
            }
            let several = message["notifications"].as_array().cloned().unwrap_or_default();
            let one = message.get("notification").cloned();
            for notification in several.into_iter().chain(one) {
                self.seq = self.seq.max(notification["seq"].as_u64().unwrap());
                self.ids.insert(notification["id"].as_str().unwrap().to_owned(), notification);
            }
        }
    }
}

struct Open {
    who: &'static Person,
    client: Client,
    known: Known,
}

static PEOPLE: [Person; 2] = [ANA, BEN];

/// Invariants 54, 56 and 57.
#[tokio::test(start_paused = true)]
async fn clients_agree_with_the_server_after_one_subscription() {
    for seed in 0..SEEDS {
        let stage = Stage::set(World::seeded(seed)).await;
        let mut rng = fastrand::Rng::with_seed(seed);
        let (mut open, mut used, mut number): (Vec<Open>, Vec<Value>, u32) = (Vec::new(), Vec::new(), 0);
        if seed % 2 == 1 {
            stage.world.set_fault_chances(Chances::HIGH);
        }
        for _ in 0..STEPS {
            match rng.u8(..10) {
                0 | 1 => {
                    number += 1;
                    let who = &PEOPLE[rng.usize(..2)];
                    let Some(verified) = stage.try_ticket(who).await else { continue };
                    let (client, status) = stage.enter(&format!("c{number}="), verified.clone()).await;
                    used.push(verified);
                    if status == 200 {
                        open.push(Open { who, client, known: Known::default() });
                    }
                }
                2 if !open.is_empty() => {
                    let gone = open.swap_remove(rng.usize(..open.len()));
                    stage.world.reset_socket(&gone.client.id);
                    if rng.bool() {
                        stage.try_leave(&gone.client).await;
                    }
                }
                3 if !used.is_empty() => {
                    number += 1;
                    let again = used[rng.usize(..used.len())].clone();
                    let (_, status) = stage.enter(&format!("replay{number}"), again).await;
                    assert_ne!(status, 200, "seed {seed}: a ticket was used twice");
                }
                4 | 5 if !open.is_empty() => {
                    let at = rng.usize(..open.len());
                    let message = json!({"action": "subscribe", "since": open[at].known.seq}).to_string();
                    stage.send(&open[at].client, &message).await;
                }
                6 if !open.is_empty() => {
                    let at = rng.usize(..open.len());
                    if let Some(id) = open[at].known.ids.keys().next().cloned() {
                        stage.send(&open[at].client, &json!({"action": "markAsRead", "id": id}).to_string()).await;
                    }
                }
                7 => stage.world.wait(SignedDuration::from_secs(rng.i64(1..6))),
                _ => {
                    let happening = Happening::MemberJoined { user_id: CLEO.id(), role: Role::Member };
                    stage.try_happen(happening).await;
                }
            }
            for one in &mut open {
                let mut messages = stage.world.pushed(&one.client.id).unwrap_or_default();
                // Half of them are lost, some come twice, and in any order.
                messages.retain(|_| rng.bool());
                messages.extend(messages.clone().into_iter().filter(|_| rng.u8(..4) == 0).collect::<Vec<_>>());
                rng.shuffle(&mut messages);
                one.known.take(messages);
            }
        }
        stage.world.clear_fault_chances();
        stage.settle().await;
        open.retain(|one| stage.world.pushed(&one.client.id).is_some());
        for one in &mut open {
            // Within the minute no more than sixty messages were sent.
            let message = json!({"action": "subscribe", "since": 0});
            let answers = stage.say(&one.client, &message).await;
            one.known.take(answers);
            let newest = PageRequest { limit: Limit::MOST, after: None };
            let (store, caller) = (stage.world.store(), one.who.caller());
            let (page, counts) =
                list_notifications(&store, &caller, stage.id, InboxFilter::default(), newest).await.unwrap();
            assert_eq!((one.known.rev, one.known.unread), (counts.rev, counts.unread_count), "seed {seed}");
            let listed: Vec<NotificationId> = page.items.iter().map(|one| one.id).collect();
            assert!(listed.iter().all(|id| one.known.ids.contains_key(&id.to_string())), "seed {seed}");
        }
        // Every connection that is stored is open, after one push to each.
        stage.happen(Happening::MemberJoined { user_id: CLEO.id(), role: Role::Member }, None).await;
        let _ = stage.world.calls_in_vain();
        stage.happen(Happening::MemberJoined { user_id: CLEO.id(), role: Role::Member }, None).await;
        assert_eq!(stage.world.calls_in_vain(), 0, "seed {seed}: a dead connection was called again");
        // And none is left once they have ended.
        stage.world.wait(SignedDuration::from_hours(3));
        stage.sweep().await;
        assert_eq!(stage.stored(), Vec::<String>::new(), "seed {seed}");
    }
}
