//! <https://docs.stripe.com/billing/subscriptions/quantities> and <https://docs.stripe.com/api/subscription_items>: items
//! with a quantity, bought, changed, prorated and previewed.

use crate::{
    asking::{delete, get, post, refused, refused_for},
    browser,
    shop::Shop,
};
use serde_json::{Value, json};
use stripe_standin::CataloguePrice;

/// A subscriber to pro, with an add-on for 5 dollars a month in the catalogue.
struct Buyer {
    shop: Shop,
    customer: String,
    path: String,
    item: String,
}

impl Buyer {
    async fn of(quantity: i64) -> Self {
        let storage = CataloguePrice {
            id: "price_storage_month".to_owned(),
            product: "berth_addon_storage".to_owned(),
            name: "Storage".to_owned(),
            unit_amount: 500,
            ..CataloguePrice::default()
        };
        let shop = Shop::with(|options| options.catalogue.push(storage.of_addon("storage", 1))).await;
        let customer = shop.customer().await;
        let form = checkout(&customer, &[("price_pro_month", quantity)]);
        let session = post(&shop, "/v1/checkout/sessions", &form).await;
        assert_eq!(session["amount_total"], 2_900 * quantity);
        assert!(shop.standin().pay(session["id"].as_str().unwrap()).unwrap());
        let subscription = get(&shop, &format!("/v1/subscriptions?customer={customer}")).await["data"][0].clone();
        let path = format!("/v1/subscriptions/{}", subscription["id"].as_str().unwrap());
        let item = subscription["items"]["data"][0]["id"].as_str().unwrap().to_owned();
        Self { shop, customer, path, item }
    }

    fn id(&self) -> &str {
        self.path.rsplit('/').next().unwrap()
    }

    async fn change(&self, form: &str) -> Value {
        post(&self.shop, &self.path, form).await
    }

    /// Returns amount, quantity and description of the lines of the newest invoice.
    async fn lines(&self) -> Vec<(i64, i64, String)> {
        let list = get(&self.shop, &format!("/v1/invoices?customer={}", self.customer)).await;
        shown(&list["data"][0])
    }

    async fn invoices(&self) -> usize {
        self.shop.invoices(&self.customer).await.len()
    }
}

fn shown(invoice: &Value) -> Vec<(i64, i64, String)> {
    let lines = invoice["lines"]["data"].as_array().unwrap().iter();
    let of = |line: &Value| {
        let number = |field: &str| line[field].as_i64().unwrap();
        (number("amount"), number("quantity"), line["description"].as_str().unwrap().to_owned())
    };
    lines.map(of).collect()
}

fn line(amount: i64, quantity: i64, description: &str) -> (i64, i64, String) {
    (amount, quantity, description.to_owned())
}

fn checkout(customer: &str, items: &[(&str, i64)]) -> String {
    let lines: String = items
        .iter()
        .enumerate()
        .map(|(at, (price, quantity))| {
            format!("&line_items[{at}][price]={price}&line_items[{at}][quantity]={quantity}")
        })
        .collect();
    format!("mode=subscription&customer={customer}&success_url=https://app.test{lines}")
}

#[tokio::test]
async fn quantities_multiply_the_amount_of_every_period() {
    let buyer = Buyer::of(3).await;
    assert_eq!(buyer.lines().await, [line(8_700, 3, "3 × Pro (at $29.00 / month)")]);
    assert_eq!(get(&buyer.shop, &buyer.path).await["quantity"], 3);
    buyer.shop.advance_days(31);
    assert_eq!(buyer.lines().await, [line(8_700, 3, "3 × Pro (at $29.00 / month)")]);
    assert_eq!(buyer.shop.invoices(&buyer.customer).await[0].amount_paid, 8_700);
}

