//! Finds the vendor that a request is meant for, by the addresses that the product takes.

use crate::Received;
use domain::integrations::vendor::{SENTRY, VENDORS, Vendor};
use url::Url;

/// Returns the vendor that a request is meant for, by the addresses that the product takes; `None` if it is a webhook of a
/// customer.
///
/// # Errors
/// The vendor's objection, if the address is none of its own, or is switched off.
pub(crate) fn receiver(request: &Received) -> Result<Option<&'static Vendor>, String> {
    // Sentry may be at any host.
    if !request.header("x-sentry-auth").is_empty() {
        return Ok(Some(&SENTRY));
    }
    let url: Url =
        format!("https://{}{}", request.host, request.target).parse().map_err(|_| "no address".to_owned())?;
    for vendor in VENDORS {
        if let Some(retired) = vendor.retired(&url) {
            return Err(format!("switched off: {}", retired.form.about));
        }
        if vendor.takes(&url) {
            return Ok(Some(vendor));
        }
        // A host of the vendor with another path.
        if vendor.hosts().any(|host| host == request.host) {
            return Err(format!("{} is no path of {}", request.target, vendor.kind));
        }
    }
    Ok(None)
}
