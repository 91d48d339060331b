//! HTTPS client for customers' receivers that cannot be used to reach internal addresses.
//!
//! The client checks the address that it dials. Whatever a name resolves to, and however often that changes, it opens
//! no socket to an address that is not public. It dials port 443 and the ports that the operator adds, follows no redirects
//! but those within a host that a request allows, uses no proxy, and reports only the status of an answer.

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

/// Timeout of a request, from name resolution to the end of the answer.
const LIMIT: Duration = Duration::from_secs(5);

/// Timeout of connecting to one address.
const CONNECT: Duration = Duration::from_secs(2);

/// Number of redirects that are followed.
const HOPS: usize = 2;

/// Number of addresses of a name that are tried.
const ADDRESSES: usize = 3;

/// HTTPS client for customers' receivers.
#[derive(Debug, Clone)]
pub struct Courier {
    network: Network,
    tls: Tls,
    ports: Ports,
    /// Address that gets all requests instead, as plain HTTP; for development.
    detour: Option<SocketAddr>,
}

impl Courier {
    /// Builds a client on the system's network. See [`config`] for its settings.
    ///
    /// # Errors
    /// [`ConfigError`] if a setting is invalid.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let (ports, detour) = (config::ports(environment)?, config::development_receiver(environment)?);
        Ok(Self { network: Network::system(), tls: Tls::system(), ports, detour })
    }

    /// Builds a client on the given network.
    #[must_use]
    pub fn with_network(network: Network, tls: Tls) -> Self {
        Self { network, tls, ports: Ports::default(), detour: None }
    }

    /// Returns the client with these allowed `ports`.
    #[cfg(feature = "testkit")]
    #[must_use]
    pub fn with_ports(self, ports: Ports) -> Self {
        Self { ports, ..self }
    }

    /// Returns the allowed ports of receivers.
    #[must_use]
    pub const fn ports(&self) -> &Ports {
        &self.ports
    }

    /// Returns a client that sends all requests to `receiver` as plain HTTP, for stand-ins in tests.
    #[cfg(feature = "testkit")]
    #[must_use]
    pub fn redirected_to(self, receiver: SocketAddr) -> Self {
        Self { detour: Some(receiver), ..self }
    }

    /// Sends `request` at `now` and, once it is accepted, the request that follows it, which is repeated once if it fails.
    /// Returns the last answer.
    ///
    /// # Errors
    /// The [`Class`] of the failure, if there is no answer. An answer with an error status is returned as [`Answer`].
    pub async fn send(&self, request: &Outgoing, now: Timestamp) -> Result<Answer, Class> {
        let deliver = async |request| timeout(LIMIT, self.deliver(request, now)).await.unwrap_or(Err(Class::Timeout));
        let (mut answer, mut next) = (deliver(request).await?, request.then.as_deref());
        let accepted = |answer: &Answer| (200..300).contains(&answer.status);
        while let Some(request) = next.filter(|_| accepted(&answer)) {
            answer = match deliver(request).await {
                Ok(first) if accepted(&first) => first,
                // What was accepted before must not stay without what follows it.
                Ok(_) | Err(_) => deliver(request).await?,
            };
            next = request.then.as_deref();
        }
        Ok(answer)
    }

    async fn deliver(&self, request: &Outgoing, now: Timestamp) -> Result<Answer, Class> {
        let (mut answer, mut location) = self.exchange(request, now).await?;
        let mut request = request.clone();
        for _ in 0..HOPS {
            let next = location.as_deref().and_then(|location| request.redirected(answer.status, location));
            let Some(next) = next else { break };
            (answer, location) = self.exchange(&next, now).await?;
            request = next;
        }
        Ok(answer)
    }

    async fn exchange(&self, request: &Outgoing, now: Timestamp) -> Result<(Answer, Option<String>), Class> {
        self.ports.admit(&request.url).map_err(|_| Class::Blocked)?;
        let stream = match self.detour {
            Some(receiver) => self.network.dial(receiver).await.map_err(|_| Class::Refused)?,
            None => {
                let host = request.url.parts().host().ok_or(Class::Blocked)?;
                let stream = self.connect(&host, request.url.port()).await?;
                self.tls.connect(&host, stream).await.map_err(|_| Class::Tls)?
            }
        };
        exchange::send(stream, request, now).await
    }

    /// Connects to one of the host's public addresses. The address that is checked is the one that is dialled.
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
        // Lambda functions outside a VPC have no IPv6 connectivity.
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
