//! Generates docs/limits.md: every limit with the code's own numbers. Each limit names its setting, its error code and
//! the test that covers it. All three are checked, so that the page cannot name what does not exist.
//!
//! `UPDATE_EXPECT=1` writes the page.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "an unexpected value should fail the test")]

mod templates;

use api::{FieldErrors, MAX_BODY, MAX_DEPTH, MAX_TARGET, MAX_VALUES};
use domain::{
    audit::seal,
    billing::return_url::ReturnUrl,
    bounds::bucket::Rate,
    bounds::budget::Budget,
    bounds::pace,
    email,
    error::{MAX_FIELD_ERRORS, Refusal},
    identity::account,
    integrations::reach::HttpsUrl,
    keys::{
        bounds::{MAX_DAYS, MAX_OVERLAP_HOURS},
        network::MAX_NETWORKS,
        record::KEPT_AFTER_EXPIRY,
        secret::TOKEN_LENGTH,
    },
    notifications::{recipient::LETTERS_A_DAY, week::SHOWN_WEEKS},
    page::Limit as PageLimit,
    plans::plan::Plan,
    runtime::heartbeat,
    runtime::record as runtime,
    team::invitation,
    usage,
    workspace::allowance,
    workspace::head::Settings,
};
use expect_test::expect_file;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use shared::notifications::MAX_EXAMINED;
use std::{collections::BTreeSet, fs};
use templates::{read, root};
use testkit::PLANS;
use workers::{
    operator::{MAX_FOUND, MAX_LISTED, MAX_LOOKED_AT},
    relay,
};

/// Limit, as a row of the page.
struct Limit {
    what: &'static str,
    most: String,
    /// Template parameter that sets it.
    setting: Option<&'static str>,
    /// Error code of a request beyond it.
    code: Option<&'static str>,
    /// File and name of the test that covers it.
    test: (&'static str, &'static str),
}

fn limit(what: &'static str, most: impl ToString, code: &'static str, test: (&'static str, &'static str)) -> Limit {
    Limit { what, most: most.to_string(), setting: None, code: Some(code), test }
}

/// Returns a limit beyond which work waits or is cut, so that no request is refused.
fn quiet(what: &'static str, most: impl ToString, test: (&'static str, &'static str)) -> Limit {
    Limit { what, most: most.to_string(), setting: None, code: None, test }
}

impl Limit {
    fn set_by(self, parameter: &'static str) -> Self {
        Self { setting: Some(parameter), ..self }
    }

    fn row(&self) -> String {
        let Self { what, most, setting, code, test: (file, name) } = self;
        let setting = setting.map_or_else(|| "-".to_owned(), |name| format!("`{name}`"));
        let code = code.map_or_else(|| "-".to_owned(), |code| format!("`{code}`"));
        format!("| {what} | {most} | {setting} | {code} | `{file}` `{name}` |\n")
    }
}

/// Reads the default of a template parameter.
fn default(parameter: &str) -> String {
    read("template.yaml")["Parameters"][parameter]["Default"].to_string()
}

fn kib(bytes: usize) -> String {
    format!("{} KiB", bytes / 1024)
}

fn time(duration: SignedDuration) -> String {
    match duration.as_secs() {
        days if days % 86_400 == 0 => format!("{} d", days / 86_400),
        hours if hours % 3_600 == 0 => format!("{} h", hours / 3_600),
        minutes if minutes % 60 == 0 => format!("{} min", minutes / 60),
        seconds => format!("{seconds} s"),
    }
}

fn rate(Rate { burst, every }: Rate) -> String {
    format!("{burst} at once, one more every {}", time(every))
}

const BODY: &str = "shared/api/src/body.rs";
const BODIES: &str = "infra/local/tests/bodies.rs";
const ALLOWANCE: &str = "functions/workspace/tests/suite/allowance.rs";
const STORM: &str = "functions/workspace/tests/suite/storm.rs";
const LETTERS: &str = "functions/mailer/tests/suite/letters.rs";
const RELAY: &str = "functions/outbox/tests/relay.rs";
const SWEEP: &str = "functions/sweeper/tests/suite/sweep.rs";
const RETURNS: &str = "functions/billing/tests/suite/usage/returns.rs";
const HEARTBEAT: &str = "functions/runtime-api/tests/suite/heartbeat.rs";
const FUNCTIONS: &str = "infra/local/tests/template/functions.rs";

