//! The addresses and limits of each vendor, with the vendor's page and the day on which it was read. Secrets are parsed by
//! this list, the stand-ins for receivers follow it, and docs/vendors.md is generated from it.

use url::Url;

/// What a vendor documents about its receivers.
#[derive(Debug)]
pub struct Vendor {
    /// Type of integration.
    pub kind: &'static str,
    /// The vendor's pages.
    pub pages: &'static [&'static str],
    /// Day on which the pages were read.
    pub checked: &'static str,
    /// Addresses that take requests. Empty if the customer names the host.
    pub forms: &'static [Form],
    /// Addresses that the vendor has switched off.
    pub retired: &'static [Retired],
    /// Limits on what is sent.
    pub limits: &'static [VendorLimit],
}

/// A form of addresses: `https`, one of these hosts, and a path.
#[derive(Debug)]
pub struct Form {
    /// Hosts. One that begins with a dot means all hosts below it.
    pub hosts: &'static [&'static str],
    /// Path, in which `*` is a part, `#` a number, `v#` a version, and a final `**` one or more parts.
    pub path: &'static str,
    /// What the address is, for people.
    pub about: &'static str,
}

/// Addresses that are switched off.
#[derive(Debug)]
pub struct Retired {
    /// The addresses.
    pub form: Form,
    /// What to use instead. It follows "must be".
    pub instead: &'static str,
    /// The vendor's page about it.
    pub page: &'static str,
}

/// A limit on a field of a request.
#[derive(Debug)]
pub struct VendorLimit {
    /// The field.
    pub field: &'static str,
    /// Maximum.
    pub most: usize,
    /// Unit of the maximum.
    pub unit: &'static str,
}

const fn limit(field: &'static str, most: usize, unit: &'static str) -> VendorLimit {
    VendorLimit { field, most, unit }
}

/// Datadog.
pub const DATADOG: Vendor = Vendor {
    kind: "datadog",
    pages: &[
        "https://docs.datadoghq.com/getting_started/site/",
        "https://docs.datadoghq.com/api/latest/events/#post-an-event",
    ],
    checked: "2026-11-28",
    forms: &[Form {
        hosts: &[
            "api.datadoghq.com",
            "api.us3.datadoghq.com",
            "api.us5.datadoghq.com",
            "api.datadoghq.eu",
            "api.ap1.datadoghq.com",
            "api.ap2.datadoghq.com",
            "api.ddog-gov.com",
            "api.us2.ddog-gov.com",
        ],
        path: "/api/v1/events",
        about: "the events API of a site",
    }],
    retired: &[],
    limits: &[
        limit("title", 100, "characters"),
        limit("text", 4_000, "characters"),
        limit("aggregation_key", 100, "characters"),
    ],
};

/// Discord.
pub const DISCORD: Vendor = Vendor {
    kind: "discord",
    pages: &[
        "https://discord.com/developers/docs/reference#api-reference",
        "https://discord.com/developers/docs/resources/webhook#execute-webhook",
    ],
    checked: "2026-11-28",
    forms: &[
        Form { hosts: &DISCORD_HOSTS, path: "/api/webhooks/#/*", about: "a channel's webhook" },
        Form { hosts: &DISCORD_HOSTS, path: "/api/v#/webhooks/#/*", about: "the same with a version of the API" },
    ],
    retired: &[],
    limits: &[limit("content", 2_000, "characters")],
};

const DISCORD_HOSTS: [&str; 4] = ["discord.com", "ptb.discord.com", "canary.discord.com", "discordapp.com"];

/// GitHub.
pub const GITHUB: Vendor = Vendor {
    kind: "github",
    pages: &[
        "https://docs.github.com/en/rest/repos/repos#create-a-repository-dispatch-event",
        "https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects",
    ],
    checked: "2026-11-28",
    forms: &[
        Form { hosts: &["api.github.com"], path: "/repos/*/*/dispatches", about: "a repository by its name" },
        Form {
            hosts: &["api.github.com"],
            path: "/repositories/#/dispatches",
            about: "a renamed repository, to which GitHub redirects",
        },
    ],
    retired: &[],
    limits: &[limit("event_type", 100, "characters"), limit("client_payload", 10, "properties")],
};

