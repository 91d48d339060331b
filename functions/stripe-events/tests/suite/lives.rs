//! Random lives of workspaces: bought, paid at once or by bank debits, failed, disputed, changed, cancelled, resumed, edited in
//! the portal, idle for weeks until dunning ends in any way, while events are dropped, doubled and shuffled, Stripe fails and
//! processes end at any call. After one nightly pass the billing equals Stripe's. A seed reproduces a life; `LIVES=1000`
//! runs more of them.

use domain::{
    billing::comparison::Comparison,
    billing::stripe::event::Hint,
    identity::origin::Origin,
    ids::WorkspaceId,
    plans::{catalogue::Plans, money::Interval},
};
use fastrand::Rng;
use jiff::SignedDuration;
use serde_json::Value;
use shared::billing::{self, CheckoutRequest, PlanRequest, ReturnUrls};
use stripe_standin::{Dunning, Exhausted, RequestFault};
use testkit::{ANA, Moment, PLANS, Shop, plans_with_trial};
use workers::billing::{finish_interrupted, handle_event};

struct Life {
    shop: Shop,
    /// In every other life the workspace may have a trial of two weeks, once.
    plans: Plans,
    random: Rng,
    waiting: Vec<Hint>,
    story: Vec<String>,
}

impl Life {
    async fn new(seed: u64) -> Self {
        let plans = if seed % 2 == 1 { plans_with_trial(14) } else { PLANS };
        let shop = Shop::open(seed).await;
        let then = [Exhausted::Unpaid, Exhausted::Cancel, Exhausted::PastDue][usize::try_from(seed % 3).unwrap()];
        shop.stripe().set_dunning(Dunning::after_days(&[3], then));
        Self { shop, plans, random: Rng::with_seed(seed), waiting: Vec::new(), story: Vec::new() }
    }

    fn workspace(&self) -> WorkspaceId {
        self.shop.workspace
    }