fn of_a_request() -> Vec<Limit> {
    let largest = (HEARTBEAT, "impossible_reports_are_refused");
    vec![
        limit("body", kib(MAX_BODY), "body_too_large", ("infra/local/tests/journey/refusals.rs", "of_bad_requests")),
        limit("body from a container", kib(runtime_api::MAX_BODY), "body_too_large", largest),
        limit("levels of nesting in a body", MAX_DEPTH, "invalid_request", (BODY, "nesting_is_bounded")),
        limit(
            "values in a body: elements of arrays and fields of objects",
            MAX_VALUES,
            "invalid_request",
            (BODY, "the_number_of_values_is_bounded"),
        ),
        limit("fields of one name in an object", 1, "invalid_request", (BODY, "repeated_name_in_an_object_is_refused")),
        quiet("errors in one answer", MAX_FIELD_ERRORS, (BODY, "errors_are_limited_and_long_names_are_cut")),
        quiet(
            "characters of a field's name that an answer repeats",
            FieldErrors::MAX_NAME,
            (BODY, "errors_are_limited_and_long_names_are_cut"),
        ),
        quiet("answer to an invalid request", "below 16 KiB", (BODIES, "answers_to_wrong_bodies_are_below_16_kib")),
        limit(
            "path and query",
            kib(MAX_TARGET),
            "route_not_found",
            ("shared/api/src/run.rs", "target_length_is_limited"),
        ),
        limit(
            "items per page",
            PageLimit::MOST.get(),
            "invalid_request",
            ("functions/workspace/tests/suite/routes.rs", "the_list_shows_a_change_at_once_and_in_pages"),
        ),
        limit("settings of a workspace", kib(Settings::MAX_BYTES), "invalid_request", (BODY, "settings_have_a_size")),
        quiet(
            "value in a record of activity but the operator's reason; a larger one is a digest with its size",
            kib(seal::MAX_VALUE_BYTES),
            ("shared/domain/src/audit/seal.rs", "large_values_are_stored_as_digests_with_their_size"),
        ),
        limit(
            "URL of a receiver",
            format!("{} bytes", HttpsUrl::MAX_BYTES),
            "invalid_request",
            ("shared/domain/src/integrations/reach.rs", "only_plain_https_urls_are_accepted"),
        ),
        limit(
            "return URL of a checkout",
            format!("{} bytes", ReturnUrl::MAX_BYTES),
            "invalid_request",
            ("shared/domain/src/billing/return_url.rs", "invalid_return_urls_are_refused"),
        ),
        limit(
            "API key, with the usual prefix",
            format!("{} characters", usual_prefix().len() + TOKEN_LENGTH),
            "key_invalid",
            ("shared/domain/src/keys/secret.rs", "a_token_with_another_character_is_none"),
        )
        .set_by("ApiKeyPrefix"),
        limit(
            "e-mail address",
            format!("{} bytes", email::MAX_BYTES),
            "invalid_request",
            ("shared/domain/src/email.rs", "invalid_addresses_are_refused"),
        ),
    ]
}

fn of_a_person() -> Vec<Limit> {
    vec![
        quiet(
            "time for which a notification is shown, after the week of its event",
            time(SignedDuration::from_hours(SHOWN_WEEKS * 7 * 24)),
            ("shared/domain/src/notifications/week.rs", "shown_for_thirteen_full_weeks"),
        ),
        quiet(
            "notifications that are read for a page with a filter; the page may be short",
            MAX_EXAMINED,
            ("functions/notifications/tests/suite/routes.rs", "full_inbox_costs_what_an_empty_one_costs"),
        ),
        limit(
            "free workspaces that they own; personal and paid ones are not counted",
            default("FreeWorkspacesPerPerson"),
            "free_workspace_limit_reached",
            (ALLOWANCE, "a_fourth_free_workspace_is_refused"),
        )
        .set_by("FreeWorkspacesPerPerson"),
        limit(
            "running containers of free workspaces",
            default("FreeContainersPerPerson"),
            "free_container_limit_reached",
            (ALLOWANCE, "a_second_free_container_is_refused"),
        )
        .set_by("FreeContainersPerPerson"),
        limit(
            "commands to runtimes, and deletions of workspaces, over all their workspaces",
            rate(allowance::USER_COMMANDS),
            "too_many_commands",
            (STORM, "a_storm_at_one_moment_leaves_three_messages"),
        ),
        limit(
            "deletions of their account, if it is in use again",
            format!("1 in {}", time(account::PAUSE)),
            "account_deleted_recently",
            ("functions/sweeper/tests/suite/account.rs", "the_same_person_begins_again_with_an_empty_profile"),
        ),
    ]
}

