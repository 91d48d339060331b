//! The entrance of the operator's team: an AWS identity that IAM has authorized to call the function's URL.

use crate::answer::Problem;
use axum::extract::FromRequestParts;
use http::{StatusCode, request::Parts};
use lambda_http::request::RequestContext;

/// The AWS identity whose signature Lambda has verified at a function URL with the authorization type `AWS_IAM`.
/// <https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads>
#[derive(Debug)]
pub struct IamCaller {
    /// ARN of the user or of the assumed role's session.
    pub arn: String,
    /// Id of the request.
    pub request_id: String,
}

impl<S: Sync> FromRequestParts<S> for IamCaller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let context = match parts.extensions.get::<RequestContext>() {
            Some(RequestContext::ApiGatewayV2(context)) => context,
            _ => return Err(unauthenticated()),
        };
        let iam = context.authorizer.as_ref().and_then(|authorizer| authorizer.iam.as_ref());
        let arn = iam.and_then(|iam| iam.user_arn.clone()).ok_or_else(unauthenticated)?;
        Ok(Self { arn, request_id: context.request_id.clone().unwrap_or_default() })
    }
}

fn unauthenticated() -> Problem {
    let detail = "the request carries no AWS identity; call the function's URL with a signature (Signature Version 4)";
    Problem::plain(StatusCode::UNAUTHORIZED, "unauthenticated", detail.to_owned())
}
