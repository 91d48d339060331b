//! Letters about payments, as text and HTML.

use super::{Letter, letter::Named};
use domain::{plans::plan::Plan, text::WorkspaceName};
use html_escape::encode_safe;
use jiff::Timestamp;

/// Builds the letter about a failed payment. `until` is the time at which the plan lapses, if it has not lapsed yet.
#[must_use]
pub fn payment_failed(workspace: &WorkspaceName, plan: Plan, until: Option<Timestamp>, page: &str) -> Letter {
    let what = format!("the payment for the plan {plan} did not go through");
    let then = until.map_or_else(
        || "The plan is not in force until it is paid.".to_owned(),
        |until| format!("The plan stays in force until {}.", day(until)),
    );
    letter("A payment failed", workspace, &what, &then, "Pay, or choose another payment method", page)
}

/// Builds the letter about a trial that ends soon.
#[must_use]
pub fn trial_ending(workspace: &WorkspaceName, plan: Plan, end: Timestamp, page: &str) -> Letter {
    let what = format!("the trial of the plan {plan} ends on {}", day(end));
    let then = "It then continues as a paid plan. To avoid the charge, cancel before that date.";
    letter("The trial ends soon", workspace, &what, then, "See the plan", page)
}

/// Builds the letter about a plan that has lapsed.
#[must_use]
pub fn plan_lapsed(workspace: &WorkspaceName, plan: Plan, page: &str) -> Letter {
    let what = format!("the plan {plan} was not paid in time and is no longer in force");
    let then = "The runtime is stopped, and the limits of the plan free apply. Nothing is deleted; the plan is in force again once it is paid.";
    letter("The plan has lapsed", workspace, &what, then, "Pay", page)
}

fn day(moment: Timestamp) -> String {
    moment.strftime("%-d %B %Y, %H:%M UTC").to_string()
}

fn letter(subject: &str, workspace: &WorkspaceName, what: &str, then: &str, link: &str, page: &str) -> Letter {
    let place = Named::of("workspace", "one of your workspaces", workspace.safe_for_mail());
    let text = format!("In {}, {what}.\n\n{then}\n\n{link}:\n{page}\n", place.text);
    let href = encode_safe(page);
    let html = format!(
        "<!doctype html><html lang=\"en\"><body>\
         <p>In {}, {what}.</p>\
         <p>{then}</p>\
         <p><a href=\"{href}\">{link}</a></p>\
         </body></html>",
        place.html
    );
    Letter { subject: subject.to_owned(), text, html, stop: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn name_with_a_domain_is_left_out() {
        let name = "Your account is locked. Go to www.evil.example".parse().unwrap();
        let letter = plan_lapsed(&name, Plan::Pro, "https://app.example.com/billing");
        let whole = format!("{}{}{}", letter.subject, letter.text, letter.html);
        assert!(!whole.contains("locked") && !whole.contains("evil"), "{whole}");
    }

    #[test]
    fn letters_name_workspace_plan_time_and_page() {
        let (name, page) = ("Acme <b>".parse().unwrap(), "https://app.example.com/billing");
        let until = "2026-11-08T09:30:00Z".parse().unwrap();
        let said = [
            payment_failed(&name, Plan::Pro, Some(until), page),
            payment_failed(&name, Plan::Pro, None, page),
            trial_ending(&name, Plan::Starter, until, page),
            plan_lapsed(&name, Plan::Business, page),
        ];
        assert!(said.iter().all(|letter| letter.html.contains("Acme &lt;b&gt;") && !letter.html.contains("<b>")));
        let said: Vec<_> = said.into_iter().map(|letter| format!("{}\n{}", letter.subject, letter.text)).collect();
        expect![[r#"
            A payment failed
            In the workspace "Acme <b>", the payment for the plan pro did not go through.

            The plan stays in force until 8 November 2026, 09:30 UTC.

            Pay, or choose another payment method:
            https://app.example.com/billing

            A payment failed
            In the workspace "Acme <b>", the payment for the plan pro did not go through.

            The plan is not in force until it is paid.

            Pay, or choose another payment method:
            https://app.example.com/billing

            The trial ends soon
            In the workspace "Acme <b>", the trial of the plan starter ends on 8 November 2026, 09:30 UTC.

            It then continues as a paid plan. To avoid the charge, cancel before that date.

            See the plan:
            https://app.example.com/billing

            The plan has lapsed
            In the workspace "Acme <b>", the plan business was not paid in time and is no longer in force.

            The runtime is stopped, and the limits of the plan free apply. Nothing is deleted; the plan is in force again once it is paid.

            Pay:
            https://app.example.com/billing
        "#]].assert_eq(&said.join("\n"));
    }
}
