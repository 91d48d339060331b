//! The emulated account: its port, region and keys.

/// Default port of the emulator.
pub const PORT: u16 = 4566;
/// Region of the emulator.
pub const REGION: &str = "us-east-1";
/// Account id of the emulator.
pub const ACCOUNT: &str = "000000000000";
/// Id of the API, fixed so that its host is known before the deployment. The emulator routes ids of eight hexadecimal
/// digits only.
pub const API_ID: &str = "be47be47";
/// Id of the WebSocket API, fixed for the same reason.
pub const LIVE_API_ID: &str = "be47be48";
/// Access key of the account's root user in the emulator.
pub const ACCESS_KEY: &str = "test";
/// Secret key of the account's root user in the emulator.
pub const SECRET_KEY: &str = "test";

/// Returns the port of a program next to the emulator on `emulator`. `own` is its port for an emulator on 4566, and it
/// moves by the same distance as the emulator's port, so that clouds on different ports have different programs.
#[must_use]
pub fn port_for(emulator: u16, own: u16) -> u16 {
    const FIRST: u32 = 1024;
    const PORTS: u32 = 65_536 - FIRST;
    let apart = (u32::from(own) + PORTS - u32::from(PORT)) % PORTS;
    u16::try_from(FIRST + (u32::from(emulator) + PORTS - FIRST + apart) % PORTS).unwrap_or(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cloud_has_ports_of_its_own() {
        for own in [3000, 12_111] {
            assert_eq!((port_for(4566, own), port_for(4567, own)), (own, own + 1));
            let ports: std::collections::BTreeSet<_> = (1024..=u16::MAX).map(|port| port_for(port, own)).collect();
            assert_eq!((ports.len(), ports.first()), (64_512, Some(&1024)));
            assert!((1..=u16::MAX).all(|port| port_for(port, own) != port));
        }
    }
}
