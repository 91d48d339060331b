//! Puts the descriptions of fields where tools and readers find them.

use utoipa::openapi::{Components, RefOr, Schema};

/// Moves the description of each nullable field from its reference to the field, where tools look for it, and joins the
/// lines of all descriptions.
pub(crate) fn lift(components: &mut Components) {
    for schema in components.schemas.values_mut() {
        let RefOr::T(schema) = schema else { continue };
        if let Schema::Object(object) = schema {
            object.properties.values_mut().for_each(lift_field);
        }
        if let Some(description) = description(schema) {
            *description = unwrapped(description);
        }
    }
}

fn lift_field(field: &mut RefOr<Schema>) {
    match field {
        RefOr::Ref(field) => field.description = unwrapped(&field.description),
        RefOr::T(Schema::OneOf(field)) => {
            let descriptions = field.items.iter_mut().filter_map(|item| match item {
                RefOr::Ref(item) => Some(std::mem::take(&mut item.description)),
                RefOr::T(_) => None,
            });
            field.description = Some(unwrapped(&descriptions.collect::<String>()));
        }
        RefOr::T(field) => {
            if let Some(description) = description(field) {
                *description = unwrapped(description);
            }
        }
    }
}

const fn description(schema: &mut Schema) -> Option<&mut String> {
    match schema {
        Schema::Array(schema) => schema.description.as_mut(),
        Schema::Object(schema) => schema.description.as_mut(),
        Schema::OneOf(schema) => schema.description.as_mut(),
        Schema::AllOf(schema) => schema.description.as_mut(),
        Schema::AnyOf(schema) => schema.description.as_mut(),
        _ => None,
    }
}

/// Joins the lines of each paragraph, since they are wrapped for the source.
pub(crate) fn unwrapped(text: &str) -> String {
    let paragraphs = text.split("\n\n").map(|paragraph| paragraph.lines().map(str::trim).collect::<Vec<_>>().join(" "));
    paragraphs.filter(|paragraph| !paragraph.is_empty()).collect::<Vec<_>>().join("\n\n")
}
