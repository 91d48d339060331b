//! What letters say, as text and as HTML. Names come from people: in HTML they are escaped.

use crate::domain::{
    access::Role,
    integration::Cause,
    text::{IntegrationName, SuspensionReason, WorkspaceName},
};
use html_escape::encode_safe;
use jiff::Timestamp;

/// A letter.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its subject line.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

/// A letter may hold a token, and whatever is printed for debugging may end in a log line.
impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Letter(…)")
    }
}

/// The letter that offers a seat.
#[must_use]
pub fn invitation(workspace: &WorkspaceName, role: Role, link: &str, expires_at: Timestamp) -> Letter {
    let until = expires_at.strftime("%-d %B %Y, %H:%M UTC");
    let subject = format!("You are invited to {workspace}");
    let text = format!(
        "You are invited to join the workspace {workspace} as {role}.\n\n\
         To accept, open this link:\n{link}\n\n\
         It works once, for this e-mail address, until {until}.\n\
         If you did not expect this, you can ignore it.\n"
    );
    let (name, href) = (encode_safe(workspace.as_str()), encode_safe(link));
    let html = format!(
        "<!doctype html><html lang=\"en\"><body>\
         <p>You are invited to join the workspace <strong>{name}</strong> as {role}.</p>\
         <p><a href=\"{href}\">Accept the invitation</a></p>\
         <p>The link works once, for this e-mail address, until {until}.<br>\
         If you did not expect this, you can ignore it.</p>\
         </body></html>"
    );
    Letter { subject, text, html }
}

/// The letter that tells of an integration which was taken off work.
#[must_use]
pub fn integration_disabled(
    workspace: &WorkspaceName,
    integration: &IntegrationName,
    cause: Cause,
    dashboard: &str,
) -> Letter {
    let why = cause.words();
    let subject = format!("{integration} was disabled in {workspace}");
    let text = format!(
        "The integration {integration} of the workspace {workspace} was disabled: {why}.\n\n\
         Events are not sent to it any more. Once its receiver works again, enable it here:\n{dashboard}\n"
    );
    let (name, of) = (encode_safe(workspace.as_str()), encode_safe(integration.as_str()));
    let href = encode_safe(dashboard);
    let html = format!(
        "<!doctype html><html lang=\"en\"><body>\
         <p>The integration <strong>{of}</strong> of the workspace <strong>{name}</strong> was disabled: {why}.</p>\
         <p>Events are not sent to it any more. Once its receiver works again, \
         <a href=\"{href}\">enable it</a>.</p>\
         </body></html>"
    );
    Letter { subject, text, html }
}

/// The letter that tells an owner of a suspension.
#[must_use]
pub fn suspended(workspace: &WorkspaceName, reason: &SuspensionReason, dashboard: &str) -> Letter {
    let what = "was suspended by the operator of the service";
    let then = "Its runtime is stopped, and nothing is sent to its integrations. Nothing is deleted: you can still read, pay, \
                leave and delete it. Contact support to have the suspension lifted.";
    let text = format!("The workspace {workspace} {what}.\n\nThe reason: {reason}\n\n{then}\n\n{dashboard}\n");
    let (name, why, href) = (encode_safe(workspace.as_str()), encode_safe(reason.as_str()), encode_safe(dashboard));
    let html = format!(
        "<!doctype html><html lang=\"en\"><body>\
         <p>The workspace <strong>{name}</strong> {what}.</p>\
         <p>The reason: {why}</p>\
         <p>{then}</p>\
         <p><a href=\"{href}\">Open the dashboard</a></p>\
         </body></html>"
    );
    Letter { subject: "Your workspace was suspended".to_owned(), text, html }
}

/// The letter that tells an owner that a suspension has ended.
#[must_use]
pub fn unsuspended(workspace: &WorkspaceName, dashboard: &str) -> Letter {
    let what = "is no longer suspended";
    let then =
        "Its runtime starts again if it was meant to run. What happened meanwhile was not sent to its integrations.";
    let text = format!("The workspace {workspace} {what}.\n\n{then}\n\n{dashboard}\n");
    let (name, href) = (encode_safe(workspace.as_str()), encode_safe(dashboard));
    let html = format!(
        "<!doctype html><html lang=\"en\"><body>\
         <p>The workspace <strong>{name}</strong> {what}.</p>\
         <p>{then}</p>\
         <p><a href=\"{href}\">Open the dashboard</a></p>\
         </body></html>"
    );
    Letter { subject: "Your workspace is no longer suspended".to_owned(), text, html }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn an_invitation_names_workspace_role_link_and_end() {
        let name = "Acme <b>& Co</b>".parse().unwrap();
        let link = "https://app.example.com/signup?invite=a.b&c";
        let letter = invitation(&name, Role::Admin, link, "2026-11-08T09:30:00Z".parse().unwrap());
        expect!["You are invited to Acme <b>& Co</b>"].assert_eq(&letter.subject);
        expect![[r#"
            You are invited to join the workspace Acme <b>& Co</b> as admin.

            To accept, open this link:
            https://app.example.com/signup?invite=a.b&c

            It works once, for this e-mail address, until 8 November 2026, 09:30 UTC.
            If you did not expect this, you can ignore it.
        "#]]
        .assert_eq(&letter.text);
        expect![[r#"<!doctype html><html lang="en"><body><p>You are invited to join the workspace <strong>Acme &lt;b&gt;&amp; Co&lt;&#x2F;b&gt;</strong> as admin.</p><p><a href="https:&#x2F;&#x2F;app.example.com&#x2F;signup?invite=a.b&amp;c">Accept the invitation</a></p><p>The link works once, for this e-mail address, until 8 November 2026, 09:30 UTC.<br>If you did not expect this, you can ignore it.</p></body></html>"#]]
        .assert_eq(&letter.html);
    }

    #[test]
    fn a_disabled_integration_is_told_of_with_the_reason() {
        let names = ("Acme & Co".parse().unwrap(), "Our <hook>".parse().unwrap());
        let letter = integration_disabled(&names.0, &names.1, Cause::Gone, "https://app.example.com");
        expect!["Our <hook> was disabled in Acme & Co"].assert_eq(&letter.subject);
        expect![[r#"
            The integration Our <hook> of the workspace Acme & Co was disabled: the receiver answered 410: it is gone for good.

            Events are not sent to it any more. Once its receiver works again, enable it here:
            https://app.example.com
        "#]].assert_eq(&letter.text);
        assert!(letter.html.contains("Our &lt;hook&gt;") && !letter.html.contains("<hook>"), "{}", letter.html);
    }

    #[test]
    fn a_suspension_has_no_free_text_in_subject_or_markup() {
        let (name, reason) = ("Acme <b>".parse().unwrap(), "Spam <script> & co".parse().unwrap());
        let letters =
            [suspended(&name, &reason, "https://app.example.com"), unsuspended(&name, "https://app.example.com")];
        expect![[r#"
            The workspace Acme <b> was suspended by the operator of the service.

            The reason: Spam <script> & co

            Its runtime is stopped, and nothing is sent to its integrations. Nothing is deleted: you can still read, pay, leave and delete it. Contact support to have the suspension lifted.

            https://app.example.com
        "#]].assert_eq(&letters[0].text);
        expect![[r#"
            The workspace Acme <b> is no longer suspended.

            Its runtime starts again if it was meant to run. What happened meanwhile was not sent to its integrations.

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
    fn debugging_does_not_print_a_letter() {
        let letter = Letter { subject: "s".to_owned(), text: "token".to_owned(), html: "token".to_owned() };
        assert_eq!(format!("{letter:?}"), "Letter(…)");
    }
}
