//! Values that are invalid for most fields.

/// Name of a value, and its JSON, which need not be UTF-8.
pub(crate) type Json = (&'static str, Vec<u8>);

/// Name of a parameter's value, and its text.
pub(crate) type Text = (&'static str, String);

const HUGE: usize = 200_000;
const DEEP: usize = 10_000;
const MANY: usize = 64_000;

/// Lists values for fields of bodies. `runtime-api` gets smaller ones, because its bodies are limited.
pub(crate) fn in_bodies() -> Vec<Json> {
    let mut values: Vec<(&str, String)> = [
        ("null", "null"),
        ("a Boolean", "true"),
        ("a number", "7"),
        ("a negative number", "-1"),
        ("a fraction", "0.5"),
        ("a number out of range", "1e400"),
        ("a number that is too large", "18446744073709551616"),
        ("an empty text", r#""""#),
        ("white space", r#"" \t ""#),
        ("a text", r#""x""#),
        ("an empty array", "[]"),
        ("an array", r#"["x", 1, null]"#),
        ("an empty object", "{}"),
        ("an object", r#"{"a": {"b": 1}}"#),
        ("a field twice", r#"{"a": 1, "a": 2}"#),
        ("a reserved name", r#"{"$serde_json::private::RawValue": "x"}"#),
        ("a reserved name, nested", r#"{"a": {"$serde_json::private::RawValue": "x"}}"#),
        ("NUL", r#""a\u0000b""#),
        ("a lone surrogate", r#""\ud800""#),
        ("an overridden direction", "\"\u{202e}lapyap\""),
        ("combining characters", "\"e\u{301}\u{301}\u{301}\""),
        ("four-byte characters", "\"😀\""),
        ("zero-width characters", "\"a\u{200b}b\""),
        ("a control character", "\"a\u{1}b\""),
        ("nothing", ""),
        ("an incomplete value", "[1"),
    ]
    .map(|(name, json)| (name, json.to_owned()))
    .into();
    for (name, huge, deep, many) in [("long", 2_000, 1_000, 1_000), ("huge", HUGE, DEEP, MANY)] {
        let leak = |text: String| -> &'static str { text.leak() };
        values.extend([
            (leak(format!("a {name} text")), format!("\"{}\"", "x".repeat(huge))),
            (leak(format!("a {name} text in four-byte characters")), format!("\"{}\"", "😀".repeat(huge / 4))),
            (leak(format!("a {name} number")), "9".repeat(huge)),
            (leak(format!("a {name} name")), format!(r#"{{"{}": 1}}"#, "x".repeat(huge))),
            (leak(format!("{name} arrays in arrays")), format!("{}{}", "[".repeat(deep), "]".repeat(deep))),
            (leak(format!("{name} objects in objects")), format!("{}1{}", r#"{"a":"#.repeat(deep), "}".repeat(deep))),
            (leak(format!("a {name} array")), format!("[{}1]", "1,".repeat(many))),
            (leak(format!("a {name} array of texts")), format!("[{}\"\"]", r#""","#.repeat(many))),
        ]);
    }
    let mut values: Vec<Json> = values.into_iter().map(|(name, json)| (name, json.into_bytes())).collect();
    values.push(("bytes that are not UTF-8", b"\"\xff\xfe\"".to_vec()));
    values
}

/// Lists values for headers, limited to those that the gateway passes on.
pub(crate) fn in_headers() -> Vec<Text> {
    let mut values: Vec<_> = [
        ("empty", ""),
        ("null", "null"),
        ("a negative number", "-1"),
        ("a number out of range", "1e400"),
        ("an array", "[]"),
        ("quotes", r#""a", "b""#),
        ("two values", "a,a"),
        ("an escape", r"\ud800"),
        ("other characters", "é😀"),
        ("an overridden direction", "\u{202e}lapyap"),
        ("zero-width characters", "a\u{200b}b"),
    ]
    .map(|(name, text)| (name, text.to_owned()))
    .into();
    values.extend([("a huge text", "x".repeat(HUGE)), ("a huge list", "\"1\",".repeat(MANY / 4))]);
    values
}

/// Lists values for parameters in a path or a query.
pub(crate) fn in_targets() -> Vec<Text> {
    let mut values = in_headers();
    let more = [
        ("true", "true"),
        ("a number", "7"),
        ("an object", "{}"),
        ("NUL", "a\0b"),
        ("lines", "a\r\nb"),
        ("combining characters", "e\u{301}\u{301}"),
        ("the folder above", "../.."),
        ("an escape of an escape", "%25%00"),
    ];
    values.extend(more.map(|(name, text)| (name, text.to_owned())));
    // Longer than an answer may be, and shorter than the longest accepted target.
    values.extend([("a long text", "x".repeat(10_000)), ("arrays in arrays", "[".repeat(DEEP / 4))]);
    values
}
