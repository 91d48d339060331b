//! Text and HTML of letters. Subjects are fixed. Names chosen by users are left out if they may contain an address or a
//! domain, and are escaped in HTML.

use domain::{
    email::Email,
    identity::access::Role,
    integrations::Cause,
    text::{IntegrationName, SuspensionReason, WorkspaceName},
};
use html_escape::encode_safe;
use jiff::Timestamp;

/// A letter, ready to send.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// Subject line.
    pub subject: String,
    /// Plain text body.
    pub text: String,
    /// HTML body.
    pub html: String,
    /// Link with which the recipient unsubscribes, for letters that can be stopped.
    pub stop: Option<String>,
}

/// Hides the contents: a letter may contain a token, and debug output may end up in the log.
impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Letter(…)")
    }
}

/// Contents of the letter of an invitation.
#[derive(Debug, Clone, Copy)]
pub struct Invitation<'a> {
    /// Verified address of the inviting member.
    pub inviter: &'a Email,
    /// Name of the workspace.
    pub workspace: &'a WorkspaceName,
    /// Offered role.
    pub role: Role,
    /// Link with which the invitation is accepted.
    pub link: &'a str,
    /// Time at which the invitation expires.
    pub expires_at: Timestamp,
    /// Link with which the recipient unsubscribes.
    pub stop: &'a str,
}

/// Contents of the letter about a disabled integration.
#[derive(Debug, Clone, Copy)]
pub struct IntegrationDisabled<'a> {
    /// Name of the workspace.
    pub workspace: &'a WorkspaceName,
    /// Name of the integration.
    pub integration: &'a IntegrationName,
    /// Cause of the disabling.
    pub cause: Cause,
    /// URL of the dashboard's page of integrations.
    pub page: &'a str,
    /// Link with which the recipient unsubscribes.
    pub stop: &'a str,
}

impl From<Invitation<'_>> for Letter {
    fn from(about: Invitation<'_>) -> Self {
        let Invitation { inviter, workspace, role, link, expires_at, stop } = about;
        let until = expires_at.strftime("%-d %B %Y, %H:%M UTC");
        let (inviter, place) = (inviter.written(), Named::of("workspace", "a workspace", workspace.safe_for_mail()));
        let text = format!(
            "{inviter} invites you to join {} as {role}.\n\n\
             To accept, open this link:\n{link}\n\n\
             It works once, for this e-mail address, until {until}.\n\
             If you did not expect this, you can ignore it.\n{}",
            place.text,
            stop_text(stop)
        );
        let (by, href) = (encode_safe(inviter), encode_safe(link));
        let html = format!(
            "<!doctype html><html lang=\"en\"><body>\
             <p>{by} invites you to join {} as {role}.</p>\
             <p><a href=\"{href}\">Accept the invitation</a></p>\
             <p>The link works once, for this e-mail address, until {until}.<br>\
             If you did not expect this, you can ignore it.</p>{}\
             </body></html>",
            place.html,
            stop_html(stop)
        );
        Self { subject: "You are invited to join a workspace".to_owned(), text, html, stop: Some(stop.to_owned()) }
    }
}

impl From<IntegrationDisabled<'_>> for Letter {
    fn from(about: IntegrationDisabled<'_>) -> Self {
        let IntegrationDisabled { workspace, integration, cause, page, stop } = about;
        let why = cause.words();
        let which = Named::of("integration", "an integration", integration.safe_for_mail());
        let place = Named::of("workspace", "one of your workspaces", workspace.safe_for_mail());
        let text = format!(
            "In {}, {} was disabled: {why}.\n\n\
             Events are no longer sent to it. Once its receiver works again, enable it here:\n{page}\n{}",
            place.text,
            which.text,
            stop_text(stop)
        );
        let href = encode_safe(page);
        let html = format!(
            "<!doctype html><html lang=\"en\"><body>\
             <p>In {}, {} was disabled: {why}.</p>\
             <p>Events are no longer sent to it. Once its receiver works again, \
             <a href=\"{href}\">enable it</a>.</p>{}\
             </body></html>",
            place.html,
            which.html,
            stop_html(stop)
        );
        Self { subject: "An integration was disabled".to_owned(), text, html, stop: Some(stop.to_owned()) }
    }
}

fn stop_text(stop: &str) -> String {
    format!("\nTo stop these e-mails, open this link and confirm:\n{stop}\n")
}

fn stop_html(stop: &str) -> String {
    format!("<p><a href=\"{}\">Stop these e-mails</a></p>", encode_safe(stop))
}

/// A named object, as mentioned in a letter.
pub(super) struct Named {
    /// Mention in text.
    pub(super) text: String,
    /// Mention in HTML.
    pub(super) html: String,
}

