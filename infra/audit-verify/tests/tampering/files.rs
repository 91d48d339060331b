//! Files that cannot be read, and exports of several pages.

use crate::{
    export::{day, log, write},
    run::Run,
    sign::Operator,
};

#[test]
fn problem_names_the_page() {
    let mut lines = log();
    lines.remove(6);
    let pages = vec![write(&lines[..5]), write(&lines[5..])];
    let run = Run { pages, ..Run::of(&[]) };
    run.check(&["line 2 of page2: missing"]);
}

#[test]
fn run_without_a_result_exits_with_2() {
    let operator = Operator::new();
    let key = |pem: &str| Run::of(&log()).with_checkpoints(b"{}".to_vec(), pem.to_owned());
    let runs = [
        Run::of(&log()).arg("--checkpoints", "absent").arg("--key", "absent"),
        Run::of(&log()).arg("--checkpoints", "page1"),
        Run::of(&log()).arg("--from", "yesterday"),
        Run { pages: Vec::new(), ..Run::of(&[]) },
        key("nothing"),
        key(&operator.pem().replacen("MFkw", "MFkx", 1)),
        Run::default().arg("--now", &day(9).to_string()),
    ];
    for run in runs {
        let [ours, twin] = run.outcomes();
        assert_eq!([ours.code, twin.code], [2, 2], "{run:?}");
        assert_eq!([ours.summary, twin.summary], ["", ""], "{run:?}");
    }
}
