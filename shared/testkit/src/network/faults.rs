//! Faults between the SDK and the table.

use std::collections::VecDeque;

/// A fault as the SDK observes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No fault: the call succeeds, and the next planned fault applies to the next call.
    Pass,
    /// The table executes the request, and the connection breaks before the response arrives.
    LoseReply,
    /// The connection breaks before the table receives the request.
    LoseRequest,
    /// The table throttles the request.
    Throttle,
    /// The response takes longer than the SDK's time limit; the table has done nothing.
    TimeOut,
    /// The response never arrives; the table has done nothing.
    Hang,
    /// The table fails.
    ServerError,
    /// A transaction, or a write of one item, conflicts with a transaction. Reads succeed.
    Conflict,
    /// An earlier attempt of the transaction is still in progress.
    InProgress,
}

/// Probabilities of faults, for every call.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chances {
    /// Probability of a lost response.
    pub lose_reply: f64,
    /// Probability of a lost request.
    pub lose_request: f64,
    /// Probability of a conflict between transactions.
    pub conflict: f64,
    /// Probability of throttling.
    pub throttle: f64,
}

impl Chances {
    /// High probabilities of all faults.
    pub const HIGH: Self = Self { lose_reply: 0.05, lose_request: 0.05, conflict: 0.15, throttle: 0.05 };
}

/// Planned and random faults.
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

    /// Returns the fault of the next call of `operation`.
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
