//! The stand-ins for the receivers of all types of integrations, without a socket. They check each request against the
//! documentation of its vendor, record it, and respond as the vendor would, or misbehave on demand.

pub use ::receivers::{Received, shown_text};
use ::receivers::{check_request, format_answer, parse};
use courier::{Courier, Network, Stream, Tls};
use jiff::Timestamp;
use std::{
    collections::VecDeque,
    net::{IpAddr, Ipv4Addr},
    sync::{Arc, Mutex},
};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

/// Behaviour of a receiver in place of its vendor's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Behaviour {
    /// Responds with this status.
    Status(u16),
    /// Responds with this status and this header.
    StatusAndHeader(u16, &'static str, String),
    /// Accepts the request and never responds.
    Hang,
    /// Responds with something that is not HTTP.
    Garbage,
    /// Closes the connection.
    Break,
}

#[derive(Debug, Default)]
struct State {
    received: Vec<Received>,
    planned: VecDeque<Behaviour>,
    always: Option<Behaviour>,
    keys: Vec<String>,
}

/// All receivers.
#[derive(Debug, Clone, Default)]
pub struct Receivers(Arc<Mutex<State>>);

impl Receivers {
    /// Returns a client whose connections all lead to these receivers. No socket is opened.
    #[must_use]
    pub fn courier(&self, now: impl Fn() -> Timestamp + Clone + Send + Sync + 'static) -> Courier {
        let receivers = self.clone();
        let network = Network::from_parts(
            |_| async { Ok(vec![IpAddr::V4(Ipv4Addr::LOCALHOST)]) },
            move |_| {
                let (ours, theirs) = duplex(1 << 16);
                tokio::spawn(receivers.clone().serve(theirs, now()));
                async { Ok(Stream::new(ours)) }
            },
        );
        Courier::with_network(network, Tls::system()).redirected_to((Ipv4Addr::LOCALHOST, 1).into())
    }

    async fn serve(self, mut stream: DuplexStream, now: Timestamp) {
        let Some(mut request) = read(&mut stream).await else { return };
        let (behaviour, keys) = {
            let mut state = self.0.lock().unwrap();
            (state.planned.pop_front().or_else(|| state.always.clone()), state.keys.clone())
        };
        let judged = check_request(&request, &keys, now);
        request.objection = judged.as_ref().err().cloned();
        self.0.lock().unwrap().received.push(request);
        let text = match behaviour {
            None => format_answer(judged.unwrap_or(400), None),
            Some(Behaviour::Status(status)) => format_answer(status, None),
            Some(Behaviour::StatusAndHeader(status, name, value)) => format_answer(status, Some((name, value))),
            Some(Behaviour::Garbage) => "\u{7f}ELF garbage\r\n\r\n".to_owned(),
            Some(Behaviour::Break) => return,
            Some(Behaviour::Hang) => std::future::pending().await,
        };
        // The sender may have gone.
        drop(stream.write_all(text.as_bytes()).await);
    }

    /// Plans the behaviour of the next request; planned twice, of the next two.
    pub fn plan(&self, behaviour: Behaviour) {
        self.0.lock().unwrap().planned.push_back(behaviour);
    }

    /// Sets the behaviour of every request; with `None` the receivers respond as their vendors do.
    pub fn always(&self, behaviour: Option<Behaviour>) {
        self.0.lock().unwrap().always = behaviour;
    }

    /// Makes the webhook receiver verify signatures with these keys, each of which must have signed.
    pub fn verify_with(&self, keys: &[&str]) {
        self.0.lock().unwrap().keys = keys.iter().map(|key| (*key).to_owned()).collect();
    }

    /// Takes the requests received since the last call.
    #[must_use]
    pub fn take(&self) -> Vec<Received> {
        std::mem::take(&mut self.0.lock().unwrap().received)
    }
}

/// Reads a complete request; `None` if the connection breaks.
async fn read(stream: &mut DuplexStream) -> Option<Received> {
    let (mut bytes, mut part) = (Vec::new(), [0; 4096]);
    loop {
        let read = stream.read(&mut part).await.ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&part[..read]);
        if let Some(request) = parse(&bytes) {
            return Some(request);
        }
    }
}