impl Named {
    /// Mentions the reader's own object of this `kind`, with its name if letters may contain it.
    fn own(kind: &str, name: Option<&str>) -> Self {
        match name {
            Some(name) => Self {
                text: format!("{kind} \"{name}\""),
                html: format!("{kind} <strong>{}</strong>", encode_safe(name)),
            },
            None => Self { text: kind.to_owned(), html: kind.to_owned() },
        }
    }

    /// Mentions an object of this `kind` with its name, or as `anonymous` if letters may not contain the name.
    pub(super) fn of(kind: &str, anonymous: &str, name: Option<&str>) -> Self {
        match name {
            Some(name) => Self {
                text: format!("the {kind} \"{name}\""),
                html: format!("the {kind} <strong>{}</strong>", encode_safe(name)),
            },
            None => Self { text: anonymous.to_owned(), html: anonymous.to_owned() },
        }
    }
}

/// Builds the letter to an owner about the suspension of their workspace.
#[must_use]
pub fn suspended(workspace: &WorkspaceName, reason: &SuspensionReason, dashboard: &str) -> Letter {
    let place = Named::own("workspace", workspace.safe_for_mail());
    let what = "was suspended by the operator of the service";
    let then = "Its runtime is stopped, and nothing is sent to its integrations. Nothing is deleted: you can still read, pay, \
                leave and delete it. Contact support to have the suspension lifted.";
    let text = format!("Your {} {what}.\n\nThe reason: {reason}\n\n{then}\n\n{dashboard}\n", place.text);
    let (why, href) = (encode_safe(reason.as_str()), encode_safe(dashboard));
    let html = format!(
        "<!doctype html><html lang=\"en\"><body>\
         <p>Your {} {what}.</p>\
         <p>The reason: {why}</p>\
         <p>{then}</p>\
         <p><a href=\"{href}\">Open the dashboard</a></p>\
         </body></html>",
        place.html
    );
    Letter { subject: "Your workspace was suspended".to_owned(), text, html, stop: None }
}

/// Builds the letter to an owner about the end of a suspension.
#[must_use]
pub fn unsuspended(workspace: &WorkspaceName, dashboard: &str) -> Letter {
    let place = Named::own("workspace", workspace.safe_for_mail());
    let what = "is no longer suspended";
    let then = "Its runtime starts again if it was meant to run. Events during the suspension were not sent to its integrations.";
    let text = format!("Your {} {what}.\n\n{then}\n\n{dashboard}\n", place.text);
    let href = encode_safe(dashboard);
    let html = format!(
        "<!doctype html><html lang=\"en\"><body>\
         <p>Your {} {what}.</p>\
         <p>{then}</p>\
         <p><a href=\"{href}\">Open the dashboard</a></p>\
         </body></html>",
        place.html
    );
    Letter { subject: "Your workspace is no longer suspended".to_owned(), text, html, stop: None }
}

