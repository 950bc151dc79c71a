//! Every call of the hosting platform against the simulator.

use crate::support::{Simulated, account, attempt, package, short_domain, spec, ticket};
use domain::environment::ObservedState;
use domain::names::DisplayName;
use domain::ports::{
    CreationTag, MutationOutcome, PlatformEnvironments, PlatformSoftware, PlatformTracking,
    RefusalClass,
};
use domain::software::Addon;
use jiff::Timestamp;
use std::time::Duration;
use virtuozzo_simulator::World;

/// Before anything that a test does.
const BEFORE: Timestamp = Timestamp::UNIX_EPOCH;

fn done<Value>(outcome: MutationOutcome<Value>) -> Value {
    match outcome {
        MutationOutcome::Done(value) => value,
        MutationOutcome::Refused(refusal) => panic!("refused: {refusal:?}"),
        MutationOutcome::NotSent(reason) => panic!("not sent: {reason:?}"),
        MutationOutcome::MaybeApplied { reason, answer } => panic!("{reason} ({answer:?})"),
    }
}

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
async fn installing_a_package_shows_in_the_installations() {
    let simulated = Simulated::with_environment().await;
    let platforms = &simulated.platforms;
    let before = platforms
        .list_installations(&account(), &short_domain())
        .await
        .unwrap();
    assert_eq!(before, []);
    let outcome = platforms
        .install_package(&account(), ticket(2), &short_domain(), &package())
        .await;
    let name = done(outcome).unique_name.unwrap();
    let after = platforms
        .list_installations(&account(), &short_domain())
        .await
        .unwrap();
    assert_eq!(after, [name]);
}

#[tokio::test]
async fn an_offered_add_on_is_available() {
    let simulated = Simulated::with_environment().await;
    let platforms = &simulated.platforms;
    assert!(platforms.is_addon_configured(&account(), Addon::Sftp));
    assert!(!platforms.is_addon_configured(&account(), Addon::LetsEncrypt));
    let account = account();
    let sftp = platforms
        .is_addon_available(&account, &short_domain(), Addon::Sftp)
        .await;
    assert_eq!(sftp, Ok(true));
    let unmapped = platforms
        .is_addon_available(&account, &short_domain(), Addon::LetsEncrypt)
        .await;
    assert_eq!(unmapped, Ok(false));
}

#[tokio::test]
async fn installing_and_uninstalling_an_add_on_shows_in_the_installations() {
    let simulated = Simulated::with_environment().await;
    let platforms = &simulated.platforms;
    let outcome = platforms
        .install_addon(&account(), ticket(2), &short_domain(), Addon::Sftp)
        .await;
    let name = done(outcome).unique_name.unwrap();
    let installed = platforms
        .list_installations(&account(), &short_domain())
        .await
        .unwrap();
    assert_eq!(installed, std::slice::from_ref(&name));
    done(platforms.uninstall(&account(), ticket(3), &name).await);
    let left = platforms
        .list_installations(&account(), &short_domain())
        .await
        .unwrap();
    assert_eq!(left, []);
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
async fn a_running_creation_is_tracked_under_its_attempt() {
    let simulated = Simulated::start_with_time_scale(World::example(), 1.0).await;
    let (platforms, clock) = (&simulated.platforms, simulated.simulator.clock());
    clock.freeze();
    let (account, spec) = (account(), spec(1));
    let create = platforms.create_environment(&account, ticket(1), &spec);
    let watch = async {
        loop {
            let actions = platforms.list_running_actions(&account).await.unwrap();
            if let Some(action) = actions
                .into_iter()
                .find(|it| it.attempt == Some(attempt(1)))
            {
                let observed = platforms
                    .observe_environment(&account, &short_domain())
                    .await;
                clock.advance(Duration::from_hours(1));
                return (action, observed.unwrap().unwrap());
            }
        }
    };
    let (outcome, (action, observed)) = futures::join!(create, watch);
    done(outcome);
    assert_eq!(
        (action.short_domain.as_deref(), action.result),
        (Some("shop-abc123"), None)
    );
    assert_eq!(observed.state, ObservedState::Changing);
    assert!(observed.carries(&CreationTag::of(attempt(1))));
    assert_eq!(platforms.list_running_actions(&account).await, Ok(vec![]));
}

#[tokio::test]
async fn a_finished_creation_is_found_by_its_attempt() {
    let simulated = Simulated::with_environment().await;
    let platforms = &simulated.platforms;
    let found = platforms
        .find_actions_of(&account(), attempt(1), BEFORE)
        .await
        .unwrap();
    let found: Vec<_> = found
        .iter()
        .map(|action| {
            (
                action.attempt,
                action.short_domain.as_deref(),
                action.result,
            )
        })
        .collect();
    assert_eq!(found, [(Some(attempt(1)), Some("shop-abc123"), Some(0))]);
    let others = platforms
        .find_actions_of(&account(), attempt(9), BEFORE)
        .await
        .unwrap();
    assert_eq!(others, []);
}

#[tokio::test]
async fn a_mutation_of_an_unknown_environment_is_refused() {
    let simulated = Simulated::start(World::example()).await;
    let outcome = simulated
        .platforms
        .install_package(&account(), ticket(1), &short_domain(), &package())
        .await;
    match outcome {
        MutationOutcome::Refused(refusal) => assert_eq!(refusal.class, RefusalClass::NotFound),
        MutationOutcome::MaybeApplied { answer, .. } => {
            assert_eq!(answer.map(|answer| answer.result), Some(11));
        }
        _ => panic!("the environment does not exist"),
    }
}
