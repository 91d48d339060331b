//! Payments: who pays, by what, and what follows a failure.

mod buyers;
mod dunning;
mod payment_methods;
