//! What the account is, may and uses, and what the platform offers it.

use crate::support::{Simulated, account, short_domain};
use domain::ports::{PlatformAccounts, PlatformReadError, RefusalClass};
use std::time::Duration;
use virtuozzo_simulator::World;

#[tokio::test]
async fn the_standing_of_the_account_is_read() {
    let simulated = Simulated::start(World::example()).await;
    let standing = simulated.platforms.read_standing(&account()).await.unwrap();
    assert_eq!(standing.is_active, Some(true));
    let kind = World::example().accounts[0].billing.group_type.clone();
    assert_eq!(standing.kind, Some(kind));
}

#[tokio::test]
async fn quotas_are_read_by_name_and_all_at_once() {
    let simulated = Simulated::start(World::example()).await;
    let account = account();
    let names = ["environment.maxcount", "environment.no.such.quota"];
    let some = simulated.platforms.read_quotas(&account, &names).await;
    let some: Vec<_> = some
        .unwrap()
        .into_iter()
        .map(|quota| (quota.name, quota.value))
        .collect();
    let expected = ("environment.maxcount".to_owned(), "50".to_owned());
    assert_eq!(some, [expected]);
    let all = simulated
        .platforms
        .read_quotas(&account, &[])
        .await
        .unwrap();
    assert_eq!(all.len(), World::example().accounts[0].quotas.len());
    assert!(all.len() > 1);
}

#[tokio::test]
async fn what_an_environment_used_is_read() {
    let simulated = Simulated::with_environment().await;
    let hour = Duration::from_hours(1);
    let (account, shop) = (account(), short_domain());
    let used = simulated.platforms.read_usage(&account, &shop, hour);
    let used = used.await.unwrap();
    let durations: Vec<Duration> = used.iter().map(|sample| sample.duration).collect();
    assert_eq!(durations, [hour]);
    assert!(used[0].cpu > 0.0 && used[0].memory > 0.0 && used[0].disk > 0.0);
}

#[tokio::test]
async fn the_usage_of_an_unknown_environment_is_not_found() {
    let simulated = Simulated::start(World::example()).await;
    let (account, shop) = (account(), short_domain());
    let used = simulated
        .platforms
        .read_usage(&account, &shop, Duration::from_hours(1));
    let error = used.await.unwrap_err();
    assert!(
        matches!(&error, PlatformReadError::Refused(refusal) if refusal.class == RefusalClass::NotFound),
        "{error:?}"
    );
}

#[tokio::test]
async fn regions_are_what_a_creation_can_name() {
    let simulated = Simulated::start(World::example()).await;
    let regions = simulated.platforms.list_regions(&account()).await.unwrap();
    let regions: Vec<_> = regions
        .iter()
        .map(|region| {
            let domain = region.domain.as_deref();
            (region.name.as_str(), domain, region.is_enabled)
        })
        .collect();
    let expected = [
        ("example_north_group", Some("north.example-paas.test"), true),
        ("example_south_group", Some("south.example-paas.test"), true),
    ];
    assert_eq!(regions, expected);
}

#[tokio::test]
async fn stacks_tell_their_layer_and_versions() {
    let simulated = Simulated::start(World::example()).await;
    let stacks = simulated.platforms.list_stacks(&account()).await.unwrap();
    let mysql = stacks.iter().find(|stack| stack.stack == "mysql8").unwrap();
    assert_eq!(mysql.node_group.as_deref(), Some("sqldb"));
    assert_eq!(mysql.versions, ["8.4.2", "8.0.39"]);
}
