//! The stored records of a log, as the operator sees and may change them.

use super::log::Log;
use domain::audit::digest::Digest;
use jiff::Timestamp;
use serde_json::{Value, json};
use testkit::TABLE;

/// Digits of ids, in their order.
const DIGITS: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl Log {
    /// Sends `body` to the table, past the API.
    fn call(&self, operation: &str, body: Value) -> Value {
        let (status, answer) = self.world.aws(&format!("DynamoDB_20120810.{operation}"), "/", body);
        assert_eq!(status, 200, "{answer}");
        serde_json::from_str(&answer).unwrap()
    }

    /// Returns the ids of the records, oldest first.
    pub(super) fn records(&self) -> Vec<String> {
        let pk = self.key("").0;
        self.world.items().into_keys().filter(|key| key.0 == pk).map(|(_, sk)| sk).collect()
    }

    /// Returns the key of a record.
    pub(super) fn key(&self, record: &str) -> (String, String) {
        (format!("WS#{}#AUDIT", self.id), record.to_owned())
    }

    /// Returns the key of an item of the chain, such as its head.
    pub(super) fn chain(&self, sk: &str) -> (String, String) {
        (format!("WS#{}#CHAIN", self.id), sk.to_owned())
    }

    /// Returns an item with the types of its attributes.
    pub(super) fn item(&self, (pk, sk): &(String, String)) -> Value {
        let key = json!({"pk": {"S": pk}, "sk": {"S": sk}});
        let asked = json!({"RequestItems": {TABLE: {"Keys": [key], "ConsistentRead": true}}});
        let item = self.call("BatchGetItem", asked)["Responses"][TABLE][0].clone();
        assert!(item.is_object(), "no item {pk} | {sk}");
        item
    }

    /// Stores an item.
    pub(super) fn put(&self, item: Value) {
        self.call("TransactWriteItems", json!({"TransactItems": [{"Put": {"TableName": TABLE, "Item": item}}]}));
    }

    /// Deletes an item, as TTL does.
    pub(super) fn delete(&self, (pk, sk): &(String, String)) {
        self.call("DeleteItem", json!({"TableName": TABLE, "Key": {"pk": {"S": pk}, "sk": {"S": sk}}}));
    }

    /// Removes an attribute of an item.
    pub(super) fn remove(&self, (pk, sk): &(String, String), attribute: &str) {
        let update = json!({
            "TableName": TABLE,
            "Key": {"pk": {"S": pk}, "sk": {"S": sk}},
            "UpdateExpression": "REMOVE #a",
            "ExpressionAttributeNames": {"#a": attribute},
        });
        self.call("UpdateItem", update);
    }

    /// Copies a record to another id.
    pub(super) fn copy(&self, record: &str, to: &str) {
        let mut item = self.item(&self.key(record));
        item["sk"] = json!({"S": to});
        self.put(item);
    }

    /// Changes the place of a record.
    pub(super) fn replace(&self, record: &str, change: impl FnOnce(&mut Value)) {
        let mut item = self.item(&self.key(record));
        change(&mut item["place"]["M"]);
        self.put(item);
    }

    /// Gives a record the digest that it has by its contents, which anybody can compute. Returns the digest.
    pub(super) async fn seal(&self, record: &str) -> String {
        let pages = self.export().await;
        let mut lines = pages.iter().flat_map(|page| page.lines()).map(|line| serde_json::from_str(line).unwrap());
        let line: Value = lines
            .find(|line: &Value| line["text"].as_str().unwrap().contains(&format!("\"id\":\"{record}\"")))
            .unwrap();
        let previous: Digest = line["previous"].as_str().unwrap().parse().unwrap();
        let text = line["text"].as_str().unwrap().as_bytes();
        let digest = Digest::of("berth.audit.record.v1", &[previous.bytes(), text]).to_string();
        self.replace(record, |place| place["digest"] = json!({"S": digest}));
        digest
    }

    /// Moves the head to a record, as if the log ended there.
    pub(super) fn move_head(&self, record: &str) {
        let item = self.item(&self.key(record));
        let (place, head) = (&item["place"]["M"], self.chain("HEAD"));
        let until: i64 = item["ttl"]["N"].as_str().unwrap().parse().unwrap();
        let until = Timestamp::from_second(until).unwrap().to_string();
        self.world.overwrite_at(&head, "number", place["number"].clone());
        self.world.overwrite_at(&head, "digest", place["digest"].clone());
        self.world.overwrite_at(&head, "last", json!({"S": record}));
        self.world.overwrite_at(&head, "kept_until", json!({ "S": until }));
    }
}

/// Returns an id between that of `record` and the next one.
pub(super) fn after(record: &str) -> String {
    let (rest, last) = record.split_at(record.len() - 1);
    match DIGITS.find(last).and_then(|at| DIGITS.get(at + 1..at + 2)) {
        Some(next) => format!("{rest}{next}"),
        None => format!("{}0", after(rest)),
    }
}
