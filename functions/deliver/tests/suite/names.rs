//! Names that are chosen to be something else where they are shown, sent to every receiver.

use crate::customer::Customer;
use domain::{identity::access::Role, ids::UserId, integrations::Occurrence, text::is_deceptive};
use serde_json::json;
use testkit::{NASTY_NAMES, shown_text};

/// What a receiver shows of `name`: a name is one line of at most 100 characters without deceptive ones. Datadog and GitHub
/// find mentions in the shown text, so they get another `@`.
fn shown(name: &str, host: &str) -> String {
    let name: String = name.chars().filter(|c| !is_deceptive(*c)).take(100).collect();
    match host {
        "api.datadoghq.eu" | "api.github.com" => name.replace('@', "\u{ff20}"),
        _ => name,
    }
}

#[tokio::test]
async fn receivers_show_names_and_never_markup() {
    let customer = Customer::with_all().await;
    for name in NASTY_NAMES {
        customer.world.overwrite(customer.id, "META", "name", json!({"S": name}));
        for occurrence in [
            Occurrence::RuntimeFailed { generation: 1, reason: None },
            Occurrence::MemberJoined { user_id: UserId::NIL, role: Role::Viewer },
        ] {
            assert_eq!(customer.happens(occurrence).await, Vec::<String>::new());
            let received = customer.world.receivers.take();
            assert_eq!(received.len(), 8, "{name:?}");
            for request in received {
                assert_eq!(request.objection, None, "{} of {name:?}: {}", request.host, request.body);
                match shown_text(&request).unwrap() {
                    Some(text) => {
                        let begin = format!("{}: ", shown(name, &request.host));
                        assert!(text.starts_with(&begin), "{} shows {text:?} of {name:?}", request.host);
                    }
                    None => assert_eq!(request.host, "hooks.example.com", "only a webhook has no text for people"),
                }
            }
        }
    }
}
