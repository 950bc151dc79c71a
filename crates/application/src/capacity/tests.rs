use super::{ListBlueprints, ListRegions, ReadQuotas, ReadUsage};
use crate::LiveReads;
use crate::blueprint::Blueprint;
use crate::sample::{
    HandClock, account, demands, environment_id, id, owner, read_budget, showing_layers, team,
};
use domain::access::Permission;
use domain::ids::TeamId;
use domain::names::{BlueprintName, RegionName};
use domain::platform_account::PlatformAccount;
use domain::ports::{MockHostingPlatform, Quota, Region, UsageSample};
use std::sync::Arc;
use std::time::Duration;

const HOUR: Duration = Duration::from_hours(1);

fn reads(platform: MockHostingPlatform) -> Arc<LiveReads> {
    let mut read_model = showing_layers(&["cp"]);
    read_model
        .expect_find_platform_account()
        .returning(|_| Ok(Some(account())));
    Arc::new(LiveReads::new(
        Arc::new(platform),
        Arc::new(read_model),
        Arc::new(HandClock::default()),
        read_budget(),
    ))
}

fn quota(name: &str) -> Quota {
    Quota {
        name: name.to_owned(),
        value: "10".to_owned(),
    }
}

#[tokio::test]
async fn regions_come_by_name_and_are_asked_for_once() {
    let mut platform = MockHostingPlatform::default();
    let region = |name: &str| Region {
        name: RegionName::parse(name).unwrap(),
        display_name: None,
        domain: None,
        is_enabled: true,
    };
    let regions = vec![region("south"), region("north")];
    let listed = platform.accounts.expect_list_regions();
    listed.times(1).return_once(|_| Ok(regions));
    let list = ListRegions::new(reads(platform));
    for _ in 0..2 {
        let regions = list.run(&owner(), team()).await.unwrap();
        let names: Vec<_> = regions.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["north", "south"]);
    }
    demands(Permission::EnvironmentView, async |actor, target| {
        list.run(&actor, target.team_id).await.map(drop)
    })
    .await;
}

#[tokio::test]
async fn only_quotas_that_bound_something_here_are_shown() {
    let mut platform = MockHostingPlatform::default();
    let read = platform.accounts.expect_read_quotas();
    read.returning(|_, names| {
        let mut quotas: Vec<_> = names.iter().rev().map(|name| quota(name)).collect();
        quotas.push(quota("billing.secret"));
        Ok(quotas)
    });
    let read = ReadQuotas::new(reads(platform));
    let quotas = read.run(&owner(), team()).await.unwrap();
    assert_eq!(quotas.len(), 5);
    assert_eq!(quotas[0].name, "environment.externalip.maxcount");
    demands(Permission::EnvironmentView, async |actor, target| {
        read.run(&actor, target.team_id).await.map(drop)
    })
    .await;
}

#[tokio::test]
async fn usage_is_that_of_the_teams_own_environment() {
    let sample = UsageSample {
        duration: HOUR,
        cpu: 1.0,
        memory: 2.0,
        disk: 3.0,
        external_traffic_bytes: 4.0,
    };
    let mut platform = MockHostingPlatform::default();
    let read = platform.accounts.expect_read_usage();
    read.withf(|_, _, duration| *duration == HOUR)
        .returning(move |_, _, _| Ok(vec![sample]));
    let read = ReadUsage::new(reads(platform));
    let question = (team(), environment_id(), HOUR);
    assert_eq!(read.run(&owner(), question).await.unwrap(), [sample]);
    demands(Permission::EnvironmentView, async |actor, target| {
        read.run(&actor, (target.team_id, target.environment_id, HOUR))
            .await
            .map(drop)
    })
    .await;
}

#[tokio::test]
async fn blueprints_come_by_name() {
    let blueprint = |name: &str| Blueprint {
        name: BlueprintName::parse(name).unwrap(),
        layers: Vec::new(),
        package: None,
    };
    let blueprints = [blueprint("wordpress"), blueprint("empty")];
    let list = ListBlueprints {
        blueprints: Arc::new(blueprints.into_iter().collect()),
    };
    let names = |team: TeamId| {
        let all = list.run(&owner(), team).unwrap();
        all.iter()
            .map(|it| it.name.as_str().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(team()), ["empty", "wordpress"]);
    demands(Permission::EnvironmentView, async |actor, target| {
        list.run(&actor, target.team_id).map(drop)
    })
    .await;
}

#[tokio::test]
async fn another_account_does_not_get_the_answer_of_the_one_before() {
    let mut platform = MockHostingPlatform::default();
    let read = platform.accounts.expect_read_quotas();
    read.times(2).returning(|account, _| {
        Ok(vec![Quota {
            name: "environment.maxcount".to_owned(),
            value: account.account_id.to_string(),
        }])
    });
    let mut read_model = showing_layers(&["cp"]);
    let mut accounts = [
        account(),
        PlatformAccount {
            id: id(9),
            ..account()
        },
    ]
    .into_iter();
    read_model
        .expect_find_platform_account()
        .returning(move |_| Ok(accounts.next()));
    let reads = LiveReads::new(
        Arc::new(platform),
        Arc::new(read_model),
        Arc::new(HandClock::default()),
        read_budget(),
    );
    let read = ReadQuotas::new(Arc::new(reads));
    for expected in [account().id, id(9)] {
        let quotas = read.run(&owner(), team()).await.unwrap();
        assert_eq!(quotas[0].value, expected.to_string());
    }
}
