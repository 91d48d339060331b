//! The requests of containers.

use api::FieldErrors;
use deserr::Deserr;
use domain::runtime::heartbeat::{Figures, ImpossibleFigure};

/// A container's report of its resource usage.
#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct Report {
    /// Memory in use, in MiB.
    ram_used_mb: u64,
    /// CPU in use, in percent of one vCPU.
    cpu_percent: f64,
    /// True if the container was active since the last report.
    active: bool,
}

impl Report {
    /// Returns the figures and the activity, if the figures are possible for a container.
    pub(crate) fn checked(self) -> Result<(Figures, bool), FieldErrors> {
        let field = |impossible| match impossible {
            ImpossibleFigure::Memory => "ram_used_mb",
            ImpossibleFigure::Cpu => "cpu_percent",
        };
        let figures = Figures::new(self.ram_used_mb, self.cpu_percent);
        figures
            .map(|figures| (figures, self.active))
            .map_err(|impossible| FieldErrors::default().with(field(impossible), impossible.to_string()))
    }
}
