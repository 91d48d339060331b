//! Usage that is near its limit.

/// Share of a limit, in percent, from which usage is near it.
const NEAR_PERCENT: u128 = 80;

/// True if `used` is near `limit`. Zero usage is near no limit.
#[must_use]
pub fn is_near(used: u64, limit: u64) -> bool {
    used > 0 && u128::from(used) * 100 >= u128::from(limit) * NEAR_PERCENT
}
