//! The result of an examination.

use domain::doctor::Difference;
use serde::Serialize;

/// How a workspace is.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(title = "Examination")]
pub struct ExaminationView {
    /// Whether nothing differs.
    pub healthy: bool,
    /// What does. A change that is under way may be among it, and gone a moment later.
    pub differences: Vec<Difference>,
}
