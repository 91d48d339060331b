//! A random byte of an export or of a checkpoint is changed.

use crate::{
    export::{day, export, log, write},
    run::{Outcome, Run},
    sign::{Operator, answer, text},
};
use fastrand::Rng;

/// Replaces a random byte other than the last, which ends the file.
fn flip(bytes: &[u8], random: &mut Rng) -> Vec<u8> {
    let mut flipped = bytes.to_vec();
    let position = random.usize(..bytes.len() - 1);
    flipped[position] ^= random.u8(1..);
    flipped
}

/// Checks that both programs find the same problem or problems.
#[track_caller]
fn check(run: &Run) {
    let [ours, twin] = run.outcomes();
    assert_eq!(ours.problems, twin.problems);
    for Outcome { code, summary, .. } in [ours, twin] {
        assert_eq!(code, 1, "{summary}");
        assert!(!summary.contains("whole"), "{summary}");
    }
}

#[test]
fn any_changed_byte_of_an_export_is_found() {
    let (page, random) = (write(&export()), &mut Rng::with_seed(7));
    for _ in 0..100 {
        check(&Run { pages: vec![flip(&page, random)], ..Run::of(&[]) });
    }
}

#[test]
fn any_changed_byte_of_a_checkpoint_is_found() {
    let (lines, operator, random) = (log(), Operator::new(), &mut Rng::with_seed(7));
    let texts = [5, 8].map(|of| text(&lines[of], day(8), lines.first()));
    let checkpoints = answer(&operator.sign(&texts));
    for _ in 0..40 {
        check(&Run::of(&lines).with_checkpoints(flip(&checkpoints, random), operator.pem()));
    }
}
