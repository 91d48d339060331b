//! A process that ends between two of its calls.

use tokio::sync::oneshot;

/// Which side of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Before the other end has heard of it.
    Before,
    /// Once the other end has done it, before the answer is there.
    After,
}

/// A crash to come.
#[derive(Debug)]
pub(crate) struct Crash {
    left: u32,
    moment: Moment,
    told: Option<oneshot::Sender<()>>,
}

impl Crash {
    /// A crash at the `call`-th call, counted from 0, and word of it.
    pub(crate) fn at(call: u32, moment: Moment) -> (Self, oneshot::Receiver<()>) {
        let (told, ended) = oneshot::channel();
        (Self { left: call, moment, told: Some(told) }, ended)
    }

    /// Whether this is the moment.
    pub(crate) fn comes(&mut self, moment: Moment) -> bool {
        if moment != self.moment {
            return false;
        }
        if self.left > 0 {
            self.left -= 1;
            return false;
        }
        // Whoever waits for it may be gone.
        self.told.take().is_some_and(|told| told.send(()).is_ok())
    }
}
