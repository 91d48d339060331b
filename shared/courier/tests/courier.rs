//! Tests that the client cannot reach internal addresses, and how it classifies receivers that misbehave. The dialler
//! records every address and connects only to the test's own server.

#![expect(clippy::unwrap_used, reason = "a failure should end the test")]

use courier::{Answer, Courier, Network, Stream, Tls};
use domain::{
    integrations::delivery::Class,
    integrations::reach::{HttpsUrl, Ports, is_inward},
    integrations::{Outgoing, Redirects},
};
use jiff::Timestamp;
use std::{
    collections::VecDeque,
    io,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex},
    time::{Duration, Instant, sleep},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{RootCertStore, ServerConfig, crypto::aws_lc_rs, pki_types::PrivateKeyDer},
};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

/// All addresses that were dialled.
type Dialled = Arc<Mutex<Vec<SocketAddr>>>;

/// Builds a client whose resolver gives these answers in turn, repeating the last, and whose dialler records and
/// refuses every address.
fn watched(answers: impl IntoIterator<Item = Vec<IpAddr>>) -> (Courier, Dialled) {
    let dialled = Dialled::default();
    let answers = Arc::new(Mutex::new(answers.into_iter().collect::<VecDeque<_>>()));
    let seen = Arc::clone(&dialled);
    let network = Network::from_parts(
        move |_| {
            let mut answers = answers.lock().unwrap();
            let answer = if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() };
            async move { answer.ok_or_else(|| io::Error::other("no such name")) }
        },
        move |address| {
            seen.lock().unwrap().push(address);
            async move { Err(io::ErrorKind::ConnectionRefused.into()) }
        },
    );
    (Courier::with_network(network, Tls::system()), dialled)
}

fn to(url: &str) -> Outgoing {
    Outgoing::new(url.parse().unwrap(), vec![("x-test", "yes".to_owned())], "{}".to_owned())
}

fn addresses(texts: &[&str]) -> Vec<IpAddr> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

/// URLs that lead to internal addresses, in various spellings and by other means.
const URLS: [&str; 103] = [
    "https://127.0.0.1/",
    "https://127.0.0.1:443/",
    "https://127.1/",
    "https://127.0.1/",
    "https://127.255.255.254/",
    "https://2130706433/",
    "https://0x7f.0.0.1/",
    "https://0x7f000001/",
    "https://0X7F.1/",
    "https://0177.0.0.1/",
    "https://017700000001/",
    "https://127.0.0.1./",
    "https://0/",
    "https://0.0.0.0/",
    "https://10.0.0.1/",
    "https://10.255.255.255/",
    "https://012.0.0.1/",
    "https://172.16.0.1/",
    "https://172.31.255.255/",
    "https://192.168.0.1/",
    "https://3232235521/",
    "https://169.254.169.254/latest/meta-data/",
    "https://169.254.170.2/v2/credentials",
    "https://0xa9fea9fe/",
    "https://2852039166/",
    "https://0251.0376.0251.0376/",
    "https://168.63.129.16/",
    "https://100.64.0.1/",
    "https://100.100.100.200/",
    "https://100.127.255.255/",
    "https://192.0.0.192/",
    "https://192.0.2.1/",
    "https://192.88.99.1/",
    "https://198.18.0.1/",
    "https://198.51.100.1/",
    "https://203.0.113.1/",
    "https://224.0.0.1/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    "https://①②⑦.⓪.⓪.①/",
    "https://127。0。0。1/",
    "https://%31%32%37.0.0.1/",
    "https://[::1]/",
    "https://[0:0:0:0:0:0:0:1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::ffff:169.254.169.254]/",
    "https://[::127.0.0.1]/",
    "https://[::ffff:0:127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b::a9fe:a9fe]/",
    "https://[64:ff9b:1::1]/",
    "https://[2002:7f00:1::]/",
    "https://[2001:0:7f00:1::]/",
    "https://[2600:1f18::5efe:a00:1]/",
    "https://[fe80::1]/",
    "https://[fec0::1]/",
    "https://[fc00::1]/",
    "https://[fd00:ec2::254]/",
    "https://[fd12:3456:789a::1]/",
    "https://[ff02::1]/",
    "https://[2001:db8::1]/",
    "https://[100::1]/",
    "https://localhost/",
    "https://LocalHost./",
    "https://a.localhost/",
    "https://metadata.google.internal/",
    "https://ip-10-0-0-1.ec2.internal/",
    "https://printer.local/",
    "https://intranet/",
    "https://public@127.0.0.1/",
    "https://127.0.0.1#@hooks.example.com/",
    "https://127.0.0.1\\@hooks.example.com/",
    "http://127.0.0.1/",
    "file:///etc/passwd",
    // Other spellings: other dots, other digits, zones, and parts that a parser drops or corrects.
    "https://127．0．0．1/",
    "https://127｡0｡0｡1/",
    "https://127.0.0.\u{ad}1/",
    "https://１６９.254.169.254/",
    "https://0x7f000001./",
    "https://0x7f.0x0.0x0.0x1/",
    "https://00000177.0.0.1/",
    "https://169.254.43518/",
    "https://169.16689662/",
    "https://[0:0:0:0:0:ffff:127.0.0.1]/",
    "https://[::ffff:7f00:0001]/",
    "https://[fe80::1%25eth0]/",
    "https://[::1%25lo]/",
    "https://[fd20:ce::254]/",
    "https://[2002:a9fe:a9fe::1]/",
    "https://[2001:0:53aa:64c:0:fbff:5a56:5601]/",
    "https://[2001:20::1]/",
    "https://[2600:1f18::200:5efe:a9fe:a9fe]/",
    "https:127.0.0.1/",
    "https:///127.0.0.1/",
    "https:/\\127.0.0.1/",
    "https://1.1.1.1@127.0.0.1/",
    "https://127.0.0.1:443@1.1.1.1/",
    "https://hooks.example.com:443@[::1]/",
    "https://127.0.0.1?@hooks.example.com/",
    "https://127.0.0.1:8443/",
    "https://localhost.localdomain:443/",
];

