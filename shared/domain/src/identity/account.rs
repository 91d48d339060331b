//! The deletion of a person's account: what must be settled first, and the progress.

use crate::{
    billing::account::Billing,
    email::Email,
    error::{Details, Kind, Refusal},
    identity::ownership::{OwnedWorkspace, OwnerDuty},
    ids::{AuditId, DeletionId, UserId, WorkspaceId},
    plans::catalogue::Plans,
    workspace::head::Workspace,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Time after which another deletion of the same account may begin. Each searches the whole table.
pub const PAUSE: SignedDuration = SignedDuration::from_hours(24);

/// Time for which the receipt of a completed deletion is kept.
pub const RECEIPT_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How a person's membership ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Departure {
    /// They leave.
    Leave,
    /// They are alone, so the workspace is deleted.
    Delete,
    /// They must settle something first.
    Blocked(OwnerDuty),
}

impl Departure {
    /// Decides how the membership of a person ends, who `is_owner` of `workspace` or not.
    #[must_use]
    pub fn of(is_owner: bool, workspace: &Workspace, billing: &Billing, plans: Plans, now: Timestamp) -> Self {
        if !is_owner || workspace.counts.owners > 1 {
            return Self::Leave;
        }
        let subscribed = billing.subscription.as_ref().is_some_and(|paid| paid.is_payable());
        if subscribed || !billing.standing(plans, now).is_free() {
            return Self::Blocked(OwnerDuty::Paid);
        }
        if workspace.counts.members > 1 {
            return Self::Blocked(OwnerDuty::HasMembers);
        }
        Self::Delete
    }
}

/// Reasons to refuse the deletion of an account.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// The person is the last owner of workspaces that do not end with the account.
    #[error(
        "you are the last owner of workspaces that are paid for or have other members; end their subscriptions or make \
         other members owners, then send the request again"
    )]
    LastOwner(Vec<OwnedWorkspace>),
    /// The account was deleted a short time ago, and is in use again.
    #[error("your account was deleted less than a day ago; send the request again later")]
    TooEarly {
        /// Seconds until it may be deleted again.
        retry_after: u64,
    },
    /// There is no pending or recent deletion.
    #[error("the deletion of your account was not requested in the last 30 days")]
    Unknown,
    /// A concurrent request came first.
    #[error("your account is being changed by another request; send the same request again")]
    ChangedMeanwhile,
}

impl Refusal for AccountError {
    fn kind(&self) -> Kind {
        match self {
            Self::LastOwner(_) | Self::ChangedMeanwhile => Kind::Conflict,
            Self::TooEarly { .. } => Kind::TooMany,
            Self::Unknown => Kind::Absent,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::LastOwner(_) => "account_owns_workspaces",
            Self::TooEarly { .. } => "account_deleted_recently",
            Self::Unknown => "account_deletion_not_found",
            Self::ChangedMeanwhile => "account_changed",
        }
    }

    fn details(&self) -> Details {
        match self {
            Self::LastOwner(workspaces) => Details { workspaces: workspaces.clone(), ..Details::default() },
            Self::TooEarly { retry_after } => Details { retry_after: Some(*retry_after), ..Details::default() },
            Self::Unknown | Self::ChangedMeanwhile => Details::default(),
        }
    }
}

/// The deletion of an account. It has no personal data once it is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountDeletion {
    /// Id of the receipt.
    pub id: DeletionId,
    /// Grows with every change; 0 means that it is not stored.
    pub version: u64,
    /// The person.
    pub user: UserId,
    /// Time of the request.
    pub requested_at: Timestamp,
    /// Addresses of the person, to be found in audit records; empty once the deletion is complete.
    pub addresses: Vec<Email>,
    /// What is left to do.
    pub progress: Progress,
}