/// Microsoft Teams.
pub const MICROSOFT_TEAMS: Vendor = Vendor {
    kind: "microsoft_teams",
    pages: &[
        "https://support.microsoft.com/en-us/office/create-incoming-webhooks-with-workflows-for-microsoft-teams-8ae491c7-0394-4861-ba59-055e33f75498",
        "https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using",
    ],
    checked: "2026-11-28",
    forms: &[
        Form {
            hosts: &[".environment.api.powerplatform.com"],
            path: "/**",
            about: "a workflow of Teams or Power Automate",
        },
        Form { hosts: &[".logic.azure.com"], path: "/workflows/**", about: "a Logic App in the customer's own Azure" },
    ],
    retired: &[Retired {
        form: Form {
            hosts: &[".webhook.office.com", "outlook.office.com", "outlook.office365.com"],
            path: "/**",
            about: "an Office 365 connector",
        },
        instead: "the URL of a workflow, because Microsoft has switched off Office 365 connectors; in Teams, add the workflow \
                  \"Send webhook alerts to a channel\" and send its URL, https://….environment.api.powerplatform.com/…",
        page: "https://devblogs.microsoft.com/microsoft365dev/retirement-of-office-365-connectors-within-microsoft-teams/",
    }],
    limits: &[limit("message", 28 * 1024, "bytes")],
};

/// `PagerDuty`.
pub const PAGERDUTY: Vendor = Vendor {
    kind: "pagerduty",
    pages: &[
        "https://developer.pagerduty.com/docs/send-alert-event",
        "https://developer.pagerduty.com/docs/send-change-event",
    ],
    checked: "2026-11-28",
    forms: &[
        Form { hosts: &[PAGERDUTY_US, PAGERDUTY_EU], path: "/v2/enqueue", about: "alerts" },
        Form { hosts: &[PAGERDUTY_US, PAGERDUTY_EU], path: "/v2/change/enqueue", about: "changes" },
    ],
    retired: &[],
    limits: &[
        limit("routing_key", 32, "characters"),
        limit("dedup_key", 255, "characters"),
        limit("payload.summary", 1_024, "characters"),
    ],
};

/// Host of `PagerDuty`'s service region in the United States.
pub(super) const PAGERDUTY_US: &str = "events.pagerduty.com";
/// Host of `PagerDuty`'s service region in Europe.
pub(super) const PAGERDUTY_EU: &str = "events.eu.pagerduty.com";

/// Sentry, whose hosts may be the customer's own.
pub const SENTRY: Vendor = Vendor {
    kind: "sentry",
    pages: &[
        "https://develop.sentry.dev/sdk/data-model/envelopes/",
        "https://docs.sentry.io/platforms/rust/configuration/environments/",
    ],
    checked: "2026-11-28",
    forms: &[],
    retired: &[],
    limits: &[limit("environment", 64, "characters")],
};

/// Slack.
pub const SLACK: Vendor = Vendor {
    kind: "slack",
    pages: &[
        "https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks",
        "https://docs.slack.dev/tools/slack-github-action/sending-techniques/sending-data-webhook-slack-workflow",
    ],
    checked: "2026-11-28",
    forms: &[
        Form { hosts: &SLACK_HOSTS, path: "/services/*/*/*", about: "an incoming webhook" },
        Form {
            hosts: &SLACK_HOSTS,
            path: "/triggers/*/*/*",
            about: "a workflow that starts from a webhook and declares the variable `text` of the type Text, and no other",
        },
        Form { hosts: &SLACK_HOSTS, path: "/workflows/*/*/*/*", about: "the same, of the earlier Workflow Builder" },
    ],
    retired: &[],
    limits: &[limit("text", 40_000, "characters")],
};

const SLACK_HOSTS: [&str; 2] = ["hooks.slack.com", "hooks.slack-gov.com"];

/// The vendors, by type of integration. Only the generic webhook has none.
pub const VENDORS: [&Vendor; 7] = [&DATADOG, &DISCORD, &GITHUB, &MICROSOFT_TEAMS, &PAGERDUTY, &SENTRY, &SLACK];

impl Vendor {
    /// True if `url` has one of the vendor's forms.
    #[must_use]
    pub fn takes(&self, url: &Url) -> bool {
        self.forms.iter().any(|form| form.fits(url))
    }

    /// Returns the entry of the addresses that are switched off, if `url` is one of them.
    #[must_use]
    pub fn retired(&self, url: &Url) -> Option<&'static Retired> {
        self.retired.iter().find(|retired| retired.form.fits(url))
    }

    /// The maximum of `field`; 0 if the vendor has no such field.
    #[must_use]
    pub fn limit(&self, field: &str) -> usize {
        self.limits.iter().find(|limit| limit.field == field).map_or(0, |limit| limit.most)
    }

    /// All hosts that take requests.
    pub fn hosts(&self) -> impl Iterator<Item = &'static str> {
        self.forms.iter().flat_map(|form| form.hosts).copied()
    }
}

