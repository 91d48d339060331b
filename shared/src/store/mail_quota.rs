//! How many mails a workspace has set off in an hour: a counter for each hour, which the table deletes afterwards.

use super::{
    change::Change,
    condition::Condition,
    error::Error,
    item::{Stored, TTL, number, stamp},
    keys,
};
use crate::domain::{
    invitation::InviteError,
    mail_quota::{AN_HOUR, Hour},
    scope::Denied,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Written by additions alone, so that the first mail of an hour makes the item.
#[derive(Serialize, Deserialize)]
struct StoredQuota {
    mails: u64,
}

impl Stored for StoredQuota {
    const TYPE: &'static str = "mail_quota";
}

impl<E: From<Error> + From<Denied> + From<InviteError>> Change<'_, E> {
    /// Counts a mail, if the hour has one left.
    pub fn count_mail(&mut self, now: Timestamp) -> &mut Self {
        let hour = Hour::of(now);
        let key = keys::mail_quota(self.scope.workspace(), hour);
        let left = Condition::AbsentOrBefore("mails", i64::try_from(AN_HOUR).unwrap_or(i64::MAX));
        let refusal = InviteError::TooMany { resets_at: hour.end(), retry_after: hour.left(now) };
        let kept_until = (TTL.to_owned(), number(hour.end().as_second()));
        self.require(&key, left, refusal)
            .set(&key, stamp::<StoredQuota>().into_iter().chain([kept_until]))
            .add(&key, "mails", 1)
    }
}
