//! Destinations that Berth may call on behalf of a customer: hosts on the public Internet, and URLs that name them.
//!
//! The addresses of a host name are only known when a connection is made. This module checks the URL itself.

use crate::text::host_name::is_host;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{
    collections::BTreeSet,
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};
use url::{Host, Url};

/// An `https` URL that does not point inward, in its normal spelling, of at most 2,048 characters.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpsUrl(Url);

/// Reasons to refuse a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// The text is not a URL, or not an `https` one.
    #[error("must be a URL that begins with https://")]
    NotHttps,
    /// The URL is too long.
    #[error("must have at most {} characters", HttpsUrl::MAX_BYTES)]
    TooLong,
    /// The URL contains a user name or a password.
    #[error("must not have a user name or a password in it")]
    Userinfo,
    /// The URL has a fragment, which is never sent.
    #[error("must not have a fragment (#...)")]
    Fragment,
    /// The host is not on the public Internet.
    #[error("must name a host on the public Internet")]
    Inward,
    /// No host can have this name.
    #[error(
        "must name a host such as hooks.example.com: letters, digits, hyphens and underscores between the dots, at most 63 \
         of them and no hyphen first or last, and only letters after the last dot"
    )]
    HostName,
}

/// Names that are never hosts on the public Internet.
/// <https://www.iana.org/assignments/special-use-domain-names/special-use-domain-names.xhtml>
const INWARD_NAMES: [&str; 11] = [
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "lan",
    "corp",
    "home",
    "home.arpa",
    "onion",
    "invalid",
];

impl HttpsUrl {
    /// Maximum length of a URL.
    pub const MAX_BYTES: usize = 2_048;

    /// Reads a URL that was accepted earlier. Unlike in a new URL, its host need not be one that can exist.
    ///
    /// # Errors
    /// [`UrlError`] if the text is not a URL that may be called.
    pub fn known(text: &str) -> Result<Self, UrlError> {
        if text.len() > Self::MAX_BYTES {
            return Err(UrlError::TooLong);
        }
        // The parser would remove these characters silently.
        if text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
            return Err(UrlError::NotHttps);
        }
        let url = Url::parse(text).map_err(|_| UrlError::NotHttps)?;
        let host = url.host().filter(|_| url.scheme() == "https").ok_or(UrlError::NotHttps)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(UrlError::Userinfo);
        }
        if url.fragment().is_some() {
            return Err(UrlError::Fragment);
        }
        if host_is_inward(&host) {
            return Err(UrlError::Inward);
        }
        // Escaping may lengthen the URL.
        if url.as_str().len() > Self::MAX_BYTES { Err(UrlError::TooLong) } else { Ok(Self(url)) }
    }

    /// The URL as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The parsed URL.
    #[must_use]
    pub const fn parts(&self) -> &Url {
        &self.0
    }

    /// The scheme and the host, without anything that may be a token.
    #[must_use]
    pub fn scheme_and_host(&self) -> String {
        format!("{}://{}", self.0.scheme(), self.0.host_str().unwrap_or_default())
    }

    /// The port in the URL, or the default port of `https`.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.0.port().unwrap_or(Ports::HTTPS)
    }
}

/// The ports at which customers' receivers may be called: 443, and those that the operator adds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ports(BTreeSet<u16>);

/// The text is not a list of ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a list of ports from 1 to 65535, such as 443,8443")]
pub struct InvalidPorts;

/// The URL names a port that is not allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must use one of these ports: {0}")]
pub struct PortClosed(Ports);

impl Ports {
    const HTTPS: u16 = 443;

    /// Checks that the port of `url` may be called.
    ///
    /// # Errors
    /// [`PortClosed`] if it is not one of these ports.
    pub fn admit(&self, url: &HttpsUrl) -> Result<(), PortClosed> {
        let port = url.port();
        let open = port == Self::HTTPS || self.0.contains(&port);
        if open { Ok(()) } else { Err(PortClosed(self.clone())) }
    }
}

impl FromStr for Ports {
    type Err = InvalidPorts;

    fn from_str(text: &str) -> Result<Self, InvalidPorts> {
        let port = |text: &str| text.trim().parse().ok().filter(|port| *port != 0).ok_or(InvalidPorts);
        text.split(',').map(port).collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Display for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let others = self.0.iter().filter(|port| **port != Self::HTTPS);
        write!(f, "{}", Self::HTTPS)?;
        others.into_iter().try_for_each(|port| write!(f, ", {port}"))
    }
}

