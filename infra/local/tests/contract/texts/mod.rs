//! Texts that many operations share: tags, and descriptions of parameters and responses.

pub(crate) mod access;
pub(crate) mod budgets;
pub(crate) mod fields;

use domain::page::Limit;
use utoipa::openapi::{
    Components, Contact, ContactBuilder, RefOr, Schema, Tag,
    path::{Operation, Parameter},
    tag::TagBuilder,
};

/// Returns the tags, in the order in which a customer meets them.
pub(crate) fn tags() -> Vec<Tag> {
    [
        ("me", "The caller's own profile."),
        ("workspaces", "Workspaces: their settings, overview, onboarding, examination and deletion."),
        ("team", "Members and their roles, invitations, and the activity."),
        ("api keys", "Keys with which programs call the API."),
        ("audit", "The audit log: its records, their verification, and signed checkpoints."),
        ("billing", "Plans, subscriptions and invoices. Payments are made on pages hosted by Stripe."),
        ("usage", "Metered usage within the limits of the plan."),
        ("runtime", "The container that runs a workspace."),
        ("integrations", "Services that receive a workspace's events, and the deliveries to them."),
        ("notifications", "The caller's inbox in a workspace, and preferences for it."),
        ("letters", "Pages of the unsubscribe link in e-mails."),
    ]
    .map(|(name, description)| TagBuilder::new().name(name).description(Some(description)).build())
    .into()
}

pub(crate) fn contact() -> Contact {
    ContactBuilder::new().name(Some("Support of this deployment")).build()
}

/// Returns the description of a parameter that many operations have.
fn parameter(name: &str) -> Option<String> {
    let text = match name {
        "X-Workspace-ID" => "Id of the workspace.",
        "Idempotency-Key" => {
            "Key that makes a repetition safe, 1 to 255 visible ASCII characters, such as a UUID. A repetition within 48 hours \
             returns the first answer."
        }
        "limit" => {
            return Some(format!("Maximum number of entries of the page; {} by default.", Limit::default().get()));
        }
        "cursor" => "Value of `pagination.next_cursor` from the previous page; the first page by default.",
        "type" => "Type of the integration.",
        _ => return None,
    };
    Some(text.to_owned())
}

fn header(name: &str) -> Option<&'static str> {
    Some(match name {
        "ETag" => "Version of the workspace, for `If-Match`.",
        "Link" => "URL of the next page of a table or an export (RFC 8288); absent on the last page.",
        _ => return None,
    })
}

/// Returns the description of a schema, or of the component that it refers to.
fn described(schema: &RefOr<Schema>, components: &Components) -> Option<String> {
    match schema {
        RefOr::Ref(schema) => {
            let name = schema.ref_location.rsplit('/').next()?;
            described(components.schemas.get(name)?, components)
        }
        RefOr::T(Schema::Object(schema)) => schema.description.clone(),
        RefOr::T(Schema::AllOf(schema)) => schema.description.clone(),
        RefOr::T(_) => None,
    }
}

/// Adds the missing descriptions of parameters, request bodies, responses and headers.
pub(crate) fn complete(operation: &mut Operation, components: &Components) {
    for parameter in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(parameter) = parameter {
            complete_parameter(parameter, components);
        }
    }
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        let schema = body.content.values().find_map(|content| match content {
            RefOr::T(content) => content.schema.as_ref(),
            RefOr::Ref(_) => None,
        });
        body.description = schema.and_then(|schema| described(schema, components));
    }
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        for (name, found) in &mut response.headers {
            if let RefOr::T(found) = found {
                found.description = found.description.take().or_else(|| header(name).map(ToOwned::to_owned));
            }
        }
        let schema = response.content.values().find_map(|content| match content {
            RefOr::T(content) => content.schema.as_ref(),
            RefOr::Ref(_) => None,
        });
        response.description = match status.as_str() {
            "4XX" => "The request is refused and has changed nothing. `code` says why.".to_owned(),
            "5XX" => "Berth, or a service that it depends on, failed. `code` says whether to send the request again."
                .to_owned(),
            "204" => "The request is done. The answer has no body.".to_owned(),
            "304" => "The client has the answer. This one has no body.".to_owned(),
            _ => schema.and_then(|schema| described(schema, components)).unwrap_or_else(|| "An HTML page.".to_owned()),
        };
    }
}

fn complete_parameter(parameter: &mut Parameter, components: &Components) {
    if parameter.description.is_none() {
        let of_schema = || parameter.schema.as_ref().and_then(|schema| described(schema, components));
        parameter.description = self::parameter(&parameter.name).or_else(of_schema);
    }
}
