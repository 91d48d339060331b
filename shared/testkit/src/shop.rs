//! A world with a stand-in for Stripe on loopback, and Ana's workspace.

use super::{exchange::Request, people::ANA, world::World};
use domain::{
    billing::stripe::event::Hint,
    ids::WorkspaceId,
    plans::{
        addon::AddonTerms,
        catalogue::Plans,
        money::{Interval, Price},
        plan::Plan,
    },
};
use serde_json::{Value, json};
use shared::{billing::BillingDeps, doctor::DoctorDeps};
use stripe_standin::{CataloguePrice, Options, Served, Standin};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use workers::workspace::DeletionDeps;

/// Returns the id of a price of `plan`. Of the first version and the first currency it is the plan and the interval.
fn stock_id(plan: Plan, price: &Price) -> String {
    let mut id = format!("price_{}_{}", plan.name, price.interval.name());
    if plan.prices.iter().find(|other| other.interval == price.interval) != Some(price) {
        id = format!("{id}_{}", price.currency);
    }
    match plan.version.get() {
        1 => id,
        version => format!("{id}_{version}"),
    }
}

/// Returns a price of `plan` as Stripe has it.
fn stock(plan: Plan, price: &Price) -> CataloguePrice {
    CataloguePrice {
        id: stock_id(plan, price),
        product: format!("prod_{}", plan.name),
        name: plan.title.to_owned(),
        currency: price.currency.as_str().parse().unwrap(),
        unit_amount: i64::try_from(price.amount).unwrap(),
        interval: of_stripe(price.interval),
        ..CataloguePrice::default()
    }
    .of_plan(plan.name.as_str(), plan.version.get().into())
}

/// Returns a price of a version of an add-on as Stripe has it, with an id such as `price_exports_month`.
fn stock_addon(addon: &AddonTerms, price: &Price) -> CataloguePrice {
    let currency = match addon.prices.iter().find(|other| other.interval == price.interval) {
        Some(first) if first != price => format!("_{}", price.currency),
        _ => String::new(),
    };
    let version = match addon.version.get() {
        1 => String::new(),
        version => format!("_{version}"),
    };
    CataloguePrice {
        id: format!("price_{}_{}{currency}{version}", addon.name, price.interval.name()),
        product: format!("prod_{}", addon.name),
        name: addon.title.to_owned(),
        currency: price.currency.as_str().parse().unwrap(),
        unit_amount: i64::try_from(price.amount).unwrap(),
        interval: of_stripe(price.interval),
        ..CataloguePrice::default()
    }
    .of_addon(addon.name.as_str(), addon.version.get().into())
}

const fn of_stripe(interval: Interval) -> stripe_standin::Interval {
    match interval {
        Interval::Month => stripe_standin::Interval::Month,
        Interval::Year => stripe_standin::Interval::Year,
    }
}

/// A world with billing. Stripe is reached through a socket, so its tests run on tokio's real clock.
#[derive(Debug)]
pub struct Shop {
    /// The world.
    pub world: World,
    /// Ana's workspace.
    pub workspace: WorkspaceId,
    served: Served,
}

impl Shop {
    /// Opens a shop without purchases; `seed` determines ids and chances.
    pub async fn open(seed: u64) -> Self {
        Self::open_with(seed, |_| {}).await
    }

    /// Opens a shop whose Stripe account is `set_up`.
    pub async fn open_with(seed: u64, set_up: impl FnOnce(&mut Options)) -> Self {
        Self::open_in(World::default(), seed, set_up).await
    }

    /// Opens a shop of a company with these plans, whose prices are in its Stripe account.
    pub async fn selling(seed: u64, plans: Plans) -> Self {
        Self::selling_with(seed, plans, |_| {}).await
    }

    /// Like [`Self::selling`], with a Stripe account that is `set_up` further.
    pub async fn selling_with(seed: u64, plans: Plans, further: impl FnOnce(&mut Options)) -> Self {
        let prices = plans.every_version().flat_map(|plan| plan.prices.iter().map(move |price| stock(plan, price)));
        let addons = plans.addons.iter().chain(plans.former_addons);
        let addons = addons.flat_map(|addon| addon.prices.iter().map(|price| stock_addon(addon, price)));
        let set_up = |options: &mut Options| {
            options.catalogue = prices.chain(addons).collect();
            further(options);
        };
        Self::open_in(World::default().with_plans(plans), seed, set_up).await
    }