#[tokio::test]
async fn checkout_sells_a_plan_with_add_ons() {
    let buyer = Buyer::of(1).await;
    let customer = buyer.shop.customer().await;
    let form = checkout(&customer, &[("price_pro_month", 1), ("price_storage_month", 4)]);
    let session = post(&buyer.shop, "/v1/checkout/sessions", &form).await;
    assert_eq!(session["amount_total"], 2_900 + 4 * 500);
    let page = browser::get(session["url"].as_str().unwrap()).await.body;
    assert!(page.contains("Pro, 4 × Storage") && page.contains("$49.00 per month"), "{page}");
    let id = session["id"].as_str().unwrap();
    let lines = get(&buyer.shop, &format!("/v1/checkout/sessions/{id}/line_items")).await;
    let lines: Vec<_> = lines["data"].as_array().unwrap().iter().map(|line| &line["quantity"]).cloned().collect();
    assert_eq!(lines, [1, 4]);
    buyer.shop.standin().pay(id).unwrap();
    let invoice = get(&buyer.shop, &format!("/v1/invoices?customer={customer}")).await["data"][0].clone();
    let expected = [line(2_900, 1, "1 × Pro (at $29.00 / month)"), line(2_000, 4, "4 × Storage (at $5.00 / month)")];
    assert_eq!((shown(&invoice), &invoice["amount_paid"]), (expected.to_vec(), &json!(4_900)));
}

#[tokio::test]
async fn checkout_refusals_name_the_line() {
    let buyer = Buyer::of(1).await;
    for (items, expected) in [
        (vec![], "400 parameter_missing line_items: Missing required param: line_items."),
        (
            vec![("price_pro_month", 1), ("price_no", 1)],
            "400 resource_missing line_items[1][price]: No such price: 'price_no'",
        ),
        (
            vec![("price_pro_month", 1), ("price_storage_month", 0)],
            "400  line_items[1][quantity]: This value must be greater than or equal to 1.",
        ),
        (
            vec![("price_pro_month", 1), ("price_pro_month", 2)],
            "400  items: Cannot add multiple subscription items with the same plan: price_pro_month",
        ),
        (
            vec![("price_pro_month", 1), ("price_pro_year", 1)],
            "400  items: The stand-in does not model items with different intervals.",
        ),
        (vec![("price_pro_month", 1); 21], "400  line_items: You can only specify up to 20 recurring prices."),
    ] {
        let form = checkout(&buyer.customer, &items);
        assert_eq!(refused_for(&buyer.shop, "POST", "/v1/checkout/sessions", &form).await, expected);
    }
}

#[tokio::test]
async fn quantity_changes_are_prorated_on_the_next_invoice() {
    let buyer = Buyer::of(2).await;
    buyer.shop.advance_days(15);
    let form = format!("items[0][id]={}&items[0][quantity]=5", buyer.item);
    assert_eq!(buyer.change(&form).await["quantity"], 5);
    assert_eq!(buyer.invoices().await, 1);
    buyer.shop.advance_days(16);
    let expected = [
        line(-2_900, 2, "Unused time on 2 × Pro after 06 Dec 2026"),
        line(7_250, 5, "Remaining time on 5 × Pro after 06 Dec 2026"),
        line(14_500, 5, "5 × Pro (at $29.00 / month)"),
    ];
    assert_eq!(buyer.lines().await, expected);
}

#[tokio::test]
async fn quantity_changes_are_invoiced_at_once_or_not_at_all() {
    let buyer = Buyer::of(1).await;
    buyer.shop.advance_days(15);
    let form = format!("items[0][id]={}&items[0][quantity]=3", buyer.item);
    let invoiced = buyer.change(&format!("{form}&proration_behavior=always_invoice")).await;
    assert_eq!(invoiced["items"]["data"][0]["id"], json!(buyer.item));
    let expected = [
        line(-1_450, 1, "Unused time on Pro after 06 Dec 2026"),
        line(4_350, 3, "Remaining time on 3 × Pro after 06 Dec 2026"),
    ];
    assert_eq!(buyer.lines().await, expected);
    assert_eq!(buyer.shop.invoices(&buyer.customer).await[0].amount_paid, 2_900);
    buyer.change(&format!("{}&proration_behavior=none", form.replace("=3", "=2"))).await;
    assert_eq!(buyer.invoices().await, 2);
    buyer.shop.advance_days(16);
    assert_eq!(buyer.lines().await, [line(5_800, 2, "2 × Pro (at $29.00 / month)")]);
}

