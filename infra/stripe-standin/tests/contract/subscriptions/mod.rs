//! Subscriptions, from the checkout to their end.

mod changes;
mod checkout;
mod clock;
mod incomplete;
mod items;
mod pending_updates;
mod phases;
mod portal;
mod quantities;
mod schedules;