/// Parses a new URL.
impl FromStr for HttpsUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        let url = Self::known(text)?;
        let exists = match url.0.host() {
            Some(Host::Domain(name)) => is_host(name),
            Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
            None => false,
        };
        if exists { Ok(url) } else { Err(UrlError::HostName) }
    }
}

/// Debug output hides the URL, because its path or query may contain a key. Admins see the URL.
impl fmt::Debug for HttpsUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HttpsUrl(…)")
    }
}

impl Serialize for HttpsUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Reads a stored URL. Requests are parsed with [`FromStr`].
impl<'de> Deserialize<'de> for HttpsUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::known(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

fn host_is_inward(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            let within =
                |inward: &str| name.strip_suffix(inward).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
            !name.contains('.') || INWARD_NAMES.into_iter().any(within)
        }
        Host::Ipv4(address) => is_inward(IpAddr::V4(*address)),
        Host::Ipv6(address) => is_inward(IpAddr::V6(*address)),
    }
}

/// True if `address` must not be called on behalf of a customer: loopback, private, link-local, shared and reserved
/// addresses, and their equivalents in the other family.
/// <https://www.iana.org/assignments/iana-ipv4-special-registry/>,
/// <https://www.iana.org/assignments/iana-ipv6-special-registry/>
#[must_use]
pub fn is_inward(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => v4_is_inward(address),
        IpAddr::V6(address) => v6_is_inward(address),
    }
}

fn v4_is_inward(address: Ipv4Addr) -> bool {
    let [a, b, c, d] = address.octets();
    // Azure's own services use this address on every machine there.
    // <https://learn.microsoft.com/en-us/azure/virtual-network/what-is-ip-address-168-63-129-16>
    let azure = [a, b, c, d] == [168, 63, 129, 16];
    azure
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || matches!(
            (a, b, c),
            (0 | 224..=255, ..) | (100, 64..=127, _) | (192, 0, 0) | (192, 88, 99) | (198, 18..=19, _)
        )
}

