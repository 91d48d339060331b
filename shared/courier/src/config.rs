//! Settings of the client: the allowed ports of receivers and, for development, an address that gets all deliveries
//! instead of the Internet.

use domain::integrations::reach::Ports;
use platform::config::{ConfigError, Environment};
use std::net::SocketAddr;
use url::{Host, Url};

/// Variable with the address for development. While it is set, nothing reaches customers' receivers, which its name
/// makes clear.
const NAME: &str = "DEVELOPMENT_ONLY_SEND_EVERY_DELIVERY_TO";

/// Reads the list of allowed ports; 443 if it is not set.
pub(super) fn ports(environment: &Environment) -> Result<Ports, ConfigError> {
    const PORTS: &str = "DELIVERY_PORTS";
    if environment.optional(PORTS).is_some() { environment.parsed(PORTS) } else { Ok(Ports::default()) }
}

/// Reads the origin of the stand-in receivers, such as `http://127.0.0.1:4600`: `http`, a loopback address, a port, and
/// nothing else. All deliveries go there, with the original `Host` header; no other address is dialled.
pub(super) fn development_receiver(environment: &Environment) -> Result<Option<SocketAddr>, ConfigError> {
    let Some(text) = environment.optional(NAME) else { return Ok(None) };
    let unfit =
        || ConfigError::Invalid { name: NAME, problem: "must be of the form http://127.0.0.1:<port>".to_owned() };
    let url = Url::parse(&text).map_err(|_| unfit())?;
    let address = match url.host() {
        Some(Host::Ipv4(address)) if address.is_loopback() => address.into(),
        Some(Host::Ipv6(address)) if address.is_loopback() => address.into(),
        Some(Host::Ipv4(_) | Host::Ipv6(_) | Host::Domain(_)) | None => return Err(unfit()),
    };
    let port = url.port().ok_or_else(unfit)?;
    // Further parts of the URL would be silently ignored, so they are refused.
    let receiver = SocketAddr::new(address, port);
    let whole = text.strip_suffix('/').unwrap_or(&text) == format!("http://{receiver}");
    if whole { Ok(Some(receiver)) } else { Err(unfit()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_default_to_443() {
        let read = |text: &str| ports(&Environment::from_iter([("DELIVERY_PORTS", text)]));
        assert_eq!(ports(&Environment::default()), Ok(Ports::default()));
        assert_eq!(read("8443,9000"), Ok("8443,9000".parse().unwrap()));
        for text in ["all", "443,0", "443,"] {
            assert!(matches!(read(text), Err(ConfigError::Invalid { name: "DELIVERY_PORTS", .. })), "{text}");
        }
    }

    #[test]
    fn only_loopback_origin_is_accepted() {
        let read = |text: &str| development_receiver(&Environment::from_iter([(NAME, text)]));
        assert_eq!(development_receiver(&Environment::default()), Ok(None));
        assert_eq!(read("http://127.0.0.1:4600"), Ok(Some("127.0.0.1:4600".parse().unwrap())));
        assert_eq!(read("http://[::1]:4600/"), Ok(Some("[::1]:4600".parse().unwrap())));
        for text in [
            "true",
            "https://127.0.0.1:4600",
            "http://localhost:4600",
            "http://127.0.0.1",
            "http://169.254.169.254:80",
            "http://169.254.169.254:8080",
            "http://10.0.0.1:4600",
            "http://a@127.0.0.1:4600",
            "http://127.0.0.1:4600/path",
            "http://127.0.0.1:4600?x",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
