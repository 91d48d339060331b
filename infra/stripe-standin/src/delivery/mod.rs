//! Events on their way to the webhook (<https://docs.stripe.com/webhooks>): pending deliveries, faults, signatures and
//! sending. It does not know the content of events.

mod mailbox;
mod outcome;
mod sender;
mod signature;

pub(crate) use mailbox::{Mailbox, PendingEvent};
pub use outcome::{Delivered, Delivery, DeliveryFaults, Outcome};
pub(crate) use sender::Sender;
pub use sender::Webhook;
pub(crate) use signature::Secrets;
pub use signature::sign;
