//! The account: the objects of Stripe, the time and the source of ids. It does no I/O and reads no clock; `transitions`
//! change it.

use crate::{
    calendar,
    ids::{
        ChargeId, CouponId, CustomerId, DiscountId, DisputeId, EventId, Id, IntentId, InvoiceId, InvoiceItemId,
        PaymentMethodId, PortalConfigurationId, PortalSessionId, PriceId, ProductId, PromotionCodeId, RefundId,
        ScheduleId, SessionId, SubscriptionId, letters,
    },
    model::{
        Cause, Charge, Coupon, Customer, Discount, Dispute, Event, Intent, Invoice, PaymentMethod, PendingItem,
        PortalConfiguration, PortalSession, Price, Product, PromotionCode, Refund, Schedule, Session, Settings,
        Subscription,
    },
    shelf::Shelf,
};
use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

/// Content of one Stripe account.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) now: Timestamp,
    pub(crate) settings: Settings,
    /// Cause of the events that are emitted now.
    pub(crate) cause: Option<Cause>,
    random: Rng,
    pub(crate) products: Shelf<ProductId, Product>,
    pub(crate) prices: Shelf<PriceId, Price>,
    pub(crate) coupons: Shelf<CouponId, Coupon>,
    pub(crate) promotion_codes: Shelf<PromotionCodeId, PromotionCode>,
    pub(crate) discounts: Shelf<DiscountId, Discount>,
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
    /// Events that are not posted to the webhook yet, oldest first.
    pub(crate) unposted: Vec<EventId>,
}

impl State {
    /// Creates an empty account.
    pub(crate) fn empty(now: Timestamp, random: Rng, settings: Settings) -> Self {
        Self {
            now: calendar::whole_seconds(now),
            settings,
            cause: None,
            random,
            products: Shelf::default(),
            prices: Shelf::default(),
            coupons: Shelf::default(),
            promotion_codes: Shelf::default(),
            discounts: Shelf::default(),
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
            unposted: Vec::new(),
        }
    }

    /// Copies the source of ids. The copy continues independently.
    pub(crate) fn random(&self) -> Rng {
        self.random.clone()
    }

    /// Creates a new id.
    pub(crate) fn fresh<I: Id>(&mut self) -> I {
        I::fresh(&mut self.random)
    }

    /// Creates letters and digits for a value that is not an id.
    pub(crate) fn letters(&mut self, length: usize) -> String {
        letters(&mut self.random, length)
    }

    /// Returns the time after this duration.
    pub(crate) fn after(&self, duration: SignedDuration) -> Timestamp {
        calendar::later(self.now, duration)
    }
}