/// Internal addresses that a harmless name may resolve to.
const ANSWERS: [&str; 46] = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "169.254.170.2",
    "168.63.129.16",
    "100.64.0.1",
    "100.100.100.200",
    "192.0.0.170",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.251",
    "255.255.255.255",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "2002:a00:1::1",
    "2001:0:a00:1::1",
    "fe80::1",
    "fd00:ec2::254",
    "fc00::1",
    "fec0::1",
    "ff02::1",
    "192.88.99.1",
    "198.19.255.255",
    "240.0.0.1",
    "2002:a9fe:a9fe::1",
    "2001:0:53aa:64c:0:fbff:5a56:5601",
    "2001:20::1",
    "2001:db8::1",
    "3fff::1",
    "5f00::1",
    "100::1",
    "fd20:ce::254",
    "2600:1f18::5efe:a00:1",
];

/// Invariant 26.
#[tokio::test]
async fn internal_url_opens_no_socket() {
    for text in URLS {
        let (courier, dialled) = watched([addresses(&["127.0.0.1"])]);
        // Most are refused by the parser; the others must not be dialled.
        if let Ok(url) = text.parse::<HttpsUrl>() {
            let request = Outgoing::new(url, Vec::new(), String::new());
            assert_eq!(courier.send(&request, NOW).await, Err(Class::Blocked), "{text}");
        }
        assert_eq!(*dialled.lock().unwrap(), [], "{text}");
    }
}

/// Invariant 26.
#[tokio::test]
async fn name_of_internal_address_opens_no_socket() {
    for answer in ANSWERS {
        let (courier, dialled) = watched([addresses(&[answer])]);
        assert_eq!(courier.send(&to("https://hooks.example.com/"), NOW).await, Err(Class::Blocked), "{answer}");
        assert_eq!(*dialled.lock().unwrap(), [], "{answer}");
    }
    let (courier, dialled) = watched([addresses(&ANSWERS)]);
    assert_eq!(courier.send(&to("https://hooks.example.com/"), NOW).await, Err(Class::Blocked));
    assert_eq!(*dialled.lock().unwrap(), []);
}

/// Invariant 26.
#[tokio::test]
async fn only_public_addresses_are_dialled_at_443() {
    let mixed = ["127.0.0.1", "1.1.1.1", "::1", "10.0.0.1", "2606:4700:4700::1111", "169.254.169.254"];
    let (courier, dialled) = watched([addresses(&mixed)]);
    assert_eq!(courier.send(&to("https://hooks.example.com/"), NOW).await, Err(Class::Refused));
    let wanted: [SocketAddr; 2] = ["1.1.1.1:443".parse().unwrap(), "[2606:4700:4700::1111]:443".parse().unwrap()];
    assert_eq!(*dialled.lock().unwrap(), wanted);
}