    /// Takes one random step.
    async fn step(&mut self) {
        let choice = self.random.u8(0..17);
        let (shop, caller, workspace) = (&self.shop, ANA.caller(), self.workspace());
        let with = self.shop.billing_deps();
        let plan = self.plans.iter().nth(self.random.usize(0..4)).unwrap();
        let interval = Interval::ALL[self.random.usize(0..2)];
        let customer =
            shop.stripe_objects("subscriptions").first().and_then(|held| held["customer"].as_str().map(str::to_owned));
        if self.random.u8(0..6) == 0 {
            let status = [Some(500), Some(503), Some(429), None][self.random.usize(0..4)];
            let body = status.is_none().then(|| "nonsense".to_owned());
            // A command beyond its budget is refused.
            let applied = self.random.bool() && status != Some(429);
            shop.stripe().add_fault(RequestFault { status, body, applied, ..RequestFault::default() });
        }
        let (call, moment) = (self.random.u32(0..6), if self.random.bool() { Moment::Before } else { Moment::After });
        let crashes = self.random.u8(0..4) == 0;
        // Every step may be refused, or end midway.
        macro_rules! done {
            ($work:expr) => {{
                if crashes {
                    shop.world.crashing(call, moment, Box::pin($work)).await.is_some_and(|done| done.is_ok())
                } else {
                    Box::pin($work).await.is_ok()
                }
            }};
        }
        let line = match choice {
            0 | 1 => {
                let wanted = CheckoutRequest { plan, interval, currency: None, back: ReturnUrls::default() };
                format!("checkout {plan}: {}", done!(billing::open_checkout(&with, &caller, workspace, wanted, None)))
            }
            2 | 3 => match shop.open_sessions().first() {
                Some(session) => format!("pays: {}", shop.stripe().pay(session).is_ok()),
                None => match self.unpaid_change() {
                    Some(invoice) => format!("pays the change: {}", shop.stripe().pay_invoice(&invoice).is_ok()),
                    None => "nothing to pay".to_owned(),
                },
            },
            4 => match shop.open_sessions().first() {
                Some(session) => format!("fails: {}", shop.stripe().fail(session).is_ok()),
                None => "nothing to fail".to_owned(),
            },
            5 | 6 => format!(
                "change to {plan} {}: {}",
                interval.name(),
                done!(billing::change_plan(
                    &with,
                    &caller,
                    workspace,
                    PlanRequest { plan, interval: Some(interval), currency: None, back: ReturnUrls::default() }
                ))
            ),
            7 => format!("cancel: {}", done!(billing::cancel_subscription(&with, &caller, workspace))),
            8 => format!("resume: {}", done!(billing::resume_subscription(&with, &caller, workspace, None))),
            9 => match shop.stripe_objects("subscriptions").first() {
                Some(held) => format!("portal: {}", shop.stripe().portal_cancel(held["id"].as_str().unwrap()).is_ok()),
                None => "no portal".to_owned(),
            },
            10 => match customer {
                Some(customer) => {
                    let fails = self.random.bool();
                    format!("card fails {fails}: {}", shop.stripe().set_card_fails(&customer, fails).is_ok())
                }
                None => "no card".to_owned(),
            },
            11 => {
                let hours = [1, 25, 24 * 8, 24 * 31][self.random.usize(0..4)];
                shop.world.wait(SignedDuration::from_hours(hours));
                format!("{hours} hours")
            }
            12 => format!("sync: {}", done!(billing::sync_billing(&with, &caller, workspace))),
            13 => match shop.open_sessions().first() {
                Some(session) => format!("pays by bank: {}", shop.stripe().pay_by_bank(session).is_ok()),
                None => "nothing to pay by bank".to_owned(),
            },
            14 => {
                let (succeeds, invoices) = (self.random.bool(), shop.stripe_objects("invoices"));
                let mut ids = invoices.iter().map(|invoice| invoice["id"].as_str().unwrap());
                format!("bank says {succeeds}: {}", ids.any(|id| shop.stripe().settle_payment(id, succeeds).is_ok()))
            }
            15 => {
                let (won, charges) = (self.random.bool(), shop.stripe_objects("charges"));
                let mut ids = charges.iter().map(|charge| charge["id"].as_str().unwrap());
                let dispute = ids.find_map(|id| shop.stripe().dispute(id).ok());
                let closed = dispute.is_some_and(|dispute| shop.stripe().close_dispute(&dispute, won).is_ok());
                format!("dispute won {won}: {closed}")
            }
            _ => {
                let origin = Origin { request_id: "sweep".to_owned(), ip_address: None };
                let finished = done!(finish_interrupted(&with, workspace));
                format!("sweep: {finished} {}", done!(workers::billing::compare_due(&with, workspace, origin)))
            }
        };
        self.story.push(line);
        self.deliver().await;
    }

    /// Returns the invoice of a change that waits for its payment.
    fn unpaid_change(&self) -> Option<String> {
        let held = self.shop.stripe_objects("subscriptions");
        let waits = held.iter().find(|held| !held["pending_update"].is_null())?;
        waits["latest_invoice"].as_str().map(str::to_owned)
    }

    /// Delivers the waiting events in any order; some are lost, some arrive twice.
    async fn deliver(&mut self) {
        for hint in self.shop.hints() {
            match self.random.u8(0..4) {
                0 => {}
                1 => self.waiting.extend([hint.clone(), hint]),
                _ => self.waiting.push(hint),
            }
        }
        self.random.shuffle(&mut self.waiting);
        let now = self.random.usize(0..=self.waiting.len());
        let with = self.shop.billing_deps();
        for hint in self.waiting.split_off(self.waiting.len() - now) {
            if handle_event(&with, &hint).await.is_err() {
                // The queue retries it.
                self.waiting.push(hint);
            }
        }
    }

    /// Runs the nightly pass: completes leftover commands and compares every customer once. Stripe's events about what the
    /// pass itself changes arrive.
    async fn night(&mut self) {
        self.shop.stripe().clear_faults();
        self.shop.world.wait(SignedDuration::from_mins(5));
        let with = self.shop.billing_deps();
        finish_interrupted(&with, self.workspace()).await.unwrap();
        drop(self.shop.hints());
        let comparison = Comparison::begun(self.shop.world.clock.now());
        let state = self.shop.stripe().state();
        for customer in state["customers"].as_array().unwrap() {
            handle_event(&with, &comparison.hint(customer["id"].as_str().unwrap())).await.unwrap();
        }
        self.shop.world.wait(SignedDuration::from_mins(1));
        for hint in self.shop.hints() {
            handle_event(&with, &hint).await.unwrap();
        }
    }

