//! Form encoding with nested keys (<https://docs.stripe.com/api>, form-encoded request bodies): `a[b][0][c]=d`.

/// Value, or the entries of a nested hash in their order.
#[derive(Debug)]
pub(super) enum Node {
    Text(String),
    Branch(Vec<(String, Node)>),
}

impl Node {
    /// Returns the full name of the first value in this node.
    pub(super) fn leaf(&self, name: &str) -> String {
        match self {
            Self::Branch(entries) if let Some((key, node)) = entries.first() => node.leaf(&format!("{name}[{key}]")),
            Self::Branch(_) | Self::Text(_) => name.to_owned(),
        }
    }
}

/// Inserts the value at the place that its name describes. The last of two values with the same name is kept.
pub(super) fn insert(entries: &mut Vec<(String, Node)>, name: &str, value: String) {
    let (first, rest) = match name.find('[') {
        Some(at) if name.ends_with(']') => name.split_at(at),
        Some(_) | None => (name, ""),
    };
    let keys = rest.trim_start_matches('[').trim_end_matches(']');
    let keys: Vec<_> = if rest.is_empty() { Vec::new() } else { keys.split("][").collect() };
    place(entries, first, &keys, value);
}

fn place(entries: &mut Vec<(String, Node)>, key: &str, rest: &[&str], value: String) {
    let Some((next, rest)) = rest.split_first() else {
        put(entries, key, Node::Text(value));
        return;
    };
    if !matches!(entries.iter().find(|(name, _)| name == key), Some((_, Node::Branch(_)))) {
        put(entries, key, Node::Branch(Vec::new()));
    }
    if let Some((_, Node::Branch(inner))) = entries.iter_mut().find(|(name, _)| name == key) {
        let index = if next.is_empty() { appended(inner, rest) } else { (*next).to_owned() };
        place(inner, &index, rest, value);
    }
}

/// Returns the key that `[]` refers to: the last element if it lacks the next field, else a new one.
fn appended(list: &[(String, Node)], rest: &[&str]) -> String {
    let open = rest.first().is_some_and(|field| match list.last() {
        Some((_, Node::Branch(fields))) => fields.iter().all(|(name, _)| name != field),
        Some((_, Node::Text(_))) | None => false,
    });
    let index = if open { list.len().saturating_sub(1) } else { list.len() };
    index.to_string()
}

fn put(entries: &mut Vec<(String, Node)>, key: &str, node: Node) {
    match entries.iter_mut().find(|(name, _)| name == key) {
        Some((_, place)) => *place = node,
        None => entries.push((key.to_owned(), node)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pairs: &[(&str, &str)], expected: &str) {
        let mut entries = Vec::new();
        for (name, value) in pairs {
            insert(&mut entries, name, (*value).to_owned());
        }
        assert_eq!(show(&Node::Branch(entries)), expected, "{pairs:?}");
    }

    fn show(node: &Node) -> String {
        match node {
            Node::Text(text) => text.clone(),
            Node::Branch(entries) => {
                let inner: Vec<_> = entries.iter().map(|(key, node)| format!("{key}:{}", show(node))).collect();
                format!("{{{}}}", inner.join(" "))
            }
        }
    }

    #[test]
    fn names() {
        check(&[("a", "1")], "{a:1}");
        check(&[("a[b]", "1"), ("a[c]", "2")], "{a:{b:1 c:2}}");
        check(&[("a[]", "1"), ("a[]", "2")], "{a:{0:1 1:2}}");
        check(&[("a[0][b]", "1"), ("a[1][b]", "2")], "{a:{0:{b:1} 1:{b:2}}}");
        check(&[("a[][b]", "1"), ("a[][c]", "2"), ("a[][b]", "3")], "{a:{0:{b:1 c:2} 1:{b:3}}}");
        check(&[("a", "1"), ("a", "2")], "{a:2}");
        check(&[("a", "1"), ("a[b]", "2")], "{a:{b:2}}");
        check(&[("a[b", "1")], "{a[b:1}");
    }
}
