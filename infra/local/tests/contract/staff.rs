//! The document of the operator's console, functions/console/openapi.json. It is for the console's page, and customers do not get
//! it, so it is not a part of openapi.json.

use crate::{
    PUBLIC, routes,
    templates::{read, root},
    texts::{self, fields},
};
use expect_test::expect_file;
use serde_json::{Map, Value, json};
use std::{collections::BTreeSet, sync::LazyLock};
use utoipa::openapi::{
    Content, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, Ref, Response, ResponseBuilder, ServerBuilder,
    path::Operation,
    security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    tag::TagBuilder,
};

/// Name of the function.
pub(crate) const CONSOLE: &str = "console";

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(api::ProblemBody)))]
struct Refusals;

static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(|| {
    let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").description(Some(
        "ID token with the group of the operator's staff and a verified address. To everybody else these routes do not exist: \
         they are answered 404 `route_not_found`.",
    ));
    let info = InfoBuilder::new()
        .title("Berth: the operator's console")
        .description(Some("Routes for the operator's staff."))
        .version(env!("CARGO_PKG_VERSION"))
        .contact(Some(texts::contact()))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
        .build();
    let mut document = OpenApiBuilder::new()
        .info(info)
        .servers(Some([ServerBuilder::new().url(api::BASE_PATH).description(Some("This deployment.")).build()]))
        .security(Some([SecurityRequirement::new::<_, [&str; 0], &str>("id_token", [])]))
        .tags(Some([TagBuilder::new().name("operator").description(Some("The operator's console.")).build()]))
        .build();
    document.merge(console::openapi());
    document.merge(<Refusals as utoipa::OpenApi>::openapi());
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("id_token", SecurityScheme::Http(token.build()));
    fields::lift(components);
    for item in document.paths.paths.values_mut() {
        for operation in [&mut item.get, &mut item.post].into_iter().flatten() {
            let refused = ["4XX", "5XX"].map(|status| (status.to_owned(), refusal().into()));
            operation.responses.responses.extend(refused);
            let description = operation.description.get_or_insert_default();
            *description = fields::unwrapped(description);
            texts::complete(operation, components);
        }
    }
    document
});

fn refusal() -> Response {
    let problem = Content::new(Some(Ref::from_schema_name("Problem")));
    ResponseBuilder::new().content("application/problem+json", problem).build()
}

fn operations() -> Vec<(String, Operation)> {
    let paths = DOCUMENT.paths.paths.iter();
    let operations = paths.flat_map(|(path, item)| {
        let methods = [("GET", &item.get), ("POST", &item.post)];
        methods.map(|(method, operation)| (format!("{method} {path}"), operation.clone()))
    });
    operations.filter_map(|(route, operation)| Some((route, operation?))).collect()
}

/// Run with `UPDATE_EXPECT=1` to rewrite the document.
#[test]
fn the_committed_document_of_the_console_matches_its_router() {
    let text = DOCUMENT.to_pretty_json().unwrap() + "\n";
    expect_file![root().join("functions/console/openapi.json")].assert_eq(&text);
}

#[test]
fn every_operation_of_the_console_is_described() {
    let whole = serde_json::to_value(&*DOCUMENT).unwrap();
    let is_described = |value: &Value| value["description"].as_str().is_some_and(|text| text.ends_with('.'));
    assert_eq!(operations().len(), routes(&DOCUMENT).len(), "all methods are GET or POST");
    let ids: BTreeSet<_> = operations().into_iter().map(|(_, operation)| operation.operation_id.unwrap()).collect();
    assert_eq!(ids.len(), operations().len());
    for (route, operation) in operations() {
        let operation = serde_json::to_value(operation).unwrap();
        assert!(is_described(&operation), "{route}");
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            assert!(is_described(parameter), "{route}: {parameter}");
        }
        for (status, response) in operation["responses"].as_object().unwrap() {
            assert!(is_described(response), "{route} {status}");
        }
    }
    for (name, schema) in whole["components"]["schemas"].as_object().unwrap() {
        assert!(is_described(schema), "{name}");
        for (field, schema) in schema["properties"].as_object().into_iter().flatten() {
            assert!(is_described(schema), "{name}.{field}: {schema}");
        }
    }
}

/// Each route of the console has the authorizer of the staff, and no other route has it. None is a route of programs.
///
/// Invariant 67.
#[test]
fn only_the_console_has_routes_of_staff() {
    let template = read("template.yaml");
    let mut of_staff = BTreeSet::new();
    for (id, resource) in template["Resources"].as_object().unwrap() {
        let events = resource["Properties"]["Events"].as_object().into_iter().flat_map(Map::values);
        for event in events.filter(|event| event["Type"] == "HttpApi") {
            let properties = &event["Properties"];
            let path = properties["Path"].as_str().unwrap();
            let is_of_staff = properties["Auth"] == json!({"Authorizer": "StaffToken"});
            assert_eq!(is_of_staff, id == "ConsoleFunction", "{id}: {path}");
            assert_eq!(is_of_staff, path.starts_with("/api/v1/operator/"), "{id}: {path}");
            if is_of_staff {
                of_staff.insert(format!("{} {path}", properties["Method"].as_str().unwrap()));
            }
        }
    }
    assert_eq!(of_staff, routes(&DOCUMENT));
    assert!(PUBLIC.iter().all(|route| !of_staff.contains(*route)));
}

/// Staff have the issuer and the audience of users unless they have their own, and the function verifies the same audience.
#[test]
fn tokens_of_staff_are_those_of_users_by_default() {
    let template = read("template.yaml");
    let authorizers = &template["Resources"]["Api"]["Properties"]["Auth"]["Authorizers"];
    let (users, staff) = (&authorizers["IdToken"]["JwtConfiguration"], &authorizers["StaffToken"]["JwtConfiguration"]);
    let own = |condition: &str, parameter: &str, usual: &Value| json!({"!If": [condition, {"!Ref": parameter}, usual]});
    assert_eq!(staff["issuer"], own("OwnStaffIssuer", "StaffIssuer", &users["issuer"]));
    let audience = own("OwnStaffIssuer", "StaffAudience", &users["audience"][0]);
    assert_eq!(staff["audience"], json!([audience]));
    let variables = &template["Resources"]["ConsoleFunction"]["Properties"]["Environment"]["Variables"];
    assert_eq!(variables["TOKEN_AUDIENCE"], audience);
    assert_eq!(variables["STAFF_CLAIM"], json!({"!Ref": "StaffClaim"}));
    // A group that another provider happens to have makes nobody staff.
    let usual = json!({"!If": ["StaffInUserPool", "staff", ""]});
    assert_eq!(variables["STAFF_GROUP"], own("HasStaffGroup", "StaffGroup", &usual));
    let group = &template["Resources"]["StaffUserPoolGroup"]["Properties"];
    assert_eq!(group["GroupName"], own("HasStaffGroup", "StaffGroup", &json!("staff")));
}
