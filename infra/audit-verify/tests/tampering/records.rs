//! Changed, removed, exchanged and inserted records.

use crate::{
    export::{Line, append, change, export, log, write},
    run::Run,
};
use serde_json::json;

/// Checks the log with a change to its lines.
#[track_caller]
fn check(tamper: impl FnOnce(&mut Vec<Line>), wanted: &[&str]) {
    let mut lines = log();
    tamper(&mut lines);
    Run::of(&lines).check(wanted);
}

#[test]
fn untouched_export_is_whole() {
    let summary = Run::of(&export()).check(&[]);
    assert!(summary.starts_with("9 records of log 1 to 9 and 3 from before: whole."), "{summary}");
}

#[test]
fn erased_values_are_no_problem() {
    check(|lines| lines.iter_mut().for_each(|line| line.values.clear()), &[]);
}

#[test]
fn changed_record_is_altered() {
    check(|lines| lines[6].edit(|text| text.action = "member.removed".to_owned()), &["line 7: altered"]);
    check(|lines| lines[6].text = lines[6].text.replace(':', ": "), &["line 7: altered"]);
    check(|lines| lines[6].number = 8, &["line 7: altered"]);
    check(|lines| lines[6].previous = lines[2].digest.clone(), &["line 7: altered"]);
    check(|lines| lines[6].digest = lines[2].digest.clone(), &["line 7: altered"]);
    check(|lines| lines[8].edit(|text| text.kept_until = text.at), &["line 9: altered"]);
}

#[test]
fn changed_record_with_a_right_digest_is_not_continued() {
    let tamper = |lines: &mut Vec<Line>| {
        lines[6].edit(|text| text.action = "member.removed".to_owned());
        lines[6].seal();
    };
    check(tamper, &["line 8: unlinked"]);
}

#[test]
fn changed_value_is_altered() {
    check(|lines| lines[6].values["after.email"]["json"] = json!("\"eve@example.com\""), &["line 7: altered"]);
    check(|lines| lines[6].values["after.email"]["salt"] = json!("other"), &["line 7: altered"]);
    let exchange = |lines: &mut Vec<Line>| {
        let [email, name] = ["after.email", "actor_name"].map(|name| lines[6].values[name].clone());
        (lines[6].values["after.email"], lines[6].values["actor_name"]) = (name, email);
    };
    check(exchange, &["line 7: altered", "line 7: altered"]);
    let insert = |lines: &mut Vec<Line>| {
        let value = lines[6].values["after.email"].clone();
        lines[6].values.insert("after.name".to_owned(), value);
    };
    check(insert, &["line 7: altered"]);
}

#[test]
fn removed_record_is_missing() {
    check(|lines| drop(lines.remove(6)), &["line 7: missing"]);
    check(|lines| drop(lines.drain(3..6)), &["line 4: missing"]);
    check(|lines| drop((lines.remove(6), lines.remove(2))), &["line 3: missing", "line 6: missing"]);
}

#[test]
fn exchanged_records_are_moved() {
    check(|lines| lines.swap(4, 5), &["line 5: moved"]);
    check(|lines| lines.swap(0, 1), &["line 1: moved"]);
    check(|lines| lines.swap(2, 6), &["line 3: moved", "line 4: moved"]);
    check(|lines| lines.swap(7, 8), &["line 8: moved"]);
}

#[test]
fn inserted_record_without_a_place_is_unlinked() {
    let tamper = |lines: &mut Vec<Line>| {
        let mut inserted = append("log", Some(&lines[4]), change(5));
        inserted.previous = lines[2].digest.clone();
        inserted.seal();
        lines.insert(5, inserted);
    };
    check(tamper, &["line 6: unlinked"]);
}

#[test]
fn inserted_record_in_a_taken_place_is_moved() {
    let fork = |lines: &[Line]| append("log", Some(&lines[4]), change(6));
    check(|lines| lines.insert(6, fork(lines)), &["line 7: moved"]);
    // Inserted first, it takes the place of the genuine one.
    check(|lines| lines.insert(5, fork(lines)), &["line 7: moved"]);
    check(|lines| lines.insert(6, lines[5].clone()), &["line 7: moved"]);
    check(|lines| lines.push(lines[0].clone()), &["line 10: moved"]);
}

