//! Starting, stopping and renewing what runs.

use super::{done, node_of, observed};
use crate::support::{Simulated, account, attempt, short_domain, ticket};
use domain::environment::ObservedState;
use domain::names::{NodeGroup, StackVersion};
use domain::ports::{MutationOutcome, NodeTarget, PlatformLifeCycle, RedeploySpec, RefusalClass};
use virtuozzo_simulator::Effect;

/// How often an effect happened, and how it was told.
fn effects(simulated: &Simulated, wanted: Effect) -> Vec<(String, String)> {
    let entries = simulated.simulator.ledger().into_iter();
    let wanted = entries.filter(|entry| entry.effect == wanted);
    wanted
        .map(|entry| (entry.ruk.unwrap(), entry.detail.unwrap_or_default()))
        .collect()
}

#[tokio::test]
async fn an_environment_stops_starts_and_sleeps() {
    let simulated = Simulated::with_environment().await;
    let (platforms, account, shop) = (&simulated.platforms, account(), short_domain());
    done(platforms.stop_environment(&account, ticket(2), &shop).await);
    assert_eq!(observed(&simulated).await.state, ObservedState::Stopped);
    done(
        platforms
            .start_environment(&account, ticket(3), &shop)
            .await,
    );
    assert_eq!(observed(&simulated).await.state, ObservedState::Running);
    let sleep = platforms.put_environment_to_sleep(&account, ticket(4), &shop);
    done(sleep.await);
    assert_eq!(observed(&simulated).await.state, ObservedState::Sleeping);
}

#[tokio::test]
async fn starting_what_runs_and_stopping_what_stands_is_refused_as_busy() {
    let simulated = Simulated::with_environment().await;
    let (platforms, account, shop) = (&simulated.platforms, account(), short_domain());
    let start = platforms
        .start_environment(&account, ticket(2), &shop)
        .await;
    done(platforms.stop_environment(&account, ticket(3), &shop).await);
    let stop = platforms.stop_environment(&account, ticket(4), &shop).await;
    let sleep = platforms.put_environment_to_sleep(&account, ticket(5), &shop);
    for outcome in [start, stop, sleep.await] {
        let MutationOutcome::Refused(refusal) = outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!((refusal.class, refusal.result), (RefusalClass::Busy, 2212));
    }
}

#[tokio::test]
async fn services_of_a_node_or_of_a_layer_are_restarted() {
    let simulated = Simulated::with_environment().await;
    let (platforms, account, shop) = (&simulated.platforms, account(), short_domain());
    let node = node_of(&simulated, "sqldb").await;
    let layer = NodeGroup::parse("cp").unwrap();
    let targets = [NodeTarget::Node(node), NodeTarget::Layer(layer)];
    for (number, target) in [(2, &targets[0]), (3, &targets[1])] {
        let restart = platforms.restart_services(&account, ticket(number), &shop, target);
        done(restart.await);
    }
    let told = effects(&simulated, Effect::ServicesRestarted);
    assert_eq!(
        told,
        [
            (attempt(2).to_string(), node.0.to_string()),
            (attempt(3).to_string(), "cp".to_owned())
        ]
    );
}

#[tokio::test]
async fn containers_of_a_node_or_of_a_layer_are_restarted() {
    let simulated = Simulated::with_environment().await;
    let (platforms, account, shop) = (&simulated.platforms, account(), short_domain());
    let node = node_of(&simulated, "cp").await;
    let layer = NodeGroup::parse("sqldb").unwrap();
    let targets = [NodeTarget::Node(node), NodeTarget::Layer(layer)];
    for (number, target) in [(2, &targets[0]), (3, &targets[1])] {
        let restart = platforms.restart_nodes(&account, ticket(number), &shop, target);
        done(restart.await);
    }
    let told = effects(&simulated, Effect::NodesRestarted);
    assert_eq!(
        told,
        [
            (attempt(2).to_string(), node.0.to_string()),
            (attempt(3).to_string(), "sqldb".to_owned())
        ]
    );
}

#[tokio::test]
async fn redeployed_containers_have_the_version() {
    let simulated = Simulated::with_environment().await;
    let (platforms, account, shop) = (&simulated.platforms, account(), short_domain());
    let layer = NodeTarget::Layer(NodeGroup::parse("cp").unwrap());
    let spec = RedeploySpec {
        version: StackVersion::parse("1.26.2-php-8.3").unwrap(),
        keeps_volumes: true,
    };
    for number in [2, 3] {
        let redeploy = platforms.redeploy(&account, ticket(number), &shop, &layer, &spec);
        done(redeploy.await);
    }
    let versions: Vec<_> = observed(&simulated)
        .await
        .nodes
        .into_iter()
        .filter(|node| node.node_group.as_str() == "cp")
        .map(|node| node.version)
        .collect();
    assert_eq!(versions, [Some("1.26.2-php-8.3".to_owned())]);
    assert_eq!(effects(&simulated, Effect::ContainersRedeployed).len(), 2);
}

#[tokio::test]
async fn restarting_what_stands_still_is_refused() {
    let simulated = Simulated::with_environment().await;
    let (platforms, account, shop) = (&simulated.platforms, account(), short_domain());
    let layer = NodeTarget::Layer(NodeGroup::parse("cp").unwrap());
    done(platforms.stop_environment(&account, ticket(2), &shop).await);
    let restart = platforms.restart_services(&account, ticket(3), &shop, &layer);
    let outcome = restart.await;
    assert!(
        matches!(&outcome, MutationOutcome::Refused(refusal) if refusal.class == RefusalClass::Busy),
        "{outcome:?}"
    );
}