/// Progress of the deletion of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Progress {
    /// The person's memberships end.
    Leaving {
        /// Workspaces of which the person has become the last owner meanwhile. The deletion waits for them.
        blocked_by: Vec<WorkspaceId>,
    },
    /// Their records in workspaces, former ones included, are searched and erased.
    Erasing(Search),
    /// Nothing is left.
    Complete {
        /// Time at which it was completed.
        at: Timestamp,
    },
}

/// Position of the search for a person's records.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// Key of the last item that was searched; `None` at the beginning.
    pub position: Option<(String, String)>,
    /// True if the whole table was searched.
    pub is_over: bool,
    /// Workspaces that were found and are not done.
    pub found: Vec<WorkspaceId>,
    /// Last audit record of the first of them from which the person was erased.
    pub erased_until: Option<AuditId>,
}

impl AccountDeletion {
    /// Creates a deletion that was just requested.
    #[must_use]
    pub const fn requested(id: DeletionId, user: UserId, addresses: Vec<Email>, at: Timestamp) -> Self {
        let progress = Progress::Leaving { blocked_by: Vec::new() };
        Self { id, version: 0, user, requested_at: at, addresses, progress }
    }

    /// True as long as something is left to do.
    #[must_use]
    pub const fn is_pending(&self) -> bool {
        match self.progress {
            Progress::Leaving { .. } | Progress::Erasing(_) => true,
            Progress::Complete { .. } => false,
        }
    }

    /// Adds an address of the person, if it is new.
    pub fn learn(&mut self, address: Option<&Email>) {
        self.addresses.extend(address.filter(|address| !self.addresses.contains(address)).cloned());
    }

    /// Checks that another deletion may begin at `now` after this one, for an account that is in use again.
    ///
    /// # Errors
    /// [`AccountError::TooEarly`] if it may not yet.
    pub fn check_pause(&self, now: Timestamp) -> Result<(), AccountError> {
        let left = PAUSE.saturating_add(-now.duration_since(self.requested_at));
        match u64::try_from(left.as_secs()) {
            Ok(seconds) if seconds > 0 => Err(AccountError::TooEarly { retry_after: seconds }),
            Ok(_) | Err(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{identity::person::Person, plans::samples::plans, text::Timezone, workspace::head::new_workspace};

    #[test]
    fn departures() {
        let ana = Person {
            id: UserId::of("test", "ana"),
            email: None,
            email_verified: false,
            name: None,
            name_problem: None,
        };
        let name = "Acme".parse().unwrap();
        let now = Timestamp::UNIX_EPOCH;
        let mut workspace = new_workspace(WorkspaceId::NIL, &ana, name, Timezone::default(), now).workspace;
        let free = Billing::default();
        let contract = Some(serde_json::from_value(serde_json::json!({})).unwrap());
        let paid = Billing { contract, ..Billing::default() };
        assert_eq!(Departure::of(true, &workspace, &free, plans(), now), Departure::Delete);
        assert_eq!(Departure::of(true, &workspace, &paid, plans(), now), Departure::Blocked(OwnerDuty::Paid));
        workspace.counts.members = 2;
        assert_eq!(Departure::of(true, &workspace, &free, plans(), now), Departure::Blocked(OwnerDuty::HasMembers));
        assert_eq!(Departure::of(false, &workspace, &paid, plans(), now), Departure::Leave);
        workspace.counts.owners = 2;
        assert_eq!(Departure::of(true, &workspace, &paid, plans(), now), Departure::Leave);
    }

    #[test]
    fn another_deletion_waits_a_day() {
        let first = AccountDeletion::requested(DeletionId::NIL, UserId::NIL, Vec::new(), Timestamp::UNIX_EPOCH);
        let hour = SignedDuration::from_hours(1);
        assert_eq!(
            first.check_pause(Timestamp::UNIX_EPOCH + hour),
            Err(AccountError::TooEarly { retry_after: 23 * 60 * 60 })
        );
        assert_eq!(first.check_pause(Timestamp::UNIX_EPOCH + PAUSE), Ok(()));
    }
}
