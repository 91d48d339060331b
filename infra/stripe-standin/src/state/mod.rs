//! What Stripe knows, and how it changes. Transitions are methods of `State` that take the time from it: they do no I/O
//! and read no clock, so that the same calls with the same seed give the same objects and the same events.

mod advance;
mod catalogue;
mod change;
mod checkout;
mod collection;
mod customers;
mod due;
mod ending;
mod events;
mod invoice;
mod invoices;
mod item_change;
#[cfg(test)]
mod lives;
mod payments;
mod pending_update;
mod phases;
mod portal;
mod preview;
mod proration;
mod renewal;
mod reversals;
mod schedules;
mod settings;
mod subscribe;
mod subscriptions;

pub(crate) use catalogue::{Price, Product};
pub(crate) use change::{PaymentBehavior, ProrationBehavior, SubscriptionUpdate};
pub(crate) use checkout::{NewSession, Session, SessionStatus, Settlement, SubscriptionData};
pub(crate) use customers::{Customer, CustomerFields};
pub(crate) use ending::{CancelRequest, Cancellation, EndWish};
pub(crate) use events::{Cause, Event};
pub(crate) use invoice::{BillingReason, Invoice, InvoicePayment, InvoiceStatus, Line, LineOrigin, PendingItem};
pub(crate) use payments::{Charge, Intent, IntentStatus, PaymentMethod};
pub(crate) use pending_update::PendingUpdate;
pub(crate) use portal::{PortalConfiguration, PortalSession};
pub(crate) use preview::PreviewRequest;
pub(crate) use reversals::{Dispute, DisputeStatus, EVIDENCE, Refund};
pub(crate) use schedules::{EndBehavior, Phase, Schedule, ScheduleStatus, ScheduleUpdate};
pub(crate) use settings::Settings;
pub use settings::{CataloguePrice, Dunning, Exhausted};
pub(crate) use subscribe::NewSubscription;
pub(crate) use subscriptions::{EndReason, Item, Subscription, SubscriptionStatus};

use crate::{
    calendar,
    ids::{
        ChargeId, CustomerId, DisputeId, EventId, Id, IntentId, InvoiceId, InvoiceItemId, PaymentMethodId,
        PortalConfigurationId, PortalSessionId, PriceId, ProductId, RefundId, ScheduleId, SessionId, SubscriptionId,
    },
    random::Random,
    shelf::Shelf,
};
use jiff::{SignedDuration, Timestamp};

/// All that Stripe holds of one account.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) now: Timestamp,
    pub(crate) settings: Settings,
    /// What the events that arise now are due to.
    pub(crate) cause: Option<Cause>,
    random: Random,
    pub(crate) products: Shelf<ProductId, Product>,
    pub(crate) prices: Shelf<PriceId, Price>,
    pub(crate) customers: Shelf<CustomerId, Customer>,
    pub(crate) payment_methods: Shelf<PaymentMethodId, PaymentMethod>,
    pub(crate) intents: Shelf<IntentId, Intent>,
    pub(crate) charges: Shelf<ChargeId, Charge>,
    pub(crate) refunds: Shelf<RefundId, Refund>,
    pub(crate) disputes: Shelf<DisputeId, Dispute>,
    pub(crate) sessions: Shelf<SessionId, Session>,
    pub(crate) subscriptions: Shelf<SubscriptionId, Subscription>,
    pub(crate) schedules: Shelf<ScheduleId, Schedule>,
    pub(crate) invoices: Shelf<InvoiceId, Invoice>,
    pub(crate) pending_items: Shelf<InvoiceItemId, PendingItem>,
    pub(crate) portal_sessions: Shelf<PortalSessionId, PortalSession>,
    pub(crate) portal_configurations: Shelf<PortalConfigurationId, PortalConfiguration>,
    pub(crate) events: Shelf<EventId, Event>,
    /// Events that nobody has been told of yet, oldest first.
    pub(crate) untold: Vec<EventId>,
}

impl State {
    /// An account that has a catalogue and nobody in it.
    pub(crate) fn new(now: Timestamp, seed: u64, settings: Settings, catalogue: &[CataloguePrice]) -> Self {
        let mut state = Self {
            now: whole_seconds(now),
            settings,
            cause: None,
            random: Random::seeded(seed),
            products: Shelf::default(),
            prices: Shelf::default(),
            customers: Shelf::default(),
            payment_methods: Shelf::default(),
            intents: Shelf::default(),
            charges: Shelf::default(),
            refunds: Shelf::default(),
            disputes: Shelf::default(),
            sessions: Shelf::default(),
            subscriptions: Shelf::default(),
            schedules: Shelf::default(),
            invoices: Shelf::default(),
            pending_items: Shelf::default(),
            portal_sessions: Shelf::default(),
            portal_configurations: Shelf::default(),
            events: Shelf::default(),
            untold: Vec::new(),
        };
        state.stock(catalogue);
        state.open_portal();
        state
    }

    /// A new id.
    pub(crate) fn fresh<I: Id>(&mut self) -> I {
        I::fresh(&mut self.random)
    }

    /// Letters and digits for something that is not an id.
    pub(crate) fn letters(&mut self, length: usize) -> String {
        self.random.letters(length)
    }

    /// The time that lies so far ahead.
    pub(crate) fn after(&self, duration: SignedDuration) -> Timestamp {
        calendar::later(self.now, duration)
    }
}

/// Stripe's times are whole seconds (<https://docs.stripe.com/api>, timestamps).
pub(crate) fn whole_seconds(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}
