//! The acting operator.

use domain::{
    ids::{UserId, WorkspaceId},
    text::{OperatorReason, PersonName},
};
use store::OperatorScope;
use system_scope::SystemScope;

/// A person of the operator's team, and the request in which they act.
#[derive(Debug, Clone)]
pub struct ActingOperator {
    /// Their id in audit records. A person of the staff and an AWS identity with the same name have different ones.
    id: UserId,
    /// Name of their AWS identity, or their address.
    pub name: PersonName,
    /// Id of the request.
    pub request_id: String,
    /// Reason of their changes, if they gave one.
    pub reason: Option<OperatorReason>,
}

impl ActingOperator {
    /// The person whose AWS identity has this ARN: the name of the user, or of the assumed role's session. The name is
    /// shown to customers, so that it contains neither the account nor the role.
    ///
    /// Returns none if the ARN names nobody.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns>
    #[must_use]
    pub fn of(arn: &str, request_id: String) -> Option<Self> {
        let name = arn.rsplit(['/', ':']).next().and_then(|name| name.parse().ok())?;
        Some(Self::named(name, request_id))
    }

    /// The AWS identity with this name, without a reason.
    #[must_use]
    pub fn named(name: PersonName, request_id: String) -> Self {
        Self { id: UserId::of("operator", name.as_str()), name, request_id, reason: None }
    }

    /// The person `user` of the staff, by this name and without a reason.
    #[must_use]
    pub fn staff(user: UserId, name: PersonName, request_id: String) -> Self {
        Self { id: UserId::of("staff", &user.to_string()), name, request_id, reason: None }
    }

    /// The same person, with the reason of their changes.
    #[must_use]
    pub fn because(&self, reason: Option<OperatorReason>) -> Self {
        Self { reason, ..self.clone() }
    }

    /// Returns the scope in which the operator acts in `workspace`.
    #[must_use]
    pub fn scope(&self, workspace: WorkspaceId) -> OperatorScope {
        let who = (self.id, self.name.clone());
        let scope = OperatorScope::of(&SystemScope::of(workspace), who, self.request_id.clone());
        scope.because(self.reason.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn staff_and_an_identity_of_the_same_name_have_different_ids() {
        let name = || "jane@example.com".parse().unwrap();
        let identity = ActingOperator::named(name(), String::new());
        let staff = ActingOperator::staff(UserId::of("test", "jane"), name(), String::new());
        assert_eq!(identity.name, staff.name);
        assert_ne!(identity.id, staff.id);
        assert_ne!(staff.id, UserId::of("test", "jane"), "nor is it the id that they have as a member");
    }

    #[test]
    fn operator_is_named_as_the_user_or_the_session() {
        let name = |arn: &str| Some(ActingOperator::of(arn, String::new())?.name.to_string());
        for (arn, wanted) in [
            ("arn:aws:iam::111122223333:user/Jane", "Jane"),
            ("arn:aws:iam::111122223333:user/support/tier-2/Jane", "Jane"),
            ("arn:aws:sts::111122223333:assumed-role/Support/jane@example.com", "jane@example.com"),
            ("arn:aws-us-gov:sts::111122223333:federated-user/Jane", "Jane"),
            ("arn:aws:iam::111122223333:root", "root"),
        ] {
            assert_eq!(name(arn).as_deref(), Some(wanted));
        }
        assert_eq!(name("arn:aws:sts::111122223333:assumed-role/Support/"), None);
        assert_eq!(name(""), None);
    }
}
