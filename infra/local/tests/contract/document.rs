//! Builds openapi.json from the documents of the functions. Adds what all operations share, the sentences about access and
//! budgets, and the examples.

use crate::{
    access, budgets,
    examples::{self, Examples},
    problems, samples, texts,
};
use serde_json::json;
use std::sync::LazyLock;
use utoipa::openapi::{
    Content, ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Response, ResponseBuilder, ServerBuilder,
    example::ExampleBuilder,
    path::Operation,
    schema::{ObjectBuilder, Type},
    security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
};

/// Returns the documents of the HTTP functions, each with its folder's name.
pub(crate) fn parts() -> [(&'static str, OpenApi); 5] {
    [
        ("billing", billing::openapi()),
        ("doctor", doctor::openapi()),
        ("integrations", integrations::openapi()),
        ("team", team::openapi()),
        ("workspace", workspace::openapi()),
    ]
}

/// The complete document.
pub(crate) static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(document);

/// Responses of all operations: status, name, description, the gateway's message, and the code of a problem of Berth.
const SHARED: [(&str, &str, &str, &str, &str); 2] = [
    (
        "401",
        "Unauthenticated",
        "The ID token is missing, expired, or from another identity provider. The API gateway answers with a message.",
        "Unauthorized",
        "unauthenticated",
    ),
    (
        "429",
        "TooMany",
        "Too many requests. The API gateway answers with a message if the deployment gets too many requests; Berth answers \
         with a problem if the caller or the workspace sends too many.",
        "Too Many Requests",
        "budget_exhausted",
    ),
];

/// Builds a response by Berth, or by the gateway with a body of its own.
fn shared(description: &str, message: &str, code: &str) -> Response {
    let text = ObjectBuilder::new().schema_type(Type::String).description(Some("Reason for the refusal."));
    let body = ObjectBuilder::new().property("message", text).required("message");
    let body = body.description(Some("Answer of the API gateway."));
    let mut problem = Content::new(Some(Ref::from_schema_name("Problem")));
    problem.examples.insert(code.to_owned(), examples::problem(code));
    ResponseBuilder::new()
        .description(description)
        .content("application/json", ContentBuilder::new().schema(Some(body)).example(Some(json!({"message": message}))).build())
        .content("application/problem+json", problem)
        .build()
}

/// Builds the document without what is shared.
fn plain() -> OpenApi {
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("ID token of the deployment's identity provider."))
        .build();
    let info = InfoBuilder::new()
        .title("Berth")
        .description(Some(include_str!("introduction.md").trim_end()))
        .version(env!("CARGO_PKG_VERSION"))
        .contact(Some(texts::contact()))
        .license(Some(
            utoipa::openapi::LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build(),
        ))
        .build();
    let mut document = OpenApiBuilder::new()
        .info(info)
        .servers(Some([ServerBuilder::new().url(api::BASE_PATH).description(Some("This deployment.")).build()]))
        .security(Some([SecurityRequirement::new::<_, [&str; 0], &str>("id_token", [])]))
        .tags(Some(texts::tags()))
        .build();
    for (_, part) in parts() {
        document.merge(part);
    }
    document.components.get_or_insert_default().add_security_scheme("id_token", SecurityScheme::Http(token));
    document
}

fn document() -> OpenApi {
    let mut document = plain();
    let samples = samples::all(parts().iter().map(|(function, _)| *function));
    let problems = problems::all(&samples);
    let answers = examples::answers(&document, &samples);
    let components = document.components.get_or_insert_default();
    components.responses.extend(
        SHARED.map(|(_, name, description, message, code)| (name.to_owned(), shared(description, message, code).into())),
    );
    let example = |problem: &serde_json::Value| {
        ExampleBuilder::new().summary(problem["title"].as_str().unwrap()).value(Some(problem.clone())).into()
    };
    components.examples = problems.iter().map(|(code, problem)| (code.clone(), example(problem))).collect();
    texts::lift(components);
    for (path, item) in &mut document.paths.paths {
        let methods = [
            ("GET", &mut item.get),
            ("PUT", &mut item.put),
            ("POST", &mut item.post),
            ("PATCH", &mut item.patch),
            ("DELETE", &mut item.delete),
        ];
        for (method, operation) in methods {
            let Some(operation) = operation else { continue };
            let route = format!("{method} {path}");
            share(operation, &route);
            texts::complete(operation, components);
            Examples { samples: &samples, problems: &problems, answers: &answers, route: &route }.add_to(operation);
        }
    }
    document
}

/// Adds the shared responses to `operation`, and says who may call it and what it counts against.
fn share(operation: &mut Operation, route: &str) {
    let is_public = operation.security.is_some();
    let parameters = operation.parameters.iter().flatten();
    let mut parameters = parameters.filter_map(|parameter| match parameter {
        RefOr::T(parameter) => Some(parameter),
        RefOr::Ref(_) => None,
    });
    let is_inside = parameters.any(|parameter| {
        parameter.name == "X-Workspace-ID" && matches!(parameter.required, utoipa::openapi::Required::True)
    });
    let access = match (is_public, is_inside) {
        (true, _) => "The token in the path is the only credential; no ID token is needed.".to_owned(),
        (false, true) => access::sentences(route),
        (false, false) => "Every user with an ID token may call it.".to_owned(),
    };
    let budgets = budgets::sentences(operation.operation_id.as_deref().unwrap_or_default());
    let description = operation.description.get_or_insert_default();
    *description = format!("{}\n\n{access}{budgets}", texts::unwrapped(description));
    // A route without an ID token cannot answer that it is missing.
    let responses = SHARED.iter().filter(|(status, ..)| *status != "401" || !is_public);
    let responses = responses.map(|(status, name, ..)| ((*status).to_owned(), RefOr::Ref(Ref::from_response_name(*name))));
    operation.responses.responses.extend(responses);
}
