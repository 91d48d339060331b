//! Records whose time is over.

use crate::{
    export::{Line, change, kept_until, log, sequence},
    run::Run,
};

/// Runs at the moment when the time of the first four records of the log is over.
fn at_day_four(lines: &[Line]) -> Run {
    Run::of(lines).arg("--now", &kept_until(3).to_string())
}

#[test]
fn expired_beginning_may_be_absent_or_present() {
    at_day_four(&log()[4..]).check(&[]);
    let summary = at_day_four(&log()).check(&[]);
    assert!(summary.starts_with("5 records of log 5 to 9: whole. 4 records more"), "{summary}");
}

#[test]
fn expired_records_may_have_gaps() {
    let mut lines = log();
    lines.remove(3);
    lines.remove(1);
    at_day_four(&lines).check(&[]);
    lines.remove(0);
    at_day_four(&lines).check(&[]);
}

#[test]
fn record_that_counts_may_not_be_absent() {
    at_day_four(&log()[5..]).check(&["line 1: missing"]);
    let mut lines = log();
    lines.remove(4);
    at_day_four(&lines).check(&["line 5: missing"]);
}

#[test]
fn changed_expired_record_is_altered() {
    let mut lines = log();
    lines[2].edit(|text| text.action = "member.removed".to_owned());
    at_day_four(&lines).check(&["line 3: altered"]);
    lines.remove(3);
    at_day_four(&lines).check(&["line 3: altered"]);
}

#[test]
fn record_among_those_that_count_is_not_skipped() {
    let mut lines = log();
    let expired = lines.remove(2);
    lines.insert(6, expired);
    at_day_four(&lines).check(&["line 7: moved"]);
    // One that claims to be over, to hide that the next one does not continue it.
    let mut lines = log();
    lines[6].edit(|text| text.kept_until = kept_until(2));
    lines[6].seal();
    at_day_four(&lines).check(&["line 7: unlinked", "line 8: unlinked"]);
}

#[test]
fn all_records_may_be_over() {
    let lines = sequence("log", [0, 1].map(change));
    let over = Run::of(&lines).arg("--now", &kept_until(1).to_string());
    let summary = over.check(&[]);
    assert!(summary.starts_with("0 records: whole. 2 records more"), "{summary}");
}
