//! Cost of invalid bodies: the work grows with the size of the body only, and the answer is small. Work is measured in
//! allocated bytes from the event to the answer, because nothing invalid is read without allocating.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "an unexpected value should fail the test"
)]

#[expect(dead_code, reason = "only tests of all routes use the sample events")]
mod routes;

use allocation_counter::measure;
use api::MAX_BODY;
use proptest::{prelude::*, sample::Index, test_runner::FileFailurePersistence};
use routes::FUNCTIONS;
use std::collections::BTreeSet;
use testkit::{Answer, MISTAKES, Mistake, Request, World};
use tokio::runtime::{Builder, Runtime};

/// Maximum size of the answer to a refused request, in bytes.
const MAX_ANSWER: usize = 16 * 1024;

/// Maximum growth of the work if the body is four times as long.
const MAX_GROWTH: f64 = 4.2;

/// Sizes to compare, in bytes.
const SIZES: [usize; 4] = [MAX_BODY / 64, MAX_BODY / 16, MAX_BODY / 4, MAX_BODY];

struct Stage {
    world: World,
    runtime: Runtime,
}

impl Stage {
    fn new() -> Self {
        Self { world: World::default(), runtime: Builder::new_current_thread().enable_all().build().unwrap() }
    }

    fn router(&self, mistake: &Mistake) -> axum::Router {
        let function = FUNCTIONS.iter().find(|function| function.name == mistake.function());
        let function = function.unwrap_or_else(|| panic!("{} is not an HTTP function", mistake.function()));
        (function.router)(&self.world, "http://127.0.0.1:9")
    }

    fn send(&self, mistake: &Mistake, body: &[u8]) -> Answer {
        let request = Request::event(mistake.event).bytes(body);
        self.runtime.block_on(self.world.send(&self.router(mistake), request))
    }

    /// Sends the mistake at this size and returns the answer and the number of allocated bytes.
    fn measured(&self, mistake: &Mistake, bytes: usize) -> (Answer, u64) {
        let body = mistake.body(bytes);
        let mut answer = None;
        let work = measure(|| answer = Some(self.send(mistake, body.as_bytes()))).bytes_total;
        (answer.unwrap(), work)
    }
}

/// Asserts the properties of every answer to a refused request.
#[track_caller]
fn assert_refused(answer: &Answer, what: &str) {
    assert_eq!((answer.status.as_u16(), answer.code()), (400, "invalid_request"), "{what}: {}", answer.body);
    assert!(answer.bytes < MAX_ANSWER, "{what}: the answer has {} bytes", answer.bytes);
    assert_eq!(answer.usage.round_trips, 0, "{what}: the table is not read");
}

#[test]
fn work_per_byte_is_constant_over_sizes_and_mistakes() {
    let stage = Stage::new();
    for mistake in MISTAKES {
        let work = |bytes| u32::try_from(stage.measured(mistake, bytes).1).map_or(f64::INFINITY, f64::from);
        // The first call makes the one-time allocations.
        let mut before = work(SIZES[0]).min(work(SIZES[0]));
        for bytes in SIZES.into_iter().skip(1) {
            let now = work(bytes);
            let (name, growth) = (mistake.name, now / before);
            assert!(
                growth <= MAX_GROWTH,
                "{name}: {bytes} bytes allocate {growth:.2} times as much as a fourth of them"
            );
            before = now;
        }
    }
}

#[test]
fn wrong_bodies_of_every_size_are_refused_briefly() {
    let stage = Stage::new();
    for mistake in MISTAKES {
        for bytes in SIZES {
            assert_refused(&stage.send(mistake, mistake.body(bytes).as_bytes()), &format!("{}, {bytes}", mistake.name));
        }
    }
}

#[test]
fn every_function_with_a_body_has_a_mistake() {
    let of: BTreeSet<_> = MISTAKES.iter().map(Mistake::function).collect();
    let with_body = routes::all().into_iter().filter(|route| route.body.is_some());
    let with_body: BTreeSet<_> = with_body.map(|route| route.function.name).collect();
    assert_eq!(of, with_body);
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct("tests/bodies.regressions"))),
        ..ProptestConfig::default()
    })]

    /// Tests mistakes of every kind and size, altered at random.
    #[test]
    fn answers_to_wrong_bodies_are_below_16_kib(
        mistake in proptest::sample::select(MISTAKES),
        bytes in 0..=MAX_BODY,
        edits in proptest::collection::vec((any::<Index>(), any::<u8>()), 0..4),
    ) {
        let mut body = mistake.body(bytes).into_bytes();
        for (at, byte) in edits {
            if !body.is_empty() {
                *at.get_mut(&mut body) = byte;
            }
        }
        let answer = Stage::new().send(&mistake, &body);
        prop_assert!(answer.status.as_u16() < 500, "{}", answer.body);
        prop_assert!(answer.bytes < MAX_ANSWER, "the answer has {} bytes", answer.bytes);
    }
}