/// The resolver gives another answer each time. The address that is checked is the one that is dialled.
///
/// Invariant 26.
#[tokio::test]
async fn name_is_resolved_once_per_request() {
    let (courier, dialled) = watched([addresses(&["1.1.1.1"]), addresses(&["127.0.0.1"])]);
    assert_eq!(courier.send(&to("https://rebind.example.com/"), NOW).await, Err(Class::Refused));
    assert_eq!(courier.send(&to("https://rebind.example.com/"), NOW).await, Err(Class::Blocked));
    assert_eq!(*dialled.lock().unwrap(), ["1.1.1.1:443".parse().unwrap()]);
}

/// The operator's list allows ports, but never an internal address.
///
/// Invariant 26.
#[tokio::test]
async fn other_port_needs_the_operators_list() {
    let ports: Ports = "8443".parse().unwrap();
    for (url, added, wanted) in [
        ("https://hooks.example.com:8443/", true, Some("1.1.1.1:8443")),
        ("https://hooks.example.com/", true, Some("1.1.1.1:443")),
        ("https://hooks.example.com:443/", true, Some("1.1.1.1:443")),
        ("https://hooks.example.com:8443/", false, None),
        ("https://hooks.example.com:22/", true, None),
        ("https://hooks.example.com:0/", true, None),
        ("https://1.0.0.1:8443/", true, Some("1.0.0.1:8443")),
        ("https://1.0.0.1:6379/", true, None),
    ] {
        let (courier, dialled) = watched([addresses(&["127.0.0.1", "1.1.1.1", "169.254.169.254"])]);
        let courier = if added { courier.with_ports(ports.clone()) } else { courier };
        let class = if wanted.is_some() { Class::Refused } else { Class::Blocked };
        assert_eq!(courier.send(&to(url), NOW).await, Err(class), "{url}");
        let wanted: Vec<SocketAddr> = wanted.into_iter().map(|address| address.parse().unwrap()).collect();
        assert_eq!(*dialled.lock().unwrap(), wanted, "{url}");
    }
    let (courier, dialled) = watched([addresses(&["10.0.0.1"])]);
    assert_eq!(courier.with_ports(ports).send(&to("https://hooks.example.com:8443/"), NOW).await, Err(Class::Blocked));
    assert_eq!(*dialled.lock().unwrap(), []);
}

#[tokio::test]
async fn unresolvable_name_is_a_dns_failure() {
    for answers in [Vec::new(), vec![Vec::new()]] {
        let (courier, dialled) = watched(answers);
        assert_eq!(courier.send(&to("https://hooks.example.com/"), NOW).await, Err(Class::Dns));
        assert_eq!(*dialled.lock().unwrap(), []);
    }
}

#[tokio::test(start_paused = true)]
async fn hanging_resolver_or_host_times_out_after_five_seconds() {
    let silent = Network::from_parts(|_| std::future::pending(), |_| std::future::pending());
    let many = Network::from_parts(
        |_| async { Ok(vec!["1.1.1.1".parse().unwrap(); 9]) },
        |_| std::future::pending::<io::Result<Stream>>(),
    );
    for network in [silent, many] {
        let began = Instant::now();
        let sent = Courier::with_network(network, Tls::system()).send(&to("https://hooks.example.com/"), NOW).await;
        assert_eq!((sent, began.elapsed().as_secs()), (Err(Class::Timeout), 5));
    }
}

