//! Environments as wholes.

use super::{done, observed};
use crate::support::{Simulated, account, attempt, short_domain, spec, ticket};
use domain::environment::ObservedState;
use domain::names::{DisplayName, ShortDomain};
use domain::ports::{
    CreationTag, MutationOutcome, PlatformEnvironments, PlatformLifeCycle, RefusalClass,
};
use virtuozzo_simulator::World;

#[tokio::test]
async fn creating_an_environment_returns_it_with_its_tag_and_node_passwords() {
    let simulated = Simulated::start(World::example()).await;
    let platforms = &simulated.platforms;
    let created = done(
        platforms
            .create_environment(&account(), ticket(1), &spec(1))
            .await,
    );
    assert_eq!(created.environment.short_domain, short_domain());
    assert_eq!(created.environment.state, ObservedState::Running);
    assert!(created.environment.carries(&CreationTag::of(attempt(1))));
    let groups: Vec<&str> = created
        .environment
        .nodes
        .iter()
        .map(|node| node.node_group.as_str())
        .collect();
    assert_eq!(groups, ["cp", "sqldb"]);
    assert_eq!(created.node_passwords.len(), 2);

    let observed = platforms
        .observe_environment(&account(), &short_domain())
        .await
        .unwrap();
    assert_eq!(observed, Some(created.environment));
}

#[tokio::test]
async fn observing_an_unknown_environment_finds_none() {
    let simulated = Simulated::start(World::example()).await;
    let observed = simulated
        .platforms
        .observe_environment(&account(), &short_domain())
        .await;
    assert_eq!(observed, Ok(None));
}

#[tokio::test]
async fn a_short_domain_is_free_until_someone_uses_it() {
    let simulated = Simulated::start(World::example()).await;
    let platforms = &simulated.platforms;
    assert_eq!(
        platforms
            .is_short_domain_free(&account(), &short_domain(), None)
            .await,
        Ok(true)
    );
    done(
        platforms
            .create_environment(&account(), ticket(1), &spec(1))
            .await,
    );
    assert_eq!(
        platforms
            .is_short_domain_free(&account(), &short_domain(), None)
            .await,
        Ok(false)
    );
}

#[tokio::test]
async fn the_display_name_is_set() {
    let simulated = Simulated::with_environment().await;
    let name = DisplayName::parse("Bäckerei & Söhne \"100%\"").unwrap();
    let outcome = simulated
        .platforms
        .set_display_name(&account(), ticket(2), &short_domain(), &name)
        .await;
    done(outcome);
    let observed = simulated
        .platforms
        .observe_environment(&account(), &short_domain())
        .await;
    assert_eq!(
        observed.unwrap().unwrap().display_name.as_deref(),
        Some(name.as_str())
    );
}

#[tokio::test]
async fn listing_shows_every_environment_of_the_account() {
    let simulated = Simulated::with_environment().await;
    let listed = simulated
        .platforms
        .list_environments(&account())
        .await
        .unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].short_domain, short_domain());
    assert!(listed[0].carries(&CreationTag::of(attempt(1))));
}

#[tokio::test]
async fn deleting_twice_is_done_twice() {
    let simulated = Simulated::with_environment().await;
    let platforms = &simulated.platforms;
    for number in [2, 3] {
        let outcome = platforms
            .delete_environment(&account(), ticket(number), &short_domain(), None)
            .await;
        done(outcome);
    }
    let observed = platforms
        .observe_environment(&account(), &short_domain())
        .await;
    assert_eq!(observed, Ok(None));
}

#[tokio::test]
async fn a_copy_stands_beside_its_source_and_tells_its_passwords() {
    let simulated = Simulated::with_environment().await;
    let (platforms, account, shop) = (&simulated.platforms, account(), short_domain());
    let source = observed(&simulated).await;
    let name = ShortDomain::parse("copy-abc123").unwrap();
    let clone = platforms.clone_environment(&account, ticket(2), &shop, &name);
    let created = done(clone.await);
    assert_eq!(created.environment.short_domain, name);
    assert_ne!(created.environment.appid, source.appid);
    assert_eq!(created.environment.state, ObservedState::Running);
    assert_eq!(created.environment.nodes.len(), source.nodes.len());
    assert_eq!(created.node_passwords.len(), source.nodes.len());
    assert_eq!(observed(&simulated).await, source);
    let found = platforms.observe_environment(&account, &name).await;
    assert_eq!(found, Ok(Some(created.environment)));
}

#[tokio::test]
async fn what_stands_still_is_not_copied() {
    let simulated = Simulated::with_environment().await;
    let (platforms, account, shop) = (&simulated.platforms, account(), short_domain());
    let stop = platforms.stop_environment(&account, ticket(2), &shop);
    done(stop.await);
    let name = ShortDomain::parse("copy-abc123").unwrap();
    let clone = platforms.clone_environment(&account, ticket(3), &shop, &name);
    let MutationOutcome::Refused(refusal) = clone.await else {
        panic!("the source does not run");
    };
    assert_eq!(refusal.class, RefusalClass::Busy);
    let found = platforms.observe_environment(&account, &name).await;
    assert_eq!(found, Ok(None));
}
