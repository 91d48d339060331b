//! Subscriptions, from the checkout to their end.

mod changes;
mod checkout;
mod clock;
mod incomplete;
mod portal;
mod schedules;
