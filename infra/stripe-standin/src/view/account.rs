//! The account.

use crate::model::Settings;
use serde_json::{Value, json};

/// Name of the account on its pages and invoices.
pub(crate) const NAME: &str = "Stand-in";

/// <https://docs.stripe.com/api/accounts/object>
pub(crate) fn account(settings: &Settings) -> Value {
    json!({
        "id": settings.account,
        "object": "account",
        "business_profile": {
            "annual_revenue": null,
            "estimated_worker_count": null,
            "mcc": null,
            "minority_owned_business_designation": null,
            "monthly_estimated_revenue": null,
            "name": NAME,
            "product_description": null,
            "specified_commercial_transactions_act_url": null,
            "support_address": null,
            "support_email": null,
            "support_phone": null,
            "support_url": null,
            "url": null,
        },
        "business_type": "company",
        "capabilities": { "card_payments": "active", "transfers": "active", "us_bank_account_ach_payments": "active" },
        "charges_enabled": true,
        "controller": { "type": "account" },
        "country": "US",
        "default_currency": "usd",
        "details_submitted": true,
        "email": null,
        "metadata": {},
        "payouts_enabled": true,
        "settings": {
            "branding": { "icon": null, "logo": null, "primary_color": null, "secondary_color": null },
            "card_payments": {
                "decline_on": { "avs_failure": false, "cvc_failure": false },
                "statement_descriptor_prefix": null,
                "statement_descriptor_prefix_kana": null,
                "statement_descriptor_prefix_kanji": null,
            },
            "dashboard": { "display_name": NAME, "timezone": "Etc/UTC" },
            "payments": {
                "statement_descriptor": "STAND-IN",
                "statement_descriptor_kana": null,
                "statement_descriptor_kanji": null,
                "statement_descriptor_prefix_kana": null,
                "statement_descriptor_prefix_kanji": null,
            },
        },
        "type": "standard",
    })
}
