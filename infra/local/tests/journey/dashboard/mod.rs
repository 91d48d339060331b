//! The dashboard in a browser: served through the distribution of the deployed template.

use crate::client::World;
use local::aws;
use serde_json::Value;
use ureq::{Body, http::Response};

/// Checks that pages, an asset and the configuration have the declared headers, and that no other path leads to the
/// bucket.
pub(crate) fn is_served_as_the_template_says(world: &World) {
    let Some(url) = &world.outputs.dashboard_url else { return };
    let get = |path: &str| aws::agent().get(format!("{url}{path}")).call().unwrap();
    let mut pages = ["/", "/sign-in", "/w/ws_1/settings/a.b"].map(|path| page(get(path)));
    let [index, rest @ ..] = &mut pages;
    assert!(rest.iter().all(|page| page == index) && index.contains("<div id=\"root\">"), "{index}");

    let asset = index.split('"').find(|word| word.starts_with("/assets/")).expect("a script of the page");
    let script = get(asset);
    assert_eq!((script.status().as_u16(), header(&script, "content-type")), (200, "text/javascript"));
    assert_eq!(header(&script, "cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(get("/assets/gone.js").status(), 403, "CloudFront may read objects and list none");

    let mut config = get("/config.json");
    assert_eq!((config.status().as_u16(), header(&config, "cache-control")), (200, "no-store"));
    let config: Value = config.body_mut().read_json().unwrap();
    assert_eq!((&config["product"], &config["identity"]["kind"]), (&"Berth".into(), &"cognito".into()));
    assert_eq!(config["identity"]["userPoolId"], world.outputs.user_pool_id);
    assert_eq!(config["identity"]["clientId"], world.outputs.user_pool_client_id);
    assert_eq!(config["api"], format!("http://{}", world.outputs.api_host));
}

/// Checks the headers of a page and returns its text.
fn page(mut page: Response<Body>) -> String {
    assert_eq!(page.status(), 200);
    assert_eq!(header(&page, "content-type"), "text/html; charset=utf-8");
    assert_eq!(header(&page, "cache-control"), "no-cache");
    let policy = header(&page, "content-security-policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{policy}");
    assert!(!policy.contains("${") && !policy.contains("unsafe"), "{policy}");
    for (name, value) in
        [("x-frame-options", "DENY"), ("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer")]
    {
        assert_eq!(header(&page, name), value, "{name}");
    }
    assert!(header(&page, "strict-transport-security").starts_with("max-age=63072000"));
    page.body_mut().read_to_string().unwrap()
}

fn header<'a>(answer: &'a Response<Body>, name: &str) -> &'a str {
    answer.headers().get(name).unwrap_or_else(|| panic!("no {name}: {answer:?}")).to_str().unwrap()
}
