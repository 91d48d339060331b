//! CloudFormation's intrinsic functions, limited to those that the emulator leaves unresolved in the used parts of a
//! template. Any other function is an error that names it.

use crate::{Error, Result};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Targets of references in a deployed stack.
pub(crate) struct Names<'a> {
    /// Parameter values, by name.
    pub(crate) parameters: &'a BTreeMap<String, String>,
    /// Physical ids of resources, by logical id.
    pub(crate) resources: &'a BTreeMap<String, String>,
    /// ARNs of functions, by logical id. No other attribute is used.
    pub(crate) arns: &'a BTreeMap<String, String>,
    /// Pseudo parameters such as AWS::Region.
    pub(crate) pseudo: &'a BTreeMap<String, String>,
    /// Conditions of the template.
    pub(crate) conditions: &'a Map<String, Value>,
}

impl Names<'_> {
    /// Resolves every function in the value. Returns `None` for AWS::NoValue.
    pub(crate) fn resolve(&self, value: &Value) -> Result<Option<Value>> {
        match value {
            Value::Array(items) => {
                let items = items.iter().filter_map(|item| self.resolve(item).transpose());
                Ok(Some(Value::Array(items.collect::<Result<_>>()?)))
            }
            Value::Object(fields) => match function(fields) {
                Some((name, argument)) => self.call(name, argument),
                None => {
                    let fields = fields.iter().filter_map(|(key, value)| {
                        self.resolve(value).transpose().map(|value| Ok((key.clone(), value?)))
                    });
                    Ok(Some(Value::Object(fields.collect::<Result<_>>()?)))
                }
            },
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(Some(value.clone())),
        }
    }

    fn call(&self, name: &str, argument: &Value) -> Result<Option<Value>> {
        let text = |text: String| Ok(Some(Value::String(text)));
        match (name, argument, argument.as_array().map(Vec::as_slice)) {
            ("Ref", Value::String(target), _) if target == "AWS::NoValue" => Ok(None),
            ("Ref", Value::String(target), _) => text(self.reference(target)?),
            ("Fn::GetAtt", _, Some([Value::String(target), Value::String(attribute)])) => {
                text(self.attribute(&format!("{target}.{attribute}"))?)
            }
            ("Fn::Sub", Value::String(template), _) => text(self.substitute(template)?),
            ("Fn::If", _, Some([Value::String(condition), yes, no])) => {
                self.resolve(if self.holds(condition)? { yes } else { no })
            }
            _ => Err(Error::Template(format!("the local cloud does not resolve {name} here: {argument}"))),
        }
    }

    fn reference(&self, target: &str) -> Result<String> {
        let found =
            self.pseudo.get(target).or_else(|| self.parameters.get(target)).or_else(|| self.resources.get(target));
        found.cloned().ok_or_else(|| Error::Template(format!("Ref {target} refers to an unknown name")))
    }

    fn attribute(&self, target: &str) -> Result<String> {
        let arn = target.strip_suffix(".Arn").and_then(|resource| self.arns.get(resource));
        arn.cloned().ok_or_else(|| Error::Template(format!("the local cloud does not resolve GetAtt {target} here")))
    }

    fn substitute(&self, template: &str) -> Result<String> {
        let mut result = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}').ok_or_else(|| Error::lacks(format!("Sub {template}"), "}"))?;
            result.push_str(before);
            match name.strip_prefix('!') {
                Some(literal) => result.push_str(&format!("${{{literal}}}")),
                None if name.contains('.') => result.push_str(&self.attribute(name)?),
                None => result.push_str(&self.reference(name)?),
            }
            rest = after;
        }
        Ok(result + rest)
    }

    fn holds(&self, condition: &str) -> Result<bool> {
        let rule = self
            .conditions
            .get(condition)
            .ok_or_else(|| Error::lacks("the template", format!("condition {condition}")))?;
        self.is_true(rule)
    }

    fn is_true(&self, rule: &Value) -> Result<bool> {
        let (name, argument) = rule
            .as_object()
            .and_then(function)
            .ok_or_else(|| Error::Template(format!("unsupported condition {rule}")))?;
        match (name, argument, argument.as_array().map(Vec::as_slice)) {
            ("Condition", Value::String(other), _) => self.holds(other),
            ("Fn::Equals", _, Some([left, right])) => Ok(self.resolve(left)? == self.resolve(right)?),
            ("Fn::Not", _, Some([other])) => Ok(!self.is_true(other)?),
            ("Fn::And", _, Some(all)) => all.iter().try_fold(true, |so_far, rule| Ok(so_far && self.is_true(rule)?)),
            ("Fn::Or", _, Some(any)) => any.iter().try_fold(false, |so_far, rule| Ok(so_far || self.is_true(rule)?)),
            _ => Err(Error::Template(format!("unsupported condition {rule}"))),
        }
    }
}