/// Builds a client whose TLS connections to `name` are handled by `serve`. Also returns the dialled addresses.
fn served<F>(name: &str, serve: impl Fn(DuplexStream) -> F + Send + Sync + 'static) -> (Courier, Dialled)
where
    F: Future<Output = ()> + Send + 'static,
{
    let key = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(key.cert.der().clone()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![key.cert.der().clone()],
            PrivateKeyDer::try_from(key.signing_key.serialize_der()).unwrap(),
        )
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let (serve, dialled) = (Arc::new(serve), Dialled::default());
    let seen = Arc::clone(&dialled);
    let network = Network::from_parts(
        |_| async { Ok(vec!["1.1.1.1".parse().unwrap()]) },
        move |address| {
            seen.lock().unwrap().push(address);
            let (acceptor, serve) = (acceptor.clone(), Arc::clone(&serve));
            async move {
                let (ours, theirs) = duplex(1 << 20);
                tokio::spawn(async move {
                    let Ok(mut encrypted) = acceptor.accept(theirs).await else { return };
                    let (near, far) = duplex(1 << 20);
                    let mut near = near;
                    let served = tokio::spawn(serve(far));
                    drop(tokio::io::copy_bidirectional(&mut encrypted, &mut near).await);
                    served.abort();
                });
                Ok(Stream::new(ours))
            }
        },
    );
    (Courier::with_network(network, Tls::trusting(roots).unwrap()), dialled)
}

/// Reads a whole request and returns it as text.
async fn request(stream: &mut DuplexStream) -> String {
    let mut text = Vec::new();
    while !text.ends_with(b"{}") {
        let mut part = [0; 1024];
        let read = stream.read(&mut part).await.unwrap();
        assert_ne!(read, 0, "the request ended early");
        text.extend_from_slice(part.get(..read).unwrap());
    }
    String::from_utf8(text).unwrap()
}

/// Builds a client of a receiver that answers with these bytes.
fn answering(answer: impl Into<Vec<u8>>) -> (Courier, Dialled) {
    let answer = Arc::new(answer.into());
    served("hooks.example.com", move |mut stream| {
        let answer = Arc::clone(&answer);
        async move {
            request(&mut stream).await;
            drop(stream.write_all(&answer).await);
            drop(stream.shutdown().await);
        }
    })
}

#[tokio::test]
async fn request_arrives_as_described() {
    let seen = Arc::new(Mutex::new(String::new()));
    let received = Arc::clone(&seen);
    let (courier, _) = served("hooks.example.com", move |mut stream| {
        let received = Arc::clone(&received);
        async move {
            *received.lock().unwrap() = request(&mut stream).await;
            stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.unwrap();
        }
    });
    let courier = courier.with_ports("8443".parse().unwrap());
    let sent = courier.send(&to("https://hooks.example.com:8443/a/b?c=d"), NOW).await;
    assert_eq!(sent, Ok(Answer { status: 204, retry_after: None }));
    let seen = seen.lock().unwrap().to_lowercase();
    for part in
        ["post /a/b?c=d http/1.1\r\n", "host: hooks.example.com:8443\r\n", "x-test: yes\r\n", "content-length: 2\r\n"]
    {
        assert!(seen.contains(part), "{part:?} in {seen}");
    }
}

#[tokio::test]
async fn untrusted_or_mismatched_certificate_is_refused() {
    let (courier, _) = served("other.example.com", |_| async {});
    assert_eq!(courier.send(&to("https://hooks.example.com/"), NOW).await, Err(Class::Tls));
    let (_, _) = served("hooks.example.com", |_| async {});
    let plain = Network::from_parts(
        |_| async { Ok(vec!["1.1.1.1".parse().unwrap()]) },
        |_| async {
            let (ours, mut theirs) = duplex(4096);
            tokio::spawn(async move { theirs.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await });
            Ok(Stream::new(ours))
        },
    );
    let courier = Courier::with_network(plain, Tls::trusting(RootCertStore::empty()).unwrap());
    assert_eq!(courier.send(&to("https://hooks.example.com/"), NOW).await, Err(Class::Tls), "no plain HTTP");
}

#[tokio::test]
async fn redirect_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let (courier, dialled) = answering(format!(
            "HTTP/1.1 {status} Away\r\nlocation: https://169.254.169.254/\r\ncontent-length: 0\r\n\r\n"
        ));
        let sent = courier.send(&to("https://hooks.example.com/"), NOW).await;
        assert_eq!(sent, Ok(Answer { status, retry_after: None }));
        assert_eq!(dialled.lock().unwrap().len(), 1, "{status}");
    }
}

/// Builds a client of a receiver that gives these answers, and the list of the requests' first lines.
fn in_turn(answers: &'static [&'static str]) -> (Courier, Arc<Mutex<Vec<String>>>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let lines = Arc::clone(&seen);
    let (courier, _) = served("hooks.example.com", move |mut stream| {
        let lines = Arc::clone(&lines);
        async move {
            let text = request(&mut stream).await;
            let number = {
                let mut lines = lines.lock().unwrap();
                lines.push(text.lines().next().unwrap().to_owned());
                lines.len() - 1
            };
            let answer = answers.get(number).copied().unwrap_or("HTTP/1.1 500 Late\r\ncontent-length: 0\r\n\r\n");
            drop(stream.write_all(answer.as_bytes()).await);
            drop(stream.shutdown().await);
        }
    });
    (courier, seen)
}

