//! Search criteria by which the operator finds a workspace.

use crate::{
    email::{Email, InvalidEmail},
    runtime::record::{Runtime, TaskArn},
    text::{NamePart, TextError},
    workspace::head::Workspace,
};

/// A search criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SearchCriterion {
    /// The address of a current or former member, or of an invitation.
    Email(Email),
    /// Part of the workspace's name; case is ignored.
    Name(NamePart),
    /// The workspace's Stripe customer.
    Customer(CustomerId),
    /// A task of the workspace's runtime.
    Task(TaskId),
}

/// The id of a Stripe customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerId(String);

/// The id of an ECS task: the last part of its ARN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskId(String);

/// Reasons to refuse a search.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SearchError {
    /// There is more than one criterion, or none.
    #[error("give exactly one of email, name, customer and task")]
    NotOne,
    /// The text is not an e-mail address.
    #[error("email {0}")]
    Email(#[from] InvalidEmail),
    /// The text is not part of a name.
    #[error("name {0}")]
    Name(#[from] TextError),
    /// The text is not the id of a customer.
    #[error("customer must be a Stripe customer id such as cus_NffrFeUfNV2Hib")]
    Customer,
    /// The text is not the id of a task.
    #[error("task must be the ARN or the id of a task, such as 0123456789abcdef0123456789abcdef")]
    Task,
}

/// The criteria of a command, before they are parsed.
#[derive(Debug, Clone, Default)]
pub struct SearchInput {
    /// An e-mail address.
    pub email: Option<String>,
    /// Part of a name.
    pub name: Option<String>,
    /// The id of a Stripe customer.
    pub customer: Option<String>,
    /// The ARN or the id of an ECS task.
    pub task: Option<String>,
}

impl TryFrom<SearchInput> for SearchCriterion {
    type Error = SearchError;

    fn try_from(SearchInput { email, name, customer, task }: SearchInput) -> Result<Self, SearchError> {
        match (email, name, customer, task) {
            (Some(email), None, None, None) => Ok(Self::Email(Email::known(&email)?)),
            (None, Some(name), None, None) => Ok(Self::Name(name.parse()?)),
            (None, None, Some(customer), None) => {
                Ok(Self::Customer(CustomerId::read(customer).ok_or(SearchError::Customer)?))
            }
            (None, None, None, Some(task)) => Ok(Self::Task(TaskId::read(task).ok_or(SearchError::Task)?)),
            (_, _, _, _) => Err(SearchError::NotOne),
        }
    }
}

impl CustomerId {
    /// Stripe's ids have at most 255 characters. <https://docs.stripe.com/upgrades#what-changes-does-stripe-consider-to-be-backward-compatible>
    const LONGEST: usize = 255;

    fn read(text: String) -> Option<Self> {
        let id = text.strip_prefix("cus_")?;
        let plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        (plain && !id.is_empty() && text.len() <= Self::LONGEST).then_some(Self(text))
    }

    /// The id itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TaskId {
    /// ECS's ids have 32 hexadecimal digits, with hyphens in older accounts.
    const LENGTHS: std::ops::RangeInclusive<usize> = 32..=36;

    /// Maximum length of an ARN.
    const LONGEST: usize = 2_048;

    fn read(text: String) -> Option<Self> {
        let id = if text.starts_with("arn:") { text.rsplit('/').next()? } else { &text };
        let plain = id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
        let fits = text.len() <= Self::LONGEST && Self::LENGTHS.contains(&id.len());
        (plain && fits).then(|| Self(id.to_owned()))
    }

    /// The id itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True if `runtime` has a record of the task, running or last ended.
    #[must_use]
    pub fn is_of(&self, runtime: &Runtime) -> bool {
        let launched = runtime.launch.as_ref().and_then(|launch| launch.outcome.started_task());
        let serving = runtime.state.serving().map(|serving| &serving.task);
        launched.into_iter().chain(serving).map(TaskArn::id).any(|id| id == self.0)
    }
}

impl NamePart {
    /// True if the name of `workspace` contains this part.
    #[must_use]
    pub fn is_in(&self, workspace: &Workspace) -> bool {
        workspace.name.as_str().to_lowercase().contains(&self.as_str().to_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn criterion(given: SearchInput) -> Result<SearchCriterion, String> {
        given.try_into().map_err(|error: SearchError| error.to_string())
    }

    #[test]
    fn exactly_one_criterion_is_required() {
        let text = || Some("ana@example.com".to_owned());
        assert_eq!(criterion(SearchInput::default()), Err(SearchError::NotOne.to_string()));
        let two = SearchInput { email: text(), name: text(), ..SearchInput::default() };
        assert_eq!(criterion(two), Err(SearchError::NotOne.to_string()));
        assert!(matches!(
            criterion(SearchInput { name: text(), ..SearchInput::default() }),
            Ok(SearchCriterion::Name(_))
        ));
    }

    #[test]
    fn malformed_ids_are_refused() {
        for customer in ["", "cus_", "acme", "cus_a#b", "cus_a b", &format!("cus_{}", "a".repeat(252))] {
            assert_eq!(CustomerId::read(customer.to_owned()), None, "{customer}");
        }
        let id = "0123456789abcdef0123456789abcdef";
        for task in ["", "acme", "arn:", "arn:aws:ecs:us-east-1:1:task/berth/", &format!("{id}/"), &id.repeat(2)] {
            assert_eq!(TaskId::read(task.to_owned()), None, "{task}");
        }
        for task in [id.to_owned(), format!("arn:aws:ecs:us-east-1:000000000000:task/berth/{id}")] {
            assert_eq!(TaskId::read(task), Some(TaskId(id.to_owned())));
        }
    }
}
