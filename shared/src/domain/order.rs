//! What a workspace can order, given what it pays for.

use super::{
    billing::Billing,
    error::{Kind, Refusal},
    plan::Plan,
};

/// Why something cannot be ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// It costs nothing.
    #[error("the plan free is not bought; cancel the subscription to go back to it")]
    NotSold,
    /// Its price is a matter of contract.
    #[error("the plan enterprise takes a contract; ask whoever runs this service for one")]
    ContractRequired,
    /// Something is paid for already.
    #[error("the workspace has a subscription; change its plan instead")]
    AlreadySubscribed,
    /// Nothing was ever bought.
    #[error("nothing was bought yet, so there is nothing to look after; buy a plan first")]
    NoCustomer,
}

impl Refusal for OrderError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotSold | Self::ContractRequired | Self::AlreadySubscribed | Self::NoCustomer => Kind::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotSold => "plan_not_sold",
            Self::ContractRequired => "contract_required",
            Self::AlreadySubscribed => "already_subscribed",
            Self::NoCustomer => "no_customer",
        }
    }
}

/// Whether a workspace of this billing can buy `plan` on a checkout page.
///
/// # Errors
/// [`OrderError`].
pub fn may_check_out(billing: &Billing, plan: Plan) -> Result<(), OrderError> {
    match plan {
        Plan::Free => Err(OrderError::NotSold),
        Plan::Enterprise => Err(OrderError::ContractRequired),
        Plan::Starter | Plan::Pro | Plan::Business => match &billing.subscription {
            Some(subscription) if subscription.lives() => Err(OrderError::AlreadySubscribed),
            Some(_) | None => Ok(()),
        },
    }
}
