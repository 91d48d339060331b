//! Coupons (<https://docs.stripe.com/api/coupons>), promotion codes (<https://docs.stripe.com/api/promotion_codes>), and
//! the parameter `discounts`.

use crate::{
    api::page::Page,
    error::{ApiError, Result},
    ids::{CouponId, Id, PromotionCodeId},
    model::{Coupon, CouponDuration, CouponValue, DiscountRequest, PromotionCode},
    params::Params,
    state::State,
    view,
};
use serde_json::Value;

/// <https://docs.stripe.com/api/coupons/list>
pub(crate) fn list_coupons(state: &State, mut params: Params) -> Result<Value> {
    let page = Page::read(&mut params)?;
    params.finish()?;
    page.of(&state.coupons, "/v1/coupons", |_| true, |coupon| Ok(view::coupon(coupon)))
}

/// <https://docs.stripe.com/api/coupons/create>
pub(crate) fn create_coupon(state: &mut State, mut params: Params) -> Result<Value> {
    let id = params.text("id")?;
    let name = params.text("name")?;
    let value = value(&mut params)?;
    let months = params.integer("duration_in_months")?;
    let duration = match (params.text("duration")?.as_deref(), months) {
        (None | Some("once"), None) => CouponDuration::Once,
        (Some("forever"), None) => CouponDuration::Forever,
        (Some("repeating"), Some(months)) if months >= 1 => CouponDuration::Repeating(months),
        (Some("repeating"), _) => return Err(ApiError::required("duration_in_months")),
        (Some(_) | None, _) => {
            let message = "Invalid duration: must be one of forever, once, or repeating";
            return Err(ApiError::invalid("duration", message));
        }
    };
    let max_redemptions = params.integer("max_redemptions")?;
    let metadata = params.metadata("metadata")?.fresh()?;
    params.finish()?;
    let id = state.coupon_id(id);
    let coupon = Coupon {
        id: id.clone(),
        created: state.now,
        name,
        value,
        duration,
        max_redemptions,
        times_redeemed: 0,
        metadata,
    };
    state.create_coupon(coupon)?;
    Ok(view::coupon(state.coupons.known(&id)?))
}

fn value(params: &mut Params) -> Result<CouponValue> {
    let currency = params.parsed("currency")?;
    match (params.text("percent_off")?, params.integer("amount_off")?) {
        (Some(percent), None) => {
            let share = percent.parse::<f64>().ok().filter(|share| *share > 0.0 && *share <= 100.0);
            let share = share.ok_or_else(|| ApiError::invalid("percent_off", "Invalid decimal"))?;
            Ok(CouponValue::Percent((share * 100.0).round() as i64))
        }
        (None, Some(amount)) if amount >= 1 => {
            Ok(CouponValue::Amount(amount, currency.ok_or_else(|| ApiError::required("currency"))?))
        }
        (_, _) => Err(ApiError::invalid("percent_off", "You must pass exactly one of `percent_off` and `amount_off`.")),
    }
}

/// <https://docs.stripe.com/api/coupons/retrieve>
pub(crate) fn retrieve_coupon(state: &State, id: &CouponId, params: Params) -> Result<Value> {
    params.finish()?;
    Ok(view::coupon(state.coupons.find(id, "id")?))
}

/// <https://docs.stripe.com/api/promotion_codes/list>
pub(crate) fn list_codes(state: &State, mut params: Params) -> Result<Value> {
    let page = Page::read(&mut params)?;
    let (code, active) = (params.text("code")?, params.flag("active")?);
    params.finish()?;
    let wanted = |found: &PromotionCode| {
        code.as_ref().is_none_or(|code| code.eq_ignore_ascii_case(&found.code))
            && active.is_none_or(|active| active == found.active)
    };
    page.of(&state.promotion_codes, "/v1/promotion_codes", wanted, |code| Ok(view::promotion_code(code)))
}

/// <https://docs.stripe.com/api/promotion_codes/create>: since 2025-09-30 the coupon is in `promotion`.
pub(crate) fn create_code(state: &mut State, mut params: Params) -> Result<Value> {
    let mut promotion = params.hash("promotion")?.ok_or_else(|| ApiError::required("promotion"))?;
    promotion.choice("type", &[("coupon", ())])?.ok_or_else(|| ApiError::required("promotion[type]"))?;
    let coupon = CouponId::given(&promotion.required("coupon")?);
    promotion.finish()?;
    let (code, active) = (params.text("code")?, params.flag("active")?.unwrap_or(true));
    let metadata = params.metadata("metadata")?.fresh()?;
    params.finish()?;
    let code = code.unwrap_or_else(|| state.letters(8).to_uppercase());
    let id: PromotionCodeId = state.fresh();
    let created = state.now;
    let code = PromotionCode { id: id.clone(), created, code, coupon, active, times_redeemed: 0, metadata };
    state.create_promotion_code(code)?;
    Ok(view::promotion_code(state.promotion_codes.known(&id)?))
}

/// <https://docs.stripe.com/api/promotion_codes/retrieve>
pub(crate) fn retrieve_code(state: &State, id: &PromotionCodeId, params: Params) -> Result<Value> {
    params.finish()?;
    Ok(view::promotion_code(state.promotion_codes.find(id, "id")?))
}

/// Takes `discounts`: absent, empty, or a list of coupons, promotion codes and existing discounts.
pub(crate) fn read(params: &mut Params) -> Result<Option<Vec<DiscountRequest>>> {
    if !params.has("discounts") {
        return Ok(None);
    }
    let mut requests = Vec::new();
    for mut each in params.hashes("discounts")? {
        let name = each.name("coupon");
        let request = match (each.text("coupon")?, each.text("promotion_code")?, each.text("discount")?) {
            (Some(coupon), None, None) => DiscountRequest::Coupon(Id::given(&coupon)),
            (None, Some(code), None) => DiscountRequest::PromotionCode(Id::given(&code)),
            (None, None, Some(discount)) => DiscountRequest::Existing(Id::given(&discount)),
            (_, _, _) => {
                let message = "You must pass exactly one of `coupon`, `discount` and `promotion_code`.";
                return Err(ApiError::invalid(&name, message));
            }
        };
        each.finish()?;
        requests.push(request);
    }
    Ok(Some(requests))
}
