//! The plans: their names, prices and runtime sizes. Their limits are in `limits`.

pub use super::limits::Limits;

use crate::named;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

// Smallest first.
named! {
    /// A plan: a price and a set of limits.
    #[derive(Default, PartialOrd, Ord, Hash)]
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
    pub enum Plan or UnknownPlan {
        /// Every workspace begins on this plan, and has it as long as nothing is paid.
        #[default]
        Free = "free",
        /// 9 USD a month.
        Starter = "starter",
        /// 29 USD a month.
        Pro = "pro",
        /// 79 USD a month.
        Business = "business",
        /// By contract.
        Enterprise = "enterprise",
    }
}

named! {
    /// Interval at which a plan is paid; a year costs as much as ten months.
    #[derive(PartialOrd, Ord, Hash)]
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = BillingInterval))]
    pub enum Interval or UnknownInterval {
        /// Every month.
        Month = "month",
        /// Every year, at the price of ten months.
        Year = "year",
    }
}

/// The size of a runtime's container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = RuntimeSize))]
#[serde(deny_unknown_fields)]
pub struct Size {
    /// CPU units; 1,024 are one vCPU.
    pub cpu_units: u32,
    /// Memory, in MiB.
    pub memory_mib: u32,
}

impl Size {
    /// True if Fargate runs tasks of this size.
    /// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html>
    #[must_use]
    pub const fn is_known_to_fargate(self) -> bool {
        let (least, most, step) = match self.cpu_units {
            256 => return matches!(self.memory_mib, 512 | 1_024 | 2_048),
            512 => (1_024, 4_096, 1_024),
            1_024 => (2_048, 8_192, 1_024),
            2_048 => (4_096, 16_384, 1_024),
            4_096 => (8_192, 30_720, 1_024),
            8_192 => (16_384, 61_440, 4_096),
            16_384 => (32_768, 122_880, 8_192),
            _ => return false,
        };
        least <= self.memory_mib && self.memory_mib <= most && self.memory_mib.is_multiple_of(step)
    }
}

impl Plan {
    /// Price per `interval`, in whole USD; `None` if a contract sets it.
    #[must_use]
    pub const fn price_usd(self, interval: Interval) -> Option<u32> {
        let monthly = match self {
            Self::Free => 0,
            Self::Starter => 9,
            Self::Pro => 29,
            Self::Business => 79,
            Self::Enterprise => return None,
        };
        match interval {
            Interval::Month => Some(monthly),
            Interval::Year => Some(monthly * 10),
        }
    }

    /// The limits of the plan.
    #[must_use]
    pub const fn limits(self) -> Limits {
        Limits::of_plan(self as usize)
    }

    /// The size of the plan's runtime.
    #[must_use]
    pub const fn size(self) -> Size {
        let (cpu_units, memory_mib) = match self {
            Self::Free => (256, 512),
            Self::Starter => (512, 1_024),
            Self::Pro => (1_024, 2_048),
            Self::Business => (2_048, 4_096),
            Self::Enterprise => (4_096, 8_192),
        };
        Size { cpu_units, memory_mib }
    }

    /// Idle time after which a runtime stops; `None` if it never does.
    #[must_use]
    pub const fn idle_stop(self) -> Option<SignedDuration> {
        match self {
            Self::Free => Some(SignedDuration::from_mins(30)),
            Self::Starter => Some(SignedDuration::from_hours(12)),
            Self::Pro | Self::Business | Self::Enterprise => None,
        }
    }

