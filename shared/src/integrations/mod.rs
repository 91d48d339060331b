//! Use cases of the function `integrations`: a workspace's connections to other services.

mod enable;
mod error;
mod list;
mod retry;
mod set_up;
mod test;
mod view;

pub use enable::enable;
pub use error::Error;
pub use list::{list, read};
pub use retry::{list_deliveries, retry};
pub use set_up::{remove, set_up};
pub use test::send_test;
pub use view::{DeliveryState, DeliveryView, IntegrationView, Stats, TestView};
