//! The audit log of a month: exported, and verified without Berth.

use crate::client::World;
use audit_verify::{checkpoint::key::PublicKey, report::Report, verifier::Verifier, window::Window};
use local::aws::KMS;
use serde_json::{Value, json};
use std::io::Cursor;

/// Ana exports the log and its checkpoints, verifies them with the public key, and finds a line that somebody has forged.
pub(crate) fn a_month_is_verified_offline(world: &World, acme: &str) {
    let online = world.get("/audit/verify").by(&world.ana).to(acme).send().ok(200);
    assert_eq!(online.body["ok"], true, "{online:#?}");
    let export = world.get("/audit/export").by(&world.ana).to(acme).send().ok(200).text;
    assert_eq!(u64::try_from(export.lines().count()).unwrap(), online.body["checked"].as_u64().unwrap(), "{export}");
    let checkpoints = world.get("/audit/checkpoints?limit=100").by(&world.ana).to(acme).send().ok(200);
    assert!(!checkpoints.body["checkpoints"].as_array().unwrap().is_empty(), "{checkpoints:#?}");

    let key = public_key(world);
    let whole = verified(&key, &checkpoints.body, &export, world);
    assert!(whole.is_whole(), "{whole:#?}");
    let forged = export.replacen("member.joined", "member.joinee", 1);
    assert_ne!(forged, export);
    assert!(!verified(&key, &checkpoints.body, &forged, world).is_whole());
    let cut: Vec<_> = export.lines().take(3).collect();
    assert!(!verified(&key, &checkpoints.body, &cut.join("\n"), world).is_whole(), "a checkpoint knows a later record");
}

fn verified(key: &PublicKey, checkpoints: &Value, export: &str, world: &World) -> Report {
    let mut verifier = Verifier::new(Window { from: None, now: super::now(world) }, None);
    verifier.add_checkpoints("checkpoints", checkpoints.to_string().as_bytes(), key);
    verifier.read_page(None, &mut Cursor::new(export)).unwrap();
    verifier.finish()
}

/// Reads the public key as the operator does who publishes it.
fn public_key(world: &World) -> PublicKey {
    let id = &world.outputs.checkpoint_key;
    let answer = world.aws.json(KMS, "GetPublicKey", &json!({ "KeyId": id })).unwrap();
    let body = answer["PublicKey"].as_str().unwrap();
    PublicKey::from_pem(&format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n")).unwrap()
}
