//! Assembles the generated files from the list of functions: template.yaml and infra/observability.yaml from their bases
//! in `infra/template`, and the table of functions in ARCHITECTURE.md. `UPDATE_EXPECT=1` rewrites them; the filter
//! `assembled` leaves out the tests that read the previous template.

use super::fragments::{FUNCTIONS, Fragment};
use crate::templates::root;
use expect_test::expect_file;
use std::fs;

/// Length of the line above the resources of a function.
const LINE: usize = 120;

/// Replaces the places `{{name}}` of a base, each once. A place in a comment of its own takes lines, each indented as
/// the place is.
fn assemble(base: &str, places: &[(&str, String)]) -> String {
    let base = format!("infra/template/{base}");
    let mut text = fs::read_to_string(root().join(&base)).unwrap();
    for (name, content) in places {
        let place = ["{{", name, "}}"].concat();
        let lines: Vec<_> = text.lines().filter(|line| line.contains(&place)).collect();
        let [line] = lines[..] else { panic!("{base} has {} places {place}", lines.len()) };
        let indent = &line[..line.len() - line.trim_start().len()];
        let place = if line.contains(&format!("# {place}")) { format!("# {place}") } else { place };
        let content = content.replace('\n', &format!("\n{indent}"));
        text = text.replace(&place, &content);
    }
    assert!(!text.contains("{{"), "{base} has an unknown place");
    let text: Vec<_> = text.lines().map(str::trim_end).collect();
    format!(
        "# Generated from {base} and functions/*/template.yaml. Edit those, then run\n\
         # UPDATE_EXPECT=1 cargo test -p local --test template assembled\n#\n{}\n",
        text.join("\n")
    )
}

