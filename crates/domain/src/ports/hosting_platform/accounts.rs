//! What the account is, may and uses, and what the platform offers it.

use super::PlatformReadError;
use crate::names::{RegionName, ShortDomain};
use crate::platform_account::PlatformAccountRef;
use async_trait::async_trait;
use std::time::Duration;

/// The account, as the platform's billing sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountStanding {
    /// Whether it may do anything; `None` when the platform does not say.
    pub is_active: Option<bool>,
    /// The kind of account, in the platform's words, such as `trial` or `billing`.
    pub kind: Option<String>,
}

/// A quota and its value, in the platform's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quota {
    /// Its name, such as `environment.maxcount`.
    pub name: String,
    /// Its value; a number for most.
    pub value: String,
}

/// What an environment used in one stretch of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UsageSample {
    /// The length of the stretch.
    pub duration: Duration,
    /// Processor time, in the platform's unit.
    pub cpu: f64,
    /// Memory, in the platform's unit.
    pub memory: f64,
    /// Disk, in the platform's unit.
    pub disk: f64,
    /// Bytes that came in from and went out to the internet.
    pub external_traffic_bytes: f64,
}

/// Where an environment can be created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// What a creation names.
    pub name: RegionName,
    /// What people call it.
    pub display_name: Option<String>,
    /// The domain below which its environments are reached.
    pub domain: Option<String>,
    /// Whether something can be created there now.
    pub is_enabled: bool,
}

/// A stack that a layer can be made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stack {
    /// What a layer names.
    pub stack: String,
    /// What people call it.
    pub display_name: Option<String>,
    /// The layer it is meant for.
    pub node_group: Option<String>,
    /// Its versions, the default one first when the platform says which it is.
    pub versions: Vec<String>,
}

/// What the account is, may and uses.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait PlatformAccounts: Send + Sync {
    /// How the account stands.
    async fn read_standing(
        &self,
        account: &PlatformAccountRef,
    ) -> Result<AccountStanding, PlatformReadError>;
    /// The quotas of these names; all when there are none. Unknown names are left out.
    async fn read_quotas(
        &self,
        account: &PlatformAccountRef,
        names: &[&'static str],
    ) -> Result<Vec<Quota>, PlatformReadError>;
    /// What an environment used in the time before now.
    async fn read_usage(
        &self,
        account: &PlatformAccountRef,
        short_domain: &ShortDomain,
        duration: Duration,
    ) -> Result<Vec<UsageSample>, PlatformReadError>;
    /// The regions that the account sees.
    async fn list_regions(
        &self,
        account: &PlatformAccountRef,
    ) -> Result<Vec<Region>, PlatformReadError>;
    /// The stacks that the platform offers.
    async fn list_stacks(
        &self,
        account: &PlatformAccountRef,
    ) -> Result<Vec<Stack>, PlatformReadError>;
}