/// Returns the description of a budget, and the test that covers it.
fn budget(budget: Budget) -> (&'static str, (&'static str, &'static str)) {
    const BILLING: &str = "functions/billing/tests/suite/budgets.rs";
    const INTEGRATIONS: &str = "functions/integrations/tests/suite/budgets.rs";
    const TEAM: &str = "functions/team/tests/suite/budgets.rs";
    const EXPORT: &str = "functions/workspace/tests/suite/export.rs";
    match budget {
        Budget::BillingReads => {
            ("reads of billing data at Stripe: invoices, previews", (BILLING, "floods_reach_stripe_within_the_budget"))
        }
        Budget::BillingSyncs => ("POST /billing/sync", (BILLING, "floods_reach_stripe_within_the_budget")),
        Budget::BillingCommands => (
            "billing commands: checkout, plan, cancel, resume, portal",
            (BILLING, "commands_are_bounded_and_leave_nothing_when_refused"),
        ),
        Budget::Tests => ("tests of integrations", (INTEGRATIONS, "tests_are_bounded_by_their_budget")),
        Budget::Secrets => ("new secrets of integrations", (INTEGRATIONS, "secrets_are_bounded_by_their_budget")),
        Budget::Publications => (
            "notifications that the container publishes",
            ("functions/runtime-api/tests/suite/publish.rs", "notifications_are_bounded_by_their_budget"),
        ),
        Budget::WorkspaceExports => ("pages of an exported workspace", (EXPORT, "pages_are_bounded_by_their_budget")),
        Budget::Exports => ("pages of activity as CSV", (TEAM, "exports_are_bounded_by_their_budget")),
        Budget::Mails => (
            "invitation e-mails, first or repeated",
            ("functions/team/tests/suite/invitations.rs", "a_hundred_invitations_per_hour_then_a_retry_time"),
        ),
        Budget::Resends => ("repeated invitation e-mails", (TEAM, "resends_are_bounded_by_their_budget")),
        Budget::Retries => ("retries of deliveries by hand", (INTEGRATIONS, "retries_are_bounded_by_their_budget")),
        Budget::Examinations => (
            "GET and POST /workspace/doctor",
            ("functions/doctor/tests/doctor.rs", "examinations_are_bounded_by_their_budget"),
        ),
    }
}

fn of_a_workspace() -> Vec<Limit> {
    let budgets = Budget::ALL.map(|of| {
        let (what, test) = budget(of);
        let code = of.window(Timestamp::UNIX_EPOCH).exhausted(Timestamp::UNIX_EPOCH).code();
        limit(what, format!("{} in {}", of.most(), time(of.length())), code, test)
    });
    let mut limits = vec![
        limit(
            "commands to its runtime, by all members together",
            rate(runtime::COMMANDS),
            "too_many_commands",
            (STORM, "commands_to_one_runtime_by_many_are_limited"),
        ),
        limit(
            "reports of its container",
            format!("1 in {}", time(heartbeat::MIN_INTERVAL)),
            "heartbeat_too_soon",
            (HEARTBEAT, "a_container_reports_once_in_fifteen_seconds"),
        ),
        limit(
            "time to return a consumption of a monthly meter, once",
            time(usage::RETURNABLE),
            "release_too_late",
            (RETURNS, "a_monthly_consumption_is_returned_in_time"),
        ),
        quiet(
            "messages at the mail and deliver queues",
            format!("{} at once, one more every {}", pace::AT_ONCE, time(pace::SPACING)),
            (RELAY, "a_crowd_of_invitations_leaves_three_mails_in_front"),
        ),
        quiet(
            "time ahead for which new messages are queued; later ones wait in the table",
            time(relay::NEW_WITHIN),
            (RELAY, "a_message_whose_turn_is_far_away_stays_in_the_table"),
        ),
        quiet(
            "due items per bucket that a sweep processes before those of other workspaces",
            sweeper_share(),
            (SWEEP, "a_crowd_of_due_things_leaves_a_share_in_front"),
        ),
        limit(
            "changes while it is suspended by the operator",
            "none",
            "workspace_suspended",
            ("infra/local/tests/access.rs", "a_suspension_refuses_changes_and_nothing_else"),
        ),
    ];
    limits.extend(budgets);
    limits
}

