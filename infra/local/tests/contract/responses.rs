//! Shared parts of all operations: the key of a command, and the refusals. Says for each operation who may call it and what
//! it counts against.

use crate::{
    examples,
    texts::{access, budgets, fields},
};
use serde_json::json;
use utoipa::openapi::{
    Content, ContentBuilder, Ref, RefOr, Required, Response, ResponseBuilder,
    path::{Operation, Parameter, ParameterBuilder, ParameterIn},
    schema::{ObjectBuilder, SchemaType, Type},
};

/// Response of all operations.
struct Shared {
    /// HTTP status.
    status: &'static str,
    /// Name of the component.
    name: &'static str,
    description: &'static str,
    /// Message of the API gateway.
    message: &'static str,
    /// Code of a problem of Berth, as an example.
    code: &'static str,
}

const SHARED: [Shared; 2] = [
    Shared {
        status: "401",
        name: "Unauthenticated",
        description: "The ID token is missing, expired, or from another identity provider.",
        message: "Unauthorized",
        code: "unauthenticated",
    },
    Shared {
        status: "429",
        name: "TooMany",
        description: "Too many requests. The API gateway answers with a message if the deployment gets too many requests; \
                      Berth answers with a problem if the caller or the workspace sends too many.",
        message: "Too Many Requests",
        code: "budget_exhausted",
    },
];

/// Builds the components of the shared responses. They are from Berth, or from the gateway with a body of its own: a
/// request without a token reaches no function.
pub(crate) fn components() -> [(String, RefOr<Response>); 2] {
    SHARED.map(|shared| (shared.name.to_owned(), build(&shared).into()))
}

/// Builds the body of a refusal of the API gateway.
fn of_the_gateway(message: &str) -> Content {
    let text = ObjectBuilder::new().schema_type(Type::String).description(Some("Reason for the refusal."));
    let body = ObjectBuilder::new().property("message", text).required("message");
    let body = body.description(Some("Answer of the API gateway."));
    ContentBuilder::new().schema(Some(body)).example(Some(json!({"message": message}))).build()
}

fn build(shared: &Shared) -> Response {
    let mut problem = Content::new(Some(Ref::from_schema_name("Problem")));
    problem.examples.insert(shared.code.to_owned(), examples::problem(shared.code));
    ResponseBuilder::new()
        .description(shared.description)
        .content("application/json", of_the_gateway(shared.message))
        .content("application/problem+json", problem)
        .build()
}

/// Returns true if `operation` acts in the workspace that its header names.
fn is_inside(operation: &Operation) -> bool {
    let mut parameters = operation.parameters.iter().flatten();
    parameters.any(|parameter| match parameter {
        RefOr::T(parameter) => parameter.name == "X-Workspace-ID" && matches!(parameter.required, Required::True),
        RefOr::Ref(_) => false,
    })
}

/// Builds a refusal of Berth, whose description and examples are added later.
fn refusal() -> Response {
    let problem = Content::new(Some(Ref::from_schema_name("Problem")));
    ResponseBuilder::new().content("application/problem+json", problem).build()
}

/// Routes with POST that change nothing, so that a repetition needs no key.
const READS: [&str; 1] = ["POST /workspace/export"];

/// Builds the parameter that makes a command safe to repeat. `api::Input` parses it for every POST.
fn idempotency_key() -> Parameter {
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .schema(Some(ObjectBuilder::new().schema_type(SchemaType::from_iter([Type::String, Type::Null]))))
        .build()
}

/// Adds the shared parameter and responses to `operation`, and says who may call it and what it counts against.
pub(crate) fn share(operation: &mut Operation, route: &str) {
    let is_public = operation.security.is_some();
    if route.starts_with("POST ") && !is_public && !READS.contains(&route) {
        operation.parameters.get_or_insert_default().push(idempotency_key().into());
    }
    let refusals = ["4XX", "5XX"].map(|status| (status.to_owned(), RefOr::T(refusal())));
    operation.responses.responses.extend(refusals);
    let access = if is_public {
        "The token in the path is the only credential; no ID token is needed.".to_owned()
    } else if is_inside(operation) {
        access::sentences(route)
    } else {
        "Every user with an ID token may call it.".to_owned()
    };
    let budgets = budgets::sentences(operation.operation_id.as_deref().unwrap_or_default());
    let description = operation.description.get_or_insert_default();
    *description = format!("{}\n\n{access}{budgets}", fields::unwrapped(description));
    // A route without an ID token cannot answer that it is missing.
    let responses = SHARED.iter().filter(|shared| shared.status != "401" || !is_public);
    let responses =
        responses.map(|shared| (shared.status.to_owned(), RefOr::Ref(Ref::from_response_name(shared.name))));
    operation.responses.responses.extend(responses);
}

/// Adds the gateway's own refusal to an `operation` without an ID token: a garbled link matches no path of the gateway.
pub(crate) fn add_gateway(operation: &mut Operation) {
    let is_public = operation.security.is_some();
    if let (true, Some(RefOr::T(refusal))) = (is_public, operation.responses.responses.get_mut("4XX")) {
        refusal.content.insert("application/json".to_owned(), RefOr::T(of_the_gateway("Not Found")));
    }
}
