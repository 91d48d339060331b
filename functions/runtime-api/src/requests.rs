//! What containers send.

use api::FieldErrors;
use deserr::Deserr;
use domain::runtime::heartbeat::{Figures, Impossible};

/// How a container is.
#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct Report {
    /// Memory in use, in MiB.
    ram_used_mb: u64,
    /// CPU in use, in percent of one vCPU.
    cpu_percent: f64,
    /// Whether it had something to do since the last report.
    active: bool,
}

impl Report {
    /// What it says, if a container can be so.
    pub(crate) fn checked(self) -> Result<(Figures, bool), FieldErrors> {
        let field = |impossible| match impossible {
            Impossible::Memory => "ram_used_mb",
            Impossible::Cpu => "cpu_percent",
        };
        let figures = Figures::new(self.ram_used_mb, self.cpu_percent);
        figures
            .map(|figures| (figures, self.active))
            .map_err(|impossible| FieldErrors::default().with(field(impossible), impossible.to_string()))
    }
}