#[test]
fn id_must_ascend() {
    let tamper = |lines: &mut Vec<Line>| {
        let id = lines[7].read().id;
        lines[8].edit(|text| text.id = id);
        lines[8].seal();
    };
    check(tamper, &["line 9: moved"]);
}

#[test]
fn times_must_continue_those_of_the_record_before() {
    let later = |lines: &mut Vec<Line>| {
        lines[8].edit(|text| text.previous_until = Some(text.kept_until));
        lines[8].seal();
    };
    check(later, &["line 9: unlinked"]);
    let descending = |lines: &mut Vec<Line>| {
        let until = lines[4].read().kept_until;
        lines[8].edit(|text| text.kept_until = until);
        lines[8].seal();
    };
    check(descending, &["line 9: unlinked"]);
}

#[test]
fn first_record_has_no_predecessor() {
    let tamper = |lines: &mut Vec<Line>| {
        lines.truncate(1);
        lines[0].previous.replace_range(..1, "B");
        lines[0].seal();
    };
    check(tamper, &["line 1: unlinked"]);
}

#[test]
fn cut_beginning_is_missing() {
    check(|lines| drop(lines.drain(..4)), &["line 1: missing"]);
    let asked_for = Run::of(&log()[4..]).arg("--from", "2026-01-05T00:00:00Z");
    let summary = asked_for.check(&[]);
    assert!(summary.starts_with("5 records of log 5 to 9: whole."), "{summary}");
    let mut lines = log();
    let first = lines[0].clone();
    lines.insert(6, first);
    Run::of(&lines[4..]).arg("--from", "2026-01-05T00:00:00Z").check(&["line 3: moved"]);
}

#[test]
fn changed_text_does_not_change_the_output() {
    let id = "aud_1\nAll is whole.\n";
    check(|lines| lines[6].edit(|text| text.id = id.to_owned()), &["line 7: altered"]);
    let sequence = "log\\n9 records of log 1 to 9: whole.";
    let page = String::from_utf8(write(&log())).unwrap().replacen("\"log\"", &format!("\"{sequence}\""), 1);
    Run { pages: vec![page.into_bytes()], ..Run::of(&[]) }.check(&["line 1: unreadable", "line 2: missing"]);
}

#[test]
fn text_that_is_not_unicode_is_unreadable() {
    let page = String::from_utf8(write(&log())).unwrap().replacen("salt-log-1", "\\ud800", 1);
    Run { pages: vec![page.into_bytes()], ..Run::of(&[]) }.check(&["line 1: unreadable", "line 2: missing"]);
    check(|lines| lines[6].text = lines[6].text.replace("aud_", "\\ud800"), &["line 7: altered"]);
}

#[test]
fn record_of_another_workspace_is_foreign() {
    let tamper = |lines: &mut Vec<Line>| {
        let mut foreign = lines[6].clone();
        foreign.edit(|text| text.workspace = "ws_01K00000000000000000000009".to_owned());
        foreign.seal();
        lines.insert(6, foreign);
    };
    check(tamper, &["line 7: foreign"]);
    let others = Run::of(&log()[..2]).arg("--workspace", "ws_01K00000000000000000000009");
    others.check(&["line 1: foreign", "line 2: foreign"]);
}

#[test]
fn reading_goes_on_after_an_unreadable_line() {
    let mut page = write(&log()[..4]);
    page.extend(b"{\"type\":\"record\"}\n\n\xff\n");
    page.extend(write(&log()[5..]));
    Run { pages: vec![page], ..Run::of(&[]) }.check(&["line 5: unreadable", "line 7: unreadable", "line 8: missing"]);
}

#[test]
fn name_that_occurs_twice_is_unreadable() {
    let page = String::from_utf8(write(&log())).unwrap();
    let twice = page.replacen("\"values\":{", "\"values\":{\"ip_address\":{\"salt\":\"\",\"json\":\"\"},", 1);
    Run { pages: vec![twice.into_bytes()], ..Run::of(&[]) }.check(&["line 1: unreadable", "line 2: missing"]);
}
