//! Puts examples into the document. They are the sample events and their recorded answers.

pub(crate) mod problems;
mod refusals;
pub(crate) mod samples;

use crate::texts::budgets;
use problems::Problems;
use refusals::add_failures;
use samples::Sample;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::openapi::{
    Content, OpenApi, Ref, RefOr, Response, Schema,
    example::{Example, ExampleBuilder},
    path::{Operation, Parameter},
};

/// Examples for one operation.
#[derive(Debug)]
pub(crate) struct Examples<'a> {
    /// Samples of all operations.
    pub samples: &'a [Sample],
    /// All problems.
    pub problems: &'a Problems,
    /// A recorded answer for each component that is one.
    pub answers: &'a BTreeMap<String, Value>,
    /// The operation's method and path.
    pub route: &'a str,
}

/// Returns a recorded answer of success for each component that is one.
pub(crate) fn answers(document: &OpenApi, samples: &[Sample]) -> BTreeMap<String, Value> {
    let mut answers = BTreeMap::new();
    for sample in samples.iter().filter(|sample| problems::code(&sample.answer).is_none()) {
        let (method, path) = sample.route.split_once(' ').unwrap();
        let item = &document.paths.paths[path];
        let operation = match method {
            "GET" => &item.get,
            "PUT" => &item.put,
            "POST" => &item.post,
            "PATCH" => &item.patch,
            _ => &item.delete,
        };
        let responses = &operation.as_ref().unwrap().responses.responses;
        let Some(RefOr::T(response)) = responses.get(&sample.status.to_string()) else { continue };
        for content in response.content.values() {
            if let RefOr::T(content) = content
                && let Some(name) = component(content)
            {
                answers.entry(name.to_owned()).or_insert_with(|| sample.answer.clone());
            }
        }
    }
    answers
}

pub(crate) fn example(value: Value, case: &str) -> RefOr<Example> {
    ExampleBuilder::new().summary(case.replace('-', " ")).value(Some(value)).into()
}

/// Refers to the example of a problem in the components.
pub(crate) fn problem(code: &str) -> RefOr<Example> {
    RefOr::Ref(Ref::new(format!("#/components/examples/{code}")))
}

/// Returns the name of the component that `content` has.
fn component(content: &Content) -> Option<&str> {
    match &content.schema {
        Some(RefOr::Ref(schema)) => Some(schema.ref_location.as_str()),
        Some(RefOr::T(_)) | None => None,
    }
}

impl Examples<'_> {
    /// Returns the samples of the operation.
    pub(crate) fn own(&self) -> impl Iterator<Item = &Sample> {
        self.samples.iter().filter(|sample| sample.route == self.route)
    }

    /// Returns the samples whose requests are valid, even if they are refused.
    fn valid(&self) -> impl Iterator<Item = &Sample> {
        self.own().filter(|sample| problems::code(&sample.answer) != Some("invalid_request"))
    }

    /// Adds the examples to `operation`. An answer without a recorded example keeps the one that its handler has.
    pub(crate) fn add_to(&self, operation: &mut Operation) {
        for parameter in operation.parameters.iter_mut().flatten() {
            if let RefOr::T(parameter) = parameter {
                self.add_to_parameter(parameter);
            }
        }
        if let Some(RefOr::T(body)) = &mut operation.request_body {
            for content in body.content.values_mut() {
                let RefOr::T(content) = content else { continue };
                for sample in self.valid() {
                    let body = serde_json::from_str(sample.event["body"].as_str().unwrap()).unwrap();
                    content.examples.insert(sample.case.clone(), example(body, &sample.case));
                }
            }
        }
        let named = self.named_refusals(operation);
        let calls_stripe = budgets::calls_stripe(operation.operation_id.as_deref().unwrap_or_default());
        for (status, response) in &mut operation.responses.responses {
            let RefOr::T(response) = response else { continue };
            match status.as_str() {
                "4XX" => self.add_refusals(&named, response),
                "5XX" => add_failures(calls_stripe, response),
                status => self.add_answers(status.parse().unwrap(), response),
            }
        }
    }

    /// Adds the values of the sample events to a parameter whose schema is not a component.
    fn add_to_parameter(&self, parameter: &mut Parameter) {
        let Some(RefOr::T(Schema::Object(schema))) = &mut parameter.schema else { return };
        let value = self.valid().find_map(|sample| self.value(&parameter.name, sample));
        schema.examples.extend(value);
    }

    /// Returns the value of the parameter `name` in a sample event.
    fn value(&self, name: &str, sample: &Sample) -> Option<Value> {
        let event = &sample.event;
        let path = event["rawPath"].as_str()?.strip_prefix(api::BASE_PATH)?.split('/');
        let template = self.route.split_once(' ')?.1.split('/');
        let in_path = template.zip(path).find(|(template, _)| *template == format!("{{{name}}}"));
        let query = event["rawQueryString"].as_str()?.split('&').filter_map(|pair| pair.split_once('='));
        let in_query = query.into_iter().find(|pair| pair.0 == name);
        let in_header = event["headers"][name.to_lowercase()].as_str().map(|value| (name, value));
        let text = in_path.or(in_query).or(in_header)?.1;
        Some(serde_json::from_str(text).ok().filter(|value| !Value::is_string(value)).unwrap_or_else(|| text.into()))
    }

    fn add_answers(&self, status: u64, response: &mut Response) {
        for (media, content) in &mut response.content {
            let RefOr::T(content) = content else { continue };
            let recorded = self.own().filter(|sample| sample.status == status && media != "text/csv");
            for sample in recorded {
                content.examples.insert(sample.case.clone(), example(sample.answer.clone(), &sample.case));
            }
            let another = component(content).and_then(|name| self.answers.get(name));
            if content.examples.is_empty() && content.example.is_none() {
                content.example = another.cloned();
            }
        }
    }
}
