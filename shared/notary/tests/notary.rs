//! Signatures and objects of the notary, over the stand-ins for KMS and S3, and over broken ones.

#![expect(clippy::unwrap_used, reason = "what goes wrong in a test should end it")]

use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use base64::{Engine, engine::general_purpose::STANDARD};
use notary::{Error, LONGEST_BATCH, Notary};
use platform::config::{ConfigError, Environment};
use std::error::Error as _;
use testkit::{Fault, World};

const BATCH: &str = r#"{"v":1,"size":1}"#;

/// Faults after which a call is repeated, each with the reason that the log shows if they last.
const FAULTS: [(Fault, &str, &str); 4] = [
    (Fault::LoseReply, "KMS could not be reached", "S3 could not be reached"),
    (Fault::LoseRequest, "KMS could not be reached", "S3 could not be reached"),
    (Fault::ServerError, "KMS answered InternalServerError", "S3 answered InternalError"),
    (Fault::Throttle, "KMS answered ThrottlingException", "S3 answered SlowDown"),
];

fn plan(world: &World, operation: &str, fault: Fault, times: usize) {
    (0..times).for_each(|_| world.plan(operation, fault));
}

fn reason(error: &Error) -> String {
    error.source().map(ToString::to_string).unwrap_or_default()
}

/// Returns true if the signature is that of `batch`, under the key that the operator publishes.
fn verifies(world: &World, batch: &str, signature: &str) -> bool {
    let pem = world.public_key();
    let der: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, STANDARD.decode(der).unwrap());
    key.verify(batch.as_bytes(), &STANDARD.decode(signature).unwrap()).is_ok()
}

#[tokio::test]
async fn signature_verifies_with_the_published_key() {
    let world = World::default();
    let signed = world.notary().sign(BATCH).await.unwrap();
    assert!(verifies(&world, BATCH, &signed.signature));
    assert!(!verifies(&world, r#"{"v":1,"size":2}"#, &signed.signature));
}

#[tokio::test]
async fn batch_longer_than_kms_signs_is_refused() {
    let world = World::default();
    let longest = "x".repeat(LONGEST_BATCH);
    let signed = world.notary().sign(&longest).await.unwrap();
    assert!(verifies(&world, &longest, &signed.signature));
    let _ = world.calls();
    let refused = world.notary().sign(&format!("{longest}x")).await.unwrap_err();
    assert!(matches!(refused, Error::TooLong(4097)), "{refused}");
    assert!(world.calls().is_empty());
}

/// The stand-in refuses an object without a checksum of its content, as S3 does under Object Lock.
#[tokio::test]
async fn objects_arrive_as_given_and_with_their_checksum() {
    let world = World::default();
    let object = r#"{"signature":"MEUC","batch":"{\"v\":1}","leaves":["ä"]}"#;
    world.notary().keep("2026/11/21/a.json", object.to_owned()).await.unwrap();
    world.notary().keep("b.json", "{}".to_owned()).await.unwrap();
    let kept = world.kept_objects();
    let kept: Vec<_> = kept.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert_eq!(kept, [("2026/11/21/a.json", object), ("b.json", "{}")]);
}

#[tokio::test(start_paused = true)]
async fn failed_call_is_repeated() {
    for (fault, ..) in FAULTS {
        let world = World::default();
        plan(&world, "Sign", fault, 2);
        plan(&world, "PutObject", fault, 2);
        let signed = world.notary().sign(BATCH).await.unwrap();
        assert!(verifies(&world, BATCH, &signed.signature), "{fault:?}");
        world.notary().keep("a.json", "{}".to_owned()).await.unwrap();
        assert_eq!(world.kept_objects().last().unwrap(), &("a.json".to_owned(), "{}".to_owned()), "{fault:?}");
        let calls = world.calls();
        assert_eq!((calls["Sign"], calls["PutObject"]), (3, 3), "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn lasting_failure_is_an_error_with_its_cause() {
    for (fault, kms, s3) in FAULTS {
        let world = World::default();
        plan(&world, "Sign", fault, 3);
        let error = world.notary().sign(BATCH).await.unwrap_err();
        assert!(matches!(error, Error::NotSigned(_)), "{fault:?}: {error}");
        assert_eq!(reason(&error), kms, "{fault:?}");
        plan(&world, "PutObject", fault, 3);
        let error = world.notary().keep("a.json", "{}".to_owned()).await.unwrap_err();
        assert!(matches!(error, Error::NotKept(_)), "{fault:?}: {error}");
        assert_eq!(reason(&error), s3, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn hanging_call_ends_in_an_error() {
    let world = World::default();
    plan(&world, "Sign", Fault::Hang, 3);
    plan(&world, "PutObject", Fault::Hang, 3);
    assert_eq!(reason(&world.notary().sign(BATCH).await.unwrap_err()), "KMS did not answer in time");
    let error = world.notary().keep("a.json", "{}".to_owned()).await.unwrap_err();
    assert_eq!(reason(&error), "S3 did not answer in time");
}

#[tokio::test]
async fn unknown_key_and_bucket_are_errors() {
    let config = World::default().config();
    let notary = Notary::new(&config, "another".to_owned(), "another".to_owned());
    assert_eq!(reason(&notary.sign(BATCH).await.unwrap_err()), "KMS answered NotFoundException");
    let error = notary.keep("a.json", "{}".to_owned()).await.unwrap_err();
    assert_eq!(reason(&error), "S3 answered NoSuchBucket");
}

#[test]
fn key_and_bucket_are_required_settings() {
    let config = World::default().config();
    let from = |settings: &[(&str, &str)]| {
        Notary::from_environment(&config, &Environment::from_iter(settings.iter().copied()))
            .map(|notary| notary.key().to_owned())
    };
    let (key, bucket) = (("CHECKPOINT_KEY", "key"), ("CHECKPOINT_BUCKET", "bucket"));
    assert_eq!(from(&[key, bucket]), Ok("key".to_owned()));
    assert_eq!(from(&[key]), Err(ConfigError::Missing("CHECKPOINT_BUCKET")));
    assert_eq!(from(&[bucket]), Err(ConfigError::Missing("CHECKPOINT_KEY")));
}
