//! Actions of the operator on a workspace of the test world, and what the console needs.

use super::{World, people};
use api::StaffRules;
use domain::{ids::WorkspaceId, operator::dead_letters::DeadLetterQueue};
use platform::config::Environment;
use queue::DeadLetterQueues;
use workers::operator::{ActingOperator, suspend_workspace, unsuspend_workspace};

impl World {
    /// Returns the rules for the claims of the operator's staff.
    #[must_use]
    pub fn staff_rules(&self) -> StaffRules {
        people::staff_rules()
    }

    /// Returns the dead-letter queues.
    #[must_use]
    pub fn dead_letter_queues(&self) -> DeadLetterQueues {
        let settings = DeadLetterQueue::ALL.map(|queue| {
            let name = queue.name().to_uppercase().replace('-', "_");
            (format!("{name}_DEAD_LETTERS_URL"), format!("http://world.invalid/000000000000/{queue}-dead"))
        });
        let settings = settings.iter().map(|(name, url)| (name.as_str(), url.as_str()));
        DeadLetterQueues::from_environment(&self.config(), &Environment::from_iter(settings)).unwrap()
    }

    /// Adds a message with this body to a dead-letter queue.
    pub fn add_dead_letter(&self, queue: DeadLetterQueue, body: impl ToString) {
        self.net.add_dead_letter(queue.name(), body.to_string());
    }

    /// Ends the tasks that send dead letters back, and returns the queues and bodies of the moved messages.
    pub fn finish_redrives(&self) -> Vec<(String, String)> {
        self.net.finish_redrives()
    }

    /// Lets the task that sends dead letters of `queue` back fail for this reason.
    pub fn fail_redrive(&self, queue: DeadLetterQueue, reason: &str) {
        self.net.fail_redrive(queue.name(), reason);
    }

    /// Denies every call about a dead-letter queue from now on.
    pub fn deny_dead_letters(&self, queue: DeadLetterQueue) {
        self.net.deny_dead_letters(queue.name());
    }

    /// Suspends `workspace` for `reason`, as the operator.
    pub async fn suspend(&self, workspace: WorkspaceId, reason: &str) {
        suspend_workspace(&self.store(), &operator(), workspace, reason.parse().unwrap(), None).await.unwrap();
    }

    /// Ends the suspension of `workspace`, as the operator.
    pub async fn unsuspend(&self, workspace: WorkspaceId) {
        let operator = operator().because(Some("It was a mistake.".parse().unwrap()));
        unsuspend_workspace(&self.store(), &operator, workspace, None).await.unwrap();
    }

    /// Suspends `workspace` after the next call of `operation` was executed, before its response arrives.
    pub fn suspend_after(&self, operation: &str, workspace: WorkspaceId) {
        let suspension = serde_json::json!({"M": {
            "reason": {"S": "Spam"}, "at": {"S": self.clock.now().to_string()}, "by": {"S": "Jane Doe"},
        }});
        self.after(operation, workspace, "META", "suspended", suspension);
    }
}

fn operator() -> ActingOperator {
    ActingOperator::named("Jane Doe".parse().unwrap(), "suspension".to_owned())
}