/// Reads an object with one key that is a function's name.
fn function(fields: &Map<String, Value>) -> Option<(&str, &Value)> {
    let (name, argument) = fields.iter().next()?;
    let is_function = name == "Ref" || name == "Condition" || name.starts_with("Fn::");
    (fields.len() == 1 && is_function).then_some((name, argument))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(value: &Value, expected: &str) {
        let map = |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let conditions = json!({
            "Open": { "Fn::Equals": [{ "Ref": "Issuer" }, ""] },
            "Closed": { "Fn::Not": [{ "Condition": "Open" }] },
            "Both": { "Fn::And": [{ "Condition": "Open" }, { "Condition": "Closed" }] },
            "Either": { "Fn::Or": [{ "Condition": "Open" }, { "Condition": "Closed" }] },
        });
        let names = Names {
            parameters: &map(&[("Issuer", ""), ("Origin", "https://a.example")]),
            resources: &map(&[("Pool", "pool-1"), ("Team", "berth-team")]),
            arns: &map(&[("Team", "arn:team")]),
            pseudo: &map(&[("AWS::Region", "here")]),
            conditions: conditions.as_object().unwrap(),
        };
        let found = match names.resolve(value) {
            Ok(Some(value)) => value.to_string(),
            Ok(None) => "nothing".to_owned(),
            Err(error) => error.to_string(),
        };
        assert_eq!(found, expected, "{value}");
    }

    #[test]
    fn functions() {
        check(&json!({ "Ref": "Origin" }), r#""https://a.example""#);
        check(&json!({ "Ref": "Pool" }), r#""pool-1""#);
        check(&json!({ "Ref": "AWS::NoValue" }), "nothing");
        check(&json!({ "Fn::GetAtt": ["Team", "Arn"] }), r#""arn:team""#);
        check(
            &json!({ "Fn::Sub": "x/${AWS::Region}/${Pool}/${Team.Arn}/${!kept}" }),
            r#""x/here/pool-1/arn:team/${kept}""#,
        );
        check(
            &json!([{ "Ref": "Origin" }, { "Fn::If": ["Closed", "x", { "Ref": "AWS::NoValue" }] }]),
            r#"["https://a.example"]"#,
        );
        check(&json!({ "a": { "Fn::If": ["Open", 1, 2] }, "b": { "Ref": "AWS::NoValue" } }), r#"{"a":1}"#);
        check(&json!([{ "Fn::If": ["Both", 1, 2] }, { "Fn::If": ["Either", 1, 2] }]), "[2,1]");
    }

    #[test]
    fn unknown_functions_and_names_are_named() {
        check(&json!({ "Ref": "Gone" }), "the template: Ref Gone refers to an unknown name");
        check(
            &json!({ "Fn::GetAtt": ["Pool", "Arn"] }),
            "the template: the local cloud does not resolve GetAtt Pool.Arn here",
        );
        check(
            &json!({ "Fn::Join": ["", []] }),
            r#"the template: the local cloud does not resolve Fn::Join here: ["",[]]"#,
        );
        check(&json!({ "Fn::If": ["Never", 1, 2] }), "the template has no condition Never");
    }
}
