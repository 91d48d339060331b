//! TLS with the stack of the AWS clients. The system's root certificates are read on first use, because parsing them
//! takes longer than the rest of a function's start.

use super::network::Stream;
use std::{
    fmt, io,
    sync::{Arc, OnceLock},
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs, pki_types::ServerName},
};
use url::Host;

/// The trusted root certificates.
#[derive(Clone)]
pub struct Tls(Arc<OnceLock<Arc<ClientConfig>>>);

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}

impl Tls {
    /// Trusts the system's root certificates.
    #[must_use]
    pub fn system() -> Self {
        Self(Arc::default())
    }

    /// Trusts only these root certificates.
    ///
    /// # Errors
    /// [`io::Error`] if the crypto provider supports no version of TLS.
    #[cfg(feature = "testkit")]
    pub fn trusting(roots: RootCertStore) -> io::Result<Self> {
        Ok(Self(Arc::new(OnceLock::from(config(roots)?))))
    }

    /// Establishes TLS over `stream` and verifies that the peer is `host`.
    pub(super) async fn connect(&self, host: &Host<&str>, stream: Stream) -> io::Result<Stream> {
        let config = match self.0.get() {
            Some(config) => Arc::clone(config),
            None => {
                let fresh = config(system_roots())?;
                Arc::clone(self.0.get_or_init(|| fresh))
            }
        };
        let name = match host {
            Host::Domain(name) => ServerName::try_from((*name).to_owned()).map_err(io::Error::other)?,
            Host::Ipv4(address) => ServerName::from(std::net::IpAddr::V4(*address)),
            Host::Ipv6(address) => ServerName::from(std::net::IpAddr::V6(*address)),
        };
        Ok(Stream::new(TlsConnector::from(config).connect(name, stream.0).await?))
    }
}

/// Reads the system's root certificates. Unreadable ones are skipped, so receivers that need them are not trusted.
fn system_roots() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}

fn config(roots: RootCertStore) -> io::Result<Arc<ClientConfig>> {
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?;
    Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}