/// Formats each item on a line of its own.
fn lines<T>(items: &[T], line: impl Fn(&T) -> String) -> String {
    items.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Formats each item as an element of a list.
fn list<T>(items: &[T], element: impl Fn(&T) -> String) -> String {
    items.iter().map(element).collect::<Vec<_>>().join(", ")
}

/// Dead-letter queue or rule of a function.
struct Described {
    name: String,
    /// Effect of a message in the queue, or of the rule's failure.
    what: String,
    /// Name in the dashboard, of a queue.
    label: String,
    description: String,
}

fn dead_letters() -> Vec<Described> {
    let of = |function: &Fragment| {
        let queues = function.described("AWS::SQS::Queue", "DeadLetters", "DeadLetters").into_iter();
        let queues = queues.map(|(name, facts)| {
            let text = |fact: &str| facts[fact].as_str().unwrap().to_owned();
            let description = function.output(&format!("{name}DeadLettersName")).to_owned();
            Described { what: text("What"), label: text("Label"), description, name }
        });
        queues.collect::<Vec<_>>()
    };
    FUNCTIONS.iter().flat_map(of).collect()
}

fn rules() -> Vec<Described> {
    let of = |function: &Fragment| {
        let rules = function.described("AWS::Events::Rule", "", "Rules").into_iter();
        let rules = rules.map(|(name, facts)| {
            let what = facts["What"].as_str().unwrap().to_owned();
            Described { what, label: String::new(), description: format!("Deployed name of the rule {name}"), name }
        });
        rules.collect::<Vec<_>>()
    };
    FUNCTIONS.iter().flat_map(of).collect()
}

/// Returns the section of each function, moved to the left by the indent that its place has.
fn sections(name: &str) -> Vec<(&'static Fragment, String)> {
    let moved = |text: String| lines(&text.lines().collect::<Vec<_>>(), |line| line.replacen("  ", "", 1));
    FUNCTIONS.iter().map(|function| (function, moved(function.section(name)))).collect()
}

#[test]
fn assembled_template() {
    let resources = sections("Resources").into_iter().map(|(function, text)| {
        let title = format!(" function: {}", function.folder);
        format!("# {:->1$}\n{text}\n", title, LINE - "  # ".len())
    });
    let places = [
        ("resources", resources.collect::<Vec<_>>().join("\n").trim_end().to_owned()),
        ("outputs", lines(&sections("Outputs"), |(_, text)| text.clone())),
        ("functions", lines(&FUNCTIONS, |Fragment { name, .. }| format!("{name}FunctionName: !Ref {name}Function"))),
        ("rules", lines(&rules(), |Described { name, .. }| format!("{name}Name: !Ref {name}"))),
        (
            "dead_letters",
            lines(&dead_letters(), |Described { name, .. }| {
                format!("{name}DeadLettersName: !GetAtt {name}DeadLetters.QueueName")
            }),
        ),
    ];
    expect_file![root().join("template.yaml")].assert_eq(&assemble("template.yaml", &places));
}

#[test]
fn assembled_observability() {
    let answering: Vec<_> = FUNCTIONS.iter().filter(|function| function.answers()).collect();
    let (rules, dead_letters) = (rules(), dead_letters());
    let metric = |functions: &[&Fragment], metric: &str| {
        let ids = functions.iter().map(|function| format!("${{{}FunctionName}}", function.name));
        let labels = functions.iter().map(|function| function.folder.clone());
        rows(["AWS/Lambda", metric, "FunctionName"], ids.zip(labels.map(Some)))
    };
    let server_errors = answering.iter().map(|function| (function.folder.clone(), None));
    let letters = dead_letters.iter();
    let letters = letters.map(|queue| (format!("${{{}DeadLettersName}}", queue.name), Some(queue.label.clone())));
    let parameter = |name: String, text: &str| format!("{name}: {{ Description: {text:?}, Type: String }}");
    let all: Vec<_> = FUNCTIONS.iter().collect();
    let places = [
        (
            "functions",
            lines(&FUNCTIONS, |function| {
                let text = format!("Deployed name of the function {}", function.folder);
                parameter(format!("{}FunctionName", function.name), &text)
            }),
        ),
        (
            "dead_letters",
            lines(&dead_letters, |queue| parameter(format!("{}DeadLettersName", queue.name), &queue.description)),
        ),
        ("rules", lines(&rules, |rule| parameter(format!("{}Name", rule.name), &rule.description))),
        (
            "function_texts",
            lines(&FUNCTIONS, |function| {
                let (name, folder, then) = (&function.name, &function.folder, function.fact("Failure"));
                format!("{name}: {{ Folder: {folder}, Then: {then:?} }}")
            }),
        ),
        ("dead_letter_texts", lines(&dead_letters, |queue| format!("{}: {{ What: {:?} }}", queue.name, queue.what))),
        ("rule_texts", lines(&rules, |rule| format!("{}: {{ What: {:?} }}", rule.name, rule.what))),
        ("function_names", list(&FUNCTIONS, |function| function.name.clone())),
        ("answering_names", list(&answering, |function| function.name.clone())),
        ("dead_letter_names", list(&dead_letters, |queue| queue.name.clone())),
        ("rule_names", list(&rules, |rule| rule.name.clone())),
        ("server_error_metrics", rows(["${MetricsNamespace}", "ServerErrors", "function"], server_errors)),
        ("error_metrics", metric(&all, "Errors")),
        ("request_metrics", metric(&answering, "Invocations")),
        ("latency_metrics", metric(&answering, "Duration")),
        ("dead_letter_metrics", rows(["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName"], letters)),
    ];
    expect_file![root().join("infra/observability.yaml")].assert_eq(&assemble("observability.yaml", &places));
}

/// Formats the lines of a chart, each with the value of the dimension and a label. `...` repeats the line before.
fn rows(metric: [&str; 3], lines: impl Iterator<Item = (String, Option<String>)>) -> String {
    let lines = lines.enumerate().map(|(number, (value, label))| {
        let before =
            if number == 0 { format!("{:?}, {:?}, {:?}", metric[0], metric[1], metric[2]) } else { r#""...""#.into() };
        let label = label.map_or_else(String::new, |label| format!(r#", {{ "label": {label:?} }}"#));
        format!("[{before}, {value:?}{label}]")
    });
    lines.collect::<Vec<_>>().join(",\n")
}

/// Functions with the same trigger and task share a row.
#[test]
fn assembled_table_of_functions() {
    let path = root().join("ARCHITECTURE.md");
    let page = fs::read_to_string(&path).unwrap();
    let mut rows: Vec<(String, String)> = Vec::new();
    for function in FUNCTIONS.iter() {
        let (folder, row) = (&function.folder, format!("{} | {}", function.fact("Trigger"), function.fact("Task")));
        match rows.iter_mut().find(|(_, other)| *other == row) {
            Some((folders, _)) => folders.push_str(&format!(", `{folder}`")),
            None => rows.push((format!("`{folder}`"), row)),
        }
    }
    let head = "| function | trigger | task |\n|---|---|---|\n";
    let (before, rest) = page.split_once(head).unwrap();
    let (_, after) = rest.split_once("\n\n").unwrap();
    let table = lines(&rows, |(folders, row)| format!("| {folders} | {row} |"));
    expect_file![path].assert_eq(&format!("{before}{head}{table}\n\n{after}"));
}
