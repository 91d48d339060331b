//! The routes of the unsubscribe link in e-mails. They need no ID token: the link's token proves that the caller has received
//! an e-mail, and it names only its recipient.
//!
//! Programs that scan e-mails open links, so a GET shows a page and changes nothing. The button on the page sends the POST that
//! does.

use crate::{TeamDeps, requests::LetterPath};
use api::{HtmlForm, HtmlPage, Problem, PublicInput, operations};
use axum::extract::State;
use domain::team::invitation_token::InvitationReference;
use shared::team;

operations!(TeamDeps: confirm_stop, stop, resume);

/// Show the unsubscribe page
///
/// Returns a page that asks for a confirmation. Nothing is changed.
///
/// Refused with 404 `letter_link_not_found` if the token is not from an e-mail of this deployment.
#[utoipa::path(get, path = "/letters/stop/{token}", operation_id = "confirm_stop_letters", tag = "letters", security(()),
    params(("token" = String, Path, description = "Token from the link in the e-mail.")),
    responses((status = OK, body = String, content_type = "text/html")))]
async fn confirm_stop(
    State(TeamDeps { store, key, .. }): State<TeamDeps>,
    PublicInput { path: LetterPath { token } }: PublicInput<LetterPath>,
) -> Result<HtmlPage, Problem> {
    team::verify_letter_link(&store, &key, token.as_str()).await?;
    Ok(HtmlPage {
        title: "Stop these e-mails?",
        text: "You will get no more invitations and notices by e-mail from any workspace. Invitations are still listed when \
               you sign in, and e-mails about payments are still sent.",
        form: to("stop", &token, "Stop these e-mails"),
    })
}

/// Stop e-mails
///
/// Stops the e-mails of all workspaces to the recipient of the link, except those about payments. Mail programs send this
/// request when their user unsubscribes (RFC 8058). The body is ignored.
///
/// Refused with 404 `letter_link_not_found` if the token is not from an e-mail of this deployment.
#[utoipa::path(post, path = "/letters/stop/{token}", operation_id = "stop_letters", tag = "letters", security(()),
    params(("token" = String, Path, description = "Token from the link in the e-mail.")),
    responses((status = OK, body = String, content_type = "text/html")))]
async fn stop(
    State(TeamDeps { store, key, .. }): State<TeamDeps>,
    PublicInput { path: LetterPath { token } }: PublicInput<LetterPath>,
) -> Result<HtmlPage, Problem> {
    team::unsubscribe(&store, &key, token.as_str()).await?;
    Ok(HtmlPage {
        title: "No more e-mails",
        text: "You will get no more invitations and notices by e-mail. Invitations are still listed when you sign in.",
        form: to("resume", &token, "Get these e-mails again"),
    })
}

/// Resume e-mails
///
/// Sends e-mails to the recipient of the link again. Those that were not sent in the meantime are not sent later. The body
/// is ignored.
///
/// Refused with 404 `letter_link_not_found` if the token is not from an e-mail of this deployment.
#[utoipa::path(post, path = "/letters/resume/{token}", operation_id = "resume_letters", tag = "letters", security(()),
    params(("token" = String, Path, description = "Token from the link in the e-mail.")),
    responses((status = OK, body = String, content_type = "text/html")))]
async fn resume(
    State(TeamDeps { store, key, .. }): State<TeamDeps>,
    PublicInput { path: LetterPath { token } }: PublicInput<LetterPath>,
) -> Result<HtmlPage, Problem> {
    team::resubscribe(&store, &key, token.as_str()).await?;
    Ok(HtmlPage {
        title: "You get e-mails again",
        text: "Invitations and notices are sent by e-mail again. Those that were not sent in the meantime are not sent later, \
               but invitations are listed when you sign in.",
        form: to("stop", &token, "Stop these e-mails"),
    })
}

/// Returns the form that posts `token` to another of these routes.
fn to(route: &str, token: &InvitationReference, button: &'static str) -> HtmlForm {
    HtmlForm { action: format!("../{route}/{}", token.as_str()), button }
}