    /// True if the schedule has a phase to come. In its last phase it changes nothing any more.
    fn changes_later(&self, schedule: &Value) -> bool {
        let now = self.shop.world.clock.now().as_second();
        let schedules = self.shop.stripe_objects("schedules");
        let held = schedules.iter().find(|held| !schedule.is_null() && held["id"] == *schedule);
        let phases = held.and_then(|held| held["phases"].as_array());
        phases.is_some_and(|phases| phases.iter().any(|phase| phase["start_date"].as_i64() > Some(now)))
    }

    fn assert_as_stripe_has_it(&self, seed: u64) {
        let context = format!("seed {seed}: {:#?}", self.story);
        let items = self.shop.world.items();
        let billing = items.get(&(format!("WS#{}", self.workspace()), "SUBSCRIPTION".to_owned()));
        let held = self.shop.stripe_objects("subscriptions");
        let rank = |status: &Value| match status.as_str().unwrap() {
            "active" | "trialing" => 4,
            "past_due" => 3,
            "unpaid" | "paused" => 2,
            "incomplete" => 1,
            _ => 0,
        };
        assert!(held.iter().filter(|held| rank(&held["status"]) > 0).count() <= 1, "two live: {context}");
        let trials = held.iter().filter(|held| !held["trial_start"].is_null()).count();
        assert!(trials <= usize::from(self.plans != PLANS), "{trials} trials: {context}");
        assert!(self.shop.customers() <= 1, "two customers: {context}");
        assert!(self.shop.open_sessions().len() <= 1, "two pages: {context}");
        assert!(!items.keys().any(|(_, sk)| sk.starts_with("INTENT#")), "an intent is left: {context}");
        let counts =
            held.iter().max_by_key(|held| (rank(&held["status"]), held["created"].as_i64(), held["id"].as_str()));
        let written = billing.map_or(Value::Null, |billing| billing["subscription"].clone());
        let Some(counts) = counts else {
            assert!(written.is_null(), "{written:#} though Stripe has none: {context}");
            return;
        };
        assert_eq!(written["id"], counts["id"], "{context}");
        assert_eq!(written["status"], counts["status"], "{context}");
        let item = &counts["items"]["data"][0];
        let price =
            format!("price_{}_{}", written["paid_plan"].as_str().unwrap(), written["interval"].as_str().unwrap());
        assert_eq!(item["price"]["id"], price.as_str(), "{context}");
        let end = written["period"]["end"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        assert_eq!(item["current_period_end"], end.as_second(), "{context}");
        let ends = |held: &Value| held["cancel_at_period_end"] == true || !held["cancel_at"].is_null();
        assert_eq!(ends(&written), ends(counts), "{context}");
        let pending = &written["pending_change"]["expires_at"];
        let expires_at = pending.as_str().map(|at| at.parse::<jiff::Timestamp>().unwrap().as_second());
        assert_eq!(counts["pending_update"]["expires_at"].as_i64(), expires_at, "{context}");
        assert_eq!(written["scheduled"].is_null(), !self.changes_later(&counts["schedule"]), "{context}");
        if pending.is_null() {
            assert!(billing.unwrap()["replaced"].is_null(), "a replaced change is left: {context}");
        }
        let audited = items.values().filter(|item| item["action"] == "billing.changed");
        assert!(audited.clone().all(|record| record["actor"] == ANA.id().to_string()), "{context}");
    }
}

/// Invariants 7, 11, 12 and 13.
#[tokio::test]
async fn every_life_ends_as_stripe_has_it() {
    let lives = std::env::var("LIVES").ok().and_then(|lives| lives.parse().ok()).unwrap_or(40);
    let first = std::env::var("LIFE").ok().and_then(|first| first.parse().ok()).unwrap_or(0);
    for seed in first..lives {
        let mut life = Life::new(seed).await;
        for _ in 0..12 {
            life.step().await;
        }
        life.night().await;
        life.assert_as_stripe_has_it(seed);
    }
    println!("lives {first} to {lives}");
}