    async fn open_in(world: World, seed: u64, set_up: impl FnOnce(&mut Options)) -> Self {
        let workspace = world.workspace_of(&ANA).await;
        let clock = world.clock.clone();
        let mut options = Options::new(move || clock.now(), seed);
        set_up(&mut options);
        let served = Standin::new(options).serve(0).await.unwrap();
        world.changes();
        Self { world, workspace, served }
    }

    /// Returns the stand-in for Stripe.
    #[must_use]
    pub fn stripe(&self) -> &Standin {
        self.served.standin()
    }

    /// Returns the base URL of the stand-in, for requests that Berth does not send.
    #[must_use]
    pub fn stripe_url(&self) -> &str {
        self.served.url()
    }

    /// Returns the dependencies of billing.
    #[must_use]
    pub fn billing_deps(&self) -> BillingDeps {
        self.world.billing_deps(self.served.url())
    }

    /// Returns the dependencies of the deletion of workspaces.
    #[must_use]
    pub fn deletion_deps(&self) -> DeletionDeps {
        self.world.deletion_deps(self.served.url())
    }

    /// Returns the dependencies of the doctor.
    #[must_use]
    pub fn doctor_deps(&self) -> DoctorDeps {
        self.world.doctor_deps(self.served.url())
    }

    /// Sends a form to Stripe's API, as the owner of the account does in the dashboard, and returns the object.
    pub async fn post_to_stripe(&self, path: &str, form: &str) -> Value {
        let address = self.served.url().trim_start_matches("http://").to_owned();
        let mut connection = TcpStream::connect(&address).await.unwrap();
        let length = form.len();
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer sk_test_standin\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{form}"
        );
        connection.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200 "), "{path} {form}: {answer}");
        serde_json::from_str(body).unwrap()
    }

    /// Creates a subscription of `customer` in Stripe, not by Berth, and pays it by a card of its own.
    pub async fn subscribe_in_stripe(&self, customer: &str, price: &str) -> Value {
        let method =
            self.post_to_stripe("/v1/payment_methods/pm_card_visa/attach", &format!("customer={customer}")).await;
        let method = method["id"].as_str().unwrap();
        let form = format!("customer={customer}&items[0][price]={price}&default_payment_method={method}");
        self.post_to_stripe("/v1/subscriptions", &form).await
    }

    /// Returns all objects of all customers at Stripe of one kind: `subscriptions`, `checkout_sessions`, and so on.
    #[must_use]
    pub fn stripe_objects(&self, what: &str) -> Vec<Value> {
        let state = self.stripe().state();
        let customers = state["customers"].as_array().cloned().unwrap_or_default();
        customers.into_iter().flat_map(|customer| customer[what].as_array().cloned().unwrap_or_default()).collect()
    }

    /// Returns the number of customers at Stripe.
    #[must_use]
    pub fn customers(&self) -> usize {
        self.stripe().state()["customers"].as_array().map_or(0, Vec::len)
    }

    /// Returns the ids of the checkout sessions that can be paid.
    #[must_use]
    pub fn open_sessions(&self) -> Vec<String> {
        let open = self.stripe_objects("checkout_sessions").into_iter().filter(|session| session["status"] == "open");
        open.map(|session| session["id"].as_str().unwrap().to_owned()).collect()
    }

    /// Returns the method and path of all requests to Stripe so far, without ids.
    #[must_use]
    pub fn stripe_requests(&self) -> Vec<String> {
        let plain = |path: &str| {
            let parts = path.split('/').map(|part| if part.contains('_') && part.len() > 20 { "{id}" } else { part });
            parts.collect::<Vec<_>>().join("/")
        };
        self.stripe().requests().iter().map(|request| format!("{} {}", request.method, plain(&request.path))).collect()
    }

    /// Takes the hints that the webhook would queue for the waiting events, in the order in which Stripe created them.
    #[must_use]
    pub fn hints(&self) -> Vec<Hint> {
        self.stripe().take_all_deliveries().iter().map(|delivery| Hint::parse(&delivery.body).unwrap()).collect()
    }

    /// Returns an event of the queue with these hints as its batch.
    #[must_use]
    pub fn batch(hints: &[Hint]) -> Value {
        let bodies = hints.iter().map(|hint| serde_json::to_string(hint).unwrap());
        let mut event = Request::batch("stripe-events/paid", bodies);
        for (record, hint) in event["Records"].as_array_mut().unwrap().iter_mut().zip(hints) {
            record["attributes"]["MessageGroupId"] = json!(hint.message_group());
        }
        event
    }
}