/// Reads the constant from the sweeper's source, because no other crate depends on a function.
fn sweeper_share() -> String {
    let source = fs::read_to_string(root().join("functions/sweeper/src/shares.rs")).unwrap();
    let (_, share) = source.split_once("const SHARE: usize = ").unwrap();
    share.split(';').next().unwrap().to_owned()
}

/// Reads the usual prefix of API keys.
fn usual_prefix() -> String {
    read("template.yaml")["Parameters"]["ApiKeyPrefix"]["Default"].as_str().unwrap().to_owned()
}

fn of_a_key() -> Vec<Limit> {
    const FIELDS: (&str, &str) = ("functions/keys/tests/suite/routes.rs", "every_wrong_field_is_named_at_once");
    let days = |days: u16| time(SignedDuration::from_hours(i64::from(days) * 24));
    vec![
        limit(
            "requests in a minute of the clock",
            "`requests_per_minute` of the plan",
            "key_over_rate",
            ("shared/domain/src/keys/usage.rs", "the_request_after_the_last_is_refused"),
        ),
        limit("networks from which it may be used", MAX_NETWORKS, "invalid_request", FIELDS),
        limit("time for which it is valid", days(MAX_DAYS), "invalid_request", FIELDS),
        limit(
            "time for which the former secret stays valid after a rotation",
            time(SignedDuration::from_hours(MAX_OVERLAP_HOURS.into())),
            "invalid_request",
            FIELDS,
        ),
        limit(
            "time for which an expired key is listed and can be rotated",
            time(KEPT_AFTER_EXPIRY),
            "key_not_found",
            ("functions/keys/tests/suite/due.rs", "expired_key_is_deleted_a_month_later"),
        ),
    ]
}

fn of_a_recipient() -> Vec<Limit> {
    vec![
        quiet(
            "e-mails per UTC day from all workspaces, except about payments; the `delivery` of further ones is `deferred`",
            LETTERS_A_DAY,
            (LETTERS, "one_address_gets_5_of_130_letters_a_day"),
        ),
        quiet(
            "e-mails after the recipient has stopped them by their link; their `delivery` is `stopped`",
            "none",
            (LETTERS, "stopped_letters_come_from_no_workspace"),
        ),
    ]
}

fn of_an_address() -> Vec<Limit> {
    vec![
        limit(
            "seats and invitations in a workspace",
            1,
            "address_taken",
            ("functions/team/tests/suite/routes.rs", "an_address_is_taken_once_however_it_is_written"),
        ),
        limit(
            "time to accept an invitation",
            time(invitation::LIFETIME),
            "invitation_not_found",
            ("shared/domain/src/team/invitation/accept.rs", "accepting"),
        ),
    ]
}

fn of_the_account() -> Vec<Limit> {
    let urls = (FUNCTIONS, "nobody_can_use_up_the_gateway_or_the_urls");
    let open = (FUNCTIONS, "only_links_and_programs_need_no_token_and_are_throttled");
    let api = &read("template.yaml")["Resources"]["Api"]["Properties"];
    let throttle = |settings: &Value| {
        format!("{} a second, burst {}", settings["ThrottlingRateLimit"], settings["ThrottlingBurstLimit"])
    };
    let of_routes = |is_by_key: bool| {
        let settings = api["RouteSettings"].as_object().unwrap().iter();
        let wanted = settings.filter(|(route, _)| route.starts_with("ANY ") == is_by_key);
        wanted
            .map(|(_, settings)| throttle(settings))
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect::<Vec<_>>()
            .join(" or ")
    };
    vec![
        quiet("requests to the API in total", throttle(&api["DefaultRouteSettings"]), urls),
        quiet("requests to each link in e-mails, which needs no ID token", of_routes(false), open),
        quiet("requests with API keys to each route of the gateway", of_routes(true), open),
        quiet("concurrent calls of the containers' URL; 0 reserves none", default("RuntimeApiConcurrency"), urls)
            .set_by("RuntimeApiConcurrency"),
        quiet("concurrent calls of Stripe's webhook; 0 reserves none", default("StripeWebhookConcurrency"), urls)
            .set_by("StripeWebhookConcurrency"),
        quiet(
            "workspaces in one answer of the operator's `find`",
            MAX_FOUND,
            ("functions/operator/tests/suite/find.rs", "one_answer_has_a_bounded_number_of_workspaces"),
        ),
        quiet(
            "workspaces in one answer of the operator's `migrate`",
            MAX_LISTED,
            ("functions/operator/tests/suite/migration/skipped.rs", "one_answer_lists_a_bounded_number_of_workspaces"),
        ),
        quiet(
            "messages that the operator's console shows of a dead-letter queue",
            MAX_LOOKED_AT,
            ("functions/console/tests/suite/queues.rs", "look_takes_and_hides_nothing"),
        ),
    ]
}

