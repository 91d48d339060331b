//! Random lives of teams that pay for each seat: people join and leave, plans change, Stripe fails, sweeps run twice at
//! once, and processes end at any call. A seed reproduces a life; `LIVES=1000` runs more of them.

use super::{MONTH, Team, person, plan};
use crate::sweep::sweeper_of;
use domain::{identity::access::Role, plans::money::Interval};
use fastrand::Rng;
use futures::future::join;
use jiff::SignedDuration;
use serde_json::Value;
use shared::{
    billing::{self, PlanRequest, ReturnUrls},
    team::{self, PresentedInvitation},
};
use stripe_standin::RequestFault;
use testkit::{ANA, Fault, Moment, Shop, plans_per_seat};
use workers::billing::handle_event;

const MINIMUM: u64 = 3;

struct Life {
    team: Team,
    random: Rng,
    people: usize,
    present: Vec<usize>,
    /// Largest number of seats that was accepted so far.
    largest: u64,
    story: Vec<String>,
}

async fn sweep(shop: &Shop) {
    let until = shop.world.clock.now() + SignedDuration::from_secs(35);
    let _ = sweeper_of(shop).sweep("sweep", until).await;
}

async fn join_team(shop: &Shop, number: usize) -> Option<()> {
    let (store, who) = (shop.world.store(), person(number));
    let offered = (who.email.parse().unwrap(), Role::Member);
    let invited = team::invite_member(&store, &ANA.caller(), shop.workspace, offered, None).await.ok()?;
    let domain::command::Reply::First(invitation) = invited else { return None };
    let token = shop.world.token(shop.workspace, invitation.id).await;
    let presented = PresentedInvitation::Token(token.parse().unwrap());
    let key = shop.world.invitation_key();
    team::accept_invitation(&store, &key, &who.caller(), presented, None).await.ok().map(drop)
}

impl Life {
    async fn new(seed: u64) -> Self {
        let name = if seed.is_multiple_of(3) { "basic" } else { "team" };
        let team = Team::paying(seed, name).await;
        let random = Rng::with_seed(seed);
        Self { team, random, people: 0, present: Vec::new(), largest: MINIMUM, story: vec![name.to_owned()] }
    }

    /// Takes one random step, which may be refused or end midway.
    async fn step(&mut self) {
        let (shop, workspace, caller) = (&self.team.shop, self.team.shop.workspace, ANA.caller());
        let (with, store) = (shop.billing_deps(), shop.world.store());
        match self.random.u8(0..8) {
            0 => {
                let status = [Some(500), Some(503), None][self.random.usize(0..3)];
                let body = status.is_none().then(|| "nonsense".to_owned());
                let count = self.random.u32(1..4);
                let applied = self.random.bool();
                shop.stripe().add_fault(RequestFault { status, body, applied, count, ..RequestFault::default() });
            }
            1 => shop.world.plan("TransactWriteItems", Fault::LoseReply),
            _ => {}
        }
        let (call, moment) = (self.random.u32(0..9), if self.random.bool() { Moment::Before } else { Moment::After });
        let crashes = self.random.u8(0..4) == 0;
        macro_rules! done {
            ($work:expr) => {
                if crashes {
                    shop.world.crashing(call, moment, Box::pin($work)).await.is_some()
                } else {
                    let _ = Box::pin($work).await;
                    true
                }
            };
        }
        let line = match self.random.u8(0..16) {
            0..=3 => {
                let number = self.people;
                self.people += 1;
                self.present.push(number);
                format!("join {number}: {}", done!(join_team(shop, number)))
            }
            4 | 5 if !self.present.is_empty() => {
                let number = self.present.swap_remove(self.random.usize(..self.present.len()));
                format!(
                    "leave {number}: {}",
                    done!(team::remove_member(&store, &caller, workspace, person(number).id()))
                )
            }
            6 | 7 => {
                let name = ["basic", "team"][self.random.usize(0..2)];
                let interval = Some(Interval::ALL[self.random.usize(0..2)]);
                let request = PlanRequest { plan: plan(name), interval, currency: None, back: ReturnUrls::default() };
                format!(
                    "change {name} {interval:?}: {}",
                    done!(billing::change_plan(&with, &caller, workspace, request))
                )
            }
            8 => format!("resume: {}", done!(billing::resume_subscription(&with, &caller, workspace, None))),
            9 => {
                let customer = self.team.held().unwrap()["customer"].as_str().unwrap().to_owned();
                let fails = self.random.bool();
                shop.stripe().set_card_fails(&customer, fails).unwrap();
                format!("card fails: {fails}")
            }
            10 => {
                let wait =
                    [SignedDuration::from_mins(3), SignedDuration::from_hours(30), MONTH][self.random.usize(0..3)];
                shop.world.wait(wait);
                format!("{wait:?} later")
            }
            11..=13 => format!("two sweeps: {}", done!(join(sweep(shop), sweep(shop)))),
            _ => {
                shop.world.wait(SignedDuration::from_mins(1));
                format!("sweep: {}", done!(sweep(shop)))
            }
        };
        shop.world.forget_plans();
        self.story.push(line);
        self.deliver(0.5).await;
        self.largest = self.largest.max(self.team.members());
        self.assert_accepted();
    }

