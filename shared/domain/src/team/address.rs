//! A member's address follows the verified one that their identity provider names. An address that somebody else in the
//! workspace holds is noted with the member, who keeps the one they have.

use crate::{email::Email, identity::person::Person, team::member::Member};
use jiff::{SignedDuration, Timestamp};

/// Time after which a blocked address is tried again.
pub const RETRY: SignedDuration = SignedDuration::from_mins(10);

/// Maximum number of members who exchange addresses in one change, each taking the one that the next gives up.
pub const MAX_EXCHANGE: usize = 8;

/// What a request of a member shows about their address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressStep<'a> {
    /// The member has the address, or is to wait until [`RETRY`] has passed.
    Keep,
    /// The member has the address again that they hold, so the note of another one is outdated.
    Unblock,
    /// The member is to take this address.
    Take(&'a Email),
}

impl Member {
    /// Returns the step that a request of `person`, who is this member, calls for at `now`; their ID token was
    /// `issued_at`. An address that is not verified changes nothing, nor does a token that is older than the one that
    /// named the current address: tabs that were opened earlier send such tokens for up to an hour.
    #[must_use]
    pub fn address_step<'a>(
        &self,
        person: &'a Person,
        issued_at: Option<Timestamp>,
        now: Timestamp,
    ) -> AddressStep<'a> {
        let latest = self.blocked.as_ref().and_then(|blocked| blocked.issued_at).max(self.address_issued_at);
        let is_outdated = issued_at.is_some_and(|issued_at| Some(issued_at) < latest);
        let Some(named) = person.verified_email().filter(|_| self.is_active() && !is_outdated) else {
            return AddressStep::Keep;
        };
        match &self.blocked {
            Some(_) if self.email.as_ref() == Some(named) => AddressStep::Unblock,
            Some(blocked) if blocked.email == *named && now.duration_since(blocked.at) < RETRY => AddressStep::Keep,
            None if self.email.as_ref() == Some(named) => AddressStep::Keep,
            Some(_) | None => AddressStep::Take(named),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ids::{UserId, WorkspaceId},
        team::member::BlockedAddress,
        text::Timezone,
        workspace::head::new_workspace,
    };

    #[test]
    fn only_a_verified_address_that_differs_is_taken() {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let email = |text: &str| -> Email { text.parse().unwrap() };
        let person = |text: &str, email_verified| Person {
            id: UserId::NIL,
            email: Some(email(text)),
            email_verified,
            name: None,
            name_problem: None,
        };
        let ana = person("ana@example.com", true);
        let member = new_workspace(WorkspaceId::NIL, &ana, "Acme".parse().unwrap(), Timezone::default(), now).owner;
        assert_eq!(member.address_step(&person("ANA@example.com", true), None, now), AddressStep::Keep);
        assert_eq!(member.address_step(&person("ana@work.example", false), None, now), AddressStep::Keep);
        let moved = person("ana@work.example", true);
        assert_eq!(member.address_step(&moved, None, now), AddressStep::Take(&email("ana@work.example")));

        let blocked = Some(BlockedAddress { email: email("ana@work.example"), at: now, issued_at: Some(now) });
        let earlier = Some(now - SignedDuration::from_secs(1));
        let since = Member { address_issued_at: Some(now), ..member.clone() };
        assert_eq!(since.address_step(&moved, earlier, now), AddressStep::Keep);
        assert_eq!(since.address_step(&moved, Some(now), now), AddressStep::Take(&email("ana@work.example")));
        let waiting = Member { blocked, ..member };
        assert_eq!(waiting.address_step(&ana, earlier, now), AddressStep::Keep);
        assert_eq!(waiting.address_step(&moved, None, now), AddressStep::Keep);
        assert_eq!(waiting.address_step(&moved, None, now + RETRY), AddressStep::Take(&email("ana@work.example")));
        let other = person("ana@home.example", true);
        assert_eq!(waiting.address_step(&other, None, now), AddressStep::Take(&email("ana@home.example")));
        assert_eq!(waiting.address_step(&ana, None, now), AddressStep::Unblock);
    }
}
