//! The hosting platform port: sessions around calls, and every call's answer in our words. A family of
//! calls is a file; all of them read and mutate in the same two ways.

use crate::directory::PlatformDirectory;
use crate::transport::Transport;
use domain::platform_account::PlatformAccountRef;
use domain::ports::{
    HostingPlatform, PlatformAccounts, PlatformCommands, PlatformDomains, PlatformEnvironments,
    PlatformGroups, PlatformLifeCycle, PlatformLogs, PlatformPasswords, PlatformSessions,
    PlatformSoftware, PlatformStorage, PlatformTopology, PlatformTracking, PlatformVariables,
};
use std::sync::Arc;

mod accounts;
mod commands;
mod domains;
mod environments;
mod groups;
mod life_cycle;
mod logs;
mod mutation;
mod passwords;
mod read;
mod software;
mod storage;
mod topology;
mod tracking;
mod variables;

/// [`HostingPlatform`] on the configured platforms.
///
/// Reads are sent again where that may help; mutations never, except once after the platform said
/// that a session had ended before the call began, inside the same send window. Dropping a future
/// gives its call up; what the platform had received goes on there.
pub struct VirtuozzoPlatforms {
    directory: Arc<PlatformDirectory>,
    sessions: Arc<dyn PlatformSessions>,
}

impl VirtuozzoPlatforms {
    /// On these platforms, with sessions from there.
    pub fn new(directory: Arc<PlatformDirectory>, sessions: Arc<dyn PlatformSessions>) -> Self {
        Self {
            directory,
            sessions,
        }
    }

    fn transport(&self, account: &PlatformAccountRef) -> Option<&Transport> {
        self.directory.find(&account.platform)
    }
}

impl HostingPlatform for VirtuozzoPlatforms {
    fn accounts(&self) -> &dyn PlatformAccounts {
        self
    }
    fn commands(&self) -> &dyn PlatformCommands {
        self
    }
    fn domains(&self) -> &dyn PlatformDomains {
        self
    }
    fn environments(&self) -> &dyn PlatformEnvironments {
        self
    }
    fn groups(&self) -> &dyn PlatformGroups {
        self
    }
    fn life_cycle(&self) -> &dyn PlatformLifeCycle {
        self
    }
    fn logs(&self) -> &dyn PlatformLogs {
        self
    }
    fn passwords(&self) -> &dyn PlatformPasswords {
        self
    }
    fn software(&self) -> &dyn PlatformSoftware {
        self
    }
    fn storage(&self) -> &dyn PlatformStorage {
        self
    }
    fn topology(&self) -> &dyn PlatformTopology {
        self
    }
    fn tracking(&self) -> &dyn PlatformTracking {
        self
    }
    fn variables(&self) -> &dyn PlatformVariables {
        self
    }
}
