//! What the account is, may and uses, and what the platform offers it.

use super::VirtuozzoPlatforms;
use async_trait::async_trait;
use domain::names::ShortDomain;
use domain::platform_account::PlatformAccountRef;
use domain::ports::{
    AccountStanding, PlatformAccounts, PlatformReadError, Quota, Region, Stack, UsageSample,
};
use std::time::Duration;

#[async_trait]
impl PlatformAccounts for VirtuozzoPlatforms {
    async fn read_standing(
        &self,
        _: &PlatformAccountRef,
    ) -> Result<AccountStanding, PlatformReadError> {
        Err(PlatformReadError::Unavailable("not there yet".into()))
    }

    async fn read_quotas(
        &self,
        _: &PlatformAccountRef,
        _: &[&'static str],
    ) -> Result<Vec<Quota>, PlatformReadError> {
        Err(PlatformReadError::Unavailable("not there yet".into()))
    }

    async fn read_usage(
        &self,
        _: &PlatformAccountRef,
        _: &ShortDomain,
        _: Duration,
    ) -> Result<Vec<UsageSample>, PlatformReadError> {
        Err(PlatformReadError::Unavailable("not there yet".into()))
    }

    async fn list_regions(&self, _: &PlatformAccountRef) -> Result<Vec<Region>, PlatformReadError> {
        Err(PlatformReadError::Unavailable("not there yet".into()))
    }

    async fn list_stacks(&self, _: &PlatformAccountRef) -> Result<Vec<Stack>, PlatformReadError> {
        Err(PlatformReadError::Unavailable("not there yet".into()))
    }
}
