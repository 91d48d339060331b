//! The shape of a task: its size, and the plan that it is of.

use super::{catalogue::Plans, size::Size, version::PlanVersion};
use serde::{Deserialize, Serialize};

/// The size of a task, and the plan that it was started for. Tasks of one size are alike, whatever the plan.
#[derive(Debug, Clone, Copy, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// The plan.
    pub plan: PlanVersion,
    /// The size of the task. Records of earlier versions have none if it is the plan's own.
    #[serde(default)]
    pub size: Option<Size>,
}

impl Shape {
    /// The shape with the size that it was written without. A version of a plan never changes its size.
    #[must_use]
    pub fn resolved(self, plans: Plans) -> Self {
        let own = || plans.version(self.plan).and_then(|plan| plan.size);
        Self { size: self.size.or_else(own), ..self }
    }
}

impl PartialEq for Shape {
    fn eq(&self, other: &Self) -> bool {
        self.size == other.size
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::samples::{plan, plans};
    use serde_json::json;

    #[test]
    fn shapes_written_without_a_size_have_the_size_of_their_plan() {
        let read = |written| serde_json::from_value::<Shape>(written).unwrap().resolved(plans());
        let pro = plan("pro");
        assert_eq!(read(json!({"plan": "pro"})), Shape { plan: pro.reference(), size: pro.size });
        let agreed = json!({"plan": "enterprise", "size": {"cpu_units": 8192, "memory_mib": 16_384}});
        let size = Size { cpu_units: 8192, memory_mib: 16_384 };
        assert_eq!(read(agreed), Shape { plan: plan("enterprise").reference(), size: Some(size) });
        assert_eq!(read(json!({"plan": "gone"})).size, None);
    }

    #[test]
    fn tasks_of_one_size_are_alike() {
        let size = plan("pro").size;
        let of = |plan: &str| Shape { plan: plan.parse().unwrap(), size };
        assert_eq!(of("pro"), of("pro/2"));
        assert_ne!(of("pro"), Shape { size: plan("free").size, ..of("pro") });
    }
}
