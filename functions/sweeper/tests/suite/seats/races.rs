//! Checks of seats that meet joins, other sweeps and wrong answers. Slow answers of Stripe make the moments.

use super::Team;
use futures::future::join;
use std::time::Duration;
use store::{billing::SeatCheck, due::Due};
use stripe_standin::RequestFault;
use workers::billing::{SeatsOutcome, check_seats};

/// Time that Stripe takes for a slow answer.
const SLOW: Duration = Duration::from_millis(900);

/// Time within a slow answer.
const WITHIN: Duration = Duration::from_millis(200);

fn slow(method: &str, path: &str) -> RequestFault {
    let delay_ms = u64::try_from(SLOW.as_millis()).unwrap();
    RequestFault { method: Some(method.to_owned()), path: path.to_owned(), delay_ms, ..RequestFault::default() }
}

impl Team {
    /// Returns a team of four, of whom three are paid.
    async fn of_four() -> Self {
        let team = Self::paying(1, "team").await;
        for number in 0..3 {
            team.join(number).await;
        }
        team
    }

    async fn check(&self) -> SeatCheck {
        for bucket in store::due::buckets() {
            let page = self.shop.world.store().due(bucket, self.shop.world.clock.now(), None).await.unwrap();
            for (_, due) in page.items {
                if let Due::Seats(check) = due {
                    return check;
                }
            }
        }
        panic!("no seats are to be checked");
    }

    async fn checked(&self) -> SeatsOutcome {
        check_seats(&self.shop.billing_deps(), self.check().await).await.unwrap()
    }
}

/// Invariant 46.
#[tokio::test]
async fn check_that_meets_a_join_leaves_its_request() {
    let team = Team::of_four().await;
    team.minute().await;
    assert_eq!(team.quantity(), 4);
    team.shop.stripe().add_fault(slow("GET", "/v1/subscriptions"));
    let joins = async {
        tokio::time::sleep(WITHIN).await;
        team.join(3).await;
    };
    let (outcome, ()) = join(team.checked(), joins).await;
    assert_eq!((outcome, team.quantity()), (SeatsOutcome::Right, 4), "the number was right when it was read");
    team.minute().await;
    assert_eq!(team.quantity(), 5);
}

/// Invariant 46.
#[tokio::test]
async fn slow_sweep_does_not_overwrite_a_newer_number() {
    let team = Team::of_four().await;
    team.shop.stripe().add_fault(slow("POST", "/v1/subscription_items"));
    let others = async {
        tokio::time::sleep(WITHIN).await;
        team.join(3).await;
        let second = team.checked().await;
        (second, team.checked().await)
    };
    let (first, others) = join(team.checked(), others).await;
    assert_eq!((first, others), (SeatsOutcome::Set, (SeatsOutcome::Waiting, SeatsOutcome::Waiting)));
    team.minute().await;
    assert_eq!(team.quantity(), 5);
}

/// Invariant 46.
#[tokio::test]
async fn only_a_later_read_ends_a_check() {
    let team = Team::of_four().await;
    let written = team.check().await;
    assert_eq!((team.checked().await, team.quantity()), (SeatsOutcome::Set, 4));
    assert_eq!(team.check().await, written, "what was written is read again");
    assert_eq!(team.checked().await, SeatsOutcome::Right);
    assert_eq!(team.item("SEATS"), None);
}
