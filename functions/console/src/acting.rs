//! The person of the staff as the operator who acts.

use api::StaffCaller;
use workers::operator::ActingOperator;

/// Returns the operator who acts: the person who sent the request.
pub(crate) fn acting(StaffCaller(staff): &StaffCaller) -> ActingOperator {
    ActingOperator::staff(staff.user(), staff.name().clone(), staff.request_id().to_owned())
}
