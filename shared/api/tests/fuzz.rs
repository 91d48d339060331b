//! Property tests of parsers of untrusted input: signatures, events, tokens, cursors and URLs. Inputs are randomly
//! altered genuine samples and random texts. `PROPTEST_CASES` sets the number of cases (see "Test it" in the README).
//! Past failures are stored in `fuzz.regressions` and are tried first.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a failure should end the test")]

use api::{FromQuery, Listing, Nothing};
use domain::{
    billing::stripe::event::Hint,
    billing::stripe::signature::{SigningSecrets, sign},
    identity::access::Role,
    ids::{InvitationId, UserId, WorkspaceId},
    integrations::IntegrationType,
    integrations::reach::{HttpsUrl, Ports},
    page::Page,
    runtime::reconcile::LaunchNumber,
    runtime::token::Bearer,
    team::invitation::{Claim, Invitation, Inviter, Offered, offer},
    team::invitation_token::TokenKey,
};
use jiff::{SignedDuration, Timestamp};
use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
    test_runner::FileFailurePersistence,
};
use std::net::IpAddr;
use url::Host;

/// Sixteen times proptest's default number of cases; a case takes microseconds.
fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig {
        cases: usual.cases.saturating_mul(16),
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct("tests/fuzz.regressions"))),
        ..usual
    }
}

/// One alteration of a sample.
#[derive(Debug, Clone)]
enum Edit {
    Set(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
    Repeat(Index, usize),
}

impl Edit {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Set(at, byte) if !bytes.is_empty() => *at.get_mut(bytes) = *byte,
            Self::Set(..) => {}
            Self::Insert(at, more) => {
                let at = at.index(bytes.len() + 1);
                bytes.splice(at..at, more.iter().copied());
            }
            Self::Remove(at, count) => {
                let at = at.index(bytes.len() + 1);
                bytes.drain(at..(at + count).min(bytes.len()));
            }
            Self::Repeat(at, count) => {
                let at = at.index(bytes.len() + 1);
                let part = bytes[at..(at + count).min(bytes.len())].to_vec();
                bytes.splice(at..at, part);
            }
        }
    }
}

/// Texts that often break parsers.
const ODDITIES: [&str; 34] = [
    "\0",
    "\n",
    "\t",
    " ",
    "\u{feff}",
    "\u{ad}",
    "\u{202e}",
    "ü",
    "。",
    "①",
    "%",
    "%00",
    "%2e",
    "\\",
    "/",
    "//",
    "@",
    ":",
    "#",
    "?",
    "[",
    "]",
    "::ffff:",
    ".",
    "..",
    ",",
    "=",
    "t=",
    "v1=",
    "-1",
    "18446744073709551616",
    "0x7f",
    "\"",
    "{\"id\":",
];

fn edit() -> impl Strategy<Value = Edit> {
    let oddity = select(&ODDITIES[..]).prop_map(|text| text.as_bytes().to_vec());
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Edit::Set(at, byte)),
        (any::<Index>(), oddity).prop_map(|(at, bytes)| Edit::Insert(at, bytes)),
        (any::<Index>(), vec(any::<u8>(), 1..9)).prop_map(|(at, bytes)| Edit::Insert(at, bytes)),
        (any::<Index>(), 1_usize..40).prop_map(|(at, count)| Edit::Remove(at, count)),
        (any::<Index>(), 1_usize..40).prop_map(|(at, count)| Edit::Repeat(at, count)),
    ]
}

/// Generates one of the samples with up to seven alterations, or random bytes.
fn bytes_like(samples: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let altered = (select(samples), vec(edit(), 0..8)).prop_map(|(mut bytes, edits)| {
        edits.iter().for_each(|edit| edit.apply(&mut bytes));
        bytes
    });
    prop_oneof![8 => altered, 1 => vec(any::<u8>(), 0..200)]
}

