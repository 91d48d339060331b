//! What the emulator lacks or asks for besides routes.

use crate::{Error, Result, aws::Aws, stack::Stack};
use serde_json::{Value, json};

/// The emulator authorizes `ses:SendEmail` on `*` only and knows no condition key of SES, so no policy that names an
/// identity and a sender, as the template's does, lets anybody send. A role that may send there may send here.
///
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html>
pub(crate) fn let_senders_send(aws: &Aws, stack: &Stack) -> Result<()> {
    const VERSION: &str = "2010-05-08";
    let policy = json!({
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Action": "ses:SendEmail", "Resource": "*" }],
    });
    let resources = stack.template.get("Resources").and_then(Value::as_object).into_iter().flatten();
    let roles = resources.filter(|(_, resource)| resource.get("Type").is_some_and(|kind| kind == "AWS::IAM::Role"));
    for (id, _) in roles.filter(|(_, role)| role.to_string().contains("ses:SendEmail")) {
        let name = stack.resources.get(id).ok_or_else(|| Error::lacks("the stack", id))?;
        let parameters =
            [("RoleName", name.as_str()), ("PolicyName", "local"), ("PolicyDocument", &policy.to_string())];
        aws.query(
            "iam",
            VERSION,
            "PutRolePolicy",
            &parameters.map(|(name, value)| (name.to_owned(), value.to_owned())),
        )?;
    }
    Ok(())
}

/// SES sends from verified identities only. Nobody can click a link here, and the emulator does not wait for it.
pub(crate) fn verify_sender(aws: &Aws, address: &str) -> Result<()> {
    match aws.rest("ses", "POST", "/v2/email/identities", &json!({ "EmailIdentity": address })) {
        Ok(_) => Ok(()),
        Err(error) if error.code() == Some("AlreadyExistsException") => Ok(()),
        Err(error) => Err(error),
    }
}
