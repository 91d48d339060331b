//! The result of an examination.

use domain::doctor::Difference;
use serde::Serialize;

/// Result of an examination.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Examination)]
pub struct ExaminationView {
    /// True if there are no differences.
    pub healthy: bool,
    /// Differences found. A pending change can appear here and disappear a moment later.
    pub differences: Vec<Difference>,
}
