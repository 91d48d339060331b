//! Redemption of coupons, and the discounts of invoices (<https://docs.stripe.com/billing/subscriptions/coupons>).

use crate::{
    error::{ApiError, Result},
    ids::{CouponId, DiscountId, Id, PromotionCodeId, SubscriptionId},
    model::{
        Coupon, CouponDuration, CouponValue, Currency, Discount, DiscountRequest, Item, Line, LineOrigin,
        PromotionCode, Subscription,
    },
    state::State,
};

impl State {
    /// Adds a coupon.
    pub(crate) fn create_coupon(&mut self, coupon: Coupon) -> Result<()> {
        if self.coupons.get(&coupon.id).is_some() {
            return Err(ApiError::refused_as("resource_already_exists", "Coupon already exists."));
        }
        self.coupons.put(coupon.id.clone(), coupon);
        Ok(())
    }

    /// Adds a promotion code. Codes are unique among the active ones, whatever their case
    /// (<https://docs.stripe.com/api/promotion_codes/create>).
    pub(crate) fn create_promotion_code(&mut self, code: PromotionCode) -> Result<()> {
        self.coupons.find(&code.coupon, "promotion[coupon]")?;
        if self.promotion_code(&code.code).is_some() {
            return Err(ApiError::invalid("code", "An active promotion code with this code already exists."));
        }
        self.promotion_codes.put(code.id.clone(), code);
        Ok(())
    }

    /// Finds the active promotion code that a customer types.
    pub(crate) fn promotion_code(&self, text: &str) -> Option<&PromotionCode> {
        self.promotion_codes.iter().find(|code| code.active && code.code.eq_ignore_ascii_case(text))
    }

    /// Checks that the discounts exist, and that they can be redeemed in this currency.
    pub(crate) fn check_discounts(&self, requests: &[DiscountRequest], currency: Currency, param: &str) -> Result<()> {
        for (index, request) in requests.iter().enumerate() {
            let name = |field: &str| format!("{param}[{index}][{field}]");
            let (coupon, param) = match request {
                DiscountRequest::Coupon(id) => (self.coupons.find(id, &name("coupon"))?, name("coupon")),
                DiscountRequest::PromotionCode(id) => {
                    let code = self.promotion_codes.find(id, &name("promotion_code"))?;
                    if !code.active {
                        let message = "This promotion code is inactive and cannot be used.";
                        return Err(ApiError::invalid(&name("promotion_code"), message));
                    }
                    (self.coupons.known(&code.coupon)?, name("promotion_code"))
                }
                DiscountRequest::Existing(id) => {
                    self.discounts.find(id, &name("discount"))?;
                    continue;
                }
            };
            if coupon.max_redemptions.is_some_and(|most| coupon.times_redeemed >= most) {
                let message = format!("Coupon {} is used up and cannot be applied.", coupon.id);
                return Err(ApiError::invalid(&param, message));
            }
            match &coupon.value {
                CouponValue::Amount(_, other) if *other != currency => {
                    // The words of the refusal are not documented.
                    let message = format!("Coupon {} is in {other} and cannot be applied to {currency}.", coupon.id);
                    return Err(ApiError::invalid(&param, message));
                }
                CouponValue::Amount(..) | CouponValue::Percent(_) => {}
            }
        }
        Ok(())
    }

    /// Redeems coupons for a subscription and returns its discounts.
    pub(in crate::transitions) fn redeem(
        &mut self,
        subscription: &SubscriptionId,
        requests: &[DiscountRequest],
    ) -> Result<Vec<DiscountId>> {
        let mut discounts = Vec::new();
        for request in requests {
            let (coupon, code) = match request {
                DiscountRequest::Coupon(coupon) => (coupon.clone(), None),
                DiscountRequest::PromotionCode(code) => {
                    let found = self.promotion_codes.known_mut(code)?;
                    found.times_redeemed += 1;
                    (found.coupon.clone(), Some(code.clone()))
                }
                DiscountRequest::Existing(discount) => {
                    discounts.push(discount.clone());
                    continue;
                }
            };
            discounts.push(self.new_discount(subscription, coupon, code)?);
        }
        Ok(discounts)
    }

    fn new_discount(
        &mut self,
        subscription: &SubscriptionId,
        coupon: CouponId,
        promotion_code: Option<PromotionCodeId>,
    ) -> Result<DiscountId> {
        let found = self.coupons.known_mut(&coupon)?;
        found.times_redeemed += 1;
        let (start, end) = (self.now, found.duration.ends(self.now));
        let customer = self.subscriptions.known(subscription)?.customer.clone();
        let id: DiscountId = self.fresh();
        let subscription = subscription.clone();
        let discount = Discount { id: id.clone(), customer, subscription, coupon, promotion_code, start, end };
        self.discounts.put(id.clone(), discount);
        Ok(id)
    }

    /// Reduces the lines of a new invoice that are for a period. The items keep the reduced amounts for later credits.
    /// Prorations are reduced already (`proration_discounts: included`).
    pub(in crate::transitions) fn reduce_lines(
        &self,
        subscription: &Subscription,
        lines: &mut [Line],
        items: &mut [Item],
    ) -> Result<()> {
        for id in &subscription.discounts {
            let Some(coupon) = self.active_coupon(id)? else { continue };
            let mut rest = coupon.value.clone();
            for line in lines.iter_mut().filter(|line| matches!(line.origin, LineOrigin::Period)) {
                let reduction = rest.of(line.net().max(0));
                if reduction == 0 {
                    continue;
                }
                line.discounts.push((id.clone(), reduction));
                if let CouponValue::Amount(left, _) = &mut rest {
                    *left -= reduction;
                }
                let item = items.iter_mut().find(|item| item.id == line.item);
                if let Some(debit) = item.and_then(|item| item.debit.as_mut()) {
                    debit.amount -= reduction;
                }
            }
        }
        Ok(())
    }

    /// Reduces the amount of a proration by the lasting percentages.
    pub(in crate::transitions) fn reduced(&self, subscription: &Subscription, amount: i64) -> Result<i64> {
        let mut left = amount;
        for id in &subscription.discounts {
            match self.active_coupon(id)? {
                Some(Coupon { value: value @ CouponValue::Percent(_), duration, .. })
                    if *duration != CouponDuration::Once =>
                {
                    left -= value.of(left);
                }
                Some(_) | None => {}
            }
        }
        Ok(left)
    }

    fn active_coupon(&self, discount: &DiscountId) -> Result<Option<&Coupon>> {
        let discount = self.discounts.known(discount)?;
        if discount.end.is_some_and(|end| end <= self.now) {
            return Ok(None);
        }
        self.coupons.known(&discount.coupon).map(Some)
    }

    /// Returns the discounts that last beyond an invoice with these lines.
    pub(in crate::transitions) fn lasting_discounts(
        &self,
        discounts: &[DiscountId],
        lines: &[Line],
    ) -> Result<Vec<DiscountId>> {
        let used = |id: &DiscountId| lines.iter().any(|line| line.discounts.iter().any(|(used, _)| used == id));
        let mut lasting = Vec::new();
        for id in discounts {
            let once = self.active_coupon(id)?.is_none_or(|coupon| coupon.duration == CouponDuration::Once && used(id));
            if !once {
                lasting.push(id.clone());
            }
        }
        Ok(lasting)
    }

    /// Creates an id for a coupon without one.
    pub(crate) fn coupon_id(&mut self, wanted: Option<String>) -> CouponId {
        wanted.map_or_else(|| self.fresh(), |id| CouponId::given(&id))
    }
}
