//! Signs checkpoints, as docs/audit-format.md describes them.

use crate::export::{Line, WORKSPACE, digest, encode};
use aws_lc_rs::{
    encoding::{AsDer, PublicKeyX509Der},
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use serde_json::{Value, json};

/// The operator, who signs.
pub(crate) struct Operator(EcdsaKeyPair);

/// Returns the text of a checkpoint that ends with `last`.
pub(crate) fn text(last: &Line, at: Timestamp, begins: Option<&Line>) -> Value {
    let begins = begins.map(|line| json!({ "number": line.number, "previous": line.previous }));
    json!({
        "v": 1, "workspace": WORKSPACE, "number": last.number, "digest": last.digest,
        "kept_until": last.read().kept_until, "at": at, "begins": begins,
    })
}

impl Operator {
    /// Creates an operator with a new key.
    pub(crate) fn new() -> Self {
        Self(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap())
    }

    /// Returns the public key in PEM.
    pub(crate) fn pem(&self) -> String {
        let der: PublicKeyX509Der<'_> = self.0.public_key().as_der().unwrap();
        let body = STANDARD.encode(der.as_ref());
        let (first, second) = body.split_at(64);
        format!("-----BEGIN PUBLIC KEY-----\n{first}\n{second}\n-----END PUBLIC KEY-----\n")
    }

    /// Signs a batch of texts and returns the checkpoint of each.
    pub(crate) fn sign(&self, texts: &[Value]) -> Vec<Value> {
        let texts: Vec<_> = texts.iter().map(Value::to_string).collect();
        let leaves = texts.iter().map(|text| digest(&[b"berth.audit.leaf.v1\0", text.as_bytes()]));
        let mut proofs = vec![Vec::new(); texts.len()];
        // A node and the texts below it. A node without a partner moves up as it is.
        let mut row: Vec<_> = leaves.enumerate().map(|(index, leaf)| (leaf, vec![index])).collect();
        while row.len() > 1 {
            let pairs = row.chunks(2).map(|pair| match pair {
                [(left, below_left), (right, below_right)] => {
                    for index in below_left {
                        proofs[*index].push(json!({ "side": "right", "digest": encode(right) }));
                    }
                    for index in below_right {
                        proofs[*index].push(json!({ "side": "left", "digest": encode(left) }));
                    }
                    let node = digest(&[b"berth.audit.node.v1\0", left, right]);
                    (node, [below_left.as_slice(), below_right].concat())
                }
                single => single[0].clone(),
            });
            row = pairs.collect();
        }
        let root = encode(&row[0].0);
        let batch = json!({
            "v": 1, "at": "2026-01-09T00:00:00Z", "key": "key-1", "root": root, "size": texts.len(),
        });
        let batch = batch.to_string();
        let signature = STANDARD.encode(self.0.sign(&SystemRandom::new(), batch.as_bytes()).unwrap());
        let checkpoint =
            |(text, proof)| json!({ "text": text, "proof": proof, "batch": batch, "signature": signature });
        texts.into_iter().zip(proofs).map(checkpoint).collect()
    }
}

/// Returns the answer of `GET /audit/checkpoints`.
pub(crate) fn answer(checkpoints: &[Value]) -> Vec<u8> {
    json!({ "checkpoints": checkpoints }).to_string().into_bytes()
}