fn groups() -> [(&'static str, Vec<Limit>); 7] {
    [
        ("Per request", of_a_request()),
        ("Per person", of_a_person()),
        ("Per workspace", of_a_workspace()),
        ("Per API key", of_a_key()),
        ("Per recipient of e-mail", of_a_recipient()),
        ("Per address", of_an_address()),
        ("Per account", of_the_account()),
    ]
}

/// Formats the limits of each plan.
fn plans() -> String {
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let of_each = |cell: &dyn Fn(Plan) -> String| PLANS.iter().map(cell).collect::<Vec<_>>();
    let named = |name: &str, cells: Vec<String>| row([vec![format!("`{name}`")], cells].concat());
    let mut table = format!("| {}", row(of_each(&|plan| plan.name.to_string())));
    table += &format!("|{}\n", "---|".repeat(PLANS.iter().len() + 1));
    for meter in PLANS.meters() {
        let limit = |plan| PLANS.limits(plan).of(meter).map_or_else(|| "none".to_owned(), |limit| limit.to_string());
        table += &named(meter.name.as_str(), of_each(&limit));
    }
    table
        + &named("retention_days", of_each(&|plan| plan.retention_days.to_string()))
        + &named("requests_per_minute", of_each(&|plan| plan.requests_per_minute.to_string()))
}

const HEAD: &str = "\
# Limits

Limits of one request, person, workspace, API key, recipient, address or account, so that none of them uses up a shared resource. A refused
request gets the error code in the table. A rate is refused with 429, `Retry-After` and `resets_at`. A number of free workspaces or
containers, and a limit of a plan, is refused with 402, `limit`, `used` and `upgrade_to`. `-` marks a limit beyond which no request is
refused: work waits, is cut, or is left out.

A setting is a parameter of `template.yaml`. This page is generated from the code by `UPDATE_EXPECT=1 cargo test -p local --test limits`.
";

#[test]
fn the_page_of_limits_matches_the_code() {
    let mut page = HEAD.to_owned();
    for (heading, limits) in groups() {
        page += &format!("\n## {heading}\n\n| limit | value | setting | code | test |\n|---|---|---|---|---|\n");
        page.extend(limits.iter().map(Limit::row));
    }
    page += "\n## Per plan\n\nRefused with 402: seats `workspace_member_limit`, integrations `workspace_integration_limit`, API keys `workspace_key_limit`, other \
             meters `workspace_meter_limit`. A contract has its own numbers.\n\n";
    page += &plans();
    expect_file!["../../../docs/limits.md"].assert_eq(&page);
}

#[test]
fn what_the_page_names_exists() {
    let sources = sources();
    for limit in groups().into_iter().flat_map(|(_, limits)| limits) {
        let (file, name) = limit.test;
        let test = fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(test.contains(&format!("fn {name}(")), "{file} has no test {name}; update its name in this file");
        if let Some(code) = limit.code {
            assert!(sources.contains(&format!("\"{code}\"")), "no source has the code {code}");
        }
        if let Some(parameter) = limit.setting {
            assert!(
                read("template.yaml")["Parameters"][parameter].is_object(),
                "the template has no parameter {parameter}"
            );
        }
    }
}

/// Concatenates the sources of `shared`, of the crates in its folder and of the functions.
fn sources() -> String {
    let shared = fs::read_dir(root().join("shared")).unwrap().map(|entry| entry.unwrap().path().join("src"));
    let own = [root().join("shared/src"), root().join("functions")];
    let mut folders: Vec<_> = shared.filter(|folder| folder.is_dir()).chain(own).collect();
    let mut text = String::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                text += &fs::read_to_string(path).unwrap();
            }
        }
    }
    text
}
