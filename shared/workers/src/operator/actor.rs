//! The acting operator.

use domain::{
    ids::WorkspaceId,
    text::{OperatorReason, PersonName},
};
use store::OperatorScope;
use system_scope::SystemScope;

/// A person of the operator's team, and the request in which they act.
#[derive(Debug, Clone)]
pub struct ActingOperator {
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

    /// The person with this name, without a reason.
    #[must_use]
    pub const fn named(name: PersonName, request_id: String) -> Self {
        Self { name, request_id, reason: None }
    }

    /// The same person, with the reason of their changes.
    #[must_use]
    pub fn because(&self, reason: Option<OperatorReason>) -> Self {
        Self { reason, ..self.clone() }
    }

    /// Returns the scope in which the operator acts in `workspace`.
    #[must_use]
    pub fn scope(&self, workspace: WorkspaceId) -> OperatorScope {
        let scope = OperatorScope::of(&SystemScope::of(workspace), self.name.clone(), self.request_id.clone());
        scope.because(self.reason.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
