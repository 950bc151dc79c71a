//! What runs on the platform, and what ran.

use super::done;
use crate::support::{Simulated, account, attempt, short_domain, spec, ticket};
use domain::environment::ObservedState;
use domain::ports::{CreationTag, PlatformEnvironments, PlatformTracking};
use jiff::Timestamp;
use std::time::Duration;
use virtuozzo_simulator::World;

/// Before anything that a test does.
const BEFORE: Timestamp = Timestamp::UNIX_EPOCH;

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