/// Builds the letter to an owner or admin about a member whom the operator made an owner. `owner` is the member's
/// verified address.
#[must_use]
pub fn owner_set(workspace: &WorkspaceName, owner: Option<&Email>, dashboard: &str) -> Letter {
    let place = Named::own("workspace", workspace.safe_for_mail());
    let who = owner.map_or("A member", Email::written);
    let what = "is now an owner of your";
    let then = "The operator of the service made this change. Owners may do everything in the workspace, and can change the \
                roles of other owners. If you did not expect this, contact support.";
    let text = format!("{who} {what} {}.\n\n{then}\n\n{dashboard}\n", place.text);
    let (who, href) = (encode_safe(who), encode_safe(dashboard));
    let html = format!(
        "<!doctype html><html lang=\"en\"><body>\
         <p>{who} {what} {}.</p>\
         <p>{then}</p>\
         <p><a href=\"{href}\">Open the dashboard</a></p>\
         </body></html>",
        place.html
    );
    Letter { subject: "Your workspace has a new owner".to_owned(), text, html, stop: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    const STOP: &str = "https://api.example.com/api/v1/letters/stop/a.b&c";

    fn invitation(name: &str) -> Letter {
        Letter::from(Invitation {
            inviter: &"ana@example.com".parse().unwrap(),
            workspace: &name.parse().unwrap(),
            role: Role::Admin,
            link: "https://app.example.com/signup?invite=a.b&c",
            expires_at: "2026-11-08T09:30:00Z".parse().unwrap(),
            stop: STOP,
        })
    }

    fn disabled(workspace: &str, integration: &str) -> Letter {
        Letter::from(IntegrationDisabled {
            workspace: &workspace.parse().unwrap(),
            integration: &integration.parse().unwrap(),
            cause: Cause::Gone,
            page: "https://app.example.com",
            stop: STOP,
        })
    }

    #[test]
    fn invitation_names_inviter_workspace_role_link_and_end() {
        let letter = invitation("Acme <b>& Co</b>");
        expect!["You are invited to join a workspace"].assert_eq(&letter.subject);
        expect![[r#"
            ana@example.com invites you to join the workspace "Acme <b>& Co</b>" as admin.

            To accept, open this link:
            https://app.example.com/signup?invite=a.b&c

            It works once, for this e-mail address, until 8 November 2026, 09:30 UTC.
            If you did not expect this, you can ignore it.

            To stop these e-mails, open this link and confirm:
            https://api.example.com/api/v1/letters/stop/a.b&c
        "#]]
        .assert_eq(&letter.text);
        expect![[r#"<!doctype html><html lang="en"><body><p>ana@example.com invites you to join the workspace <strong>Acme &lt;b&gt;&amp; Co&lt;&#x2F;b&gt;</strong> as admin.</p><p><a href="https:&#x2F;&#x2F;app.example.com&#x2F;signup?invite=a.b&amp;c">Accept the invitation</a></p><p>The link works once, for this e-mail address, until 8 November 2026, 09:30 UTC.<br>If you did not expect this, you can ignore it.</p><p><a href="https:&#x2F;&#x2F;api.example.com&#x2F;api&#x2F;v1&#x2F;letters&#x2F;stop&#x2F;a.b&amp;c">Stop these e-mails</a></p></body></html>"#]].assert_eq(&letter.html);
    }

    #[test]
    fn disabled_integration_is_named_with_the_reason() {
        let letter = disabled("Acme & Co", "Our <hook>");
        expect!["An integration was disabled"].assert_eq(&letter.subject);
        expect![[r#"
            In the workspace "Acme & Co", the integration "Our <hook>" was disabled: the receiver answered 410: it is gone for good.

            Events are no longer sent to it. Once its receiver works again, enable it here:
            https://app.example.com

            To stop these e-mails, open this link and confirm:
            https://api.example.com/api/v1/letters/stop/a.b&c
        "#]].assert_eq(&letter.text);
        assert!(letter.html.contains("Our &lt;hook&gt;") && !letter.html.contains("<hook>"), "{}", letter.html);
    }

    #[test]
    fn suspension_has_no_free_text_in_subject_or_markup() {
        let (name, reason) = ("Acme <b>".parse().unwrap(), "Spam <script> & co".parse().unwrap());
        let letters =
            [suspended(&name, &reason, "https://app.example.com"), unsuspended(&name, "https://app.example.com")];
        expect![[r#"
            Your workspace "Acme <b>" was suspended by the operator of the service.

            The reason: Spam <script> & co

            Its runtime is stopped, and nothing is sent to its integrations. Nothing is deleted: you can still read, pay, leave and delete it. Contact support to have the suspension lifted.

            https://app.example.com
        "#]].assert_eq(&letters[0].text);
        expect![[r#"
            Your workspace "Acme <b>" is no longer suspended.

            Its runtime starts again if it was meant to run. Events during the suspension were not sent to its integrations.

            https://app.example.com
        "#]]
        .assert_eq(&letters[1].text);
        assert!(letters[0].html.contains("Spam &lt;script&gt; &amp; co"), "{}", letters[0].html);
        for letter in letters {
            assert!(!letter.subject.contains("Acme") && !letter.subject.contains("Spam"), "{}", letter.subject);
            assert!(!letter.html.contains("<b>") && !letter.html.contains("<script>"), "{}", letter.html);
        }
    }

    #[test]
    fn name_with_a_domain_is_left_out_of_all_parts() {
        let name = "Your account is locked. Go to www.evil.example";
        for letter in [invitation(name), disabled(name, name)] {
            let whole = format!("{}{}{}", letter.subject, letter.text, letter.html);
            assert!(!whole.contains("locked") && !whole.contains("evil"), "{whole}");
        }
        assert!(invitation(name).text.starts_with("ana@example.com invites you to join a workspace as admin."));
        assert!(disabled(name, name).text.starts_with("In one of your workspaces, an integration was disabled: "));
    }

    #[test]
    fn subjects_do_not_depend_on_names() {
        for (one, other) in
            [(invitation("One"), invitation("Other")), (disabled("One", "One"), disabled("Other", "Other"))]
        {
            assert_eq!(one.subject, other.subject);
        }
    }

    #[test]
    fn debug_output_hides_the_letter() {
        let letter = Letter { subject: "s".to_owned(), text: "token".to_owned(), html: "token".to_owned(), stop: None };
        assert_eq!(format!("{letter:?}"), "Letter(…)");
    }
}
