//! Checkpoints: their signatures, and what they show of an export.

use crate::{
    export::{Line, change, day, kept_until, log, sequence, write},
    run::Run,
    sign::{Operator, answer, text},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

/// Texts of daily checkpoints. The one of a day ends with the record of that day.
fn texts(lines: &[Line], days: impl IntoIterator<Item = usize>) -> Vec<Value> {
    days.into_iter().map(|of| text(&lines[of], day(i64::try_from(of).unwrap()), lines.first())).collect()
}

/// Runs with checkpoints that an operator signs.
fn run(lines: &[Line], texts: &[Value]) -> Run {
    let operator = Operator::new();
    Run::of(lines).with_checkpoints(answer(&operator.sign(texts)), operator.pem())
}

/// Checks the third of five checkpoints of a batch with a change to it.
#[track_caller]
fn check_replaced(replace: impl FnOnce(&mut Value), wanted: &[&str]) {
    let operator = Operator::new();
    let mut checkpoints = operator.sign(&texts(&log(), 4..9));
    replace(&mut checkpoints[2]);
    let run = Run::of(&log()).with_checkpoints(answer(&checkpoints), operator.pem());
    let summary = run.check(wanted);
    assert!(summary.ends_with("4 of 5 checkpoints agree."), "{summary}");
}

#[test]
fn checkpoints_of_an_untouched_export_agree() {
    for size in [1, 2, 3, 5] {
        let summary = run(&log(), &texts(&log(), 0..size)).check(&[]);
        let wanted = if size == 1 { "1 checkpoint agrees.".to_owned() } else { format!("{size} checkpoints agree.") };
        assert!(summary.ends_with(&wanted), "{summary}");
    }
}

#[test]
fn files_have_answers_checkpoints_or_events() {
    let operator = Operator::new();
    let checkpoints = operator.sign(&texts(&log(), 0..3));
    let lines = |values: Vec<Value>| values.iter().map(|value| format!("{value}\n")).collect::<String>().into_bytes();
    let event = |checkpoint: &Value| json!({ "type": "audit.checkpoint", "timestamp": day(9), "data": checkpoint });
    let run = Run::of(&log())
        .with_checkpoints(lines(checkpoints.clone()), operator.pem())
        .with_checkpoints(lines(checkpoints.iter().map(event).collect()), operator.pem())
        .with_checkpoints(serde_json::to_vec_pretty(&json!({ "checkpoints": checkpoints })).unwrap(), operator.pem())
        .with_checkpoints(format!("{{\"checkpoints\":[\n{}\n]}}", checkpoints[0]).into_bytes(), operator.pem())
        .with_checkpoints(b"\n".to_vec(), operator.pem());
    let summary = run.check(&[]);
    assert!(summary.ends_with("10 checkpoints agree."), "{summary}");
    let mut broken = lines(checkpoints);
    broken[0] = b'[';
    broken.extend(b"{}\n");
    let run = Run::of(&log()).with_checkpoints(broken, operator.pem());
    run.check(&["line 1 of checkpoints1: unreadable", "checkpoint 3 of checkpoints1: unreadable"]);
    for nothing in ["{\n  \"checkpoints\": [\n", "[]", "\"\n"] {
        let run = Run::of(&log()).with_checkpoints(nothing.as_bytes().to_vec(), operator.pem());
        run.check(&["line 1 of checkpoints1: unreadable"]);
    }
}

#[test]
fn replaced_checkpoint_is_not_signed() {
    let wanted = ["checkpoint 3 of checkpoints1: checkpoint"];
    let other = Operator::new().sign(&texts(&log(), 4..9));
    check_replaced(|checkpoint| checkpoint["text"] = json!(texts(&log(), [3])[0].to_string()), &wanted);
    check_replaced(|checkpoint| checkpoint["text"] = json!("nothing"), &wanted);
    check_replaced(|checkpoint| checkpoint["proof"][0]["digest"] = json!(log()[0].digest), &wanted);
    check_replaced(|checkpoint| checkpoint["proof"][0]["side"] = json!("left"), &wanted);
    check_replaced(|checkpoint| drop(checkpoint["proof"].as_array_mut().unwrap().pop()), &wanted);
    check_replaced(|checkpoint| checkpoint["signature"] = other[2]["signature"].clone(), &wanted);
    let batch = Operator::new().sign(&texts(&log(), 0..2))[0]["batch"].clone();
    check_replaced(|checkpoint| checkpoint["batch"] = batch, &wanted);
    check_replaced(|checkpoint| *checkpoint = other[2].clone(), &wanted);
    for signature in ["", "MAAA", "MAYCAQACAQA=", "MAYCAQECAQE="] {
        check_replaced(|checkpoint| checkpoint["signature"] = json!(signature), &wanted);
    }
    // The right numbers in another form: followed by a zero byte, or not as a sequence.
    let edits: [fn(&mut Vec<u8>); 2] = [|der| der.push(0), |der| der[0] = 0x31];
    for edit in edits {
        let edited = |signature: &Value| {
            let mut der = STANDARD.decode(signature.as_str().unwrap()).unwrap();
            edit(&mut der);
            json!(STANDARD.encode(der))
        };
        check_replaced(|checkpoint| checkpoint["signature"] = edited(&checkpoint["signature"]), &wanted);
    }
}

#[test]
fn cut_end_is_truncated() {
    Run::of(&log()[..7]).check(&[]);
    run(&log()[..7], &texts(&log(), [6, 7])).check(&["checkpoint 2 of checkpoints1: truncated"]);
    run(&[], &texts(&log(), [8])).check(&["checkpoint 1 of checkpoints1: truncated"]);
}

#[test]
fn log_that_was_computed_again_is_rewritten() {
    let again = sequence("log", (0..9).map(|day| change(if day < 5 { day } else { day + 1 })));
    Run::of(&again).check(&[]);
    let wanted = ["checkpoint 2 of checkpoints1: rewritten", "checkpoint 3 of checkpoints1: rewritten"];
    run(&again, &texts(&log(), [4, 5, 8])).check(&wanted);
    run(&again[..8], &texts(&log(), [4, 8])).check(&["checkpoint 2 of checkpoints1: truncated"]);
}

#[test]
fn beginning_of_a_log_that_was_computed_again_is_rewritten() {
    let lines = log();
    let mut begins = lines[4].clone();
    begins.previous = lines[0].digest.clone();
    let texts = [text(&lines[8], day(8), Some(&begins))];
    run(&lines, &texts).check(&["checkpoint 1 of checkpoints1: rewritten"]);
}

#[test]
fn checkpoint_with_a_smaller_number_later_is_rewritten() {
    let lines = log();
    let texts = [text(&lines[6], day(6), None), text(&lines[5], day(7), None), text(&lines[8], day(8), None)];
    run(&lines, &texts).check(&["checkpoint 2 of checkpoints1: rewritten"]);
    let mut other = lines[8].clone();
    other.digest = lines[0].digest.clone();
    // The export ends before both, so only the two can disagree.
    let texts = [text(&lines[8], day(8), Some(&lines[0])), text(&other, day(9), Some(&lines[0]))];
    let wanted = ["checkpoint 1 of checkpoints1: truncated", "checkpoint 2 of checkpoints1: rewritten"];
    run(&lines[..7], &texts).check(&wanted);
}

#[test]
fn checkpoint_of_another_workspace_is_foreign() {
    let mut texts = texts(&log(), [7, 8]);
    texts[0]["workspace"] = json!("ws_01K00000000000000000000009");
    run(&log(), &texts).check(&["checkpoint 1 of checkpoints1: foreign"]);
}

#[test]
fn record_of_an_old_checkpoint_may_be_over() {
    let now = kept_until(3).to_string();
    let summary = run(&log()[4..], &texts(&log(), [1, 3, 8])).arg("--now", &now).check(&[]);
    assert!(summary.contains("1 of 3 checkpoints agree, and 2 cannot be compared"), "{summary}");
    // Nothing is left. A later checkpoint says so, or the record itself, which is still stored.
    let now = kept_until(8).to_string();
    let texts = texts(&log(), [1, 8]);
    let emptied = text(&log()[8], kept_until(8), None);
    run(&[], &[texts.clone(), vec![emptied]].concat()).arg("--now", &now).check(&[]);
    run(&log()[8..], &texts).arg("--now", &now).check(&[]);
}

#[test]
fn checkpoint_shows_only_which_records_are_over() {
    let lines = log();
    let old = text(&lines[1], day(1), Some(&lines[0]));
    let now = kept_until(3).to_string();
    let later = text(&lines[8], kept_until(3), Some(&lines[4]));
    run(&[], &[old, later]).arg("--now", &now).check(&["checkpoint 2 of checkpoints1: truncated"]);
    // Neither a later time nor a wrong statement shows that records are over.
    let emptied = text(&lines[8], kept_until(8), None);
    run(&[], &[emptied]).check(&["checkpoint 1 of checkpoints1: truncated"]);
    let emptied = text(&lines[8], day(10), None);
    run(&lines[..7], &[emptied]).check(&["checkpoint 1 of checkpoints1: truncated"]);
}

#[test]
fn record_of_an_old_checkpoint_may_not_have_been_asked_for() {
    run(&log()[6..], &texts(&log(), [1, 8])).arg("--from", &day(6).to_string()).check(&[]);
    run(&[], &texts(&log(), [8])).arg("--from", &day(9).to_string()).check(&[]);
    run(&[], &texts(&log(), [8]))
        .arg("--from", &day(7).to_string())
        .check(&["checkpoint 1 of checkpoints1: truncated"]);
}

/// The log without its first records, computed again as if their time were over.
fn computed_again_from(first: usize) -> Vec<Line> {
    let mut lines = log().split_off(first);
    lines[0].edit(|text| text.previous_until = Some(kept_until(-500)));
    for at in 0..lines.len() {
        if at > 0 {
            lines[at].previous = lines[at - 1].digest.clone();
        }
        lines[at].seal();
    }
    lines
}

/// Who can write to the table removes all that a checkpoint covers, and computes the rest again.
#[test]
fn removed_beginning_of_a_log_computed_again_is_missing() {
    let lines = computed_again_from(5);
    run(&lines, &texts(&log(), [2, 4]))
        .check(&["checkpoint 1 of checkpoints1: missing", "checkpoint 2 of checkpoints1: missing"]);
    // Later checkpoints say that the log begins there, and do not excuse it.
    let later = text(&lines[3], day(8), lines.first());
    run(&lines, &[texts(&log(), [4]), vec![later]].concat()).check(&["checkpoint 1 of checkpoints1: missing"]);
    let now = kept_until(4).to_string();
    run(&lines, &texts(&log(), [2, 4])).arg("--now", &now).check(&[]);
    // A checkpoint that states no time shows no more than before.
    let mut old = texts(&log(), [4]);
    old[0].as_object_mut().unwrap().remove("kept_until");
    run(&lines, &old).check(&[]);
}

#[test]
fn records_after_a_checkpoint_that_was_asked_for_are_missing() {
    let from =
        |first: usize, since: i64| run(&log()[first..], &texts(&log(), [4])).arg("--from", &day(since).to_string());
    from(5, 2).check(&[]);
    from(7, 2).check(&["checkpoint 1 of checkpoints1: missing"]);
    from(7, 3).check(&["checkpoint 1 of checkpoints1: missing"]);
    // The checkpoint is from before, or from the moment at which the export begins.
    from(7, 6).check(&[]);
    from(7, 4).check(&[]);
    // Their time is over.
    from(7, 2).arg("--now", &kept_until(6).to_string()).check(&[]);
}

#[test]
fn other_version_is_unreadable() {
    let mut texts = texts(&log(), [7, 8]);
    texts[1]["v"] = json!(2);
    run(&log(), &texts).check(&["checkpoint 2 of checkpoints1: unreadable"]);
    let page = String::from_utf8(write(&log()[..1])).unwrap().replacen("number\":1", "number\":0", 1);
    Run::of_page(page.into_bytes()).check(&["line 1: unreadable"]);
}
