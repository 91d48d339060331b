//! Sizes of containers.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The size of a runtime's container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.cpu_units, self.memory_mib)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fargate_offers_these_sizes() {
        let known = |cpu_units, memory_mib| Size { cpu_units, memory_mib }.is_known_to_fargate();
        for (cpu, least, most) in [(512, 1, 4), (1_024, 2, 8), (2_048, 4, 16), (4_096, 8, 30), (8_192, 16, 60)] {
            let [least, most] = [least, most].map(|gib| gib * 1_024);
            assert!(known(cpu, least) && known(cpu, most), "{cpu}");
            assert!(!known(cpu, least - 1_024) && !known(cpu, most + 1_024) && !known(cpu, least + 512), "{cpu}");
        }
        assert!(known(256, 512) && known(16_384, 122_880) && !known(16_384, 36_864) && !known(8_192, 17_408));
        assert!(!known(256, 1_536) && !known(0, 0) && !known(300, 1_024));
    }
}
