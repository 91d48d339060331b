//! The export of a workspace: the items in its partitions, page by page, without what is withheld. It knows no shapes;
//! audit records are exported as they are shown.

mod kinds;
mod position;

pub use kinds::{Export, Parts};
pub use position::{ExportPosition, InvalidPosition};

use kinds::parts;

use crate::{
    Store, audit,
    partitions::ItemKind,
    table::calls::Query,
    table::error::{Corrupt, Error},
    table::item::{Item, key_of, place},
    table::keys::Key,
    workspace::entry::Entry,
};
use domain::{
    bounds::budget::{Budget, Exhausted},
    identity::access::Action,
    identity::denied::Denied,
    ids::WorkspaceId,
    page::{Page, PageRequest},
};
use serde_json::{Map, Value};

/// An exported item.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportedItem {
    /// Kind of the item.
    pub kind: ItemKind,
    /// The workspace, and the other parts of the item's key.
    pub key: Map<String, Value>,
    /// The exported fields.
    pub content: Map<String, Value>,
}

impl Entry<'_> {
    /// Reads a page of the workspace's export for a member who may do it. It counts against the workspace's budget, in
    /// the same round trip.
    ///
    /// # Errors
    /// [`Exhausted`] if the budget is used up, converted to `E`.
    pub async fn export<E>(self, page: PageRequest<ExportPosition>) -> Result<Page<ExportedItem, ExportPosition>, E>
    where
        E: From<Error> + From<Denied> + From<Exhausted>,
    {
        let (store, caller, workspace) = (self.store, self.caller, self.workspace);
        let action = Action::ExportWorkspace;
        let inside = store.read_and_take(
            (caller, workspace),
            action,
            Budget::WorkspaceExports,
            self.authorize_read::<E>(action),
        );
        let (inside, page) = tokio::join!(inside, store.export_page(workspace, page));
        let (_, taken) = inside?;
        let page = page?;
        taken.map(|()| page)
    }
}

impl Store {
    /// Reads the exported items among the next `limit` items of one partition.
    async fn export_page(
        &self,
        workspace: WorkspaceId,
        page: PageRequest<ExportPosition>,
    ) -> Result<Page<ExportedItem, ExportPosition>, Error> {
        let ExportPosition { within, after } = page.after.unwrap_or(const { ExportPosition::first() });
        let pk = within.key(workspace);
        let start = after.map(|sk| Item::from(place(&Key { pk: pk.clone(), sk })));
        let output = self.query(Query::table(pk).after(start).limit(page.limit.get())).await?;
        let items = output.items().iter().filter_map(|item| exported(workspace, item).transpose());
        let items = items.collect::<Result<_, _>>()?;
        let next = match output.last_evaluated_key().and_then(key_of) {
            Some(last) => Some(ExportPosition { within, after: Some(last.sk) }),
            None => parts().skip_while(|part| *part != within).nth(1).map(ExportPosition::beginning),
        };
        Ok(Page { items, next })
    }
}

/// Returns the exported parts of `item`, if its kind has any.
fn exported(workspace: WorkspaceId, item: &Item) -> Result<Option<ExportedItem>, Corrupt> {
    let kind = key_of(item).and_then(|key| Some((ItemKind::at(&key.pk, &key.sk)?, key.sk)));
    let Some((kind, parts, sk)) = kind.and_then(|(kind, sk)| Some((kind, kind.exported()?, sk))) else {
        return Ok(None);
    };
    let corrupt = Corrupt { wanted: kind.name(), version: 1 };
    let attributes: Map<String, Value> = serde_dynamo::from_item(item.clone()).map_err(|_| corrupt)?;
    let named = parts.key.iter().zip(sk.split('#')).filter(|(name, _)| !name.is_empty());
    let key = [("workspace_id".to_owned(), Value::from(workspace.to_string()))]
        .into_iter()
        .chain(named.map(|(name, part)| ((*name).to_owned(), Value::from(part))))
        .collect();
    let content = attributes.into_iter().filter_map(|(name, value)| Some((name.clone(), shown(&parts, &name, value)?)));
    let content: Map<String, Value> = content.collect();
    let content = if kind == ItemKind::Audit { audit::shown(content) } else { content };
    Ok(Some(ExportedItem { kind, key, content }))
}

