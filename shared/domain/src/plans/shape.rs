//! What a task is made as: the plan, which has a task definition, and the size, which a contract may have otherwise.

use crate::plans::plan::{Plan, Size};
use serde::{Deserialize, Serialize};

/// What a task is made as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Shape {
    /// Whose task definition it has.
    pub plan: Plan,
    /// How large it is.
    pub size: Size,
}

/// The same as it is kept: a size that is the plan's own goes without saying.
#[derive(Serialize, Deserialize)]
struct Written {
    plan: Plan,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    size: Option<Size>,
}

impl Shape {
    /// A task of the plan's own size.
    #[must_use]
    pub const fn of(plan: Plan) -> Self {
        Self { plan, size: plan.size() }
    }

    /// The size, if it is another one than the plan's task definition has.
    #[must_use]
    pub fn agreed_size(&self) -> Option<Size> {
        Some(self.size).filter(|size| *size != self.plan.size())
    }
}

impl From<Written> for Shape {
    fn from(Written { plan, size }: Written) -> Self {
        Self { plan, size: size.unwrap_or(plan.size()) }
    }
}

impl From<Shape> for Written {
    fn from(shape: Shape) -> Self {
        Self { plan: shape.plan, size: shape.agreed_size() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_plans_own_size_goes_without_saying_and_another_one_does_not() {
        let agreed = Shape { plan: Plan::Enterprise, size: Size { cpu_units: 8192, memory_mib: 16_384 } };
        for (shape, written) in [
            (Shape::of(Plan::Pro), json!({"plan": "pro"})),
            (agreed, json!({"plan": "enterprise", "size": {"cpu_units": 8192, "memory_mib": 16_384}})),
        ] {
            assert_eq!(serde_json::to_value(shape).unwrap(), written);
            assert_eq!(serde_json::from_value::<Shape>(written).unwrap(), shape);
        }
    }
}
