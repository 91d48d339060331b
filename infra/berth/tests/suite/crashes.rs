//! A push that stops at any call is completed by the next one.

use crate::shop::{Company, DEFAULT, Shop};
use stripe_standin::RequestFault;

/// A way in which the connection to Stripe is lost.
#[derive(Debug, Clone, Copy)]
enum Loss {
    /// The request is not performed.
    Before,
    /// The request is performed, and its answer is lost.
    After,
    /// The request is performed, but Stripe answers that it has failed, and repeats that under the same idempotency key.
    Failing,
}

/// Loses the connection from the call `number` on.
fn lose(shop: &Shop, number: usize, loss: Loss) {
    let before = RequestFault { count: u32::try_from(number).unwrap(), ..RequestFault::default() };
    if before.count > 0 {
        shop.standin().add_fault(before);
    }
    match loss {
        Loss::Before => {}
        Loss::After => {
            shop.standin().add_fault(RequestFault { body: Some("<html>".to_owned()), ..RequestFault::default() })
        }
        Loss::Failing => {
            shop.standin().add_fault(RequestFault { status: Some(500), applied: true, ..RequestFault::default() });
        }
    }
    shop.standin().add_fault(RequestFault { count: 1_000, status: Some(503), ..RequestFault::default() });
}

fn check(prepare: impl Fn(&Shop, &Company), adoptions: impl Fn(&Shop) -> Vec<String>) {
    let open = || {
        let (shop, company) = (Shop::open(), Company::new(DEFAULT));
        prepare(&shop, &company);
        let adoptions = adoptions(&shop);
        (shop, company, adoptions)
    };
    let (wanted, wanted_lock, calls) = {
        let (shop, company, adoptions) = open();
        let before = shop.standin().requests().len();
        company.adopt(&shop, &adoptions).0.unwrap();
        let calls = shop.standin().requests().len() - before;
        (shop.sold(), company.lock(), calls)
    };
    assert!(calls > 10, "{calls}");
    for loss in [Loss::Before, Loss::After, Loss::Failing] {
        for number in 0..calls {
            let (shop, company, adoptions) = open();
            let (prices, locked) = (shop.prices().len(), company.lock().sold);
            lose(&shop, number, loss);
            company.adopt(&shop, &adoptions).0.unwrap_err();
            shop.standin().clear_faults();
            // A version that can be bought is in the lock.
            let is_recorded = company.lock().sold == wanted_lock.sold;
            assert!(
                is_recorded || (company.lock().sold == locked && shop.prices().len() == prices),
                "{loss:?} {number}"
            );
            let (pushed, _) = company.adopt(&shop, &adoptions);
            assert!(pushed.is_ok(), "{loss:?} {number}: {pushed:?}");
            assert_eq!(shop.sold(), wanted, "{loss:?} {number}");
            let keys = |prices: Vec<(String, String)>| prices.into_iter().map(|(key, _)| key).collect::<Vec<_>>();
            let wanted_keys: Vec<_> = wanted_lock
                .accounts
                .values()
                .flat_map(|modes| modes.values().flatten())
                .map(|(key, _)| key.clone())
                .collect();
            assert_eq!((company.lock().sold, keys(company.locked_prices())), (wanted_lock.sold.clone(), wanted_keys));
            assert_eq!(company.differences(&shop), 0);
        }
    }
}

#[test]
fn crash_at_any_call_of_the_first_push() {
    check(|_, _| {}, |_| Vec::new());
}

#[test]
fn crash_at_any_call_of_a_new_version_with_adoptions() {
    check(
        |shop, company| {
            company.push(shop).0.unwrap();
            let id = shop.old_price("4900", "usd", "month");
            shop.subscribe(&id);
            shop.old_price("2500", "usd", "year");
            let next = DEFAULT.replace("name = \"pro\"\nversion = 1", "name = \"pro\"\nversion = 2");
            company.rewrite(&next.replace("usd = 29_00", "usd = 49_00").replace("\"Pro\"", "\"Professional\""));
        },
        |shop| {
            let id = |amount: u64| {
                let found = shop.prices().into_iter().find(|price| price["unit_amount"] == amount).unwrap();
                found["id"].as_str().unwrap().to_owned()
            };
            vec![format!("{}=pro/month/2", id(4_900)), format!("{}=starter/year/1", id(2_500))]
        },
    );
}
