//! The customer portal.

use super::parts::time;
use crate::{
    model::{PortalConfiguration, PortalSession},
    state::State,
};
use serde_json::{Value, json};

/// <https://docs.stripe.com/api/customer_portal/sessions/object>
pub(crate) fn portal_session(state: &State, session: &PortalSession) -> Value {
    json!({
        "id": session.id.as_str(),
        "object": "billing_portal.session",
        "configuration": session.configuration.as_str(),
        "created": time(session.created),
        "customer": session.customer.as_str(),
        "customer_account": null,
        "flow": null,
        "livemode": false,
        "locale": session.locale,
        "on_behalf_of": null,
        "return_url": session.return_url,
        "url": format!("{}/p/session/{}/{}", state.settings.public_url, session.id, session.secret),
    })
}

/// <https://docs.stripe.com/api/customer_portal/configurations/object>: the features of the stand-in's portal page.
pub(crate) fn portal_configuration(configuration: &PortalConfiguration) -> Value {
    json!({
        "id": configuration.id.as_str(),
        "object": "billing_portal.configuration",
        "active": true,
        "application": null,
        "business_profile": { "headline": null, "privacy_policy_url": null, "terms_of_service_url": null },
        "created": time(configuration.created),
        "default_return_url": null,
        "features": {
            "customer_update": { "allowed_updates": ["name", "address", "tax_id"], "enabled": true },
            "invoice_history": { "enabled": true },
            "payment_method_update": { "enabled": true, "payment_method_configuration": null },
            "subscription_cancel": {
                "cancellation_reason": { "enabled": false, "feedback_options": null, "options": [] },
                "enabled": true,
                "mode": "at_period_end",
                "proration_behavior": "none",
            },
            "subscription_update": {
                "billing_cycle_anchor": null,
                "default_allowed_updates": [],
                "enabled": false,
                "products": null,
                "proration_behavior": "none",
                "schedule_at_period_end": { "conditions": [] },
                "trial_update_behavior": "end_trial",
            },
        },
        "is_default": true,
        "livemode": false,
        "login_page": { "enabled": false, "url": null },
        "metadata": {},
        "name": null,
        "updated": time(configuration.created),
    })
}
