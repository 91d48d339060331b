//! HTTP transport to Stripe. Sends the requests of async-stripe and reads only the fields of answers that Berth needs.
//!
//! async-stripe's own client is not used. It deserializes whole objects with everything they may contain, even for
//! refusals, which was half of the binary of every function that calls Stripe. It also fails on answers in which any
//! field has a new shape, and opens a connection for each request.

use super::{Error, shapes::Refused};
use http::{
    HeaderName, HeaderValue, Method, Request,
    header::{AUTHORIZATION, CONTENT_TYPE, USER_AGENT},
};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper_rustls::{ConfigBuilderExt, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde::de::DeserializeOwned;
use std::{
    fmt, io,
    sync::{Arc, OnceLock},
    time::Duration,
};
use stripe_client_core::{RequestBuilder, StripeMethod};
use stripe_sdk::IdempotencyKey;
use tokio::time::timeout;
use tokio_rustls::rustls::{ClientConfig, crypto::aws_lc_rs};

/// Timeout of one request. Stripe answers within seconds, and a function has 29.
const ATTEMPT: Duration = Duration::from_secs(8);

/// Maximum length of an answer in bytes. A page of a hundred objects is shorter.
const MOST: usize = 8 * 1024 * 1024;

/// Value of the header `User-Agent`.
const AGENT: HeaderValue = HeaderValue::from_static(concat!("Berth/", env!("CARGO_PKG_VERSION")));

const VERSION: HeaderName = HeaderName::from_static("stripe-version");
const KEY: HeaderName = HeaderName::from_static("idempotency-key");

type Https = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// TLS configuration of connections to Stripe. It trusts the system's root certificates, which are read on first use,
/// because parsing them takes longer than the rest of a function's start.
#[derive(Clone, Default)]
pub(super) struct Wire(Arc<OnceLock<ClientConfig>>);

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

/// Connections of one [`Account`](super::Account). Its requests share them, and they close with it. They are not kept
/// longer, because connections of a frozen function die unnoticed, and a request on a dead one waits for the timeout
/// [`ATTEMPT`].
#[derive(Clone)]
pub(super) struct Connections(Https);

impl Wire {
    /// Returns a pool without open connections.
    pub(super) fn connections(&self) -> Result<Connections, Error> {
        let config = match self.0.get() {
            Some(config) => config.clone(),
            None => {
                let fresh = config().map_err(|error| Error::Unanswered(error.into()))?;
                self.0.get_or_init(|| fresh).clone()
            }
        };
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        let tls =
            HttpsConnectorBuilder::new().with_tls_config(config).https_or_http().enable_http1().wrap_connector(tcp);
        Ok(Connections(Client::builder(TokioExecutor::new()).build(tls)))
    }
}

fn config() -> io::Result<ClientConfig> {
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
    let config = config.with_safe_default_protocol_versions().map_err(io::Error::other)?;
    Ok(config.with_native_roots()?.with_no_client_auth())
}

impl Connections {
    /// Sends `request` once to Stripe at `base`, with `authorization` and the idempotency key `key`, and parses the
    /// answer.
    pub(super) async fn send<T: DeserializeOwned>(
        &self,
        base: &str,
        authorization: &HeaderValue,
        request: &RequestBuilder,
        key: Option<&IdempotencyKey>,
    ) -> Result<T, Error> {
        let request = http_request(base, authorization, request, key)?;
        let answer = async {
            let unreachable = |_| Error::Unanswered("Stripe could not be reached".into());
            let response = self.0.request(request).await.map_err(unreachable)?;
            let (status, body) = (response.status(), Limited::new(response.into_body(), MOST));
            let unfinished = |_| Error::Unanswered("Stripe did not finish its answer".into());
            Ok((status, body.collect().await.map_err(unfinished)?.to_bytes()))
        };
        let late = |_| Error::Unanswered("Stripe did not answer in time".into());
        let (status, body) = timeout(ATTEMPT, answer).await.map_err(late)??;
        if status.is_success() {
            let unreadable = |_| Error::Unanswered("Stripe returned an unreadable answer".into());
            return serde_json::from_slice(&body).map_err(unreadable);
        }
        Err(match serde_json::from_slice(&body) {
            Ok(Refused { error }) => Error::of(status.as_u16(), &error),
            // A proxy in front of Stripe may have answered, and the effect of the request is unknown.
            Err(_) => Error::Unanswered(format!("a proxy in front of Stripe answered {status}").into()),
        })
    }
}

fn http_request(
    base: &str,
    authorization: &HeaderValue,
    request: &RequestBuilder,
    key: Option<&IdempotencyKey>,
) -> Result<Request<Full<Bytes>>, Error> {
    let method = match request.method {
        StripeMethod::Get => Method::GET,
        StripeMethod::Post => Method::POST,
        StripeMethod::Delete => Method::DELETE,
    };
    let query = request.query.as_ref().filter(|query| !query.is_empty());
    let query = query.map_or_else(String::new, |query| format!("?{query}"));
    let builder = Request::builder()
        .method(method)
        .uri(format!("{base}/v1{}{query}", request.path))
        .header(AUTHORIZATION, authorization)
        .header(USER_AGENT, AGENT)
        .header(VERSION, stripe_shared::version::VERSION.as_str());
    let builder = match key {
        Some(key) => builder.header(KEY, key.as_str()),
        None => builder,
    };
    let (builder, body) = match &request.body {
        Some(body) => {
            let builder = builder.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
            (builder, Bytes::from(body.clone()))
        }
        None => (builder, Bytes::new()),
    };
    builder.body(Full::new(body)).map_err(|error| Error::Refused(error.to_string().into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shapes::{Identified, List};
    use serde::de::IgnoredAny;
    use std::{
        collections::BTreeMap,
        error::Error as _,
        sync::{
            Mutex,
            atomic::{AtomicUsize, Ordering},
        },
    };
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::{TcpListener, TcpStream},
    };

    /// A server in place of Stripe that always gives the same answer.
    struct Server {
        base: String,
        received: Arc<Mutex<Vec<Vec<String>>>>,
        open: Arc<AtomicUsize>,
    }

    impl Server {
        /// Starts a server that answers with `status` and `body`, or never without a status.
        async fn answering(status: Option<u16>, body: &str) -> Self {
            let answer = status.map(|status| {
                let length = body.len();
                format!("HTTP/1.1 {status} Status\r\ncontent-length: {length}\r\n\r\n{body}")
            });
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let base = format!("http://{}", listener.local_addr().unwrap());
            let received = Arc::<Mutex<Vec<Vec<String>>>>::default();
            let open = Arc::<AtomicUsize>::default();
            let (all, opened) = (Arc::clone(&received), Arc::clone(&open));
            tokio::spawn(async move {
                while let Ok((connection, _)) = listener.accept().await {
                    all.lock().unwrap().push(Vec::new());
                    let (number, all, answer) = (all.lock().unwrap().len() - 1, Arc::clone(&all), answer.clone());
                    let open = Arc::clone(&opened);
                    open.fetch_add(1, Ordering::Relaxed);
                    tokio::spawn(async move {
                        receive(connection, answer, |request| all.lock().unwrap()[number].push(request)).await;
                        open.fetch_sub(1, Ordering::Relaxed);
                    });
                }
            });
            Self { base, received, open }
        }

        async fn asked<T: DeserializeOwned>(&self, by: &Connections, request: &RequestBuilder) -> Result<T, Error> {
            let key = IdempotencyKey::new("attempt-1").unwrap();
            by.send(&self.base, &HeaderValue::from_static("Bearer sk_test_1"), request, Some(&key)).await
        }

        /// Returns the received requests, by connection.
        fn received(&self) -> Vec<Vec<String>> {
            self.received.lock().unwrap().clone()
        }
    }

    async fn receive(mut connection: TcpStream, answer: Option<String>, received: impl Fn(String)) {
        let mut request = Vec::new();
        while let Ok(byte) = connection.read_u8().await {
            request.push(byte);
            let text = String::from_utf8_lossy(&request).into_owned();
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap_or("0");
            if body.len() < length.parse().unwrap() {
                continue;
            }
            request.clear();
            received(text);
            if let Some(answer) = &answer {
                connection.write_all(answer.as_bytes()).await.unwrap();
            }
        }
    }

    fn charge() -> RequestBuilder {
        RequestBuilder::new(StripeMethod::Post, "/charges").form(&BTreeMap::from([("amount", "900")]))
    }

    fn connections() -> Connections {
        Wire::default().connections().unwrap()
    }

    async fn refused(status: u16, body: &str) -> Error {
        Server::answering(Some(status), body).await.asked::<IgnoredAny>(&connections(), &charge()).await.unwrap_err()
    }

    #[tokio::test]
    async fn request_has_authorization_version_and_idempotency_key() {
        let server =
            Server::answering(Some(200), r#"{"data": [{"id": "ch_1", "object": "charge"}], "has_more": false}"#).await;
        let list: List<Identified> = server.asked(&connections(), &charge()).await.unwrap();
        assert_eq!((list.data[0].id.as_str(), list.has_more), ("ch_1", false));
        let request = &server.received()[0][0];
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("POST /v1/charges HTTP/1.1\r\n"), "{head}");
        for line in [
            "authorization: Bearer sk_test_1",
            "content-type: application/x-www-form-urlencoded",
            "idempotency-key: attempt-1",
            "stripe-version: 2026-09-30.endive",
        ] {
            assert!(head.lines().any(|had| had == line), "{head} lacks {line}");
        }
        assert_eq!(body, "amount=900");
    }

    #[tokio::test]
    async fn requests_of_a_command_share_one_connection() {
        let server = Server::answering(Some(200), "{}").await;
        for commands in 1..=2 {
            let connections = connections();
            for _ in 0..3 {
                let request = RequestBuilder::new(StripeMethod::Get, "/events");
                server.asked::<IgnoredAny>(&connections, &request).await.unwrap();
            }
            assert_eq!(server.received().iter().map(Vec::len).collect::<Vec<_>>(), [3].repeat(commands));
            assert_eq!(server.open.load(Ordering::Relaxed), 1);
            drop(connections);
            let closed = async {
                while server.open.load(Ordering::Relaxed) > 0 {
                    tokio::task::yield_now().await;
                }
            };
            timeout(ATTEMPT, closed).await.expect("the connection closes");
        }
    }

    #[tokio::test]
    async fn refusals_are_classified() {
        let refusal = |kind: &str, code: &str| format!(r#"{{"error": {{"type": "{kind}", "code": "{code}"}}}}"#);
        let invalid = |code| refusal("invalid_request_error", code);
        assert!(matches!(refused(400, &invalid("parameter_missing")).await, Error::Refused(_)));
        assert!(matches!(refused(400, &invalid("resource_missing")).await, Error::Absent(_)));
        assert!(matches!(refused(404, &invalid("resource_missing")).await, Error::Absent(_)));
        assert!(matches!(refused(401, &invalid("api_key_expired")).await, Error::KeyRefused));
        assert!(matches!(refused(409, &refusal("idempotency_error", "idempotency_key_in_use")).await, Error::Busy(_)));
        assert!(matches!(refused(429, &invalid("lock_timeout")).await, Error::Busy(_)));
        assert!(matches!(refused(400, &refusal("idempotency_error", "")).await, Error::Failed(_)));
        assert!(matches!(refused(500, r#"{"error": {"type": "api_error"}}"#).await, Error::Failed(_)));
    }

    /// The effect of the request is unknown, so it must be repeated with the same idempotency key.
    #[tokio::test]
    async fn answer_of_a_proxy_counts_as_unanswered() {
        for status in [400, 401, 404, 429, 500, 502, 503] {
            for body in ["", "<html>Bad Gateway</html>", "{}", r#"{"error": "down"}"#, r#"{"error": {"code": "x"}}"#] {
                let error = refused(status, body).await;
                assert!(matches!(error, Error::Unanswered(_)), "{status} {body}: {error:?}");
            }
        }
        assert!(matches!(refused(200, "<html>Welcome</html>").await, Error::Unanswered(_)));
    }

    /// A caller would take the page for the last and miss the rest.
    #[tokio::test]
    async fn list_without_has_more_is_refused() {
        let server = Server::answering(Some(200), r#"{"data": []}"#).await;
        let list = server.asked::<List<Identified>>(&connections(), &charge()).await;
        assert!(matches!(list, Err(Error::Unanswered(_))), "{list:?}");
    }

    #[tokio::test]
    async fn message_of_stripe_is_not_passed_on() {
        let words = r#"{"error": {"type": "Bo <bo@example.com>", "code": "no such customer: bo", "message": "bo@example.com"}}"#;
        let error = refused(400, words).await;
        assert_eq!(error.source().unwrap().to_string(), "Stripe answered 400, type none, code none");
    }

    #[tokio::test]
    async fn endless_answer_is_refused() {
        let endless = format!(r#"{{"data": "{}"}}"#, "a".repeat(MOST));
        let error = refused(200, &endless).await;
        assert!(matches!(error, Error::Unanswered(_)), "{error:?}");
    }

    #[tokio::test]
    async fn missing_answer_times_out() {
        let (server, connections, request) = (Server::answering(None, "").await, connections(), charge());
        let asking = timeout(ATTEMPT * 2, server.asked::<IgnoredAny>(&connections, &request));
        let (asked, ()) = tokio::join!(asking, async {
            while server.received().iter().all(Vec::is_empty) {
                tokio::task::yield_now().await;
            }
            // From here on, time advances when all tasks are idle.
            tokio::time::pause();
        });
        assert!(matches!(asked, Ok(Err(Error::Unanswered(_)))), "{asked:?}");
    }
}
