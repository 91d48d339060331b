//! Names of hosts on the public Internet, in ASCII. A name that breaks the rules of the DNS can be registered by nobody,
//! so nothing behind it can ever be reached.

use idna::{
    AsciiDenyList,
    uts46::{DnsLength, Hyphens, Uts46},
};

/// ASCII that no part of a host name has. Unlike in domains of e-mail, an underscore is allowed: a wildcard certificate
/// covers `my_app.example.com`, and browsers and TLS clients reach it.
const OUTSIDE_OF_HOSTS: AsciiDenyList = AsciiDenyList::new(true, "!\"#$%&'()*+,/:;<=>?@[\\]^`{|}~");

/// True if `name` can be the name of a host. A final dot is allowed.
pub(crate) fn is_host(name: &str) -> bool {
    is_dns_name(name, OUTSIDE_OF_HOSTS, DnsLength::VerifyAllowRootDot)
}

/// True if `name` can be the domain of an e-mail address. <https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2>
pub(crate) fn is_mail_domain(name: &str) -> bool {
    is_dns_name(name, AsciiDenyList::STD3, DnsLength::Verify)
}

/// Applies Unicode Technical Standard 46: characters, hyphens at the ends, Punycode, and the lengths of the DNS.
fn is_dns_name(name: &str, denied: AsciiDenyList, length: DnsLength) -> bool {
    let valid = Uts46::new().to_ascii(name.as_bytes(), denied, Hyphens::CheckFirstLast, length).is_ok();
    valid && name.trim_end_matches('.').rsplit_once('.').is_some_and(|(_, last)| is_top_level(last))
}

/// True if `label` can be a top-level domain: at least two letters, or an internationalized name.
/// <https://www.rfc-editor.org/rfc/rfc3696#section-2>,
/// <https://newgtlds.icann.org/sites/default/files/guidebook-full-04jun12-en.pdf> (2.2.1.3.2)
fn is_top_level(label: &str) -> bool {
    let letters = label.len() >= 2 && label.bytes().all(|byte| byte.is_ascii_alphabetic());
    letters || label.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("xn--"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_dns_are_accepted() {
        let (label, longest) = ("a".repeat(63), format!("{0}.{0}.{0}.{1}.com", "a".repeat(63), "a".repeat(57)));
        for name in [
            "example.com",
            "EXAMPLE.Com",
            "a.de",
            "3com.com",
            "1.2.3.example",
            "0--0.example.com",
            "r3---sn-4g5e6nez.example.com",
            "my-host.co.uk",
            "xn--mnchen-3ya.example",
            "mail.xn--p1ai",
            "acme.xn--mgberp4a5d4ar",
            "a.b.c.d.e.f.example.museum",
            &format!("{label}.example.com"),
            &longest,
        ] {
            assert!(is_host(name) && is_mail_domain(name), "{name}");
        }
        assert!(is_host("my_app.example.com") && is_host("example.com."));
    }

    #[test]
    fn names_outside_of_the_dns_are_refused() {
        let long = format!("{}.example.com", "a".repeat(64));
        let too_long = format!("{0}.{0}.{0}.{1}.com", "a".repeat(63), "a".repeat(58));
        for name in [
            "",
            ".",
            "com",
            "example..com",
            ".example.com",
            "-a.example.com",
            "a-.example.com",
            "b.c#d",
            "exa!mple.com",
            "1.2.3.4",
            "example.1",
            "example.0x7f",
            "example.c",
            "example.c0m",
            "example.my_tld",
            "xn--a.example.com",
            "example com",
            &long,
            &too_long,
        ] {
            assert!(!is_host(name) && !is_mail_domain(name), "{name}");
        }
        assert!(!is_mail_domain("my_app.example.com") && !is_mail_domain("example.com."));
    }
}