/// Like [`bytes_like`], as text.
fn text_like(samples: &[&str]) -> impl Strategy<Value = String> {
    let samples = samples.iter().map(|sample| sample.as_bytes().to_vec()).collect();
    bytes_like(samples).prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

const SECRET: &str = "whsec_the_secret_of_this_test";
const EVENTS: [&str; 4] = [
    r#"{"id":"evt_1","object":"event","type":"customer.subscription.updated","created":1795262400,"livemode":false,"data":{"object":{"id":"sub_1","object":"subscription","customer":"cus_1"}}}"#,
    r#"{"id":"evt_2","object":"event","type":"customer.deleted","created":1795262400,"livemode":true,"data":{"object":{"id":"cus_1","object":"customer"}}}"#,
    r#"{"id":"evt_3","object":"event","type":"charge.dispute.created","created":0,"livemode":false,"data":{"object":{"id":"dp_1","customer":{"id":"cus_2"}}}}"#,
    r#"{"id":"evt_4","object":"v2.core.event","type":"v1.billing.meter.no_meter_found","created":"2026-11-21T12:00:00Z"}"#,
];

fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn key() -> TokenKey {
    TokenKey::new("the key of this test, which has more than thirty-two bytes").unwrap()
}

fn invitation() -> Invitation {
    let inviter =
        Inviter { user: UserId::NIL, name: None, email: "ana@example.com".parse().unwrap(), role: Role::Owner };
    let offered = Offered { email: "ben@example.com".parse().unwrap(), role: Role::Viewer };
    offer(InvitationId::NIL, WorkspaceId::NIL, inviter, offered, now()).unwrap()
}

fn bearer() -> Bearer {
    Bearer { workspace: WorkspaceId::NIL, attempt: LaunchNumber { generation: 7, number: 2 } }
}

type List = Listing<Nothing, IntegrationType>;

fn list(cursor: &str, tenant: &str) -> Result<Option<IntegrationType>, ()> {
    let pairs = vec![("cursor".to_owned(), cursor.to_owned())];
    List::from_query(pairs, "/integrations", tenant).map(|list| list.page.after).map_err(|_| ())
}

/// Returns the cursor after Slack in the list of tenant "a".
fn cursor() -> String {
    let page = Page { items: Vec::<()>::new(), next: Some(IntegrationType::Slack) };
    let first =
        List::from_query(Vec::new(), "/integrations", "a").unwrap_or_else(|_| unreachable!("it is the first page"));
    serde_json::to_value(first.pagination(&page)).unwrap()["next_cursor"].as_str().unwrap().to_owned()
}

const URLS: [&str; 12] = [
    "https://hooks.example.com/a/b?c=d",
    "https://hooks.example.com:8443/",
    "https://1.1.1.1/",
    "https://[2606:4700:4700::1111]/",
    "https://bücher.example/",
    "https://127.0.0.1/",
    "https://0x7f.1/",
    "https://[::ffff:169.254.169.254]/",
    "https://[64:ff9b::7f00:1]/",
    "https://localhost./",
    "https://user:word@hooks.example.com/",
    "https://metadata.google.internal/#x",
];

proptest! {
    #![proptest_config(config())]

    /// An accepted header contains a genuine time and signature.
    #[test]
    fn accepted_signature_header_is_genuine(
        header in text_like(&[&sign(SECRET, EVENTS[0].as_bytes(), now()), "t=1795262400,v1=00,v0=ff", "t=,v1="]),
        late in -400_i64..400,
    ) {
        let secrets = SigningSecrets::new([SECRET.to_owned(), "the one before".to_owned()]).unwrap();
        let genuine = sign(SECRET, EVENTS[0].as_bytes(), now());
        let taken = secrets.verify(&header, EVENTS[0].as_bytes(), now() + SignedDuration::from_secs(late));
        let (time, signature) = genuine.split_once(',').unwrap();
        let has = |wanted: &str| header.split(',').any(|part| part.trim().eq_ignore_ascii_case(wanted));
        prop_assert!(taken.is_err() || (has(time) && has(signature) && late.abs() <= 300), "{header}");
        if header == genuine {
            prop_assert_eq!(taken.is_ok(), late.abs() <= 300);
        }
    }

    /// A body is accepted only if it equals the signed one.
    #[test]
    fn signed_body_is_accepted_only_unchanged(body in bytes_like(EVENTS.map(|event| event.as_bytes().to_vec()).to_vec())) {
        let secrets = SigningSecrets::new([SECRET.to_owned()]).unwrap();
        let taken = secrets.verify(&sign(SECRET, EVENTS[1].as_bytes(), now()), &body, now());
        prop_assert_eq!(taken.is_ok(), body == EVENTS[1].as_bytes());
    }

    /// Parsed events fit into the queue's limits.
    #[test]
    fn parsed_event_fits_the_queue(body in bytes_like(EVENTS.map(|event| event.as_bytes().to_vec()).to_vec())) {
        let Ok(hint) = Hint::parse(&body) else { return Ok(()) };
        let fits = |text: &str| (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        prop_assert!(fits(&hint.id) && fits(hint.message_group()), "{hint:?}");
        prop_assert!(serde_json::to_string(&hint).unwrap().len() < 1_300, "{hint:?}");
    }

    /// An altered invitation token is forged.
    #[test]
    fn altered_invitation_token_is_forged(text in text_like(&[&key().sign(&invitation()), "ws_00000000000000000000000000.1.1.AAAA", "..."])) {
        let claim = key().read(&text).claim;
        let genuine = text == key().sign(&invitation());
        prop_assert_eq!(claim, if genuine { Claim::Token { version: invitation().version } } else { Claim::Forged });
    }

    /// An altered runtime token is refused.
    #[test]
    fn altered_runtime_token_is_refused(text in text_like(&[&key().sign_runtime(bearer()), "ws_00000000000000000000000000.1.1.AAAA"])) {
        let genuine = text == key().sign_runtime(bearer());
        prop_assert_eq!(key().read_runtime(&text), Some(bearer()).filter(|_| genuine), "{}", text);
    }

    /// An accepted cursor continues its own list at its own position.
    #[test]
    fn cursor_is_valid_only_in_its_list(text in text_like(&[&cursor(), "c2xhY2s", ""])) {
        prop_assert!(list(&text, "b").is_err(), "{text} of another tenant");
        if let Ok(after) = list(&text, "a") {
            prop_assert!(after.is_some(), "{text} is the first page");
            prop_assert!(text == cursor() || after != Some(IntegrationType::Slack), "{text}");
        }
    }

    /// An accepted URL uses https, points to the public Internet, and is parsed the same way again.
    #[test]
    fn accepted_url_is_public_https(text in text_like(&URLS)) {
        let Ok(url) = text.parse::<HttpsUrl>() else { return Ok(()) };
        prop_assert_eq!(url.as_str().parse::<HttpsUrl>(), Ok(url.clone()), "{}", text);
        let parts = url.parts();
        prop_assert_eq!((parts.scheme(), parts.username(), parts.password(), parts.fragment()), ("https", "", None, None));
        prop_assert_eq!(Ports::default().admit(&url).is_ok(), parts.port().is_none());
        let address = match parts.host().unwrap() {
            Host::Domain(name) => {
                prop_assert!(name.is_ascii() && name.trim_end_matches('.').contains('.'), "{name}");
                prop_assert!(name.parse::<IpAddr>().is_err(), "{name}");
                prop_assert!(!name.trim_end_matches('.').ends_with("localhost"), "{name}");
                return Ok(());
            }
            Host::Ipv4(address) => IpAddr::V4(address),
            Host::Ipv6(address) => IpAddr::V6(address),
        };
        match address {
            IpAddr::V4(v4) => {
                let [first, second, ..] = v4.octets();
                prop_assert!(!(v4.is_loopback() || v4.is_private() || v4.is_link_local() || v4.is_multicast()), "{v4}");
                prop_assert!(first != 0 && first < 224 && (first != 100 || !(64..128).contains(&second)), "{v4}");
            }
            IpAddr::V6(v6) => prop_assert!((0x2000..0x4000).contains(&v6.segments()[0]), "{v6}"),
        }
    }
}
