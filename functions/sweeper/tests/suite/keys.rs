//! Rolled Stripe keys: a process that was refused under the old key reads the new one before its next use.

use domain::plans::money::Interval;
use shared::{
    billing::{CheckoutRequest, ReturnUrls, open_checkout, sync_billing},
    doctor::examine_workspace,
    workspace::{OtherMembers, delete_workspace},
};
use testkit::{ANA, Shop, plan};
use workers::{
    billing::{compare_due, handle_event},
    workspace::advance_deletion,
};

const KEY: &str = "sk_test_standin";
const READ_KEY: &str = "rk_test_standin";

#[tokio::test]
async fn a_rolled_key_is_read_before_the_next_use() {
    let shop = Shop::open(31).await;
    let (world, id, ana) = (&shop.world, shop.workspace, ANA.caller());
    let wanted =
        CheckoutRequest { plan: plan("pro"), interval: Interval::Month, currency: None, back: ReturnUrls::default() };
    open_checkout(&shop.billing_deps(), &ana, id, wanted, None).await.unwrap();
    let [events, requests, sweeper] = [shop.billing_deps(), shop.billing_deps(), shop.billing_deps()];
    let (doctor, deleting) = (shop.doctor_deps(), shop.deletion_deps());
    let origin = || ana.origin().clone();
    shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
    let hints = shop.hints();

    world.rotate_stripe_key("sk_test_expired");
    world.rotate_stripe_read_key("rk_test_expired");
    let refused = [
        handle_event(&events, &hints[0]).await.map(drop).map_err(|error| error.to_string()),
        sync_billing(&requests, &ana, id).await.map(drop).map_err(|error| error.to_string()),
        compare_due(&sweeper, id, origin()).await.map_err(|error| error.to_string()),
        examine_workspace(&doctor, &ana, id).await.map(drop).map_err(|error| error.to_string()),
    ];
    for refused in refused {
        assert!(refused.unwrap_err().contains("not set up correctly"));
    }
    world.rotate_stripe_key(KEY);
    world.rotate_stripe_read_key(READ_KEY);
    handle_event(&events, &hints[0]).await.unwrap();
    sync_billing(&requests, &ana, id).await.unwrap();
    compare_due(&sweeper, id, origin()).await.unwrap();
    assert!(examine_workspace(&doctor, &ana, id).await.unwrap().healthy);

    delete_workspace(&world.store(), &ana, id, OtherMembers::Refuse).await.unwrap();
    world.rotate_stripe_key("sk_test_expired");
    assert!(advance_deletion(&deleting, id).await.unwrap_err().to_string().contains("not set up correctly"));
    world.rotate_stripe_key(KEY);
    advance_deletion(&deleting, id).await.unwrap();
    assert_eq!(shop.stripe_objects("subscriptions")[0]["status"], "canceled");
}
