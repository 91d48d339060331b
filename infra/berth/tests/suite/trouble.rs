//! Keys without permissions, and a Stripe that cannot be reached.

use crate::shop::{Answering, Company, DEFAULT, KEY, READ_KEY, Shop};
use berth::{
    push::{self, Options, Record},
    stripe::{self, Client},
};
use std::{thread, time::Duration};
use stripe_standin::RequestFault;

fn push(company: &Company, url: &str, key: &str) -> String {
    let options = Options { adoptions: Vec::new(), record: Record::Lock };
    let client = Client::new(url, key).unwrap();
    push::push(&company.files(), &client, &options, &mut Answering::default()).unwrap_err().to_string()
}

#[test]
fn wrong_key() {
    let (shop, company) = (Shop::open(), Company::new(DEFAULT));
    let said = push(&company, &shop.url, "sk_test_other");
    assert_eq!(said, "Stripe refuses the API key; check that it is complete and was not rolled");
    assert!(!company.lock_path().exists());
}

#[test]
fn key_that_may_only_read() {
    let (shop, company) = (Shop::open(), Company::new(DEFAULT));
    let said = push(&company, &shop.url, READ_KEY);
    assert_eq!(
        said,
        "the API key lacks a permission for POST /products; it needs to write Products and Prices and to read Subscriptions and the account"
    );
    let client = Client::new(&shop.url, READ_KEY).unwrap();
    assert_eq!(push::diff(&company.files(), &client, &mut Answering::default()).unwrap(), 9);
}

#[test]
fn unreachable_stripe() {
    let company = Company::new(DEFAULT);
    for url in ["http://127.0.0.1:9", "https://127.0.0.1:9"] {
        let said = push(&company, url, KEY);
        assert!(said.starts_with("Stripe does not answer (GET /account: "), "{said}");
        assert!(said.ends_with("; run the same command again, which continues where this one stopped"), "{said}");
    }
    // The stand-in speaks no TLS.
    let shop = Shop::open();
    let said = push(&company, &shop.url.replace("http://", "https://"), KEY);
    assert!(said.starts_with("Stripe does not answer (GET /account: "), "{said}");
    assert!(!company.lock_path().exists());
}

#[test]
fn busy_stripe_is_asked_again() {
    let (shop, company) = (Shop::open(), Company::new(DEFAULT));
    shop.standin().add_fault(RequestFault { status: Some(429), count: 3, ..RequestFault::default() });
    company.push(&shop).0.unwrap();
    assert_eq!(shop.prices().len(), 6);
}

#[test]
fn lost_answer_to_any_change_is_asked_for_again() {
    for number in 0..9 {
        let (shop, company) = (Shop::open(), Company::new(DEFAULT));
        let post = || RequestFault { method: Some("POST".to_owned()), ..RequestFault::default() };
        if number > 0 {
            shop.standin().add_fault(RequestFault { count: number, ..post() });
        }
        shop.standin().add_fault(RequestFault { body: Some("<html>".to_owned()), ..post() });
        company.push(&shop).0.unwrap();
        assert_eq!((shop.prices().len(), shop.products().len(), company.differences(&shop)), (6, 3, 0));
        // Under the same idempotency key Stripe repeats the answer, and refuses nothing.
        assert!(shop.standin().requests().iter().all(|request| request.status == 200));
    }
}

/// The answer to a push that another one has overtaken is that its products exist.
#[test]
fn overtaken_push_continues_with_what_the_other_has_made() {
    let (shop, company) = (Shop::open(), Company::new(DEFAULT));
    let other = Company::new(&DEFAULT.replace("For a first project.", "For one project."));
    let late = RequestFault { method: Some("POST".to_owned()), delay_ms: 1_000, ..RequestFault::default() };
    shop.standin().add_fault(late);
    thread::scope(|scope| {
        let first = scope.spawn(|| company.push(&shop).0);
        // The account, the products, and the prices that can be bought and that cannot.
        while shop.standin().requests().len() < 4 {
            thread::yield_now();
        }
        thread::sleep(Duration::from_millis(200));
        other.push(&shop).0.unwrap();
        first.join().unwrap().unwrap();
    });
    assert!(shop.standin().requests().iter().any(|request| request.status == 400));
    assert_eq!((shop.prices().len(), shop.products().len()), (6, 3));
}

/// Stripe repeats the answer to a creation for a day, also if what it created was removed since.
#[test]
fn repeated_answer_of_an_earlier_creation_is_noticed() {
    let (shop, company) = (Shop::open(), Company::new(DEFAULT));
    company.push(&shop).0.unwrap();
    let price = shop.price("berth:pro/1/month/usd");
    let id = price["id"].as_str().unwrap();
    let form = [("active", "false"), ("lookup_key", ""), ("metadata[berth_plan]", ""), ("metadata[berth_version]", "")];
    shop.post(&format!("/v1/prices/{id}"), &form);
    company.push(&shop).0.unwrap();
    let fresh = shop.price("berth:pro/1/month/usd");
    assert_ne!(fresh["id"], id);
    assert_eq!((company.differences(&shop), shop.prices().len()), (0, 7));
}

#[test]
fn key_and_url_are_checked() {
    for key in ["", "pk_test_1", "sk_1", "whsec_1", "sk_test_1\r\nx: y", "sk_test_ä"] {
        assert!(matches!(Client::new("https://api.stripe.com", key), Err(stripe::Error::NoKey)), "{key}");
    }
    for url in ["http://api.stripe.com", "http://localhost.example.com", "ftp://127.0.0.1", "127.0.0.1:1", ""] {
        assert!(matches!(Client::new(url, KEY), Err(stripe::Error::Insecure)), "{url}");
    }
    for (key, mode) in [("sk_test_1", "test"), ("rk_test_1", "test"), ("sk_live_1", "live"), ("rk_live_1", "live")] {
        for url in ["https://api.stripe.com", "http://127.0.0.1:1/", "http://localhost:1", "http://localhost"] {
            assert_eq!(Client::new(url, key).unwrap().mode().name(), mode);
        }
    }
    let shown = format!("{:?}", Client::new("https://api.stripe.com", "sk_live_secret").unwrap());
    assert!(!shown.contains("secret"), "{shown}");
}
