//! A Stripe account without products, and a company's files.

use berth::{
    error::Result,
    files::Files,
    push::{self, Adoption, Options, Person, Record},
    stripe::Client,
};
use domain::plans::file::lock::Lock;
use serde_json::Value;
use std::{
    fs,
    path::PathBuf,
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};
use stripe_standin::Standin;

pub(crate) const DEFAULT: &str = include_str!("../../../plans.toml");
pub(crate) const KEY: &str = "sk_test_standin";
pub(crate) const READ_KEY: &str = "rk_test_standin";

/// A stand-in for Stripe.
pub(crate) struct Shop {
    pub(crate) url: String,
    standin: Standin,
}

impl Shop {
    /// Opens an account without products.
    pub(crate) fn open() -> Self {
        Self::of("acct_1Standin")
    }

    /// Opens the account of this id, without products.
    pub(crate) fn of(account: &'static str) -> Self {
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let mut options = stripe_standin::Options::new(|| jiff::Timestamp::UNIX_EPOCH, 1);
                options.catalogue.clear();
                account.clone_into(&mut options.account);
                let served = Standin::new(options).serve(0).await.unwrap();
                sender.send((served.url().to_owned(), served.standin().clone())).unwrap();
                served.forever().await;
            });
        });
        let (url, standin) = receiver.recv().unwrap();
        Self { url, standin }
    }

    pub(crate) fn standin(&self) -> &Standin {
        &self.standin
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(&self.url, KEY).unwrap()
    }

    /// Sends a form as the owner of the account does.
    pub(crate) fn post(&self, path: &str, form: &[(&str, &str)]) -> Value {
        let request = ureq::post(format!("{}{path}", self.url)).header("authorization", format!("Bearer {KEY}"));
        request.send_form(form.iter().copied()).unwrap().body_mut().read_json().unwrap()
    }

    fn list(&self, path: &str) -> Vec<Value> {
        let request = ureq::get(format!("{}{path}", self.url)).header("authorization", format!("Bearer {KEY}"));
        let page: Value = request.call().unwrap().body_mut().read_json().unwrap();
        assert_eq!(page["has_more"], false);
        page["data"].as_array().unwrap().clone()
    }

    /// All prices, newest first.
    pub(crate) fn prices(&self) -> Vec<Value> {
        ["true", "false"]
            .iter()
            .flat_map(|active| self.list(&format!("/v1/prices?limit=100&active={active}")))
            .collect()
    }

    /// The price with this lookup key.
    pub(crate) fn price(&self, key: &str) -> Value {
        self.prices().into_iter().find(|price| price["lookup_key"] == key).unwrap()
    }

    pub(crate) fn products(&self) -> Vec<Value> {
        self.list("/v1/products?limit=100")
    }

    /// What is sold, one line for each object, without ids of prices.
    pub(crate) fn sold(&self) -> String {
        let text = |value: &Value| value.as_str().unwrap_or("none").to_owned();
        let mut lines: Vec<_> = self
            .products()
            .iter()
            .map(|product| {
                let [id, name, description] = ["id", "name", "description"].map(|field| text(&product[field]));
                format!("{id} {name} | {description} | {} {}\n", product["active"], product["metadata"])
            })
            .collect();
        lines.extend(self.prices().iter().map(|price| {
            let [key, product, currency] = ["lookup_key", "product", "currency"].map(|field| text(&price[field]));
            let interval = text(&price["recurring"]["interval"]);
            let (amount, active, metadata) = (&price["unit_amount"], &price["active"], &price["metadata"]);
            format!("{key} {amount} {currency} by the {interval} of {product} {active} {metadata}\n")
        }));
        lines.sort();
        lines.concat()
    }

    /// A price of the time before Berth, and its id.
    pub(crate) fn old_price(&self, amount: &str, currency: &str, interval: &str) -> String {
        let product = self.post("/v1/products", &[("name", "Old")]);
        let form = [
            ("product", product["id"].as_str().unwrap()),
            ("currency", currency),
            ("unit_amount", amount),
            ("recurring[interval]", interval),
        ];
        self.post("/v1/prices", &form)["id"].as_str().unwrap().to_owned()
    }

    /// A customer who pays `price`; returns the id of the subscription.
    pub(crate) fn subscribe(&self, price: &str) -> String {
        let customer = self.post("/v1/customers", &[("name", "Acme")]);
        let customer = customer["id"].as_str().unwrap();
        let card = self.post("/v1/payment_methods/pm_card_visa/attach", &[("customer", customer)]);
        let card = card["id"].as_str().unwrap();
        let form = [("customer", customer), ("items[0][price]", price), ("default_payment_method", card)];
        self.post("/v1/subscriptions", &form)["id"].as_str().unwrap().to_owned()
    }

    /// Requests that changed something.
    pub(crate) fn changes(&self) -> usize {
        self.standin.requests().iter().filter(|request| request.method == "POST").count()
    }
}

/// The files of a company.
pub(crate) struct Company {
    pub(crate) catalogue: PathBuf,
}

impl Company {
    pub(crate) fn new(catalogue: &str) -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("berth-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let company = Self { catalogue: folder.join("plans.toml") };
        company.rewrite(catalogue);
        company
    }

    pub(crate) fn rewrite(&self, catalogue: &str) {
        fs::write(&self.catalogue, catalogue).unwrap();
    }

    pub(crate) fn files(&self) -> Files {
        Files::of(self.catalogue.clone())
    }

    pub(crate) fn lock_path(&self) -> PathBuf {
        self.catalogue.with_extension("lock")
    }

    pub(crate) fn lock(&self) -> Lock {
        Lock::parse(&fs::read_to_string(self.lock_path()).unwrap_or_default()).unwrap()
    }

    /// The prices in the lock, and their ids at Stripe.
    pub(crate) fn locked_prices(&self) -> Vec<(String, String)> {
        self.lock().accounts.into_values().flat_map(|modes| modes.into_values().flatten()).collect()
    }

    /// Pushes to `shop`, with a confirmation.
    pub(crate) fn push(&self, shop: &Shop) -> (Result<()>, Answering) {
        self.adopt(shop, &[])
    }

    /// Pushes to `shop` and adopts prices.
    pub(crate) fn adopt(&self, shop: &Shop, adoptions: &[String]) -> (Result<()>, Answering) {
        let adoptions = adoptions.iter().map(|text| text.parse::<Adoption>().unwrap()).collect();
        let options = Options { adoptions, record: Record::Lock };
        let mut person = Answering::default();
        let pushed = push::push(&self.files(), &shop.client(), &options, &mut person);
        (pushed, person)
    }

    /// The number of changes that a push would make.
    pub(crate) fn differences(&self, shop: &Shop) -> usize {
        push::diff(&self.files(), &shop.client(), &mut Answering::default()).unwrap()
    }
}

impl Drop for Company {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(self.catalogue.parent().unwrap());
    }
}

/// A person who confirms.
#[derive(Default)]
pub(crate) struct Answering {
    pub(crate) lines: String,
    pub(crate) warnings: String,
    pub(crate) questions: usize,
    pub(crate) refuses: bool,
}

impl Person for Answering {
    fn read(&mut self, line: &str) {
        self.lines += &format!("{line}\n");
    }

    fn be_warned(&mut self, line: &str) {
        self.warnings += &format!("{line}\n");
    }

    fn confirms(&mut self, question: &str) -> bool {
        self.read(question);
        self.questions += 1;
        !self.refuses
    }
}

/// The text of a failed push.
pub(crate) fn refusal((pushed, _): (Result<()>, Answering)) -> String {
    pushed.unwrap_err().to_string()
}
