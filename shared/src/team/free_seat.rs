//! Finds a free seat and a free address, if necessary by releasing expired invitations.

use super::error::Error;
use domain::{
    email::Email,
    integrations::Occurrence,
    plans::names::MeterName,
    team::invitation::{Invitation, InviteError},
    team::roster::RosterError,
};
use jiff::Timestamp;
use store::{Authorized, Change, Store, team::addresses::Holder, workspace::workspaces::Room};

/// Maximum number of expired invitations released by one change; they fit into its transaction.
const RELEASED: usize = 20;

/// The invitations that a change releases, and the bound on seats that it requires.
#[derive(Debug)]
pub(super) struct FreeSeat {
    released: Vec<Invitation>,
    /// The meter of seats.
    meter: MeterName,
    bound: Option<Bound>,
}

/// The plan's limit of seats, applied to a change.
#[derive(Debug, Clone, Copy)]
struct Bound {
    /// Number of seats in the plan.
    limit: u64,
    /// Seats in use before the change must be fewer than this. It includes the seats that the change frees.
    room: u64,
    /// Seats in use when they were read.
    used: u64,
    /// Error if no seat is free.
    full: InviteError,
}

impl FreeSeat {
    /// Finds a seat in the workspace of `inside`, for an address that `holder` has. Takes another round trip only if
    /// the seats are full or the address is held.
    pub(super) async fn find(
        store: &Store,
        inside: &Authorized<'_>,
        holder: Option<Holder>,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let standing = inside.billing.standing(inside.plans, now);
        let members = inside.plans.members();
        let (limit, used) = (standing.limit(members), inside.workspace.counts.seats);
        let expired = async {
            match limit.filter(|limit| used >= *limit) {
                Some(_) => Ok::<_, Error>(store.expired_invitations(&inside.scope, now).await?),
                None => Ok(Vec::new()),
            }
        };
        let (holding, expired) = tokio::try_join!(former(store, inside, holder, now), expired)?;
        let others = expired.into_iter().filter(|expired| holding.as_ref().is_none_or(|held| held.id != expired.id));
        let released: Vec<_> = holding.clone().into_iter().chain(others).take(RELEASED).collect();
        let freed = u64::try_from(released.len()).unwrap_or_default();
        let bound = limit.map(|limit| {
            let (room, full) = (
                limit.saturating_add(freed),
                InviteError::NoSeat { upgrade_to: standing.next_with_more(members), limit, used },
            );
            Bound { limit, room, used, full }
        });
        match bound {
            Some(Bound { room, full, .. }) if used >= room => Err(full.into()),
            Some(_) | None => Ok(Self { released, meter: members.name, bound }),
        }
    }

    /// Returns the invitations to release.
    pub(super) fn released(&self) -> &[Invitation] {
        &self.released
    }

    /// Takes seat and address for `holder` and releases the expired invitations. Emits an event if this was the last
    /// seat.
    pub(super) fn take<'c, 's>(
        &self,
        change: &'c mut Change<'s, Error>,
        email: Option<&Email>,
        holder: Holder,
        now: Timestamp,
    ) -> Result<&'c mut Change<'s, Error>, Error> {
        let mut handed = false;
        for invitation in &self.released {
            if email == Some(&invitation.email) {
                change.release_to(invitation, holder, now)?;
                handed = true;
            } else {
                change.release(invitation, now);
            }
        }
        if let Some(email) = email.filter(|_| !handed) {
            change.take_address(email, holder, InviteError::AddressTaken)?;
        }
        if let Some(Bound { limit, room, used, full }) = self.bound {
            // If no seat is free at this point, a concurrent change has taken the last one.
            let last = change.require_free_seat(
                Room { limit: room, used },
                full.as_seats_full(),
                RosterError::ChangedMeanwhile,
            );
            if last {
                change.report(Occurrence::LimitReached { resource: self.meter, limit }, now)?;
            }
        }
        Ok(change.take_seat())
    }
}

/// Returns the expired invitation that holds the address, or `None` if the address is free.
async fn former(
    store: &Store,
    inside: &Authorized<'_>,
    holder: Option<Holder>,
    now: Timestamp,
) -> Result<Option<Invitation>, Error> {
    match holder {
        None => Ok(None),
        Some(Holder::Member(_)) => Err(InviteError::AddressTaken.into()),
        Some(Holder::Invitation(id)) => {
            let held = store.invitation_in(&inside.scope, id).await?;
            let held = held.filter(|invitation| invitation.has_expired(now));
            held.map(Some).ok_or_else(|| InviteError::AddressTaken.into())
        }
    }
}
