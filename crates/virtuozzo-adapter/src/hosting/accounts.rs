//! What the account is, may and uses, and what the platform offers it.

use super::VirtuozzoPlatforms;
use crate::calls;
use crate::map;
use crate::wire;
use crate::wire::offer::TemplateList;
use crate::wire::usage::UsageList;
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
        account: &PlatformAccountRef,
    ) -> Result<AccountStanding, PlatformReadError> {
        self.read(account, calls::accounts::standing(), |body| {
            Ok(map::accounts::standing(wire::read(body)?))
        })
        .await
    }

    async fn read_quotas(
        &self,
        account: &PlatformAccountRef,
        names: &[&'static str],
    ) -> Result<Vec<Quota>, PlatformReadError> {
        self.read(account, calls::accounts::quotas(names), |body| {
            Ok(map::accounts::quotas(wire::read(body)?))
        })
        .await
    }

    async fn read_usage(
        &self,
        account: &PlatformAccountRef,
        short_domain: &ShortDomain,
        duration: Duration,
    ) -> Result<Vec<UsageSample>, PlatformReadError> {
        let call = calls::accounts::usage(short_domain, duration);
        self.read(account, call, |body| {
            let list: UsageList = wire::read(body)?;
            let samples = list.stats.iter();
            Ok(samples.filter_map(map::accounts::usage).collect())
        })
        .await
    }

    async fn list_regions(
        &self,
        account: &PlatformAccountRef,
    ) -> Result<Vec<Region>, PlatformReadError> {
        self.read(account, calls::accounts::regions(), |body| {
            Ok(map::accounts::regions(wire::read(body)?))
        })
        .await
    }

    async fn list_stacks(
        &self,
        account: &PlatformAccountRef,
    ) -> Result<Vec<Stack>, PlatformReadError> {
        self.read(account, calls::accounts::stacks(), |body| {
            let list: TemplateList = wire::read(body)?;
            let templates = list.array.into_iter();
            Ok(templates.filter_map(map::accounts::stack).collect())
        })
        .await
    }
}