impl Form {
    /// True if `url` has this form.
    #[must_use]
    pub fn fits(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        let at_host = self.hosts.iter().any(|one| *one == host || (one.starts_with('.') && host.ends_with(one)));
        at_host && path_fits(self.path, url.path())
    }
}

/// True if `path` has this form.
fn path_fits(form: &str, path: &str) -> bool {
    let mut parts = path.split('/');
    for wanted in form.split('/') {
        if wanted == "**" {
            return parts.any(|part| !part.is_empty());
        }
        let fits = parts.next().is_some_and(|part| match wanted {
            "*" => !part.is_empty(),
            "#" => is_number(part),
            "v#" => part.strip_prefix('v').is_some_and(is_number),
            same => part == same,
        });
        if !fits {
            return false;
        }
    }
    parts.next().is_none()
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::integrations::IntegrationType;
    use expect_test::expect_file;
    use std::fmt::Write;

    #[test]
    fn every_vendor_is_a_type_and_only_the_webhook_has_none() {
        let types = IntegrationType::ALL.map(IntegrationType::name);
        let vendors: Vec<_> = VENDORS.iter().map(|vendor| vendor.kind).chain(["webhook"]).collect();
        assert_eq!(vendors, types);
    }

    #[test]
    fn forms_fit_whole_paths_and_hosts() {
        for (form, path, fits) in [
            ("/a/*/b", "/a/x/b", true),
            ("/a/*/b", "/a//b", false),
            ("/a/*/b", "/a/x/b/c", false),
            ("/a/*/b", "/a/x", false),
            ("/a/#", "/a/12", true),
            ("/a/#", "/a/1x", false),
            ("/v#/a", "/v10/a", true),
            ("/v#/a", "/v/a", false),
            ("/**", "/", false),
            ("/**", "/a/b", true),
            ("/a/**", "/a/", false),
            ("/a", "/a/", false),
        ] {
            assert_eq!(path_fits(form, path), fits, "{form} {path}");
        }
        let form = Form { hosts: &["a.example", ".b.example"], path: "/**", about: "" };
        for (url, fits) in [
            ("https://a.example/x", true),
            ("https://x.b.example/x", true),
            ("https://b.example/x", false),
            ("https://x.a.example/x", false),
            ("https://xb.example/x", false),
            ("https://x.b.example.evil.example/x", false),
        ] {
            assert_eq!(form.fits(&url.parse().unwrap()), fits, "{url}");
        }
    }

    #[test]
    fn page_lists_every_address_and_limit() {
        let mut page = "# Vendors\n\nAddresses that integrations send to, and limits on what they send. Generated from\n\
            `shared/domain/src/integrations/kind/vendor.rs` by `UPDATE_EXPECT=1 cargo test -p domain`.\n\n\
            In a path, `*` is any part, `#` a number, `v#` a version of the API, and `**` one or more parts. A host that begins \
            with\na dot means all hosts below it. An address that a vendor has switched off is refused, with the one to use \
            instead;\na stored one stays readable, and its deliveries fail with the class `retired`.\n"
            .to_owned();
        for Vendor { kind, pages, checked, forms, retired, limits } in VENDORS {
            write!(page, "\n## {kind}\n\n").unwrap();
            for form in *forms {
                writeln!(page, "- {}: {}", form.about, addresses(form)).unwrap();
            }
            if forms.is_empty() {
                writeln!(page, "- any public host that the customer names").unwrap();
            }
            for Retired { form, instead, page: about } in *retired {
                writeln!(page, "- switched off: {}: {}. Use {instead} ([page]({about})).", form.about, addresses(form))
                    .unwrap();
            }
            for VendorLimit { field, most, unit } in *limits {
                writeln!(page, "- `{field}`: at most {most} {unit}").unwrap();
            }
            let pages: Vec<_> = pages.iter().map(|page| format!("<{page}>")).collect();
            writeln!(page, "\nRead on {checked}: {}", pages.join(", ")).unwrap();
        }
        expect_file!["../../../../../docs/vendors.md"].assert_eq(&page);
    }

    fn addresses(form: &Form) -> String {
        let hosts: Vec<_> = form.hosts.iter().map(|host| format!("`{host}`")).collect();
        format!("{} `{}`", hosts.join(", "), form.path)
    }
}