/// Returns the shown fields of `value`, the field at `path`.
fn shown(parts: &Parts, path: &str, value: Value) -> Option<Value> {
    if parts.shown.contains(&path) {
        let parsed = value.as_str().filter(|_| parts.json.contains(&path)).map(serde_json::from_str);
        return Some(parsed.and_then(Result::ok).unwrap_or(value));
    }
    let within = |field: &&str| field.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'));
    if !parts.shown.iter().any(within) {
        return None;
    }
    match value {
        Value::Object(fields) => {
            let fields = fields.into_iter();
            let fields = fields.filter_map(|(name, value)| {
                let value = shown(parts, &format!("{path}.{name}"), value)?;
                Some((name, value))
            });
            Some(fields.collect())
        }
        Value::Null => Some(Value::Null),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{partitions::Partition, table::keys};
    use std::{fs, path::Path};

    /// Attributes of the table itself, in items of several kinds.
    const OF_THE_TABLE: [&str; 9] = ["_type", "_v", "pk", "sk", "ttl", "due_at", "due_bucket", "gsi1pk", "gsi1sk"];

    const CANARY: &str = "canary-5d0b2f8f10";

    fn samples(kind: ItemKind) -> Vec<Map<String, Value>> {
        let file = kind.name().replace(' ', "_") + ".json";
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples/table").join(file);
        let samples: Vec<Value> = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let items = samples.into_iter().map(|sample| serde_json::from_value(sample["item"].clone()).unwrap());
        items.map(|item: serde_dynamo::Item| serde_dynamo::from_item(item).unwrap()).collect()
    }

    /// Calls `visit` with the path and value of each leaf in `value`, and of each field that `parts` lists.
    fn visit(parts: &Parts, path: &str, value: &mut Value, seen: &mut impl FnMut(&str, &mut Value)) {
        let listed = parts.shown.contains(&path) || parts.withheld.contains(&path);
        if listed {
            seen(path, value);
        } else if let Some(fields) = value.as_object_mut() {
            fields.iter_mut().for_each(|(name, value)| visit(parts, &format!("{path}.{name}"), value, seen));
        } else if !value.is_null() {
            seen(path, value);
        }
    }

    #[test]
    fn every_stored_field_is_shown_or_withheld() {
        let mut unlisted = Vec::new();
        for (kind, parts) in ItemKind::ALL.iter().filter_map(|kind| Some((kind, kind.exported()?))) {
            let mut sampled = Vec::new();
            for mut item in samples(*kind) {
                item.retain(|name, _| !OF_THE_TABLE.contains(&name.as_str()));
                for (name, value) in &mut item {
                    visit(&parts, name, value, &mut |path, _| sampled.push(path.to_owned()));
                }
            }
            let listed: Vec<_> = parts.shown.iter().chain(parts.withheld).collect();
            let missing = sampled.iter().filter(|path| !listed.iter().any(|field| field == path));
            unlisted.extend(missing.map(|path| format!("{}: {path} is not listed", kind.name())));
            let gone = listed.iter().filter(|field| !sampled.iter().any(|path| *path == ***field));
            unlisted.extend(gone.map(|field| format!("{}: no sample has {field}", kind.name())));
            assert!(parts.json.iter().all(|field| parts.shown.contains(field)), "{kind:?}");
        }
        unlisted.sort();
        unlisted.dedup();
        assert!(unlisted.is_empty(), "{}", unlisted.join("\n"));
    }

    #[test]
    fn withheld_fields_are_in_no_export() {
        for kind in ItemKind::ALL {
            for mut item in samples(kind) {
                let [pk, sk] = ["pk", "sk"].map(|name| item[name].as_str().unwrap().to_owned());
                let parts = kind.exported();
                let mut withheld = 0;
                for (name, value) in &mut item {
                    let Some(parts) = parts.filter(|_| name != "pk" && name != "sk") else { continue };
                    visit(&parts, name, value, &mut |path, value| {
                        if !parts.shown.contains(&path) {
                            *value = CANARY.into();
                            withheld += 1;
                        }
                    });
                }
                let item = serde_dynamo::to_item::<_, Item>(&item).unwrap();
                let workspace =
                    keys::workspace_of(&item).unwrap_or_else(|| "ws_01K9ZX3V8Q4M7N2P5R6S8T9W0Y".parse().unwrap());
                let found = exported(workspace, &item).unwrap();
                assert_eq!(found.is_some(), parts.is_some(), "{kind:?}");
                if let Some(found) = found {
                    assert!(withheld > 0, "{kind:?}: its type is not shown as a field");
                    assert!(!format!("{found:?}").contains(CANARY), "{pk} | {sk}: {found:?}");
                    assert_eq!(found.key["workspace_id"], workspace.to_string());
                    assert_eq!((found.kind, found.key.contains_key("")), (kind, false));
                }
            }
        }
    }

    /// An export reads the partitions of the workspace only.
    #[test]
    fn exported_kinds_are_in_partitions_of_the_workspace() {
        for kind in ItemKind::ALL {
            let inside = match kind.partition() {
                Partition::Workspace(within) => parts().any(|part| part == within),
                Partition::User
                | Partition::Recipient
                | Partition::Outbox
                | Partition::Notice
                | Partition::Event
                | Partition::Comparison => false,
            };
            assert!(inside || kind.exported().is_none(), "{kind:?}");
        }
    }

    #[test]
    fn texts_that_hold_json_are_exported_as_json() {
        let [audit, head] = [ItemKind::Audit, ItemKind::Workspace].map(|kind| kind.exported().unwrap());
        assert_eq!(shown(&audit, "before", r#"{"name":"Acme"}"#.into()), Some(serde_json::json!({"name": "Acme"})));
        assert_eq!(shown(&head, "name", r#"{"name":1}"#.into()), Some(r#"{"name":1}"#.into()));
    }
}
