//! The embedded table: its shape, the operations that the store sends, and its items for inspection by tests.

use dynoxide::{Database, ImportOptions};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use store::partitions::{Expiry, ItemKind};

/// Name of the table in the test world.
pub const NAME: &str = "berth";

/// Returns the table's shape as in `template.yaml`; a test compares the two.
#[must_use]
pub fn table_shape() -> Value {
    json!({
        "TableName": NAME,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
            {"AttributeName": "gsi1pk", "AttributeType": "S"},
            {"AttributeName": "gsi1sk", "AttributeType": "S"},
            {"AttributeName": "due_bucket", "AttributeType": "S"},
            {"AttributeName": "due_at", "AttributeType": "N"},
        ],
        "KeySchema": [
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        "GlobalSecondaryIndexes": [
            {
                "IndexName": "gsi1",
                "KeySchema": [
                    {"AttributeName": "gsi1pk", "KeyType": "HASH"},
                    {"AttributeName": "gsi1sk", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            },
            {
                "IndexName": "due",
                "KeySchema": [
                    {"AttributeName": "due_bucket", "KeyType": "HASH"},
                    {"AttributeName": "due_at", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            },
        ],
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"},
    })
}

pub(crate) fn create(table: &Database) {
    table.create_table(serde_json::from_value(table_shape()).unwrap()).unwrap();
}

/// Answers `operation` as DynamoDB would.
pub(crate) fn call(table: &Database, operation: &str, body: Value) -> (u16, String) {
    match operation {
        "BatchGetItem" => answer(body, |request| table.batch_get_item(request)),
        "DeleteItem" => answer(body, |request| table.delete_item(request)),
        "Query" => answer(body, |request| table.query(request)),
        "Scan" => answer(body, |request| table.scan(request)),
        "UpdateItem" => {
            let answer = answer(body.clone(), |request| table.update_item(request));
            check_written(table, &json!({"TransactItems": [{"Update": body}]}));
            answer
        }
        "TransactWriteItems" => {
            let answer = answer(body.clone(), |request| table.transact_write_items(request));
            check_written(table, &body);
            answer
        }
        other => panic!("the embedded table does not support {other}"),
    }
}

/// Fails the test if one of the items that `transaction` puts or updates is of no kind that the store has registered, or
/// has another type or TTL than registered.
fn check_written(table: &Database, transaction: &Value) {
    for action in transaction["TransactItems"].as_array().into_iter().flatten() {
        let key = match (action.get("Put"), action.get("Update")) {
            (Some(put), _) => &put["Item"],
            (None, Some(update)) => &update["Key"],
            (None, None) => continue,
        };
        let request = json!({"TableName": NAME, "Key": {"pk": key["pk"], "sk": key["sk"]}});
        let found = serde_json::to_value(table.get_item(serde_json::from_value(request).unwrap()).unwrap()).unwrap();
        let item = &found["Item"];
        // Absent: the transaction was refused.
        if item.is_object() {
            check_registered(item);
        }
    }
}

fn check_registered(item: &Value) {
    let [pk, sk, name] = ["pk", "sk", "_type"].map(|attribute| item[attribute]["S"].as_str().unwrap_or_default());
    // The store's own tests of conditions and transactions write items of no kind.
    if pk == "TEST" {
        return;
    }
    let kind = ItemKind::at(pk, sk).unwrap_or_else(|| panic!("{pk} | {sk} is not registered in store::partitions"));
    assert_eq!(name, kind.name(), "{pk} | {sk} has the type of its registration in store::partitions");
    let expires = item.get("ttl").is_some();
    let registered = match kind.expiry() {
        Expiry::Absent => !expires,
        Expiry::InSomeStates => true,
        Expiry::Always => expires,
    };
    assert!(registered, "{pk} | {sk}: the TTL is not as registered in store::partitions: {:?}", kind.expiry());
}

fn answer<Q: DeserializeOwned, A: Serialize>(
    body: Value,
    call: impl FnOnce(Q) -> Result<A, dynoxide::DynoxideError>,
) -> (u16, String) {
    match call(serde_json::from_value(body).unwrap()) {
        Ok(answer) => (200, serde_json::to_string(&answer).unwrap()),
        Err(error) => (error.status_code(), error.to_json().replace("VALIDATION:", "")),
    }
}

/// Returns every item by its key, as plain JSON.
pub(crate) fn items(table: &Database) -> BTreeMap<(String, String), Value> {
    let mut items = BTreeMap::new();
    let mut start = Value::Null;
    loop {
        let mut request = json!({"TableName": NAME});
        if !start.is_null() {
            request["ExclusiveStartKey"] = start;
        }
        let page = table.scan(serde_json::from_value(request).unwrap()).unwrap();
        let page = serde_json::to_value(page).unwrap();
        for item in page["Items"].as_array().unwrap() {
            let mut item: Map<_, _> =
                item.as_object().unwrap().iter().map(|(name, value)| (name.clone(), plain(value))).collect();
            let mut key = |name| item.remove(name).unwrap().as_str().unwrap().to_owned();
            items.insert((key("pk"), key("sk")), Value::Object(item));
        }
        start = page["LastEvaluatedKey"].clone();
        if start.is_null() {
            return items;
        }
    }
}

/// Returns an attribute value without its type.
fn plain(value: &Value) -> Value {
    let (kind, value) = value.as_object().unwrap().iter().next().unwrap();
    match kind.as_str() {
        "N" => serde_json::from_str(value.as_str().unwrap()).unwrap(),
        "NULL" => Value::Null,
        "L" => value.as_array().unwrap().iter().map(plain).collect(),
        "M" => value.as_object().unwrap().iter().map(|(name, value)| (name.clone(), plain(value))).collect(),
        _ => value.clone(),
    }
}

/// Sets one attribute of one item.
pub(crate) fn set(table: &Database, pk: &str, sk: &str, attribute: &str, value: &Value) {
    let request = json!({
        "TableName": NAME,
        "Key": {"pk": {"S": pk}, "sk": {"S": sk}},
        "UpdateExpression": "SET #a = :v",
        "ExpressionAttributeNames": {"#a": attribute},
        "ExpressionAttributeValues": {":v": value},
    });
    table.update_item(serde_json::from_value(request).unwrap()).unwrap();
}

/// Sets one attribute of every item of a partition whose sort key begins with `prefix`.
pub(crate) fn set_all(table: &Database, pk: &str, prefix: &str, attribute: &str, value: &Value) {
    for (of, sk) in items(table).into_keys() {
        if of == pk && sk.starts_with(prefix) {
            set(table, pk, &sk, attribute, value);
        }
    }
}

/// Copies the item at (`pk`, `sk`) to `pk` and each of `copies`, with all attributes except its key.
pub(crate) fn copy(table: &Database, pk: &str, sk: &str, copies: impl IntoIterator<Item = String>) {
    let key = json!({"TableName": NAME, "Key": {"pk": {"S": pk}, "sk": {"S": sk}}});
    let found = serde_json::to_value(table.get_item(serde_json::from_value(key).unwrap()).unwrap()).unwrap();
    let mut item = found["Item"].clone();
    let copies = copies.into_iter().map(|copy| {
        item["sk"] = json!({"S": copy});
        serde_json::from_value(item.clone()).unwrap()
    });
    // One import: a hundred thousand single writes would take hours.
    table.import_items(NAME, copies.collect(), ImportOptions::default()).unwrap();
}

/// Replaces the text `from` with `to` in all items, including keys.
pub(crate) fn rename(table: &Database, from: &str, to: &str) {
    let found = table.scan(serde_json::from_value(json!({"TableName": NAME})).unwrap()).unwrap();
    let found = serde_json::to_value(found).unwrap();
    assert!(found["LastEvaluatedKey"].is_null(), "the table has more than one page; rename only in small tables");
    for item in found["Items"].as_array().unwrap() {
        let text = item.to_string();
        if text.contains(from) {
            let key = json!({"TableName": NAME, "Key": {"pk": item["pk"], "sk": item["sk"]}});
            table.delete_item(serde_json::from_value(key).unwrap()).unwrap();
            let renamed: Value = serde_json::from_str(&text.replace(from, to)).unwrap();
            table.put_item(serde_json::from_value(json!({"TableName": NAME, "Item": renamed})).unwrap()).unwrap();
        }
    }
}

/// Returns the records of the table's stream, as Lambda receives them.
pub(crate) fn stream(table: &Database) -> Vec<Value> {
    let call = |answer: Result<Value, dynoxide::DynoxideError>| answer.unwrap();
    let described = table.describe_table(serde_json::from_value(json!({"TableName": NAME})).unwrap()).unwrap();
    let arn = serde_json::to_value(described).unwrap()["Table"]["LatestStreamArn"].clone();
    let stream = table.describe_stream(serde_json::from_value(json!({"StreamArn": arn})).unwrap());
    let stream = call(stream.map(|stream| serde_json::to_value(stream).unwrap()));
    let mut records = Vec::new();
    for shard in stream["StreamDescription"]["Shards"].as_array().unwrap() {
        let wanted = json!({"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"});
        let iterator = table.get_shard_iterator(serde_json::from_value(wanted).unwrap());
        let iterator = call(iterator.map(|iterator| serde_json::to_value(iterator).unwrap()));
        let wanted = json!({"ShardIterator": iterator["ShardIterator"]});
        let page = table.get_records(serde_json::from_value(wanted).unwrap());
        let page = call(page.map(|page| serde_json::to_value(page).unwrap()));
        records.extend(page["Records"].as_array().unwrap().iter().cloned().map(|mut record| {
            record["eventSourceARN"] = arn.clone();
            record
        }));
    }
    records
}

#[cfg(test)]
mod tests {
    use super::{check_registered, json};

    #[test]
    fn registered_item_passes() {
        check_registered(&json!({"pk": {"S": "WS#id"}, "sk": {"S": "RUNTIME"}, "_type": {"S": "runtime"}}));
    }

    #[test]
    #[should_panic(expected = "is not registered")]
    fn item_of_an_unregistered_kind_fails_the_test() {
        check_registered(&json!({"pk": {"S": "WS#id"}, "sk": {"S": "NOTE#1"}, "_type": {"S": "note"}}));
    }

    #[test]
    #[should_panic(expected = "has the type of its registration")]
    fn item_of_another_type_fails_the_test() {
        check_registered(&json!({"pk": {"S": "WS#id"}, "sk": {"S": "RUNTIME"}, "_type": {"S": "note"}}));
    }

    #[test]
    #[should_panic(expected = "the TTL is not as registered")]
    fn item_without_its_ttl_fails_the_test() {
        check_registered(&json!({"pk": {"S": "EVENT#evt"}, "sk": {"S": "META"}, "_type": {"S": "event"}}));
    }
}
