//! Letters in English.

use super::Words;
use crate::{
    content::{Fact, Name, Passage},
    moment::LocalTime,
    price::{Amount, PriceChange},
};
use domain::{
    email::Email, identity::access::Role, integrations::Cause, notifications::shelf::Category, plans::money::Interval,
};

pub(super) struct English;

const ADMINS: &str = "You get this e-mail because you are an owner or an admin of the workspace.";
const OWNERS: &str = "You get this e-mail because you are an owner of the workspace.";

/// "the workspace Acme", at the beginning of a sentence or within one.
fn inside(workspace: Option<Name<'_>>) -> String {
    workspace.map_or_else(|| "one of your workspaces".to_owned(), |name| format!("the workspace {name}"))
}

fn yours(workspace: Option<Name<'_>>) -> String {
    workspace.map_or_else(|| "workspace".to_owned(), |name| format!("workspace {name}"))
}

fn date(at: &LocalTime) -> String {
    at.date.strftime("%-d %B %Y").to_string()
}

fn price(amount: Amount, change: &PriceChange) -> String {
    let seat = if change.is_by_seat { " for each seat" } else { "" };
    let interval = match change.interval {
        Interval::Month => "a month",
        Interval::Year => "a year",
    };
    format!("{} {interval}{seat}", amount.currency.write(amount.minor_units))
}

impl Words for English {
    fn quotes(&self) -> [&'static str; 2] {
        ["\"", "\""]
    }

    fn moment(&self, at: &LocalTime) -> String {
        let LocalTime { clock, zone, offset, .. } = at;
        let date = date(at);
        if zone == offset { format!("{date}, {clock} UTC") } else { format!("{date}, {clock} ({zone}, {offset})") }
    }

    fn short_moment(&self, at: &LocalTime) -> String {
        format!("{}, {} {}", date(at), at.clock, at.offset)
    }

