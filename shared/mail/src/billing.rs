//! Letters about payments, as text and HTML.

use super::{Letter, letter::Named};
use domain::{plans::money::Interval, text::WorkspaceName};
use html_escape::encode_safe;
use jiff::Timestamp;

/// Builds the letter about a failed payment for the plan with the title `plan`. `until` is the time at which the plan lapses, if it has not lapsed yet.
#[must_use]
pub fn payment_failed(workspace: &WorkspaceName, plan: &str, until: Option<Timestamp>, page: &str) -> Letter {
    let what = format!("the payment for the plan {plan} did not go through");
    let then = until.map_or_else(
        || "The plan is not in force until it is paid.".to_owned(),
        |until| format!("The plan stays in force until {}.", day(until)),
    );
    letter("A payment failed", workspace, &what, &then, "Pay, or choose another payment method", page)
}

/// Builds the letter about a trial that ends soon.
#[must_use]
pub fn trial_ending(workspace: &WorkspaceName, plan: &str, end: Timestamp, page: &str) -> Letter {
    let what = format!("the trial of the plan {plan} ends on {}", day(end));
    let then = "It then continues as a paid plan. To avoid the charge, cancel before that date.";
    letter("The trial ends soon", workspace, &what, then, "See the plan", page)
}

/// Builds the letter about a plan that has lapsed. `unpaid` is the plan that applies until it is paid.
#[must_use]
pub fn plan_lapsed(workspace: &WorkspaceName, plan: &str, unpaid: &str, page: &str) -> Letter {
    let what = format!("the plan {plan} was not paid in time and is no longer in force");
    let then = format!(
        "The runtime is stopped, and the limits of the plan {unpaid} apply. Nothing is deleted; the plan is in force again once it is paid."
    );
    letter("The plan has lapsed", workspace, &what, &then, "Pay", page)
}

/// Other terms and another price of a plan.
#[derive(Debug, Clone)]
pub struct PriceChange {
    /// Time from which the new price is charged.
    pub at: Timestamp,
    /// True if the terms have changed already.
    pub is_made: bool,
    /// The price until then, if it is known.
    pub before: Option<String>,
    /// The price from then on.
    pub after: String,
    /// Interval of both prices.
    pub interval: Interval,
    /// True if the prices are those of a seat.
    pub is_by_seat: bool,
}

/// Builds the letter about other terms of the plan with the title `plan`.
#[must_use]
pub fn plan_migrated(workspace: &WorkspaceName, plan: &str, change: &PriceChange, page: &str) -> Letter {
    let PriceChange { at, is_made, before, after, interval, is_by_seat } = change;
    let at = day(*at);
    let per = match interval {
        Interval::Month => "a month",
        Interval::Year => "a year",
    };
    let per = if *is_by_seat { format!("{per} for each seat") } else { per.to_owned() };
    let costs = match before {
        Some(before) if before == after => format!("It still costs {after} {per}."),
        Some(before) => format!("It costs {before} {per} until then, and {after} {per} from then on."),
        None => format!("It costs {after} {per} from then on."),
    };
    let (what, then) = if *is_made {
        (
            format!("the terms and limits of the plan {plan} have changed"),
            format!("Nothing is charged before {at}. {costs}"),
        )
    } else {
        (format!("the terms and limits of the plan {plan} change on {at}"), costs)
    };
    let then = format!("{then} If you do not want that, choose another plan or cancel before that date.");
    letter("Your plan changes", workspace, &what, &then, "See the plan", page)
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
        let letter = plan_lapsed(&name, "Pro", "Free", "https://app.example.com/billing");
        let whole = format!("{}{}{}", letter.subject, letter.text, letter.html);
        assert!(!whole.contains("locked") && !whole.contains("evil"), "{whole}");
    }

    #[test]
    fn letters_name_workspace_plan_time_and_page() {
        let (name, page) = ("Acme <b>".parse().unwrap(), "https://app.example.com/billing");
        let until = "2026-11-08T09:30:00Z".parse().unwrap();
        let change = PriceChange {
            at: until,
            is_made: false,
            before: Some("29.00 USD".to_owned()),
            after: "39.00 USD".to_owned(),
            interval: Interval::Month,
            is_by_seat: false,
        };
        let said = [
            payment_failed(&name, "Pro", Some(until), page),
            payment_failed(&name, "Pro", None, page),
            trial_ending(&name, "Starter", until, page),
            plan_lapsed(&name, "Business", "Free", page),
            plan_migrated(&name, "Pro", &change, page),
            plan_migrated(&name, "Pro", &PriceChange { is_made: true, before: None, ..change.clone() }, page),
            plan_migrated(
                &name,
                "Pro",
                &PriceChange { before: Some(change.after.clone()), is_by_seat: true, ..change },
                page,
            ),
        ];
        assert!(said.iter().all(|letter| letter.html.contains("Acme &lt;b&gt;") && !letter.html.contains("<b>")));
        let said: Vec<_> = said.into_iter().map(|letter| format!("{}\n{}", letter.subject, letter.text)).collect();
        expect![[r#"
            A payment failed
            In the workspace "Acme <b>", the payment for the plan Pro did not go through.

            The plan stays in force until 8 November 2026, 09:30 UTC.

            Pay, or choose another payment method:
            https://app.example.com/billing

            A payment failed
            In the workspace "Acme <b>", the payment for the plan Pro did not go through.

            The plan is not in force until it is paid.

            Pay, or choose another payment method:
            https://app.example.com/billing

            The trial ends soon
            In the workspace "Acme <b>", the trial of the plan Starter ends on 8 November 2026, 09:30 UTC.

            It then continues as a paid plan. To avoid the charge, cancel before that date.

            See the plan:
            https://app.example.com/billing

            The plan has lapsed
            In the workspace "Acme <b>", the plan Business was not paid in time and is no longer in force.

            The runtime is stopped, and the limits of the plan Free apply. Nothing is deleted; the plan is in force again once it is paid.

            Pay:
            https://app.example.com/billing

            Your plan changes
            In the workspace "Acme <b>", the terms and limits of the plan Pro change on 8 November 2026, 09:30 UTC.

            It costs 29.00 USD a month until then, and 39.00 USD a month from then on. If you do not want that, choose another plan or cancel before that date.

            See the plan:
            https://app.example.com/billing

            Your plan changes
            In the workspace "Acme <b>", the terms and limits of the plan Pro have changed.

            Nothing is charged before 8 November 2026, 09:30 UTC. It costs 39.00 USD a month from then on. If you do not want that, choose another plan or cancel before that date.

            See the plan:
            https://app.example.com/billing

            Your plan changes
            In the workspace "Acme <b>", the terms and limits of the plan Pro change on 8 November 2026, 09:30 UTC.

            It still costs 39.00 USD a month for each seat. If you do not want that, choose another plan or cancel before that date.

            See the plan:
            https://app.example.com/billing
        "#]].assert_eq(&said.join("\n"));
    }
}
