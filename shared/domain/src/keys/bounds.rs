//! Bounds of a key's validity, and of the overlap of its secrets.

/// Number of days for which a key is valid where nothing is said.
pub const DEFAULT_DAYS: u16 = 90;

/// Largest number of days for which a key can be valid.
pub const MAX_DAYS: u16 = 366;

/// Largest number of hours for which the previous secret of a rotated key can stay valid.
pub const MAX_OVERLAP_HOURS: u16 = 168;

/// Number of hours for which the previous secret stays valid where nothing is said.
pub const DEFAULT_OVERLAP_HOURS: u16 = 24;
