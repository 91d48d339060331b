//! The addresses of vendors: those that a secret may have, those that are switched off, and redirects.

use crate::customer::Customer;
use domain::integrations::{
    Occurrence,
    vendor::{DATADOG, DISCORD, MICROSOFT_TEAMS, SLACK, Vendor},
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{Behaviour, Request};

const STARTED: Occurrence = Occurrence::RuntimeStarted { generation: 1 };
const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const KEY: &str = "0123456789abcdef0123456789abcdef";

/// Returns an address of each host and form of a vendor.
fn addresses(vendor: &Vendor) -> Vec<String> {
    let of = |host: &str, path: &str| {
        let host = if host.starts_with('.') { format!("a1.b2{host}") } else { host.to_owned() };
        let path = path.replace("**", "a/b?sig=x").replace('*', "Tx1").replace("v#", "v10").replace('#', "42");
        format!("https://{host}{path}")
    };
    vendor.forms.iter().flat_map(|form| form.hosts.iter().map(|host| of(host, form.path))).collect()
}

/// Returns a config and a secret for each address that the API takes, by type.
fn accepted() -> Vec<(&'static str, Value, String)> {
    let by_url = [&DISCORD, &MICROSOFT_TEAMS, &SLACK]
        .into_iter()
        .flat_map(|vendor| addresses(vendor).into_iter().map(|url| (vendor.kind, json!({}), url)));
    let sites = DATADOG.hosts().map(|host| json!({"site": host.strip_prefix("api.").unwrap()}));
    let keys =
        sites.map(|site| ("datadog", site)).chain(["us", "eu"].map(|region| ("pagerduty", json!({"region": region}))));
    let hosts = [
        "sentry.io",
        "o1.ingest.sentry.io",
        "o1.ingest.us.sentry.io",
        "o1.ingest.de.sentry.io",
        "errors.example.com/a/b",
    ];
    let sentry = hosts.map(|host| ("sentry", json!({"environment": "prod-eu"}), format!("https://{KEY}@{host}/42")));
    let github = ("github", json!({"repository": "octo-org/octo.repo"}), "github_pat_0123456789_abcdef".to_owned());
    by_url.chain(keys.map(|(kind, config)| (kind, config, KEY.to_owned()))).chain(sentry).chain([github]).collect()
}

#[tokio::test]
async fn stand_in_takes_every_address_that_the_api_takes() {
    let customer = Customer::of(testkit::World::default()).await;
    let accepted = accepted();
    assert!(accepted.len() > 30, "{}", accepted.len());
    for (kind, config, secret) in accepted {
        // The budget of secrets and tests in a minute.
        customer.world.wait(MINUTE);
        let path = format!("/integrations/{kind}");
        let made = customer.send(Request::new("PUT", &path).json(json!({"config": config, "secret": secret}))).await;
        assert_eq!(made.status.as_u16(), 200, "{kind} {secret}: {made}");
        let tested = customer.post(&format!("{path}/test")).await;
        let received = customer.world.receivers.take();
        assert!(!received.is_empty(), "{kind} {secret}");
        for request in received {
            assert_eq!(request.objection, None, "{kind} {secret}: {}", request.body);
        }
        assert_eq!(tested.body["ok"], true, "{kind} {secret}: {tested}");
    }
}

#[tokio::test]
async fn switched_off_addresses_are_refused_with_the_one_to_use() {
    let customer = Customer::of(testkit::World::default()).await;
    for url in
        ["https://acme.webhook.office.com/webhookb2/x@y/IncomingWebhook/z/w", "https://outlook.office.com/webhook/x"]
    {
        let body = json!({"config": {}, "secret": url});
        let refused = customer.send(Request::new("PUT", "/integrations/microsoft_teams").json(body)).await;
        assert_eq!((refused.status.as_u16(), refused.wrong_fields()), (400, vec!["secret"]), "{refused}");
        assert!(refused.to_string().contains("Send webhook alerts to a channel"), "{refused}");
    }
}

/// A stored address that was switched off since stays, and says why nothing arrives.
#[tokio::test]
async fn delivery_to_a_switched_off_address_fails_with_a_note() {
    let customer = Customer::with("microsoft_teams").await;
    let old = "https://acme.webhook.office.com/webhookb2/x@y/IncomingWebhook/z/w";
    customer.world.overwrite_secret("https://a.logic.azure.com/workflows/x?sig=y", old);
    customer.world.wait(6 * MINUTE);
    assert_eq!(customer.happens(STARTED).await, Vec::<String>::new());
    assert_eq!(customer.world.receivers.take(), [], "nothing is sent there");
    assert_eq!(customer.due().await, Vec::<Value>::new(), "nor is it tried again");
    let listed = customer.send(Request::new("GET", "/integrations/microsoft_teams/deliveries")).await;
    let delivery = &listed.body["deliveries"][0];
    assert_eq!((&delivery["state"], &delivery["class"]), (&json!("failed"), &json!("retired")), "{listed}");
    let tested = customer.post("/integrations/microsoft_teams/test").await.body;
    assert_eq!((&tested["ok"], &tested["class"]), (&json!(false), &json!("retired")));
    let shown = customer.send(Request::new("GET", "/integrations/microsoft_teams")).await;
    let message = shown.body["last_error_message"].as_str().unwrap();
    assert!(message.contains("switched off") && message.contains("Send webhook alerts to a channel"), "{message}");
    assert!(!shown.to_string().contains("acme.webhook"), "{shown}");
}

#[tokio::test]
async fn renamed_repository_is_followed_within_github() {
    let customer = Customer::with("github").await;
    for (location, hops) in [
        ("https://api.github.com/repositories/42/dispatches", 2),
        ("/repositories/42/dispatches", 2),
        ("https://evil.example/repositories/42/dispatches", 1),
        ("http://api.github.com/repositories/42/dispatches", 1),
    ] {
        for status in [301, 307] {
            customer.world.receivers.plan(Behaviour::StatusAndHeader(status, "location", location.to_owned()));
            customer.happens(STARTED).await;
            let received = customer.world.receivers.take();
            assert_eq!(received.len(), hops, "{status} {location}");
            let [first, .., last] = received.as_slice() else { continue };
            assert_eq!((last.host.as_str(), last.target.as_str()), ("api.github.com", "/repositories/42/dispatches"));
            assert_eq!((&last.body, &last.objection), (&first.body, &None), "the same request");
            assert_eq!(last.header("authorization"), first.header("authorization"));
        }
    }
}

#[tokio::test]
async fn endless_redirects_end() {
    let customer = Customer::with("github").await;
    let away = "/repositories/42/dispatches".to_owned();
    customer.world.receivers.always(Some(Behaviour::StatusAndHeader(307, "location", away)));
    customer.happens(STARTED).await;
    assert_eq!(customer.world.receivers.take().len(), 3);
}