    /// The smallest larger plan with a higher `limit`; `None` if there is none.
    #[must_use]
    pub fn next_plan_with_higher(self, limit: impl Fn(Limits) -> Option<u64>) -> Option<Self> {
        let present = limit(self.limits())?;
        let allows_more = |plan: &Self| limit(plan.limits()).is_none_or(|more| more > present);
        Self::ALL.into_iter().filter(|plan| *plan > self).find(allows_more)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn plans_have_these_prices_limits_and_sizes() {
        let table: String = Plan::ALL
            .into_iter()
            .map(|plan| {
                let price = plan.price_usd(Interval::Month).zip(plan.price_usd(Interval::Year));
                let limits: Vec<_> = serde_json::to_value(plan.limits())
                    .unwrap()
                    .as_object()
                    .unwrap()
                    .iter()
                    .map(|(name, limit)| format!("{name} {limit}"))
                    .collect();
                let Size { cpu_units, memory_mib } = plan.size();
                let idle = plan.idle_stop();
                format!("{} {price:?}, {}, {cpu_units}/{memory_mib}, {idle:?}\n", plan.name(), limits.join(" "))
            })
            .collect();
        expect![[r#"
            free Some((0, 0)), ai_credits 10 api_keys 1 executions 1000 gateways 1 integrations 1 members 3 plugins 3 retention_days 7 storage_mb 1024 traces 10000, 256/512, Some(30m)
            starter Some((9, 90)), ai_credits 100 api_keys 5 executions 10000 gateways 3 integrations 3 members 5 plugins 10 retention_days 30 storage_mb 10240 traces 100000, 512/1024, Some(12h)
            pro Some((29, 290)), ai_credits 500 api_keys 20 executions 100000 gateways 10 integrations null members 10 plugins 50 retention_days 90 storage_mb 102400 traces 1000000, 1024/2048, None
            business Some((79, 790)), ai_credits 1000 api_keys 100 executions 1000000 gateways 50 integrations null members 50 plugins 200 retention_days 365 storage_mb 1048576 traces 10000000, 2048/4096, None
            enterprise None, ai_credits 5000 api_keys null executions null gateways null integrations null members null plugins null retention_days 730 storage_mb null traces null, 4096/8192, None
        "#]]
        .assert_eq(&table);
    }

    #[test]
    fn fargate_offers_the_size_of_every_plan() {
        assert!(Plan::ALL.into_iter().all(|plan| plan.size().is_known_to_fargate()));
        let known = |cpu_units, memory_mib| Size { cpu_units, memory_mib }.is_known_to_fargate();
        for (cpu, least, most) in [(512, 1, 4), (1_024, 2, 8), (2_048, 4, 16), (4_096, 8, 30), (8_192, 16, 60)] {
            let [least, most] = [least, most].map(|gib| gib * 1_024);
            assert!(known(cpu, least) && known(cpu, most), "{cpu}");
            assert!(!known(cpu, least - 1_024) && !known(cpu, most + 1_024) && !known(cpu, least + 512), "{cpu}");
        }
        assert!(known(16_384, 122_880) && !known(16_384, 36_864) && !known(8_192, 17_408));
        assert!(!known(256, 1_536) && !known(0, 0) && !known(300, 1_024));
    }

    #[test]
    fn no_plan_allows_less_than_a_smaller_one() {
        for pair in Plan::ALL.windows(2) {
            let [smaller, larger] = [pair[0], pair[1]].map(|plan| serde_json::to_value(plan.limits()).unwrap());
            for (name, limit) in smaller.as_object().unwrap() {
                let grows = larger[name].as_u64().is_none_or(|more| limit.as_u64().is_some_and(|less| less <= more));
                assert!(grows, "{name} from {:?} to {:?}", pair[0], pair[1]);
            }
        }
    }

    #[test]
    fn a_reached_limit_names_the_next_plan_with_more() {
        assert_eq!(Plan::Free.next_plan_with_higher(|limits| limits.members), Some(Plan::Starter));
        assert_eq!(Plan::Business.next_plan_with_higher(|limits| limits.members), Some(Plan::Enterprise));
        assert_eq!(Plan::Enterprise.next_plan_with_higher(|limits| limits.members), None);
        assert_eq!(Plan::Pro.next_plan_with_higher(|limits| limits.integrations), None);
    }

    #[test]
    fn written_plans_and_intervals_parse_back() {
        assert!(Plan::ALL.into_iter().all(|plan| plan.name().parse() == Ok(plan)));
        assert!(Interval::ALL.into_iter().all(|interval| interval.name().parse() == Ok(interval)));
        assert_eq!(("Pro".parse::<Plan>(), "monthly".parse::<Interval>()), (Err(UnknownPlan), Err(UnknownInterval)));
    }
}
