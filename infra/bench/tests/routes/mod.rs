//! docs/routes.md: the round trips and requests of each route, as its process logs them for the plainest sample event
//! that succeeds. Remarks are written by hand and kept.

use bench::samples::Sample;
use serde_json::Value;
use std::{collections::BTreeMap, fs, path::Path};

/// Head of the generated table.
const HEAD: &str = "|---|---|---|---|---|\n";

/// What a sample event took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cost {
    /// Method and path.
    route: String,
    /// Name of the sample event.
    case: String,
    status: u64,
    code: Option<String>,
    round_trips: u64,
    requests: u64,
}

impl Cost {
    /// Reads the line about the request from the log of the process that answered `sample`, if that
    /// was a route of the API.
    pub(crate) fn read(sample: &Sample, log: &Path) -> Option<Self> {
        let lines = fs::read_to_string(log).unwrap();
        let mut fields =
            lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()?.get("fields").cloned());
        let line = fields.rfind(|fields| fields["message"] == "request")?;
        let path = line["route"].as_str()?.strip_prefix(api::BASE_PATH)?;
        Some(Self {
            route: format!("{} {path}", line["method"].as_str()?),
            case: sample.case.clone(),
            status: line["status"].as_u64()?,
            code: line["code"].as_str().map(ToOwned::to_owned),
            round_trips: line["round_trips"].as_u64()?,
            requests: line["requests"].as_u64()?,
        })
    }

    /// Writes the row of the route with a remark.
    fn row(&self, remark: &str) -> String {
        let Self { route, status, code, round_trips, requests, .. } = self;
        let answer = code.as_ref().map_or_else(|| status.to_string(), |code| format!("{status} `{code}`"));
        format!("| {route} | {answer} | {round_trips} | {requests} | {remark}").trim_end().to_owned() + " |"
    }
}

/// Writes the table of `page` again, with its remarks. A new route gets a row without a remark.
pub(crate) fn page(page: &str, costs: &[Cost]) -> String {
    let (head, table) = page.split_once(HEAD).unwrap();
    let rows = table.lines().take_while(|line| line.starts_with('|'));
    let remarks: BTreeMap<_, _> = rows.map(cells).collect();
    let rows = plainest(costs).into_iter().map(|cost| {
        let remark = remarks.get(cost.route.as_str()).copied().unwrap_or_default();
        cost.row(remark) + "\n"
    });
    let rest = table.split_inclusive('\n').skip_while(|line| line.starts_with('|'));
    [head, HEAD].into_iter().map(ToOwned::to_owned).chain(rows).chain(rest.map(ToOwned::to_owned)).collect()
}

/// Returns the route and the remark of a row.
fn cells(row: &str) -> (&str, &str) {
    let cells: Vec<_> = row.trim_matches('|').split(" | ").map(str::trim).collect();
    (cells.first().copied().unwrap_or_default(), cells.get(4).map_or("", |remark| remark.trim_end_matches('|').trim()))
}

/// Picks for each route the successful sample with the shortest name, or without one that succeeds the shortest.
fn plainest(costs: &[Cost]) -> Vec<&Cost> {
    let mut routes: BTreeMap<(&str, &str), &Cost> = BTreeMap::new();
    let order = |cost: &Cost| (cost.status >= 400, cost.case.len(), cost.case.clone());
    for cost in costs {
        let (method, path) = cost.route.split_once(' ').unwrap();
        routes
            .entry((path, method))
            .and_modify(|kept| {
                if order(cost) < order(kept) {
                    *kept = cost
                }
            })
            .or_insert(cost);
    }
    routes.into_values().collect()
}
