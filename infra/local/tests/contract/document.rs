//! Builds openapi.json from the documents of the functions. Adds what all operations share, the sentences about access and
//! budgets, and the examples.

use crate::{
    examples::{self, Examples, problems, samples},
    functions::FUNCTIONS,
    responses,
    texts::{self, fields},
};
use std::sync::LazyLock;
use utoipa::openapi::{
    InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, ServerBuilder,
    example::ExampleBuilder,
    security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
};

/// Returns the documents of the HTTP functions, each with its folder's name.
pub(crate) fn parts() -> Vec<(&'static str, OpenApi)> {
    FUNCTIONS.iter().map(|function| (function.name, (function.document)())).collect()
}

/// The complete document.
pub(crate) static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(document);

/// The body of the refusals, which no handler names.
#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(api::ProblemBody)))]
struct Refusals;

/// Builds the document without what is shared.
fn plain() -> OpenApi {
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("ID token of the deployment's identity provider."))
        .build();
    let info = InfoBuilder::new()
        .title("Berth")
        .description(Some(include_str!("texts/introduction.md").trim_end()))
        .version(env!("CARGO_PKG_VERSION"))
        .contact(Some(texts::contact()))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
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
    document.merge(<Refusals as utoipa::OpenApi>::openapi());
    document.components.get_or_insert_default().add_security_scheme("id_token", SecurityScheme::Http(token));
    document
}

fn document() -> OpenApi {
    let mut document = plain();
    let samples = samples::all(parts().iter().map(|(function, _)| *function));
    let problems = problems::all(&samples);
    let answers = examples::answers(&document, &samples);
    let components = document.components.get_or_insert_default();
    components.responses.extend(responses::components());
    let example = |problem: &serde_json::Value| {
        ExampleBuilder::new().summary(problem["title"].as_str().unwrap()).value(Some(problem.clone())).into()
    };
    components.examples = problems.iter().map(|(code, problem)| (code.clone(), example(problem))).collect();
    fields::lift(components);
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
            responses::share(operation, &route);
            texts::complete(operation, components);
            Examples { samples: &samples, problems: &problems, answers: &answers, route: &route }.add_to(operation);
            responses::add_gateway(operation);
        }
    }
    document
}
