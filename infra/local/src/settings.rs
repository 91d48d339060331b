//! The emulated account: its port, its region and its key.

/// The emulator's port if none was asked for.
pub const PORT: u16 = 4566;
/// The emulator's region.
pub const REGION: &str = "us-east-1";
/// The emulator's account.
pub const ACCOUNT: &str = "000000000000";
/// The key of the account's root, in the emulator.
pub const ACCESS_KEY: &str = "test";
/// Its secret.
pub const SECRET_KEY: &str = "test";
