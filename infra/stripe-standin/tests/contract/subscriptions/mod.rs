//! Subscriptions, from the checkout to their end.

mod buyers;
mod changes;
mod checkout;
mod clock;
mod dunning;
mod incomplete;
mod items;
mod payment_methods;
mod pending_updates;
mod phases;
mod portal;
mod schedules;