    fn stop(&self) -> &'static str {
        "Stop these e-mails"
    }

    fn preferences(&self) -> &'static str {
        "Notification preferences"
    }

    fn support(&self) -> &'static str {
        "Support"
    }

    fn category(&self, category: Category) -> &'static str {
        match category {
            Category::Info => "Info",
            Category::Success => "Success",
            Category::Warning => "Warning",
            Category::Error => "Error",
        }
    }

    fn untitled(&self) -> &'static str {
        "Notification"
    }

    fn further(&self, more: u64) -> String {
        match more {
            1 => "One more notification is unread.".to_owned(),
            more => format!("{more} more notifications are unread."),
        }
    }

    fn invitation(&self, inviter: &Email, workspace: Option<Name<'_>>, role: Role, until: &str) -> Passage {
        let inviter = inviter.written();
        let place = workspace.map_or_else(|| "a workspace".to_owned(), |name| format!("the workspace {name}"));
        let role = match role {
            Role::Viewer => "a viewer",
            Role::Member => "a member",
            Role::Admin => "an admin",
            Role::Owner => "an owner",
        };
        Passage {
            subject: "You are invited to join a workspace".to_owned(),
            lead: vec![format!("{inviter} invites you to join {place} as {role}.")],
            facts: vec![],
            action: "Accept the invitation",
            notes: vec![
                format!("The link works once, for this e-mail address, until {until}."),
                "If you did not expect this invitation, you can ignore it.".to_owned(),
            ],
            reason: format!("You get this e-mail because {inviter} invited your address."),
        }
    }

    fn integration_disabled(
        &self,
        workspace: Option<Name<'_>>,
        integration: Option<Name<'_>>,
        cause: Cause,
    ) -> Passage {
        let which = integration.map_or_else(|| "an integration".to_owned(), |name| format!("the integration {name}"));
        Passage {
            subject: "An integration was disabled".to_owned(),
            lead: vec![
                format!("In {}, {which} was disabled: {}.", inside(workspace), cause.words()),
                "Events are no longer sent to it. Enable it again once its receiver works.".to_owned(),
            ],
            facts: vec![],
            action: "Open the integrations",
            notes: vec![],
            reason: ADMINS.to_owned(),
        }
    }

    fn payment_failed(&self, workspace: Option<Name<'_>>, plan: &str, until: Option<&str>) -> Passage {
        let then = until.map_or_else(
            || "The plan is not in force until it is paid.".to_owned(),
            |until| format!("The plan stays in force until {until}."),
        );
        Passage {
            subject: "A payment failed".to_owned(),
            lead: vec![
                format!("In {}, the payment for the plan {plan} did not go through.", inside(workspace)),
                format!("{then} Pay the invoice, or choose another payment method."),
            ],
            facts: vec![],
            action: "Open billing",
            notes: vec![],
            reason: ADMINS.to_owned(),
        }
    }

    fn trial_ending(&self, workspace: Option<Name<'_>>, plan: &str, end: &str) -> Passage {
        Passage {
            subject: "The trial ends soon".to_owned(),
            lead: vec![
                format!("In {}, the trial of the plan {plan} ends on {end}.", inside(workspace)),
                "It then continues as a paid plan. To avoid the charge, cancel before that date.".to_owned(),
            ],
            facts: vec![],
            action: "See the plan",
            notes: vec![],
            reason: ADMINS.to_owned(),
        }
    }

    fn plan_lapsed(&self, workspace: Option<Name<'_>>, plan: &str, unpaid: &str) -> Passage {
        Passage {
            subject: "The plan has lapsed".to_owned(),
            lead: vec![
                format!("In {}, the plan {plan} was not paid in time and is no longer in force.", inside(workspace)),
                format!("The runtime is stopped, and the limits of the plan {unpaid} apply."),
            ],
            facts: vec![],
            action: "Pay the invoice",
            notes: vec!["Nothing is deleted. The plan is in force again once it is paid.".to_owned()],
            reason: ADMINS.to_owned(),
        }
    }

    fn plan_migrated(&self, workspace: Option<Name<'_>>, plan: &str, change: &PriceChange, at: &str) -> Passage {
        let place = inside(workspace);
        let (what, then) = if change.is_made {
            (
                format!("In {place}, the terms and limits of the plan {plan} have changed."),
                Some(format!("Nothing is charged before {at}.")),
            )
        } else {
            (format!("In {place}, the terms and limits of the plan {plan} change on {at}."), None)
        };
        let after = price(change.after, change);
        let facts = match change.before {
            Some(before) if before == change.after => vec![Fact::new("Price, as before", after)],
            Some(before) => {
                vec![Fact::new("Price until then", price(before, change)), Fact::new("Price from then on", after)]
            }
            None => vec![Fact::new("Price from then on", after)],
        };
        Passage {
            subject: "Your plan changes".to_owned(),
            lead: [what].into_iter().chain(then).collect(),
            facts,
            action: "See the plan",
            notes: vec!["If you do not want the new terms, choose another plan or cancel before that date.".to_owned()],
            reason: ADMINS.to_owned(),
        }
    }

    fn suspended(&self, workspace: Option<Name<'_>>, reason: &str) -> Passage {
        Passage {
            subject: "Your workspace was suspended".to_owned(),
            lead: vec![
                format!("Your {} was suspended by the operator of the service.", yours(workspace)),
                "Its runtime is stopped, and nothing is sent to its integrations.".to_owned(),
            ],
            facts: vec![Fact::new("Reason", reason)],
            action: "Open the workspace",
            notes: vec![
                "Nothing is deleted: you can still read, pay, leave and delete the workspace. Contact support to have the \
                 suspension lifted."
                    .to_owned(),
            ],
            reason: OWNERS.to_owned(),
        }
    }

    fn unsuspended(&self, workspace: Option<Name<'_>>) -> Passage {
        Passage {
            subject: "Your workspace is no longer suspended".to_owned(),
            lead: vec![
                format!("Your {} is no longer suspended.", yours(workspace)),
                "Its runtime starts again if it was meant to run. Events during the suspension were not sent to its \
                 integrations."
                    .to_owned(),
            ],
            facts: vec![],
            action: "Open the workspace",
            notes: vec![],
            reason: OWNERS.to_owned(),
        }
    }

    fn owner_set(&self, workspace: Option<Name<'_>>, owner: Option<&Email>) -> Passage {
        let who = owner.map_or("A member", Email::written);
        Passage {
            subject: "Your workspace has a new owner".to_owned(),
            lead: vec![
                format!("{who} is now an owner of your {}.", yours(workspace)),
                "The operator of the service made this change. Owners may do everything in the workspace, and can change \
                 the roles of other owners."
                    .to_owned(),
            ],
            facts: vec![],
            action: "Open the workspace",
            notes: vec!["If you did not expect this, contact support.".to_owned()],
            reason: ADMINS.to_owned(),
        }
    }

    fn notification(&self, workspace: Option<Name<'_>>, category: Category, body: Option<&str>, at: &str) -> Passage {
        let subject = match category {
            Category::Info => "There is news in your workspace",
            Category::Success => "Something succeeded in your workspace",
            Category::Warning => "Something in your workspace needs attention",
            Category::Error => "Something in your workspace does not work",
        };
        let place = workspace.map(|name| Fact::new("Workspace", name));
        Passage {
            subject: subject.to_owned(),
            lead: body.map(str::to_owned).into_iter().collect(),
            facts: place.into_iter().chain([Fact::new("Time", at)]).collect(),
            action: "Show more",
            notes: vec![],
            reason: "You get this e-mail because you are a member of the workspace.".to_owned(),
        }
    }

    fn digest(&self, workspace: Option<Name<'_>>, unread: u64) -> Passage {
        let place = inside(workspace);
        let (subject, lead) = match unread {
            1 => ("One unread notification".to_owned(), format!("There is one unread notification in {place}.")),
            unread => (
                format!("{unread} unread notifications"),
                format!("There are {unread} unread notifications in {place}."),
            ),
        };
        Passage {
            subject,
            lead: vec![lead],
            facts: vec![],
            action: "Open the inbox",
            notes: vec![],
            reason: "You get this e-mail because you are a member of the workspace.".to_owned(),
        }
    }
}
