//! Records from before the log, and the record that binds them.

use crate::{
    export::{Line, append, began, change, day, export, kept_until, sequence},
    run::Run,
};

/// Checks the export with a change to its lines. The first three are from before, and the fourth binds them.
#[track_caller]
fn check(tamper: impl FnOnce(&mut Vec<Line>), wanted: &[&str]) {
    let mut lines = export();
    tamper(&mut lines);
    Run::of(&lines).check(wanted);
}

#[test]
fn records_from_before_are_a_sequence() {
    check(|lines| drop(lines.remove(1)), &["line 2: missing"]);
    check(|lines| drop(lines.remove(0)), &["line 1: missing"]);
    check(|lines| lines.swap(1, 2), &["line 2: moved"]);
    check(|lines| lines[2].edit(|text| text.number = 7), &["line 3: altered"]);
    check(|lines| lines[1].sequence = "log", &["line 2: altered", "line 3: missing"]);
}

#[test]
fn cut_end_of_records_from_before_is_truncated() {
    check(|lines| drop(lines.remove(2)), &["line 3: truncated"]);
    check(|lines| drop(lines.drain(..3)), &["line 1: truncated"]);
}

#[test]
fn record_after_the_bound_ones_is_unlinked() {
    check(|lines| lines.insert(3, append("before", Some(&lines[2]), change(-1))), &["line 4: unlinked"]);
    let mut lines = sequence("log", [began(0, &[]), change(1)]);
    Run::of(&lines).check(&[]);
    lines.insert(0, append("before", None, change(-1)));
    Run::of(&lines).check(&["line 1: unlinked"]);
}

#[test]
fn other_records_from_before_are_rewritten() {
    check(|lines| drop(lines.splice(..3, sequence("before", [-30, -29, -27].map(change)))), &["line 3: rewritten"]);
}

#[test]
fn bound_records_may_be_over() {
    let now = kept_until(-28).to_string();
    Run::of(&export()[3..]).arg("--now", &now).check(&[]);
    let summary = Run::of(&export()).arg("--now", &now).check(&[]);
    assert!(summary.starts_with("9 records of log 1 to 9: whole. 3 records more"), "{summary}");
}

#[test]
fn bound_records_may_not_have_been_asked_for() {
    Run::of(&export()[3..]).arg("--from", &day(0).to_string()).check(&[]);
    // They end with the bound one all the same.
    Run::of(&export()[1..]).arg("--from", &day(-29).to_string()).check(&[]);
    let mut lines = export();
    lines.remove(2);
    Run::of(&lines[1..]).arg("--from", &day(-29).to_string()).check(&["line 2: truncated"]);
}

#[test]
fn records_from_before_may_be_unbound() {
    let mut lines = sequence("before", [-30, -29].map(change));
    lines.extend(sequence("log", [0, 1].map(change)));
    let summary = Run::of(&lines).check(&[]);
    assert!(summary.contains("Nothing binds the records from before yet."), "{summary}");
}

#[test]
fn binding_record_without_its_members_is_unreadable() {
    let mut binding = began(0, &[]);
    binding.after = serde_json::json!({ "records": 3 });
    Run::of(&sequence("log", [binding])).check(&["line 1: unreadable"]);
}
