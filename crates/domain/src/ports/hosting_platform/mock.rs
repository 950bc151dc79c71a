//! A platform made of mocked families.

use super::{
    HostingPlatform, MockPlatformAccounts, MockPlatformCommands, MockPlatformDomains,
    MockPlatformEnvironments, MockPlatformGroups, MockPlatformLifeCycle, MockPlatformLogs,
    MockPlatformPasswords, MockPlatformSoftware, MockPlatformStorage, MockPlatformTopology,
    MockPlatformTracking, MockPlatformVariables, PlatformAccounts, PlatformCommands,
    PlatformDomains, PlatformEnvironments, PlatformGroups, PlatformLifeCycle, PlatformLogs,
    PlatformPasswords, PlatformSoftware, PlatformStorage, PlatformTopology, PlatformTracking,
    PlatformVariables,
};

/// A platform whose families are mocks; every one that a test sets no expectation on panics when it
/// is used.
#[derive(Debug, Default)]
pub struct MockHostingPlatform {
    /// Mocked family.
    pub accounts: MockPlatformAccounts,
    /// Mocked family.
    pub commands: MockPlatformCommands,
    /// Mocked family.
    pub domains: MockPlatformDomains,
    /// Mocked family.
    pub environments: MockPlatformEnvironments,
    /// Mocked family.
    pub groups: MockPlatformGroups,
    /// Mocked family.
    pub life_cycle: MockPlatformLifeCycle,
    /// Mocked family.
    pub logs: MockPlatformLogs,
    /// Mocked family.
    pub passwords: MockPlatformPasswords,
    /// Mocked family.
    pub software: MockPlatformSoftware,
    /// Mocked family.
    pub storage: MockPlatformStorage,
    /// Mocked family.
    pub topology: MockPlatformTopology,
    /// Mocked family.
    pub tracking: MockPlatformTracking,
    /// Mocked family.
    pub variables: MockPlatformVariables,
}

impl HostingPlatform for MockHostingPlatform {
    fn accounts(&self) -> &dyn PlatformAccounts {
        &self.accounts
    }
    fn commands(&self) -> &dyn PlatformCommands {
        &self.commands
    }
    fn domains(&self) -> &dyn PlatformDomains {
        &self.domains
    }
    fn environments(&self) -> &dyn PlatformEnvironments {
        &self.environments
    }
    fn groups(&self) -> &dyn PlatformGroups {
        &self.groups
    }
    fn life_cycle(&self) -> &dyn PlatformLifeCycle {
        &self.life_cycle
    }
    fn logs(&self) -> &dyn PlatformLogs {
        &self.logs
    }
    fn passwords(&self) -> &dyn PlatformPasswords {
        &self.passwords
    }
    fn software(&self) -> &dyn PlatformSoftware {
        &self.software
    }
    fn storage(&self) -> &dyn PlatformStorage {
        &self.storage
    }
    fn topology(&self) -> &dyn PlatformTopology {
        &self.topology
    }
    fn tracking(&self) -> &dyn PlatformTracking {
        &self.tracking
    }
    fn variables(&self) -> &dyn PlatformVariables {
        &self.variables
    }
}
