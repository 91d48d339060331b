//! The shape of a task: a plan, which selects the task definition, and a size, which a contract may override.

use crate::plans::plan::{Plan, Size};
use serde::{Deserialize, Serialize};

/// The plan and size of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Shape {
    /// The plan whose task definition is used.
    pub plan: Plan,
    /// The size of the task.
    pub size: Size,
}

/// The stored form; it omits the size if that is the plan's own.
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

    /// The size, if it differs from the size in the plan's task definition.
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
    fn only_a_size_that_differs_from_the_plan_is_stored() {
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
