//! Subscriptions, from the checkout to their end.

mod changes;
mod checkout;
mod clock;
mod incomplete;
mod pending_updates;
mod portal;
mod schedules;
