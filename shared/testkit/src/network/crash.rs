//! A process that crashes between two of its calls.

use tokio::sync::oneshot;

/// Moment of a crash relative to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Before the other end has received the call.
    Before,
    /// After the other end has executed the call, before its response arrives.
    After,
}

/// A planned crash.
#[derive(Debug)]
pub(crate) struct Crash {
    left: u32,
    moment: Moment,
    notify: Option<oneshot::Sender<()>>,
}

impl Crash {
    /// Plans a crash at the `call`-th call, counted from 0. The receiver is notified of it.
    pub(crate) fn at(call: u32, moment: Moment) -> (Self, oneshot::Receiver<()>) {
        let (notify, ended) = oneshot::channel();
        (Self { left: call, moment, notify: Some(notify) }, ended)
    }

    /// True if the process crashes at this moment.
    pub(crate) fn comes(&mut self, moment: Moment) -> bool {
        if moment != self.moment {
            return false;
        }
        if self.left > 0 {
            self.left -= 1;
            return false;
        }
        // The receiver may be gone.
        self.notify.take().is_some_and(|notify| notify.send(()).is_ok())
    }
}
