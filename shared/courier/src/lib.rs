//! The way out to customers' receivers: one HTTPS request, sent by a client that cannot be turned inward.
//!
//! What may be called is decided where the connection is made, by the address that is dialled: whatever a name resolves to,
//! and however often that changes, no socket is opened to an address that is not public. Port 443 is dialled and those that the
//! operator adds, redirects are not followed, no proxy is used, and of an answer its status alone is told.

mod config;
mod exchange;
mod network;
mod tls;

pub use exchange::Answer;
pub use network::{Network, Stream};
pub use tls::Tls;

use domain::{
    integrations::Outgoing,
    integrations::delivery::Class,
    integrations::reach::{Ports, is_inward},
};
use jiff::Timestamp;
use platform::config::{ConfigError, Environment};
use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};
use tokio::time::timeout;
use url::Host;

/// The longest time that a request may take, from the name to the end of the answer.
const LIMIT: Duration = Duration::from_secs(5);

/// The longest time for one address of several.
const CONNECT: Duration = Duration::from_secs(2);

/// How many addresses of a name are tried.
const ADDRESSES: usize = 3;

/// The client.
#[derive(Debug, Clone)]
pub struct Courier {
    network: Network,
    tls: Tls,
    ports: Ports,
    /// In development, where everything goes instead, as plain HTTP.
    detour: Option<SocketAddr>,
}

impl Courier {
    /// The client on the system's network. See [`config`] for the settings there are.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let (ports, detour) = (config::ports(environment)?, config::detour(environment)?);
        Ok(Self { network: Network::system(), tls: Tls::system(), ports, detour })
    }

    /// The client on the given network.
    #[must_use]
    pub fn given(network: Network, tls: Tls) -> Self {
        Self { network, tls, ports: Ports::default(), detour: None }
    }

    /// The same, which calls receivers at these `ports`.
    #[cfg(feature = "testkit")]
    #[must_use]
    pub fn at(self, ports: Ports) -> Self {
        Self { ports, ..self }
    }

    /// The ports at which receivers may be called.
    #[must_use]
    pub const fn ports(&self) -> &Ports {
        &self.ports
    }

    /// The same, with everything sent to `receiver` instead, as plain HTTP: for stand-ins in tests.
    #[cfg(feature = "testkit")]
    #[must_use]
    pub fn detoured(self, receiver: SocketAddr) -> Self {
        Self { detour: Some(receiver), ..self }
    }

    /// Sends `request`, at `now`.
    ///
    /// # Errors
    /// The [`Class`] of what went wrong; an answer that is no success is no error here.
    pub async fn send(&self, request: &Outgoing, now: Timestamp) -> Result<Answer, Class> {
        timeout(LIMIT, self.deliver(request, now)).await.unwrap_or(Err(Class::Timeout))
    }

    async fn deliver(&self, request: &Outgoing, now: Timestamp) -> Result<Answer, Class> {
        self.ports.admit(&request.url).map_err(|_| Class::Blocked)?;
        let stream = match self.detour {
            Some(receiver) => self.network.dial(receiver).await.map_err(|_| Class::Refused)?,
            None => {
                let host = request.url.parts().host().ok_or(Class::Blocked)?;
                let stream = self.connect(&host, request.url.port()).await?;
                self.tls.begin(&host, stream).await.map_err(|_| Class::Tls)?
            }
        };
        exchange::send(stream, request, now).await
    }

    /// A connection to one of the host's public addresses. The address that was looked at is the one that is dialled.
    async fn connect(&self, host: &Host<&str>, port: u16) -> Result<Stream, Class> {
        let addresses = match host {
            Host::Domain(name) => self.network.resolve(name).await.map_err(|_| Class::Dns)?,
            Host::Ipv4(address) => vec![IpAddr::V4(*address)],
            Host::Ipv6(address) => vec![IpAddr::V6(*address)],
        };
        if addresses.is_empty() {
            return Err(Class::Dns);
        }
        let mut public: Vec<_> = addresses.into_iter().filter(|address| !is_inward(*address)).collect();
        // Functions outside a VPC have no way by IPv6.
        public.sort_by_key(IpAddr::is_ipv6);
        let mut failure = Class::Blocked;
        for address in public.into_iter().take(ADDRESSES) {
            match timeout(CONNECT, self.network.dial(SocketAddr::new(address, port))).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(_)) => failure = Class::Refused,
                Err(_) => failure = Class::Timeout,
            }
        }
        Err(failure)
    }
}
