//! Hosting of the dashboard: access to its files, and the permissions of its pages in a browser.

use crate::stack::{STACK, each, nested, target};
use local::{transform, workspace::Workspace};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const TEMPLATE: &str = "infra/dashboard.yaml";

/// Returns the directives of the content security policy, by name, with the template's variables.
fn policy() -> BTreeMap<String, Vec<String>> {
    let headers = &nested(TEMPLATE)["HeadersPolicy"]["Properties"]["ResponseHeadersPolicyConfig"];
    let policy = &headers["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"];
    let directives = policy["Fn::Sub"][0].as_str().unwrap().split(';');
    directives
        .map(|directive| {
            let mut words = directive.split_whitespace().map(ToOwned::to_owned);
            (words.next().unwrap(), words.collect())
        })
        .collect()
}

#[test]
fn only_the_distribution_reads_the_bucket() {
    let resources = nested(TEMPLATE);
    let bucket = &resources["Bucket"]["Properties"];
    for block in ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"] {
        assert_eq!(bucket["PublicAccessBlockConfiguration"][block], true, "{block}");
    }
    assert_eq!(bucket["OwnershipControls"]["Rules"], json!([{ "ObjectOwnership": "BucketOwnerEnforced" }]));
    assert_eq!(bucket["VersioningConfiguration"]["Status"], "Enabled");
    let encryption = &bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"][0];
    assert_eq!(encryption["ServerSideEncryptionByDefault"]["SSEAlgorithm"], "AES256");
    for policy in ["DeletionPolicy", "UpdateReplacePolicy"] {
        assert_eq!(resources["Bucket"][policy], "Retain", "{policy}");
    }

    let statements = &resources["BucketPolicy"]["Properties"]["PolicyDocument"]["Statement"];
    let allowed: Vec<_> = each(statements).into_iter().filter(|statement| statement["Effect"] != "Deny").collect();
    let [allowed] = allowed[..] else { panic!("one statement allows: {statements}") };
    assert_eq!(allowed["Principal"], json!({ "Service": "cloudfront.amazonaws.com" }));
    assert_eq!(allowed["Action"], "s3:GetObject");
    let source = &allowed["Condition"]["StringEquals"]["AWS:SourceArn"]["Fn::Sub"];
    assert!(source.as_str().unwrap().ends_with(":distribution/${Distribution}"), "{source}");
    let denied: Vec<_> = each(statements).into_iter().filter(|statement| statement["Effect"] == "Deny").collect();
    assert_eq!(denied[0]["Condition"], json!({ "Bool": { "aws:SecureTransport": "false" } }));

    let distribution = &resources["Distribution"]["Properties"]["DistributionConfig"];
    let [origin] = each(&distribution["Origins"])[..] else { panic!("one origin: {distribution}") };
    assert_eq!(target(&origin["OriginAccessControlId"]), Some("AccessControl"));
    let control = &resources["AccessControl"]["Properties"]["OriginAccessControlConfig"];
    assert_eq!((&control["SigningBehavior"], &control["SigningProtocol"]), (&json!("always"), &json!("sigv4")));
}

#[test]
fn the_policy_allows_own_files_and_named_origins_only() {
    let policy = policy();
    let none = vec!["'none'".to_owned()];
    for directive in ["default-src", "base-uri", "form-action", "frame-ancestors", "trusted-types"] {
        assert_eq!(policy[directive], none, "{directive}");
    }
    for directive in ["script-src", "style-src"] {
        assert_eq!(policy[directive], ["'self'"], "{directive}");
    }
    assert_eq!(policy["require-trusted-types-for"], ["'script'"]);
    assert_eq!(policy["img-src"], ["'self'${Logo}"]);
    assert_eq!(policy["connect-src"], ["'self'", "${ApiUrl}", "${LiveUrl}", "${IdentityOrigin}${StaffOrigin}"]);
    assert_eq!(policy.len(), 10, "{policy:?}");
}

#[test]
fn every_answer_has_the_headers_and_goes_over_tls() {
    let resources = nested(TEMPLATE);
    let distribution = &resources["Distribution"]["Properties"]["DistributionConfig"];
    assert!(distribution["CacheBehaviors"].is_null() && distribution["CustomErrorResponses"].is_null());
    let behavior = &distribution["DefaultCacheBehavior"];
    assert_eq!(target(&behavior["ResponseHeadersPolicyId"]), Some("HeadersPolicy"));
    assert_eq!(behavior["ViewerProtocolPolicy"], "redirect-to-https");
    assert_eq!(behavior["AllowedMethods"], json!(["GET", "HEAD"]));
    assert_eq!(distribution["ViewerCertificate"]["Fn::If"][1]["MinimumProtocolVersion"], "TLSv1.2_2021");

    let headers = &resources["HeadersPolicy"]["Properties"]["ResponseHeadersPolicyConfig"];
    let security = headers["SecurityHeadersConfig"].as_object().unwrap();
    assert!(security.values().all(|header| header["Override"] == true), "{security:?}");
    assert_eq!(security["FrameOptions"]["FrameOption"], "DENY");
    assert_eq!(security["ReferrerPolicy"]["ReferrerPolicy"], "no-referrer");
    assert!(security["StrictTransportSecurity"]["AccessControlMaxAgeSec"].as_u64() >= Some(31_536_000));
    assert!(security.contains_key("ContentTypeOptions"));
    let custom: BTreeMap<_, _> = each(&headers["CustomHeadersConfig"]["Items"])
        .into_iter()
        .map(|header| (header["Header"].as_str().unwrap(), header["Value"].as_str().unwrap()))
        .collect();
    assert_eq!(custom["Cross-Origin-Opener-Policy"], "same-origin");
    assert_eq!(custom["Cross-Origin-Resource-Policy"], "same-origin");
    assert!(custom["Permissions-Policy"].contains("camera=()"));
}

/// The function's code quotes parameters, so a value with a quotation mark would become code.
#[test]
fn no_parameter_can_leave_its_quotes_in_the_code() {
    let template = transform::nested(&Workspace::find().unwrap(), TEMPLATE).unwrap();
    let code = template["Resources"]["Front"]["Properties"]["FunctionCode"].to_string();
    let quoted: BTreeSet<_> = code.split("\\\"${").skip(1).map(|rest| rest.split('}').next().unwrap()).collect();
    assert_eq!(quoted.len(), 12, "{quoted:?}");
    for name in quoted {
        // The user pool's id always comes from the template.
        if name == "UserPoolId" {
            continue;
        }
        let pattern = template["Parameters"][name]["AllowedPattern"].as_str().unwrap_or_else(|| panic!("{name}"));
        assert!(pattern.contains(r#"[^"\\"#), "{name}: {pattern}");
    }
}

#[test]
fn the_stack_passes_every_parameter_of_the_hosting() {
    let template = transform::nested(&Workspace::find().unwrap(), TEMPLATE).unwrap();
    let asked: BTreeSet<_> = template["Parameters"].as_object().unwrap().keys().collect();
    let hosting = &STACK.0["DashboardHosting"];
    let given: BTreeSet<_> = hosting["Properties"]["Parameters"].as_object().unwrap().keys().collect();
    assert_eq!(given, asked);
    assert_eq!(hosting["Condition"], "HostsDashboard");
    let api = &hosting["Properties"]["Parameters"]["ApiUrl"]["Fn::If"];
    assert_eq!(api[1], json!({ "Ref": "ApiOrigin" }));
    assert!(matches!(&api[2]["Fn::Sub"], Value::String(url) if url.starts_with("https://${Api}.")), "{api}");
}
