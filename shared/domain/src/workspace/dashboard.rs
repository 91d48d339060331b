//! Addresses of the dashboard pages that e-mails and Stripe's pages link to. They are defined only here, so that the
//! dashboard and the API agree. The origin is configuration and is passed as an argument.

use crate::{ids::WorkspaceId, notifications::published::PagePath};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::fmt;

/// A page of the dashboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DashboardPage<'a> {
    /// The overview of a workspace.
    Overview(WorkspaceId),
    /// The billing of a workspace.
    Billing(WorkspaceId),
    /// The billing of a workspace, after a payment. Stripe fills in the id of the checkout session.
    Paid(WorkspaceId),
    /// The billing of a workspace, after a Stripe page was left without paying.
    NotPaid(WorkspaceId),
    /// The integrations of a workspace.
    Integrations(WorkspaceId),
    /// The API keys of a workspace.
    ApiKeys(WorkspaceId),
    /// The members and invitations of a workspace.
    Team(WorkspaceId),
    /// The preferences of a member for notifications of a workspace.
    Notifications(WorkspaceId),
    /// A page below that of a workspace, to which its container leads.
    Below(WorkspaceId, &'a PagePath),
    /// The page that accepts the invitation with this token. It is open to users without a workspace.
    Invitation(&'a str),
}

impl DashboardPage<'_> {
    /// The address of the page at `origin`, which has no path.
    #[must_use]
    pub fn at(self, origin: &str) -> String {
        format!("{origin}{self}")
    }
}

/// Writes the path and the query.
impl fmt::Display for DashboardPage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overview(workspace) => write!(f, "/w/{workspace}"),
            Self::Billing(workspace) => write!(f, "/w/{workspace}/settings/billing"),
            Self::Paid(workspace) => {
                let billing = Self::Billing(*workspace);
                write!(f, "{billing}?checkout=success&session_id={{CHECKOUT_SESSION_ID}}")
            }
            Self::NotPaid(workspace) => write!(f, "{}?checkout=cancelled", Self::Billing(*workspace)),
            Self::ApiKeys(workspace) => write!(f, "/w/{workspace}/settings/api-keys"),
            Self::Integrations(workspace) => write!(f, "/w/{workspace}/settings/integrations"),
            Self::Team(workspace) => write!(f, "/w/{workspace}/settings/team"),
            Self::Notifications(workspace) => write!(f, "/w/{workspace}/settings/notifications"),
            Self::Below(workspace, path) => write!(f, "/w/{workspace}{path}"),
            Self::Invitation(token) => {
                // Everything but letters and digits is encoded, because mail programs end a link at punctuation.
                write!(f, "/signup?invite={}", utf8_percent_encode(token, NON_ALPHANUMERIC))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_page_of_a_workspace_names_it() {
        let id: WorkspaceId = "ws_01K9ZX3V8Q4M7N2P5R6S8T9W0Y".parse().unwrap();
        let rows = [
            (DashboardPage::Overview(id), ""),
            (DashboardPage::Billing(id), "/settings/billing"),
            (DashboardPage::Paid(id), "/settings/billing?checkout=success&session_id={CHECKOUT_SESSION_ID}"),
            (DashboardPage::NotPaid(id), "/settings/billing?checkout=cancelled"),
            (DashboardPage::Integrations(id), "/settings/integrations"),
            (DashboardPage::ApiKeys(id), "/settings/api-keys"),
            (DashboardPage::Team(id), "/settings/team"),
        ];
        for (page, rest) in rows {
            assert_eq!(page.at("https://app.example.com"), format!("https://app.example.com/w/{id}{rest}"));
        }
    }

    #[test]
    fn a_token_is_encoded_in_the_query() {
        let page = DashboardPage::Invitation("a.b&c=d#e");
        assert_eq!(page.at("https://app.example.com"), "https://app.example.com/signup?invite=a%2Eb%26c%3Dd%23e");
    }
}