#[tokio::test]
async fn previews_equal_the_invoice_of_a_quantity_change() {
    let buyer = Buyer::of(1).await;
    buyer.shop.advance_days(10);
    let preview = format!(
        "subscription={}&subscription_details[items][0][id]={}&subscription_details[items][0][quantity]=4\
         &subscription_details[items][1][price]=price_storage_month&subscription_details[items][1][quantity]=2\
         &subscription_details[proration_behavior]=always_invoice",
        buyer.id(),
        buyer.item
    );
    let preview = post(&buyer.shop, "/v1/invoices/create_preview", &preview).await;
    assert_eq!(buyer.invoices().await, 1);
    let form = format!(
        "items[0][id]={}&items[0][quantity]=4&items[1][price]=price_storage_month&items[1][quantity]=2\
         &proration_behavior=always_invoice",
        buyer.item
    );
    buyer.change(&form).await;
    assert_eq!((shown(&preview), preview["amount_due"].as_i64().unwrap()), (buyer.lines().await, 5_800 + 667));
    let next = post(&buyer.shop, "/v1/invoices/create_preview", &format!("subscription={}", buyer.id())).await;
    assert_eq!(next["amount_due"], 4 * 2_900 + 2 * 500);
}

#[tokio::test]
async fn deleted_items_are_credited() {
    let buyer = Buyer::of(1).await;
    let both = buyer
        .change("items[0][price]=price_storage_month&items[0][quantity]=4&proration_behavior=always_invoice")
        .await;
    let storage = both["items"]["data"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(buyer.shop.invoices(&buyer.customer).await[0].amount_paid, 2_000);
    buyer.shop.advance_days(15);
    let form = format!("items[0][id]={storage}&items[0][deleted]=true&proration_behavior=always_invoice");
    let left = buyer.change(&form).await;
    assert_eq!((left["items"]["data"].as_array().unwrap().len(), &left["quantity"]), (1, &json!(1)));
    assert_eq!(buyer.lines().await, [line(-1_000, 4, "Unused time on 4 × Storage after 06 Dec 2026")]);
    assert_eq!(buyer.shop.invoices(&buyer.customer).await[0].ending_balance, Some(-1_000));
}

/// <https://docs.stripe.com/api/subscriptions/update>, `items.price`
#[tokio::test]
async fn another_price_has_the_quantity_one_unless_given() {
    let buyer = Buyer::of(3).await;
    let form = format!("items[0][id]={}&items[0][price]=price_pro_month", buyer.item);
    assert_eq!(buyer.change(&form).await["quantity"], 3);
    let form = form.replace("price_pro_month", "price_business_month");
    assert_eq!(buyer.change(&form).await["quantity"], 1);
    let form = form.replace("price_business_month", "price_starter_month&items[0][quantity]=2");
    assert_eq!(buyer.change(&form).await["quantity"], 2);
}

#[tokio::test]
async fn pending_updates_and_phases_hold_quantities() {
    let buyer = Buyer::of(1).await;
    buyer.shop.standin().set_card_fails(&buyer.customer, true).unwrap();
    let form = format!(
        "items[0][id]={}&items[0][quantity]=3&proration_behavior=always_invoice\
         &payment_behavior=pending_if_incomplete",
        buyer.item
    );
    let waiting = buyer.change(&form).await;
    assert_eq!(
        (&waiting["quantity"], &waiting["pending_update"]["subscription_items"][0]["quantity"]),
        (&json!(1), &json!(3))
    );
    buyer.shop.standin().set_card_fails(&buyer.customer, false).unwrap();
    post(&buyer.shop, &format!("/v1/invoices/{}/pay", waiting["latest_invoice"].as_str().unwrap()), "").await;
    assert_eq!(get(&buyer.shop, &buyer.path).await["quantity"], 3);
    let schedule = post(&buyer.shop, "/v1/subscription_schedules", &format!("from_subscription={}", buyer.id())).await;
    let phase = &schedule["phases"][0];
    assert_eq!(phase["items"][0]["quantity"], 3);
    let phases = format!(
        "phases[0][start_date]={}&phases[0][end_date]={}&phases[0][items][0][price]=price_pro_month\
         &phases[0][items][0][quantity]=3&phases[1][items][0][price]=price_pro_month&phases[1][items][0][quantity]=2\
         &phases[1][items][1][price]=price_storage_month&phases[1][items][1][quantity]=6",
        phase["start_date"], phase["end_date"]
    );
    post(&buyer.shop, &format!("/v1/subscription_schedules/{}", schedule["id"].as_str().unwrap()), &phases).await;
    buyer.shop.advance_days(31);
    let mut lines = buyer.lines().await;
    lines.sort();
    let expected = [line(3_000, 6, "6 × Storage (at $5.00 / month)"), line(5_800, 2, "2 × Pro (at $29.00 / month)")];
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn subscription_items_are_created_changed_and_deleted() {
    let buyer = Buyer::of(1).await;
    let form = format!("subscription={}&price=price_storage_month&quantity=2", buyer.id());
    let made = post(&buyer.shop, "/v1/subscription_items", &format!("{form}&proration_behavior=always_invoice")).await;
    assert_eq!((&made["object"], &made["quantity"]), (&json!("subscription_item"), &json!(2)));
    assert_eq!(made["price"]["lookup_key"], "berth:addon:storage/1/month/usd");
    assert_eq!(buyer.shop.invoices(&buyer.customer).await[0].amount_paid, 1_000);
    let path = format!("/v1/subscription_items/{}", made["id"].as_str().unwrap());
    assert_eq!(get(&buyer.shop, &path).await, made);
    let more = post(&buyer.shop, &path, "quantity=5&proration_behavior=none").await;
    assert_eq!((&more["id"], &more["quantity"]), (&made["id"], &json!(5)));
    let list = get(&buyer.shop, &format!("/v1/subscription_items?subscription={}", buyer.id())).await;
    let subscription = get(&buyer.shop, &buyer.path).await;
    assert_eq!(list["data"], subscription["items"]["data"]);
    assert_eq!(delete(&buyer.shop, &format!("{path}?proration_behavior=none")).await["deleted"], true);
    let missing = format!("404 resource_missing id: No such subscription_item: '{}'", made["id"].as_str().unwrap());
    assert_eq!(refused_for(&buyer.shop, "GET", &path, "").await, missing);
    assert_eq!(refused_for(&buyer.shop, "POST", &path, "quantity=1").await, missing);
    let last = refused_for(&buyer.shop, "DELETE", &format!("/v1/subscription_items/{}", buyer.item), "").await;
    assert!(last.starts_with("400  : A subscription must have at least one active plan."), "{last}");
}

#[tokio::test]
async fn quantities_refusals_change_nothing() {
    let buyer = Buyer::of(1).await;
    let item = format!("items[0][id]={}", buyer.item);
    for (path, form, expected) in [
        (&buyer.path, format!("{item}&items[0][quantity]=-1"), "400: Invalid non-negative integer"),
        (&buyer.path, format!("{item}&items[0][quantity]=two"), "400: Invalid integer: two"),
        (
            &buyer.path,
            format!("{item}&items[0][quantity]=0"),
            "400: The stand-in does not model items with the quantity 0.",
        ),
        (
            &"/v1/subscription_items".to_owned(),
            "price=price_storage_month".to_owned(),
            "400: Missing required param: subscription.",
        ),
        (
            &"/v1/subscription_items".to_owned(),
            "subscription=sub_no&price=price_storage_month".to_owned(),
            "400: No such subscription: 'sub_no'",
        ),
        (
            &"/v1/subscription_items".to_owned(),
            format!("subscription={}&price=price_storage_month&payment_behavior=pending_if_incomplete", buyer.id()),
            "400: The stand-in does not model pending updates that add an item on its own.",
        ),
    ] {
        assert_eq!(refused(&buyer.shop, path, &form).await, expected, "{form}");
    }
    assert_eq!((get(&buyer.shop, &buyer.path).await["quantity"].clone(), buyer.invoices().await), (json!(1), 1));
}

/// <https://docs.stripe.com/api/subscriptions/update>: from free to paid, the billing date is reset.
#[tokio::test]
async fn paid_periods_begin_with_the_change_from_free() {
    let buyer = Buyer::of(1).await;
    let shop = &buyer.shop;
    let free = "product=prod_pro&currency=usd&unit_amount=0&recurring[interval]=month";
    let free = post(shop, "/v1/prices", free).await["id"].as_str().unwrap().to_owned();
    let (customer, subscription) = shop.subscriber(&free).await;
    assert_eq!(shop.invoices(&customer).await[0].amount_paid, 0);
    shop.advance_days(15);
    let form = format!("items[0][id]={}&items[0][price]=price_pro_month", subscription.items.data[0].id);
    post(shop, &format!("/v1/subscriptions/{}", subscription.id), &form).await;
    let after = shop.subscription(subscription.id.as_str()).await;
    assert_eq!(after.billing_cycle_anchor, shop.standin().now().as_second());
    assert_eq!(shop.invoices(&customer).await[0].amount_paid, 2_900);
}
