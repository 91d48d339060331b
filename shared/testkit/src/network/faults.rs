//! What can go wrong between the SDK and the table.

use std::collections::VecDeque;

/// A fault, as the SDK meets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// None: the call goes through, and what is planned behind it waits for the next.
    Pass,
    /// The table does what it is asked, and the connection breaks before the answer is there.
    LoseReply,
    /// The connection breaks before the table is asked.
    LoseRequest,
    /// The table has too much to do.
    Throttle,
    /// The answer takes longer than the SDK waits; the table has done nothing.
    TimeOut,
    /// There is never an answer; the table has done nothing.
    Hang,
    /// The table fails.
    ServerError,
    /// A transaction meets another one. Other operations go through.
    Conflict,
    /// An earlier attempt of the transaction is still under way.
    InProgress,
}

/// How likely each of some faults is, for every call.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chances {
    /// That the answer is lost.
    pub lose_reply: f64,
    /// That the request is lost.
    pub lose_request: f64,
    /// That a transaction meets another one.
    pub conflict: f64,
    /// That the table has too much to do.
    pub throttle: f64,
}

impl Chances {
    /// Rough weather.
    pub const ROUGH: Self = Self { lose_reply: 0.05, lose_request: 0.05, conflict: 0.15, throttle: 0.05 };
}

/// The faults to come.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    planned: VecDeque<(String, Fault)>,
    chances: Option<Chances>,
}

impl Faults {
    pub(crate) fn plan(&mut self, operation: &str, fault: Fault) {
        self.planned.push_back((operation.to_owned(), fault));
    }

    pub(crate) fn forget_plans(&mut self) {
        self.planned.clear();
    }

    pub(crate) const fn set_chances(&mut self, chances: Option<Chances>) {
        self.chances = chances;
    }

    /// The fault that the next call of `operation` meets.
    pub(crate) fn next(&mut self, operation: &str, rng: &mut fastrand::Rng) -> Option<Fault> {
        if let Some(at) = self.planned.iter().position(|(planned, _)| planned == operation) {
            return self.planned.remove(at).map(|(_, fault)| fault);
        }
        let chances = self.chances?;
        let mut dice = rng.f64();
        [
            (chances.lose_reply, Fault::LoseReply),
            (chances.lose_request, Fault::LoseRequest),
            (chances.conflict, Fault::Conflict),
            (chances.throttle, Fault::Throttle),
        ]
        .into_iter()
        .find(|(chance, _)| {
            dice -= chance;
            dice < 0.0
        })
        .map(|(_, fault)| fault)
    }
}
