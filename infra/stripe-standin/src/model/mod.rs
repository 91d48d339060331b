//! Objects of Stripe, and the rules that depend on one object alone. Objects refer to each other by id and do not know
//! the account that contains them.

mod catalogue;
mod checkout;
mod currency;
mod customers;
mod events;
mod invoices;
mod items;
mod payments;
mod portal;
mod schedules;
mod settings;
mod subscriptions;

pub use catalogue::CataloguePrice;
pub(crate) use catalogue::{
    Coupon, CouponDuration, CouponValue, Discount, DiscountRequest, Price, Product, PromotionCode,
};
pub(crate) use checkout::{NewSession, Session, SessionStatus, SubscriptionData};
pub use currency::{Currency, UnknownCurrency};
pub(crate) use customers::Customer;
pub use customers::{Address, Buyer, TaxId};
pub(crate) use events::{Cause, Event};
pub(crate) use invoices::{
    BilledTo, BillingReason, Invoice, InvoicePayment, InvoiceStatus, Line, LineOrigin, PendingItem, settled,
};
pub(crate) use items::{Debit, Item, ItemChange, NewItem, PendingUpdate, ProrationBehavior};
pub(crate) use payments::{
    Behavior, Charge, Dispute, DisputeStatus, EVIDENCE, Intent, IntentStatus, MethodKind, PaymentMethod,
    PaymentOutcome, Refund, SETTLEMENT,
};
pub(crate) use portal::{PortalConfiguration, PortalSession};
pub(crate) use schedules::{EndBehavior, Phase, Schedule, ScheduleStatus};
pub(crate) use settings::Settings;
pub use settings::{Dunning, Exhausted};
pub(crate) use subscriptions::{Cancellation, EndReason, Pause, PauseBehavior, Subscription, SubscriptionStatus};
