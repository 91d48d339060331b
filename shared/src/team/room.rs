//! Finding a seat and an address that are free, if need be by releasing invitations that have expired.

use super::error::Error;
use domain::{
    email::Email,
    integrations::{Occurrence, Resource},
    team::invitation::{Invitation, InviteError},
    team::roster::RosterError,
};
use jiff::Timestamp;
use store::{Change, Inside, Store, team::addresses::Holder};

/// How many expired invitations one change releases at most: a transaction has room for them.
const RELEASED: usize = 20;

/// What a change frees, and how many seats there may be in use for it.
#[derive(Debug)]
pub(super) struct Room {
    released: Vec<Invitation>,
    bound: Option<Bound>,
}

/// What the plan's number of seats means for a change.
#[derive(Debug, Clone, Copy)]
struct Bound {
    /// The number.
    limit: u64,
    /// How many may be in use before the change, which frees some itself: fewer than this.
    room: u64,
    /// How many were.
    used: u64,
    /// What it means if there are more.
    full: InviteError,
}

impl Room {
    /// Room for one more in the workspace of `inside`, under an address that `holder` has. It takes another round trip only
    /// where something is in the way.
    pub(super) async fn find(
        store: &Store,
        inside: &Inside<'_>,
        holder: Option<Holder>,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let standing = inside.billing.standing(now);
        let (plan, limit, used) = (standing.plan, standing.limits().members, inside.workspace.counts.seats);
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
            let (room, full) = (limit.saturating_add(freed), InviteError::NoSeat { plan, limit, used });
            Bound { limit, room, used, full }
        });
        match bound {
            Some(Bound { room, full, .. }) if used >= room => Err(full.into()),
            Some(_) | None => Ok(Self { released, bound }),
        }
    }

    /// What is released.
    pub(super) fn released(&self) -> &[Invitation] {
        &self.released
    }

    /// Takes seat and address for `holder`, and releases what was in the way; tells of it if no seat is left then.
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
            // Whoever finds no seat here was overtaken: all of them are in use.
            let last = change.require_free_seat((room, used), full.when_overtaken(), RosterError::ChangedMeanwhile);
            if last {
                change.tell(Occurrence::LimitReached { resource: Resource::Members, limit }, now)?;
            }
        }
        Ok(change.take_seat())
    }
}

/// The expired invitation that has the address, to be released; nothing if nobody has it.
async fn former(
    store: &Store,
    inside: &Inside<'_>,
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
