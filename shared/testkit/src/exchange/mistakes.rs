//! Request bodies of any size with one mistake. The work that they cause, and the responses to them, must be bounded.

use std::fmt::Write;

/// A kind of mistake in a body.
#[derive(Debug, Clone, Copy)]
pub struct Mistake {
    /// Description of the mistake.
    pub name: &'static str,
    /// Sample event whose body it replaces.
    pub event: &'static str,
    shape: Shape,
}

#[derive(Debug, Clone, Copy)]
enum Shape {
    /// A beginning, a repeated part, and an end.
    Repeated(&'static str, &'static str, &'static str),
    /// A beginning, fields whose names have this prefix, and an end.
    Fields(&'static str, &'static str, &'static str),
}

/// A field name that is longer than responses repeat.
const LONG: &str =
    "name_of_more_than_a_hundred_characters_which_an_answer_does_not_repeat_in_full_however_many_fields_there_are_";

/// All mistakes.
pub const MISTAKES: &[Mistake] = &[
    of("elements of the wrong type", SET_UP, Shape::Repeated(r#"{"config": {}, "events": ["#, "1,", "1]}")),
    of("unknown elements", SET_UP, Shape::Repeated(r#"{"config": {}, "events": ["#, r#""x","#, r#""x"]}"#)),
    of("unknown fields", CREATE, Shape::Fields("{", "f", r#""name": "x"}"#)),
    of("unknown fields with long names", CREATE, Shape::Fields("{", LONG, r#""name": "x"}"#)),
    of("unknown fields of a config", SET_UP, Shape::Fields(r#"{"config": {"#, "f", r#""url": 1}}"#)),
    of("unknown types of notifications", SET_PREFERENCES, Shape::Fields(r#"{"in_app": {"#, "t", r#""agent": 1}}"#)),
    of("a long name of a field", CREATE, Shape::Repeated(r#"{""#, "x", r#"": 1}"#)),
    of("a long name in escapes", CREATE, Shape::Repeated(r#"{""#, r"\u0000", r#"": 1}"#)),
    of("a field that comes again", CREATE, Shape::Repeated("{", r#""name": "x","#, r#""name": "x"}"#)),
    of("nested arrays", UPDATE, Shape::Repeated(r#"{"settings": "#, "[", "")),
    of("nested objects", UPDATE, Shape::Repeated(r#"{"settings": "#, r#"{"a":"#, "")),
    of("many settings", UPDATE, Shape::Repeated(r#"{"name": 1, "settings": {"a": ["#, "1,", "1]}}")),
    of("large settings", UPDATE, Shape::Repeated(r#"{"name": 1, "settings": {"a": ""#, "x", r#""}}"#)),
    of("a long text", CREATE, Shape::Repeated(r#"{"name": ""#, "x", r#""}"#)),
    of("a long text in escapes", CREATE, Shape::Repeated(r#"{"name": ""#, r"\ud83d\ude00", r#""}"#)),
    of("a long time zone", CREATE, Shape::Repeated(r#"{"name": "x", "timezone": ""#, "x", r#""}"#)),
    of("a long address", INVITE, Shape::Repeated(r#"{"role": "admin", "email": ""#, "a.", r#"@example.com"}"#)),
    of("an address with a long domain", INVITE, Shape::Repeated(r#"{"role": "admin", "email": "a@"#, "a.", r#"com"}"#)),
    of(
        "a URL with a long host",
        CHECKOUT,
        Shape::Repeated(r#"{"plan": "pro", "success_url": "https://"#, "ü", r#""}"#),
    ),
    of(
        "a URL with a long path",
        CHECKOUT,
        Shape::Repeated(r#"{"plan": "pro", "success_url": "https://a/"#, "../", r#""}"#),
    ),
    of(
        "a receiver with a long host",
        SET_UP,
        Shape::Repeated(r#"{"config": {"url": "https://xn--"#, "a", r#".example"}}"#),
    ),
    of(
        "a long secret",
        SET_UP,
        Shape::Repeated(r#"{"config": {"url": "https://a.example"}, "secret": "whsec_"#, "a", r#""}"#),
    ),
    of(
        "a number of many digits",
        CONSUME,
        Shape::Repeated(r#"{"meter": "executions", "key": "k", "amount": "#, "1", "}"),
    ),
    of(
        "networks that are none",
        CREATE_KEY,
        Shape::Repeated(r#"{"name": "x", "networks": ["#, r#""x","#, r#""x"], "scopes": []}"#),
    ),
    of("white space", CREATE, Shape::Repeated("{", " \n", "}")),
    of("what is no JSON", CREATE, Shape::Repeated(r#"{"name": "x""#, "}", "")),
    of("what breaks off", CREATE, Shape::Repeated(r#"{"a": ["#, "{},", "")),
];

const CHECKOUT: &str = "billing/checkout";
const CONSUME: &str = "billing/consume";
const CREATE: &str = "workspace/create";
const CREATE_KEY: &str = "keys/create";
const INVITE: &str = "team/invite";
const SET_PREFERENCES: &str = "notifications/set-preferences";
const SET_UP: &str = "integrations/set-up";
const UPDATE: &str = "workspace/update";

const fn of(name: &'static str, event: &'static str, shape: Shape) -> Mistake {
    Mistake { name, event, shape }
}

impl Mistake {
    /// Returns a body with the mistake of nearly, and at most, this many bytes.
    #[must_use]
    pub fn body(&self, bytes: usize) -> String {
        match self.shape {
            Shape::Repeated(start, part, end) => {
                let times = bytes.saturating_sub(start.len() + end.len()) / part.len();
                format!("{start}{}{end}", part.repeat(times))
            }
            Shape::Fields(start, name, end) => {
                let mut body = start.to_owned();
                for number in 0.. {
                    if body.len() + name.len() + end.len() + "\"\":1,".len() + 8 > bytes {
                        break;
                    }
                    write!(body, r#""{name}{number}":1,"#).unwrap();
                }
                body + end
            }
        }
    }

    /// Returns the function to which the request belongs.
    #[must_use]
    pub fn function(&self) -> &'static str {
        self.event.split('/').next().unwrap_or_default()
    }
}
