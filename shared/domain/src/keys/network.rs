//! Networks from which a key may be used.

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use std::{fmt, net::IpAddr, str::FromStr};

/// A network in CIDR notation, such as `203.0.113.0/24`; an address alone is a network of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Network(IpNet);

/// Length of the prefix of all IPv4 addresses within IPv6, `::ffff:0:0/96`.
const MAPPED: u8 = 96;

/// Maximum number of networks of a key.
pub const MAX_NETWORKS: usize = 20;

/// The text is not a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an address or a network in CIDR notation, such as 203.0.113.0/24 or 2001:db8::/32")]
pub struct InvalidNetwork;

impl Network {
    /// True if `address` is in the network. An IPv4 address within IPv6 counts as IPv4.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }
}

impl FromStr for Network {
    type Err = InvalidNetwork;

    fn from_str(text: &str) -> Result<Self, InvalidNetwork> {
        let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        // `203.0.113.7/24` means the network that has the address.
        network.map(|network| Self(canonical(network.trunc()))).map_err(|_| InvalidNetwork)
    }
}

/// Returns a network of IPv4 addresses within IPv6, such as `::ffff:203.0.113.0/120`, as the network of IPv4 that it is:
/// addresses are compared as IPv4.
fn canonical(network: IpNet) -> IpNet {
    let length = network.prefix_len().checked_sub(MAPPED);
    match (network.addr().to_canonical(), length) {
        (address @ IpAddr::V4(_), Some(length)) if network.addr().is_ipv6() => {
            IpNet::new(address, length).unwrap_or(network)
        }
        _ => network,
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// True if a request from `address` may use a key with these `networks`. No networks are all; an unknown address is in
/// none.
#[must_use]
pub fn allows(networks: &[Network], address: Option<&str>) -> bool {
    let address = address.and_then(|address| address.parse().ok());
    networks.is_empty() || address.is_some_and(|address| networks.iter().any(|network| network.contains(address)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_in_its_network() {
        let networks = ["203.0.113.7/24", "2001:db8::/32", "198.51.100.1"].map(|text| text.parse().unwrap());
        for address in ["203.0.113.0", "203.0.113.255", "2001:db8::1", "198.51.100.1", "::ffff:203.0.113.9"] {
            assert!(allows(&networks, Some(address)), "{address}");
        }
        for address in ["203.0.114.0", "2001:db9::1", "198.51.100.2", "::ffff:203.0.114.9", "", "nowhere"] {
            assert!(!allows(&networks, Some(address)), "{address}");
        }
        assert!(!allows(&networks, None));
        let within = ["::ffff:203.0.113.0/120", "::ffff:198.51.100.1"].map(|text| text.parse().unwrap());
        for address in ["203.0.113.9", "::ffff:203.0.113.9", "198.51.100.1"] {
            assert!(allows(&within, Some(address)), "{address}");
        }
        assert!(!allows(&within, Some("203.0.114.9")));
        let all: [Network; 1] = ["::ffff:0:0/96"].map(|text| text.parse().unwrap());
        assert!(allows(&all, Some("203.0.113.9")) && !allows(&all, Some("2001:db8::1")));
        assert!(allows(&[], None));
    }

    #[test]
    fn texts_that_are_no_networks_are_refused() {
        for text in
            ["", "203.0.113", "203.0.113.0/33", "2001:db8::/129", "example.com", "203.0.113.0/-1", " 10.0.0.0/8"]
        {
            assert_eq!(text.parse::<Network>(), Err(InvalidNetwork), "{text:?}");
        }
        for (text, network) in [("203.0.113.7/24", "203.0.113.0/24"), ("::ffff:203.0.113.7/120", "203.0.113.0/24")] {
            assert_eq!(text.parse::<Network>().unwrap().to_string(), network);
        }
    }
}
