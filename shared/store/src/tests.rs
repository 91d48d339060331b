//! Conditions and transactions against the embedded table: a condition checked here agrees with the table.

use crate::{
    Store,
    table::calls::TransactionOutcome,
    table::condition::Condition,
    table::item::{Item, number, text},
    table::keys::Key,
    table::transaction::Transaction,
};
use proptest::{prelude::*, test_runner::TestRunner};
use testkit::{Fault, World};

/// Opens the table of `world` with this crate's own code: `World::store` has the type of its build without tests.
fn store(world: &World) -> Store {
    Store::new(&world.config(), testkit::TABLE.to_owned(), world.ambient(), world.plans())
}

fn key(sk: &str) -> Key {
    Key { pk: "TEST".to_owned(), sk: sk.to_owned() }
}

fn item(sk: &str, n: Option<i64>, name: Option<&str>) -> Item {
    let mut item = Item::from(crate::table::item::place(&key(sk)));
    item.extend(n.map(|n| ("n".to_owned(), number(n))));
    item.extend(name.map(|name| ("name".to_owned(), text(name))));
    item
}

async fn commit(store: &Store, transaction: Transaction<&'static str>) -> Result<(), String> {
    match store.transact(transaction).await {
        Ok(TransactionOutcome::Done) => Ok(()),
        Ok(TransactionOutcome::Refused(meaning)) => Err(meaning.to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn count(world: &World, sk: &str) -> Option<i64> {
    world.items().get(&("TEST".to_owned(), sk.to_owned()))?["n"].as_i64()
}

/// The first failed condition is determined here from the old item; the table must agree.
#[test]
fn condition_check_agrees_with_the_table() {
    let condition = prop_oneof![
        Just(Condition::Absent),
        (0..3_i64).prop_map(|n| Condition::Equals("n", number(n))),
        "[ab]".prop_map(|name| Condition::Equals("name", text(name))),
        "[abc]{1,2}".prop_map(|names| Condition::OneOf("name", names.chars().map(text).collect())),
        (0..3_i64).prop_map(|n| Condition::Below("n", n)),
        (0..3_i64).prop_map(|n| Condition::Above("n", n)),
        (0..3_i64).prop_map(|n| Condition::AbsentOrBefore("n", n)),
        Just(Condition::Lacks("n")),
        Just(Condition::AbsentOrLacks("n")),
        Just(Condition::AbsentOrLacks("name")),
        Just(Condition::Lacks("name")),
    ];
    let old = proptest::option::of((proptest::option::of(0..3_i64), proptest::option::of("[ab]")));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let (world, case) = (World::default(), std::cell::Cell::new(0));
    let store = store(&world);
    TestRunner::default()
        .run(&(old, proptest::collection::vec(condition, 1..4)), |(old, conditions)| {
            case.set(case.get() + 1);
            let sk = case.get().to_string();
            let old = old.map(|(n, name)| item(&sk, n, name.as_deref()));
            let expected = conditions.iter().position(|condition| !condition.holds(old.as_ref()));
            let outcome = runtime.block_on(async {
                if let Some(old) = old {
                    let mut transaction = Transaction::default();
                    transaction.put(&key(&sk), old);
                    commit(&store, transaction).await.unwrap();
                }
                let mut transaction = Transaction::default();
                for (at, condition) in conditions.into_iter().enumerate() {
                    transaction.require(&key(&sk), condition, at);
                }
                match store.transact(transaction).await.unwrap() {
                    TransactionOutcome::Done => None,
                    TransactionOutcome::Refused(at) => Some(at),
                }
            });
            prop_assert_eq!(outcome, expected);
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn pieces_of_one_key_are_one_action() {
    let (world, sk) = (World::default(), key("a"));
    let store = store(&world);
    let mut transaction = Transaction::default();
    transaction.put_new(&sk, item("a", Some(1), None), "taken");
    assert_eq!(commit(&store, transaction).await, Ok(()));

    let mut transaction = Transaction::default();
    transaction
        .require(&sk, Condition::Below("n", 5), "too many")
        .add(&sk, "n", 2)
        .require(&sk, Condition::Above("n", 0), "too few")
        .add(&sk, "n", 3)
        .set(&sk, [("name".to_owned(), text("x"))]);
    assert_eq!(commit(&store, transaction).await, Ok(()));
    assert_eq!(count(&world, "a"), Some(6));

    let mut transaction = Transaction::default();
    transaction.require(&sk, Condition::Above("n", 5), "too few").delete(&sk);
    assert_eq!(commit(&store, transaction).await, Ok(()));
    assert_eq!(count(&world, "a"), None);
}

#[tokio::test]
async fn first_stated_condition_is_reported() {
    let world = World::default();
    let store = store(&world);
    for order in [["first", "second"], ["second", "first"]] {
        let mut transaction = Transaction::default();
        for name in order {
            transaction.require(&key(name), Condition::Equals("n", number(1)), name);
        }
        assert_eq!(commit(&store, transaction).await, Err(order[0].to_owned()));
    }
    let mut transaction = Transaction::default();
    transaction.require(&key("a"), Condition::Above("n", 0), "stated");
    transaction.first(&key("b"), item("b", None, None), "taken", jiff::Timestamp::UNIX_EPOCH);
    assert_eq!(commit(&store, transaction).await, Err("stated".to_owned()));
}

#[tokio::test]
async fn conflicting_writes_to_one_item_are_a_defect() {
    let world = World::default();
    let store = store(&world);
    let mut transaction = Transaction::<&str>::default();
    transaction.put(&key("a"), item("a", None, None)).delete(&key("a"));
    assert_eq!(commit(&store, transaction).await, Err("something went wrong on our side".to_owned()));
    let mut transaction = Transaction::<&str>::default();
    transaction.set(&key("a"), [("n".to_owned(), number(1))]).set(&key("a"), [("n".to_owned(), number(2))]);
    assert_eq!(commit(&store, transaction).await, Err("something went wrong on our side".to_owned()));
    let mut transaction = Transaction::<&str>::default();
    transaction.add(&key("a"), "n", 1).set(&key("a"), [("n".to_owned(), number(2))]);
    assert_eq!(commit(&store, transaction).await, Err("something went wrong on our side".to_owned()));
    world.assert_nothing_written();
}

/// Invariant 33.
#[tokio::test(start_paused = true)]
async fn addition_is_made_once_when_answers_are_lost() {
    for faults in [
        vec![Fault::LoseReply],
        vec![Fault::LoseReply, Fault::LoseReply],
        vec![Fault::LoseReply, Fault::Conflict],
        vec![Fault::Conflict, Fault::LoseReply, Fault::Conflict, Fault::LoseRequest],
        vec![Fault::ServerError, Fault::LoseReply],
        vec![Fault::TimeOut, Fault::Throttle],
        vec![Fault::LoseReply, Fault::InProgress, Fault::InProgress, Fault::InProgress, Fault::InProgress],
    ] {
        let world = World::seeded(1);
        let store = store(&world);
        faults.iter().for_each(|fault| world.plan("TransactWriteItems", *fault));
        let mut transaction = Transaction::default();
        transaction.add(&key("a"), "n", 1);
        assert_eq!(commit(&store, transaction).await, Ok(()), "{faults:?}");
        assert_eq!(count(&world, "a"), Some(1), "{faults:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn bounded_counter_never_exceeds_its_bound() {
    for seed in 0..20 {
        let world = World::seeded(seed);
        let store = store(&world);
        let mut transaction = Transaction::default();
        transaction.put(&key("a"), item("a", Some(0), None));
        commit(&store, transaction).await.unwrap();
        let take = || async {
            let mut transaction = Transaction::default();
            transaction.require(&key("a"), Condition::Below("n", 10), "full").add(&key("a"), "n", 1);
            commit(&store, transaction).await
        };
        let taken = futures::future::join_all((0..30).map(|_| take())).await;
        assert_eq!(taken.iter().filter(|outcome| outcome.is_ok()).count(), 10, "seed {seed}");
        assert_eq!(count(&world, "a"), Some(10), "seed {seed}");
    }
}

#[tokio::test]
async fn batch_reads_each_key_once_in_one_round_trip() {
    let world = World::default();
    let store = store(&world);
    let mut transaction = Transaction::<&str>::default();
    transaction.put(&key("a"), item("a", Some(1), None));
    commit(&store, transaction).await.unwrap();
    let keys = [key("a"), key("a"), key("absent")];
    let (found, usage) = platform::telemetry::measure(store.batch_get(&keys)).await;
    assert_eq!(found.unwrap().len(), 1);
    assert_eq!((usage.round_trips, usage.requests), (1, 1));
    assert!(usage.capacity > 0.0);
}
