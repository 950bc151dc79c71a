//! Environments, their nodes and what is installed in them.

use super::Store;
use crate::builders;
use domain::environment::{Environment, EnvironmentState, PlatformAppId};
use domain::names::RegionName;
use domain::platform_account::PlatformAccount;
use domain::ports::{Conflict, StoreError, new_id};
use domain::software::{Addon, Software};

async fn insert(store: &Store, environment: &Environment) -> Result<(), StoreError> {
    let mut transaction = store.begin().await;
    transaction
        .environments()
        .insert_environment(environment)
        .await?;
    transaction.commit().await.expect("committed");
    Ok(())
}

async fn update(store: &Store, environment: &Environment) -> Result<(), StoreError> {
    let mut transaction = store.begin().await;
    transaction
        .environments()
        .update_environment(environment)
        .await?;
    transaction.commit().await.expect("committed");
    Ok(())
}

async fn find(store: &Store, environment: &Environment) -> Environment {
    let mut transaction = store.begin().await;
    let found = transaction
        .environments()
        .find_environment(environment.team_id, environment.id)
        .await;
    found.expect("read").expect("the environment")
}

fn complete(store: &Store, account: &PlatformAccount) -> Environment {
    Environment {
        region: Some(RegionName::parse("region-1").expect("valid")),
        state: EnvironmentState::Running,
        held_by: Some(new_id(&*store.ids)),
        platform_appid: Some(PlatformAppId("app-1".to_owned())),
        site_url: Some("https://site.example.com/".to_owned()),
        synced_at: Some(builders::moment()),
        ..builders::environment(&*store.ids, account, "complete")
    }
}

/// Every field, present or absent, in every state.
pub async fn an_environment_is_read_as_it_was_written(store: &Store) {
    let account = store.team().await;
    let sparse = store.environment(&account, "sparse").await;
    assert_eq!(find(store, &sparse).await, sparse);
    let mut environment = complete(store, &account);
    insert(store, &environment).await.expect("inserted");
    for state in EnvironmentState::ALL {
        environment.state = *state;
        update(store, &environment).await.expect("updated");
        environment.version += 1;
        assert_eq!(find(store, &environment).await, environment);
    }
}

/// Whoever is second with the same version changes nothing.
pub async fn an_update_needs_the_version_that_was_read(store: &Store) {
    let account = store.team().await;
    let mut first = store.environment(&account, "contested").await;
    let mut second = first.clone();
    first.site_url = Some("https://first.example.com/".to_owned());
    second.site_url = Some("https://second.example.com/".to_owned());
    update(store, &first).await.expect("updated");
    let refused = update(store, &second).await;
    assert!(matches!(refused, Err(StoreError::VersionChanged)));
    first.version += 1;
    assert_eq!(find(store, &first).await, first);
}

/// The name of what is gone can be used again, as often as one likes.
pub async fn a_living_name_is_taken_and_a_final_one_is_free(store: &Store) {
    let account = store.team().await;
    for state in [EnvironmentState::Failed, EnvironmentState::Deleted] {
        let mut environment = store.environment(&account, "popular").await;
        let rival = builders::environment(&*store.ids, &account, "popular");
        let refused = insert(store, &rival).await;
        assert!(matches!(
            refused,
            Err(StoreError::Conflict(Conflict::EnvironmentName))
        ));
        environment.state = state;
        update(store, &environment).await.expect("updated");
    }
    store.environment(&account, "popular").await;
    let other_team = store.team().await;
    store.environment(&other_team, "popular").await;
}

/// Short domains are unique on the whole platform, and what was deleted may still answer there.
pub async fn a_short_domain_is_taken_for_ever(store: &Store) {
    let account = store.team().await;
    let mut environment = store.environment(&account, "first").await;
    environment.state = EnvironmentState::Deleted;
    update(store, &environment).await.expect("updated");
    let mut rival = builders::environment(&*store.ids, &account, "second");
    rival.short_domain = environment.short_domain.clone();
    let refused = insert(store, &rival).await;
    assert!(matches!(
        refused,
        Err(StoreError::Conflict(Conflict::ShortDomain))
    ));
}

/// A node that the platform still has is the same node to us; the others go.
pub async fn known_nodes_keep_their_ids(store: &Store) {
    let account = store.team().await;
    let environment = store.environment(&account, "nodes").await;
    let neighbour = store.environment(&account, "neighbour").await;
    let node = |number, group| builders::node(&*store.ids, number, group);
    let (kept, gone) = (node(2, "cp"), node(3, "sqldb"));
    let mut renewed = node(2, "cp");
    renewed.stack.push_str("-dockerized");
    renewed.is_master = false;
    let (added, others) = (node(4, "bl"), node(2, "cp"));
    let mut transaction = store.begin().await;
    let environments = transaction.environments();
    for (target, nodes) in [
        (environment.id, vec![kept.clone(), gone]),
        (neighbour.id, vec![others.clone()]),
        (environment.id, vec![renewed.clone(), added.clone()]),
    ] {
        environments
            .replace_nodes(account.team_id, target, &nodes)
            .await
            .expect("replaced");
    }
    transaction.commit().await.expect("committed");
    let nodes = async |id| {
        let found = store.read_model.find_environment(account.team_id, id).await;
        found.expect("read").expect("the environment").nodes
    };
    renewed.id = kept.id;
    assert_eq!(nodes(environment.id).await, [added, renewed]);
    assert_eq!(nodes(neighbour.id).await, [others]);
}

/// The list is in the order of installation, and goes with the environment only.
pub async fn installations_are_listed_oldest_first_and_removed(store: &Store) {
    let account = store.team().await;
    let environment = store.environment(&account, "software").await;
    let neighbour = store.environment(&account, "neighbour").await;
    let install =
        |environment, software| builders::installation(&*store.ids, environment, software);
    let mut newest = install(&environment, Software::Addon(Addon::Sftp));
    newest.installed_at += jiff::SignedDuration::from_secs(1);
    newest.platform_unique_name = None;
    let oldest = install(&environment, Software::Package);
    let other = install(&neighbour, Software::Package);
    let mut transaction = store.begin().await;
    let environments = transaction.environments();
    for installation in [&newest, &oldest, &other] {
        environments
            .insert_installation(installation)
            .await
            .expect("inserted");
    }
    let team = account.team_id;
    let listed = environments.list_installations(team, environment.id).await;
    assert_eq!(listed.expect("read"), [oldest, newest]);
    let deleted = environments
        .delete_installations(team, environment.id)
        .await;
    deleted.expect("deleted");
    let listed = environments.list_installations(team, environment.id).await;
    assert_eq!(listed.expect("read"), []);
    let listed = environments.list_installations(team, neighbour.id).await;
    assert_eq!(listed.expect("read"), [other]);
}

/// An id of another team is as good as none.
pub async fn another_team_sees_nothing(store: &Store) {
    let account = store.team().await;
    let stranger = store.team().await;
    let mut environment = store.environment(&account, "private").await;
    let job = store.enqueue(account.team_id, &[]).await;
    let read_model = &store.read_model;
    let found = read_model.find_environment(stranger.team_id, environment.id);
    assert_eq!(found.await.expect("read"), None);
    let found = read_model.find_job(stranger.team_id, job.id);
    assert_eq!(found.await.expect("read"), None);
    environment.team_id = stranger.team_id;
    let refused = update(store, &environment).await;
    assert!(matches!(refused, Err(StoreError::VersionChanged)));
}
