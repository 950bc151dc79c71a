use super::{EnvironmentGroup, ListGroups};
use crate::LiveReads;
use crate::sample::{
    HandClock, account, demands, environment, environment_id, id, owner, read_budget, team,
};
use domain::access::Permission;
use domain::environment::{Environment, ObservedState, PlatformAppId};
use domain::names::ShortDomain;
use domain::page::Page;
use domain::ports::{MockHostingPlatform, MockReadModel, ObservedEnvironment};
use std::sync::Arc;

fn short_domain(text: &str) -> ShortDomain {
    ShortDomain::parse(text).unwrap()
}

fn observed(name: &str, groups: &[&str]) -> ObservedEnvironment {
    ObservedEnvironment {
        short_domain: short_domain(name),
        appid: PlatformAppId("appid-1".to_owned()),
        display_name: None,
        state: ObservedState::Running,
        domain: None,
        groups: groups.iter().map(|&name| name.to_owned()).collect(),
        nodes: Vec::new(),
    }
}

/// Two environments of ours, on two pages, and one of others.
fn use_case() -> ListGroups {
    let mut platform = MockHostingPlatform::default();
    let listed = platform.environments.expect_list_environments();
    listed.times(..=1).returning(|_| {
        Ok(vec![
            observed("second-222222", &["b", "a/b"]),
            observed("first-111111", &["b"]),
            observed("others-333333", &["b", "secret"]),
        ])
    });
    let mut read_model = MockReadModel::new();
    read_model
        .expect_find_platform_account()
        .returning(|_| Ok(Some(account())));
    read_model
        .expect_list_environments()
        .returning(|_, _, page| {
            let of = |id, name| Environment {
                id,
                short_domain: short_domain(name),
                ..environment()
            };
            Ok(match page.after() {
                None => Page {
                    items: vec![of(environment_id(), "first-111111")],
                    next_after: Some(environment_id()),
                },
                Some(_) => Page {
                    items: vec![of(id(77), "second-222222")],
                    next_after: None,
                },
            })
        });
    ListGroups::new(Arc::new(LiveReads::new(
        Arc::new(platform),
        Arc::new(read_model),
        Arc::new(HandClock::default()),
        read_budget(),
    )))
}

#[tokio::test]
async fn groups_hold_our_environments_and_nothing_is_told_of_others() {
    let list = use_case();
    let expected = [
        EnvironmentGroup {
            name: "a/b".to_owned(),
            environments: vec![id(77)],
        },
        EnvironmentGroup {
            name: "b".to_owned(),
            environments: vec![environment_id(), id(77)],
        },
    ];
    for _ in 0..2 {
        assert_eq!(list.run(&owner(), team()).await.unwrap(), expected);
    }
    demands(Permission::EnvironmentView, async |actor, target| {
        use_case().run(&actor, target.team_id).await
    })
    .await;
}
