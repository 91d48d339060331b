//! Windows: what waits to be mailed to a member, in one letter.
//!
//! A window opens with the first notification that is to be mailed, and closes with its letter. The letter is sealed before it
//! is sent: from then on it has the same notifications, however often its sender dies, and what arrives is in the next.

use jiff::Timestamp;

/// The window of a member's inbox. Before the first one it has version 0, and nothing is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MailWindow {
    /// Grows with every change.
    pub version: u64,
    /// The letter has notifications that arrived with higher numbers than this one.
    pub after: u64,
    /// Time at which the letter is due; `None` if nothing waits.
    pub due_at: Option<Timestamp>,
    /// The last number in the letter, once it is sealed.
    pub sealed: Option<u64>,
    /// Time at which the next letter is due, if something arrived since this one was sealed.
    pub next_due_at: Option<Timestamp>,
    /// Time of the last letter.
    pub sent_at: Option<Timestamp>,
}

impl MailWindow {
    /// The window after a notification with the number `seq` arrived that is to be mailed by `due`; `None` if that changes
    /// nothing.
    #[must_use]
    pub fn arrived(&self, seq: u64, due: Timestamp) -> Option<Self> {
        let earlier = |known: Option<Timestamp>| known.is_none_or(|known| due < known);
        let next = self.next();
        match (self.sealed, self.due_at) {
            (Some(_), _) => earlier(self.next_due_at).then_some(Self { next_due_at: Some(due), ..next }),
            (None, None) => Some(Self { after: seq.saturating_sub(1), due_at: Some(due), ..next }),
            (None, Some(_)) => earlier(self.due_at).then_some(Self { due_at: Some(due), ..next }),
        }
    }

    /// The window whose letter has what arrived up to the number `seq`.
    #[must_use]
    pub fn sealed(&self, seq: u64) -> Self {
        Self { sealed: Some(seq), ..self.next() }
    }

    /// The window after its letter was `sent`, or had nothing to say; `sent` is `None` then.
    #[must_use]
    pub fn closed(&self, sent: Option<Timestamp>) -> Self {
        Self {
            after: self.sealed.unwrap_or(self.after),
            due_at: self.next_due_at,
            sealed: None,
            next_due_at: None,
            sent_at: sent.or(self.sent_at),
            ..self.next()
        }
    }

    /// True if the letter is due at `now`.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.due_at.is_some_and(|due| due <= now)
    }

    /// True if a notification that arrived with this number is in the sealed letter.
    #[must_use]
    pub fn has(&self, arrived: u64) -> bool {
        arrived > self.after && self.sealed.is_some_and(|last| arrived <= last)
    }

    const fn next(&self) -> Self {
        Self { version: self.version.saturating_add(1), ..*self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[derive(Debug, Clone)]
    enum Act {
        /// A notification arrives, and is to be mailed after so many seconds, or not at all.
        Arrive(Option<i64>),
        /// Seconds pass.
        Wait(i64),
        /// The mailer seals what is due.
        Seal,
        /// The mailer sends what it has sealed, and dies before it closes the window.
        SendAndDie,
        /// The mailer sends what it has sealed, unless it was sent, and closes the window.
        Close,
    }

    fn act() -> impl Strategy<Value = Act> {
        prop_oneof![
            4 => proptest::option::weighted(0.8, 0_i64..50).prop_map(Act::Arrive),
            2 => (1_i64..40).prop_map(Act::Wait),
            3 => Just(Act::Seal),
            1 => Just(Act::SendAndDie),
            2 => Just(Act::Close),
        ]
    }

    proptest! {
        /// Each notification that is to be mailed is in exactly one letter, whose contents do not depend on deaths, and is
        /// mailed once its time has come.
        ///
        /// Invariant 53.
        #[test]
        fn what_is_to_be_mailed_is_in_one_letter(acts in proptest::collection::vec(act(), 0..80)) {
            let (mut window, mut now, mut seq) = (MailWindow::default(), 0_i64, 0_u64);
            let (mut wanted, mut mailed) = (BTreeSet::new(), BTreeSet::new());
            let mut sent: Option<(u64, BTreeSet<u64>)> = None;
            for act in acts.into_iter().chain([Act::Wait(100), Act::Seal, Act::Close, Act::Seal, Act::Close]) {
                let letter = |window: &MailWindow, seq: u64| (1..=seq).filter(|n| window.has(*n)).collect::<BTreeSet<_>>();
                match act {
                    Act::Arrive(delay) => {
                        seq += 1;
                        if let Some(delay) = delay {
                            wanted.insert(seq);
                            window = window.arrived(seq, at(now + delay)).unwrap_or(window);
                        }
                    }
                    Act::Wait(seconds) => now += seconds,
                    Act::Seal if window.is_due(at(now)) && window.sealed.is_none() => window = window.sealed(seq),
                    Act::Seal => {}
                    Act::SendAndDie | Act::Close if window.sealed.is_some() => {
                        let contents = letter(&window, seq);
                        match &sent {
                            // The letter is known by the number after which it begins.
                            Some((name, before)) if *name == window.after => prop_assert_eq!(before, &contents),
                            Some(_) | None => {
                                prop_assert!(mailed.is_disjoint(&contents));
                                mailed.extend(contents.iter().copied());
                                sent = Some((window.after, contents));
                            }
                        }
                        if matches!(act, Act::Close) {
                            window = window.closed(Some(at(now)));
                        }
                    }
                    Act::SendAndDie | Act::Close => {}
                }
            }
            prop_assert!(wanted.is_subset(&mailed), "{:?} of {:?}", mailed, wanted);
            prop_assert_eq!(window.due_at, None);
        }
    }

    #[test]
    fn repeated_arrivals_change_nothing() {
        let opened = MailWindow::default().arrived(7, at(60)).unwrap();
        assert_eq!((opened.after, opened.due_at, opened.version), (6, Some(at(60)), 1));
        assert_eq!((opened.arrived(8, at(60)), opened.arrived(9, at(90))), (None, None));
        assert_eq!(opened.arrived(9, at(30)).unwrap().due_at, Some(at(30)));
        let sealed = opened.sealed(9);
        assert_eq!((sealed.has(6), sealed.has(7), sealed.has(9), sealed.has(10)), (false, true, true, false));
        let closed = sealed.arrived(10, at(99)).unwrap().closed(None);
        assert_eq!((closed.after, closed.due_at, closed.sealed, closed.sent_at), (9, Some(at(99)), None, None));
    }
}