/// False only for addresses in 2000::/3, the part of IPv6 that is assigned on the Internet, that embed no IPv4 address and
/// are not reserved for documentation.
fn v6_is_inward(address: Ipv6Addr) -> bool {
    let [a, b, _, _, e, f, ..] = address.segments();
    let public = (0x2000..=0x3fff).contains(&a);
    // 6to4, Teredo and its neighbours, and ISATAP, which uses the second half. <https://www.rfc-editor.org/rfc/rfc5214>
    let carries_v4 = a == 0x2002 || (a == 0x2001 && b < 0x0200) || ((e & !0x0200) == 0 && f == 0x5efe);
    let documents = (a == 0x2001 && b == 0x0db8) || (a == 0x3fff && b < 0x1000);
    !public || carries_v4 || documents
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[track_caller]
    fn check(text: &str, wanted: Expect) {
        let said = match text.parse::<HttpsUrl>() {
            Ok(url) => url.as_str().to_owned(),
            Err(error) => format!("error: {error}"),
        };
        wanted.assert_eq(&said);
    }

    #[test]
    fn urls_are_normalized() {
        check("https://Hooks.Example.com", expect!["https://hooks.example.com/"]);
        check("HTTPS://hooks.example.com:443/a/../b?c=d", expect!["https://hooks.example.com/b?c=d"]);
        check("https://bücher.example/", expect!["https://xn--bcher-kva.example/"]);
        check("https://hooks.example.com:8443/a", expect!["https://hooks.example.com:8443/a"]);
        check("https://1.1.1.1/", expect!["https://1.1.1.1/"]);
        check("https://[2606:4700:4700::1111]/", expect!["https://[2606:4700:4700::1111]/"]);
    }

    #[test]
    fn only_plain_https_urls_are_accepted() {
        for text in
            ["", "hooks.example.com", "http://hooks.example.com", "ftp://a.example", "https://", "https:// a.example"]
        {
            assert_eq!(text.parse::<HttpsUrl>(), Err(UrlError::NotHttps), "{text:?}");
        }
        for text in [
            "https://a.example/\n",
            "https://a\\b.example",
            "https://a.example/\t",
            "javascript:alert(1)",
            "https:\\\\a.example",
        ] {
            assert_eq!(text.parse::<HttpsUrl>(), Err(UrlError::NotHttps), "{text:?}");
        }
        check("https://ana@hooks.example.com", expect!["error: must not have a user name or a password in it"]);
        check("https://:x@hooks.example.com", expect!["error: must not have a user name or a password in it"]);
        check("https://hooks.example.com/#a", expect!["error: must not have a fragment (#...)"]);
        check(&format!("https://a.example/{}", "x".repeat(2_048)), expect!["error: must have at most 2048 characters"]);
        check(&format!("https://a.example/{}", "ü".repeat(1_000)), expect!["error: must have at most 2048 characters"]);
    }

    #[test]
    fn hosts_that_cannot_exist_are_refused() {
        let long = format!("{}.example.com", "a".repeat(64));
        for host in
            ["example..com", ".example.com", "-a.example.com", "a-.example.com", "example.c", "a.b$c.com", &long]
        {
            let url = format!("https://{host}/");
            assert_eq!(url.parse::<HttpsUrl>(), Err(UrlError::HostName), "{host}");
            let stored = serde_json::Value::from(url.clone());
            assert_eq!(serde_json::from_value::<HttpsUrl>(stored).unwrap().as_str(), url, "stored ones stay readable");
        }
        let label = format!("{}.example.com", "a".repeat(63));
        for host in
            ["my_app.example.com", "a--b.example.com", "1.example.com", "example.com.", "b\u{fc}cher.de", &label]
        {
            assert!(format!("https://{host}/").parse::<HttpsUrl>().is_ok(), "{host}");
        }
    }

    #[test]
    fn inward_hosts_are_refused_in_every_spelling() {
        let hosts = [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f.0.0.1",
            "0x7f000001",
            "0177.0.0.1",
            "127.0.0.1.",
            "0",
            "0.0.0.0",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "0xa9fea9fe",
            "100.64.0.1",
            "100.127.255.255",
            "192.0.0.8",
            "192.88.99.1",
            "198.18.0.1",
            "198.19.255.255",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
            "①②⑦.0.0.1",
            "127。0。0。1",
            "%31%32%37.0.0.1",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:10.0.0.1]",
            "[::ffff:1.1.1.1]",
            "[::127.0.0.1]",
            "[fe80::1]",
            "[fc00::1]",
            "[fd00:ec2::254]",
            "[fec0::1]",
            "[ff02::1]",
            "[64:ff9b::7f00:1]",
            "[64:ff9b:1::1]",
            "[2002:7f00:1::1]",
            "[2001::1]",
            "[2001:db8::1]",
            "[3fff::1]",
            "[100::1]",
            "[5f00::1]",
            "[2600:1f18::5efe:a00:1]",
            "[2600:1f18::200:5efe:a00:1]",
            "168.63.129.16",
            "router.lan",
            "wiki.corp",
            "localhost.localdomain",
            "localhost",
            "LOCALHOST",
            "localhost.",
            "a.localhost",
            "printer.local",
            "metadata.google.internal",
            "intranet",
            "router.home.arpa",
            "a.onion",
            "a.invalid",
        ];
        for host in hosts {
            assert_eq!(format!("https://{host}/").parse::<HttpsUrl>(), Err(UrlError::Inward), "{host}");
        }
        for host in ["mylocalhost.example", "172.32.0.1", "100.128.0.1", "11.0.0.1", "[2600::1]", "local.example"] {
            assert!(format!("https://{host}/").parse::<HttpsUrl>().is_ok(), "{host}");
        }
    }

    #[test]
    fn only_443_and_the_operators_ports_are_allowed() {
        let said = |ports: &str, url: &str| {
            let ports: Ports = ports.parse().unwrap();
            ports.admit(&url.parse().unwrap()).map_err(|closed| closed.to_string())
        };
        for url in ["https://a.example/", "https://a.example:443/"] {
            assert_eq!(Ports::default().admit(&url.parse().unwrap()), Ok(()));
            assert_eq!(said("8443", url), Ok(()), "443 is always allowed");
        }
        assert_eq!(said("443, 8443", "https://a.example:8443/"), Ok(()));
        for (ports, url, open) in [
            ("443", "https://a.example:8443/", "443"),
            ("443,8443,9000", "https://a.example:22/", "443, 8443, 9000"),
            ("8443", "https://a.example:0/", "443, 8443"),
            ("8443", "https://[2606:4700:4700::1111]:844/", "443, 8443"),
        ] {
            assert_eq!(said(ports, url), Err(format!("must use one of these ports: {open}")));
        }
        for text in ["", "0", "443,", "65536", "-1", "https", "443;8443", "443 8443", "1-65535"] {
            assert_eq!(text.parse::<Ports>(), Err(InvalidPorts), "{text:?}");
        }
    }

    #[test]
    fn debug_output_hides_the_url() {
        assert_eq!(format!("{:?}", "https://a.example/key".parse::<HttpsUrl>()), "Ok(HttpsUrl(…))");
    }
}
