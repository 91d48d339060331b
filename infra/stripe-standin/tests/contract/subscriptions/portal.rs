//! The customer portal: a page on which the customer cancels, revokes the cancellation, and adds another card.

use crate::{
    browser,
    shop::{Shop, refusal},
};
use stripe_billing::{billing_portal_session::CreateBillingPortalSession, invoice::ListInvoice};

#[tokio::test]
async fn the_portal_cancels_by_a_date() {
    let shop = Shop::open().await;
    let (customer, subscription) = shop.subscriber("price_pro_month").await;
    let portal = CreateBillingPortalSession::new().customer(customer.as_str()).return_url("https://app.test/billing");
    let portal = portal.send(&shop.client).await.unwrap();
    let page = browser::get(&portal.url).await;
    assert_eq!(page.status, 200);
    for part in ["Pro, $29.00 per month, active, renews on 2026-12-21", "https://app.test/billing", "visa", "4242"] {
        assert!(page.body.contains(part), "{part} in {}", page.body);
    }
    let cancelled = browser::post(&format!("{}/cancel/{}", portal.url, subscription.id)).await;
    assert_eq!(cancelled.status, 303);
    let now = shop.subscription(subscription.id.as_str()).await;
    // In flexible billing mode a date is set, and not the flag.
    assert_eq!(now.cancel_at, Some(now.items.data[0].current_period_end));
    assert!(!now.cancel_at_period_end);
    browser::post(&format!("{}/renew/{}", portal.url, subscription.id)).await;
    assert_eq!(shop.subscription(subscription.id.as_str()).await.cancel_at, None);
}

#[tokio::test]
async fn another_card_pays_from_then_on() {
    let shop = Shop::open().await;
    let (customer, subscription) = shop.subscriber("price_pro_month").await;
    let portal = CreateBillingPortalSession::new().customer(customer.as_str()).send(&shop.client).await.unwrap();
    browser::post(&format!("{}/card/pm_card_chargeCustomerFail", portal.url)).await;
    shop.advance_days(31);
    assert_eq!(shop.subscription(subscription.id.as_str()).await.status.as_str(), "past_due");
    browser::post(&format!("{}/card/pm_card_visa", portal.url)).await;
    shop.advance_days(4);
    assert_eq!(shop.subscription(subscription.id.as_str()).await.status.as_str(), "active");
}

/// <https://docs.stripe.com/customer-management#customize>
#[tokio::test]
async fn billing_details_are_edited_in_the_portal() {
    let shop = Shop::open().await;
    let (customer, _) = shop.subscriber("price_pro_month").await;
    let portal = CreateBillingPortalSession::new().customer(customer.as_str()).send(&shop.client).await.unwrap();
    assert!(browser::get(&portal.url).await.body.contains("name=tax_id"));
    let form = "name=Acme%20GmbH&line1=Gasse%201&postal_code=10115&city=Berlin&country=DE&tax_type=eu_vat&tax_id=DE1";
    assert_eq!(browser::submit(&format!("{}/details", portal.url), form).await.status, 303);
    shop.advance_days(31);
    let invoices = ListInvoice::new().customer(customer.as_str()).send(&shop.client).await.unwrap().data;
    let names = invoices.iter().map(|invoice| invoice.customer_name.as_deref()).collect::<Vec<_>>();
    assert_eq!(names, [Some("Acme GmbH"), Some("Acme")], "a finalized invoice stays as it is");
    assert_eq!(invoices[0].customer_address.as_ref().unwrap().city.as_deref(), Some("Berlin"));
    assert_eq!(invoices[0].customer_tax_ids.as_ref().unwrap()[0].value.as_deref(), Some("DE1"));
    assert_eq!(browser::submit(&format!("{}/details", portal.url), "name=").await.status, 303);
    assert!(browser::get(&portal.url).await.body.contains("value=\"Acme GmbH\""), "an empty field changes nothing");
}

#[tokio::test]
async fn the_portal_is_for_its_own_customer() {
    let shop = Shop::open().await;
    let (_, others) = shop.subscriber("price_pro_month").await;
    let customer = shop.customer().await;
    let portal = CreateBillingPortalSession::new().customer(customer.as_str()).send(&shop.client).await.unwrap();
    assert_eq!(browser::post(&format!("{}/cancel/{}", portal.url, others.id)).await.status, 400);
    assert_eq!(shop.subscription(others.id.as_str()).await.cancel_at, None);
    let (page, _) = portal.url.rsplit_once('/').unwrap();
    assert_eq!(browser::get(&format!("{page}/guess")).await.status, 404);
}

#[tokio::test]
async fn an_unknown_customer_has_no_portal() {
    let shop = Shop::open().await;
    let refused = CreateBillingPortalSession::new().customer("cus_nobody").send(&shop.client).await;
    assert_eq!(refusal(refused), "400 resource_missing: No such customer: 'cus_nobody'");
}
