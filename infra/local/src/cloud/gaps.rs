//! Configuration that works around gaps of the emulator, except for routes.

use crate::{Error, Result, aws::Aws, template::stack::Stack};
use serde_json::{Value, json};

/// Actions that the emulator grants on any resource to a role that AWS would grant them on some resource.
///
/// The emulator authorizes `ses:SendEmail` on `*` only and ignores the condition keys of SES and ECS, so it would deny
/// every policy that names an identity and a sender, or a cluster, as the template's policies do.
///
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html>
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html>
const UNSUPPORTED: [&[&str]; 2] = [
    &["ses:SendEmail"],
    &["ecs:RunTask", "ecs:TagResource", "ecs:StopTask", "ecs:DescribeTasks", "ecs:ListTasks", "iam:PassRole"],
];

/// Grants the template's roles those parts of their policies that the emulator does not understand.
pub(crate) fn grant_unsupported_actions(aws: &Aws, stack: &Stack) -> Result<()> {
    const VERSION: &str = "2010-05-08";
    let resources = stack.template.get("Resources").and_then(Value::as_object).into_iter().flatten();
    let roles = resources.filter(|(_, resource)| resource.get("Type").is_some_and(|kind| kind == "AWS::IAM::Role"));
    for (id, role) in roles {
        let text = role.to_string();
        let granted = UNSUPPORTED.into_iter().find(|actions| actions.iter().any(|action| text.contains(action)));
        let Some(actions) = granted else { continue };
        let policy = json!({
            "Version": "2012-10-17",
            "Statement": [{ "Effect": "Allow", "Action": actions, "Resource": "*" }],
        });
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

/// Verifies the sender: SES sends from verified identities only, and nobody can click a confirmation link here.
pub(crate) fn verify_sender(aws: &Aws, address: &str) -> Result<()> {
    match aws.rest("ses", "POST", "/v2/email/identities", &json!({ "EmailIdentity": address })) {
        Ok(_) => Ok(()),
        Err(error) if error.code() == Some("AlreadyExistsException") => Ok(()),
        Err(error) => Err(error),
    }
}