const MOVED: &str = "HTTP/1.1 307 Away\r\nlocation: /moved\r\ncontent-length: 0\r\n\r\n";
const AWAY: &str = "HTTP/1.1 307 Away\r\nlocation: https://evil.example/\r\ncontent-length: 0\r\n\r\n";
const TAKEN: &str = "HTTP/1.1 204 Taken\r\n\r\n";
const FAILED: &str = "HTTP/1.1 500 Failed\r\ncontent-length: 0\r\n\r\n";

#[tokio::test]
async fn redirect_within_the_host_is_followed_if_allowed() {
    let allowing = || Outgoing { redirects: Redirects::WithinHost, ..to("https://hooks.example.com/first") };
    let (courier, seen) = in_turn(&[MOVED, TAKEN]);
    assert_eq!(courier.send(&allowing(), NOW).await.map(|answer| answer.status), Ok(204));
    assert_eq!(*seen.lock().unwrap(), ["POST /first HTTP/1.1", "POST /moved HTTP/1.1"]);
    let (courier, seen) = in_turn(&[MOVED, AWAY, TAKEN]);
    assert_eq!(courier.send(&allowing(), NOW).await.map(|answer| answer.status), Ok(307), "it leads to another host");
    assert_eq!(seen.lock().unwrap().len(), 2);
    let (courier, seen) = in_turn(&[MOVED, MOVED, MOVED, TAKEN]);
    assert_eq!(courier.send(&allowing(), NOW).await.map(|answer| answer.status), Ok(307), "there are too many");
    assert_eq!(seen.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn request_that_follows_waits_until_the_first_is_accepted() {
    let both = || {
        let then = Some(Box::new(to("https://hooks.example.com/second")));
        Outgoing { then, ..to("https://hooks.example.com/first") }
    };
    let cases: [(&[&str], _, _); 4] = [
        (&[TAKEN, TAKEN], 204, 2),
        // The second is tried twice, because the first was accepted.
        (&[TAKEN, FAILED, TAKEN], 204, 3),
        (&[TAKEN, FAILED, FAILED], 500, 3),
        (&[FAILED, TAKEN], 500, 1),
    ];
    for (answers, status, sent) in cases {
        let (courier, seen) = in_turn(answers);
        assert_eq!(courier.send(&both(), NOW).await.map(|answer| answer.status), Ok(status));
        assert_eq!(seen.lock().unwrap().len(), sent, "{answers:?}");
    }
}

#[tokio::test]
async fn garbage_and_silence_count_as_refused() {
    for answer in ["", "garbage\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort", "HTTP/9.9 200\r\n\r\n"]
    {
        let (courier, _) = answering(answer);
        assert_eq!(courier.send(&to("https://hooks.example.com/"), NOW).await, Err(Class::Refused), "{answer:?}");
    }
}

#[tokio::test]
async fn endless_answer_is_read_up_to_its_limit() {
    let sent = Arc::new(Mutex::new(0_usize));
    let counted = Arc::clone(&sent);
    let (courier, _) = served("hooks.example.com", move |mut stream| {
        let counted = Arc::clone(&counted);
        async move {
            request(&mut stream).await;
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
            while stream.write_all(&[b'x'; 4096]).await.is_ok() {
                *counted.lock().unwrap() += 4096;
            }
        }
    });
    assert_eq!(courier.send(&to("https://hooks.example.com/"), NOW).await.map(|answer| answer.status), Ok(200));
    // Bytes sent ahead fill the pipes. If the client still read, the counter would grow.
    sleep(Duration::from_millis(50)).await;
    let stopped = *sent.lock().unwrap();
    sleep(Duration::from_millis(50)).await;
    assert_eq!(*sent.lock().unwrap(), stopped);
}

/// Starts in real time, because the pipes' other ends are separate tasks.
#[tokio::test]
async fn trickling_answer_times_out() {
    let (courier, _) = served("hooks.example.com", |mut stream| async move {
        request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n").await.unwrap();
        while stream.write_all(b"x").await.is_ok() {
            sleep(Duration::from_secs(1)).await;
        }
    });
    tokio::time::pause();
    assert_eq!(courier.send(&to("https://hooks.example.com/"), NOW).await, Err(Class::Timeout));
}

#[test]
fn public_address_is_not_refused() {
    for text in ["1.1.1.1", "8.8.8.8", "52.94.236.248", "172.32.0.1", "100.128.0.1", "2606:4700::1", "2a00:1450::1"] {
        assert!(!is_inward(text.parse().unwrap()), "{text}");
    }
}
