//! Events on their way to the webhook (<https://docs.stripe.com/webhooks>): what waits, what goes wrong with it, how it
//! is signed, and how it is sent. It knows nothing of what the events say.

mod mailbox;
mod outcome;
mod sender;
mod signature;

pub(crate) use mailbox::{Letter, Mailbox};
pub use outcome::{Delivered, Delivery, DeliveryFaults, Outcome};
pub(crate) use sender::Sender;
pub use sender::Webhook;
pub(crate) use signature::Secrets;
pub use signature::sign;
