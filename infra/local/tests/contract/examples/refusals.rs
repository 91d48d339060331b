//! Puts examples of refusals and failures into the document.

use super::{Examples, example, problem, problems};
use serde_json::Value;
use utoipa::openapi::{RefOr, Response, path::Operation};

impl Examples<'_> {
    /// Returns the codes of the problems that the description of `operation` names, and of those that it shares with
    /// other operations.
    pub(crate) fn named_refusals(&self, operation: &Operation) -> Vec<String> {
        let description = operation.description.as_deref().unwrap_or_default();
        let own = description.split('`').filter(|code| self.problems.get(*code).is_some_and(is_refusal));
        let shared = [("limit", "invalid_request"), ("X-Workspace-ID", "workspace_not_found")];
        let shared = shared.into_iter().filter(|(name, _)| has_parameter(operation, name)).map(|(_, code)| code);
        own.chain(shared).map(ToOwned::to_owned).collect()
    }

    /// Adds the recorded refusals of the operation, and the problems with the codes `named`.
    pub(crate) fn add_refusals(&self, named: &[String], response: &mut Response) {
        for content in response.content.values_mut() {
            let RefOr::T(content) = content else { continue };
            let invalid = self.own().filter(|sample| problems::code(&sample.answer) == Some("invalid_request"));
            for sample in invalid {
                content.examples.insert(sample.case.clone(), example(sample.answer.clone(), &sample.case));
            }
            content.examples.extend(named.iter().map(|code| (code.clone(), problem(code))));
            if content.examples.is_empty() {
                content.examples.insert("body_too_large".to_owned(), problem("body_too_large"));
            }
        }
    }
}

/// Adds the failures of the services that an operation depends on.
pub(crate) fn add_failures(calls_stripe: bool, response: &mut Response) {
    let stripe = calls_stripe.then_some("payments_unavailable");
    for content in response.content.values_mut() {
        let RefOr::T(content) = content else { continue };
        content.examples.extend(stripe.into_iter().chain(["unavailable"]).map(|code| (code.to_owned(), problem(code))));
    }
}

/// Returns true if `operation` has the parameter `name`.
fn has_parameter(operation: &Operation, name: &str) -> bool {
    let mut parameters = operation.parameters.iter().flatten();
    parameters.any(|parameter| matches!(parameter, RefOr::T(parameter) if parameter.name == name))
}

/// Returns true if the problem's status is 4xx, but not 429, which has a response of its own.
fn is_refusal(problem: &Value) -> bool {
    problem["status"].as_u64().is_some_and(|status| (400..500).contains(&status) && status != 429)
}
