//! Sentences about who may call an operation, from the tables that the test `access` holds equal to the answers of the
//! routes.

/// Roles and answers of one route in a workspace of the caller.
type Answers = Vec<(&'static str, &'static str)>;

/// Returns the answer to each role on `route`, a method and a path.
fn answers(route: &str) -> Answers {
    let lines = include_str!("../../access.txt").lines().skip_while(|line| *line != route).skip(1);
    lines.take_while(|line| line.starts_with(' ')).map(|line| line.trim_start().split_once(' ').unwrap()).collect()
}

/// Returns the codes in the answers to members.
pub(crate) fn codes(route: &str) -> Vec<&'static str> {
    let codes = answers(route).into_iter().filter_map(|(_, said)| said.split_whitespace().nth(1));
    // A long code touches the next column.
    codes.map(|code| code.trim_end_matches(char::is_numeric)).filter(|code| code.len() > 3).collect()
}

/// Returns the roles that may call `route`.
fn allowed(route: &str) -> Vec<&'static str> {
    let answers = answers(route).into_iter();
    answers.filter(|(_, said)| !said.trim_start().starts_with("403 role_required")).map(|(role, _)| role).collect()
}

/// Returns true if some members may not call `route`.
pub(crate) fn is_restricted(route: &str) -> bool {
    allowed(route).len() < answers(route).len()
}

/// Returns true if a suspension of the workspace refuses `route`.
pub(crate) fn is_refused_when_suspended(route: &str) -> bool {
    include_str!("../../suspended.txt")
        .lines()
        .any(|line| line.strip_prefix("refused").map(str::trim_start) == Some(route))
}

/// Says which members may call `route`, and what a suspension of the workspace means for it.
pub(crate) fn sentences(route: &str) -> String {
    let roles: Vec<_> = allowed(route).iter().map(|role| format!("`{role}`")).collect();
    let mut text = match roles.split_last() {
        Some((last, [])) => format!("Requires the role {last}"),
        Some((last, others)) => format!("Requires the role {} or {last}", others.join(", ")),
        None => panic!("access.txt has no answer of {route}"),
    };
    text += "; other members are refused with 403 `role_required`.";
    if !is_restricted(route) {
        "Every member of the workspace may call it.".clone_into(&mut text);
    }
    if is_refused_when_suspended(route) {
        text += " Refused with 403 `workspace_suspended` while the workspace is suspended.";
    }
    text
}
