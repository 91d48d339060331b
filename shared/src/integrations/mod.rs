//! Use cases of the function `integrations`: a workspace's connections to other services.

mod enable;
mod error;
mod list;
mod retry;
mod set_up;
mod test;
mod view;

pub use enable::enable_integration;
pub use error::Error;
pub use list::{list_integrations, read_integration};
pub use retry::{list_deliveries, request_redelivery};
pub use set_up::{remove_integration, set_up_integration, set_up_with_new_secret};
pub use test::send_test;
pub use view::{DeliveryState, DeliveryView, IntegrationView, SetUpView, Stats, TestView};

pub use workers::integrations::AttemptDeps;