    /// Delivers events, each with this chance; the others are lost.
    async fn deliver(&mut self, chance: f64) {
        for hint in self.team.shop.hints() {
            if self.random.f64() < chance {
                let _ = handle_event(&self.team.shop.billing_deps(), &hint).await;
            }
        }
    }

    /// No more seats are charged than were accepted.
    fn assert_accepted(&self) {
        let seats = self.team.held().map_or(0, |_| self.team.quantity());
        assert!(seats <= self.largest, "{seats} of {}: {:#?}", self.largest, self.story);
        assert!(self.team.scheduled().iter().all(|seats| *seats <= self.largest), "{:#?}", self.story);
    }

    /// Ends all faults, and whatever waits for a payment. The comparison finds what lost events said.
    async fn settle(&mut self) {
        self.team.shop.stripe().clear_faults();
        let customer = self.team.held().unwrap()["customer"].as_str().unwrap().to_owned();
        self.team.shop.stripe().set_card_fails(&customer, false).unwrap();
        if !self.team.held().unwrap()["pending_update"].is_null() {
            self.team.shop.world.wait(SignedDuration::from_hours(24));
        }
        self.deliver(1.0).await;
        // What an ended process has left blocks nothing any more.
        self.team.shop.world.wait(SignedDuration::from_mins(3));
        sweep(&self.team.shop).await;
        self.team.compare().await;
        self.deliver(1.0).await;
    }

    fn assert_equal(&self) {
        let context = format!("{} members: {:#?}", self.team.members(), self.story);
        let wanted = |price: &Value| {
            let price = price.as_str().unwrap();
            if price.starts_with("price_team") { self.team.members().max(MINIMUM) } else { 1 }
        };
        let held = self.team.held().unwrap();
        if held["status"] == "canceled" {
            return;
        }
        let item = &held["items"]["data"][0];
        assert_eq!(self.team.quantity(), wanted(&item["price"]["id"]), "{context}");
        let schedules = self.team.shop.stripe_objects("schedules");
        for schedule in schedules.iter().filter(|schedule| schedule["status"] == "active") {
            let current = schedule["current_phase"]["start_date"].as_i64();
            let phases = schedule["phases"].as_array().unwrap().iter();
            for phase in phases.filter(|phase| phase["start_date"].as_i64() >= current) {
                let item = &phase["items"][0];
                assert_eq!(item["quantity"].as_u64(), Some(wanted(&item["price"])), "{context}");
            }
        }
    }
}

/// Invariant 46.
#[tokio::test]
async fn every_life_ends_with_as_many_seats_as_members() {
    let lives = std::env::var("LIVES").ok().and_then(|lives| lives.parse().ok()).unwrap_or(12);
    let first = std::env::var("LIFE").ok().and_then(|first| first.parse().ok()).unwrap_or(0);
    for seed in first..lives {
        let mut life = Life::new(seed).await;
        life.story.push(format!("seed {seed}"));
        for _ in 0..25 {
            life.step().await;
        }
        life.settle().await;
        // One minute of sweeps.
        life.team.minute().await;
        life.assert_accepted();
        life.assert_equal();
    }
    println!("lives {first} to {lives}, of {} plans", plans_per_seat().iter().len());
}

/// Invariant 46.
#[tokio::test]
async fn sweep_that_ends_at_any_call_is_continued() {
    for moment in [Moment::Before, Moment::After] {
        for call in 0.. {
            let team = Team::paying(1, "team").await;
            for number in 0..4 {
                team.join(number).await;
            }
            let done = team.shop.world.crashing(call, moment, Box::pin(sweep(&team.shop))).await;
            team.remove(0).await;
            team.shop.world.wait(SignedDuration::from_mins(2));
            team.minute().await;
            assert_eq!(team.quantity(), 4, "{moment:?} call {call}");
            team.minute().await;
            assert_eq!(team.item("SEATS"), None, "{moment:?} call {call}");
            if done.is_some() {
                assert!(call >= 4, "it takes some calls");
                break;
            }
        }
    }
}
