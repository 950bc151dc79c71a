use super::CompareWithPlatform;
use crate::sample::{account, beginning, environment};
use crate::workflows::scene::Scene;
use crate::workflows::step::ReadStep;
use domain::environment::{Environment, EnvironmentState, ObservedState, PlatformAppId};
use domain::finding::{Finding, FindingKind};
use domain::job::EncodedData;
use domain::page::Page;
use domain::platform_account::PlatformAccount;
use domain::ports::{MockTransaction, ObservedEnvironment};
use std::time::Duration;

fn shown(state: ObservedState) -> ObservedEnvironment {
    ObservedEnvironment {
        short_domain: environment().short_domain,
        appid: PlatformAppId("appid-1".to_owned()),
        display_name: None,
        state,
        domain: None,
        groups: Vec::new(),
        nodes: Vec::new(),
    }
}

/// One environment is known, as the sample has it, and this is what the platform shows.
async fn look(observed: Vec<ObservedEnvironment>) -> (Scene, EncodedData) {
    let mut scene = Scene::default().listing(observed);
    scene
        .read_model
        .expect_list_environments()
        .returning(|_, _, _| {
            Ok(Page {
                items: vec![environment()],
                next_after: None,
            })
        });
    let read_model = &mut scene.read_model;
    read_model.expect_list_nodes().returning(|_| Ok(Vec::new()));
    read_model
        .expect_find_gone_environments()
        .returning(|_, _| Ok(Vec::new()));
    let seen = CompareWithPlatform.read(&scene.context()).await;
    let seen = seen.unwrap().expect("what was seen");
    (scene, seen)
}

/// A transaction in which the account, the idle environment and the open findings are these.
fn transaction(
    account: PlatformAccount,
    idle: Option<Environment>,
    open: Vec<Finding>,
) -> MockTransaction {
    let mut transaction = MockTransaction::default();
    transaction
        .platform_accounts
        .expect_find_platform_account()
        .returning(move |_| Ok(Some(account.clone())));
    let reconciliation = &mut transaction.reconciliation;
    reconciliation
        .expect_lock_idle_environment()
        .returning(move |_, _| Ok(idle.clone()));
    reconciliation
        .expect_list_open_findings()
        .returning(move |_| Ok(open.clone()));
    reconciliation
        .expect_mark_synced()
        .returning(|_, _, _| Ok(()));
    transaction
        .journal
        .expect_append_log()
        .returning(|_, _, _| Ok(()));
    transaction
}

async fn record(scene: &Scene, mut transaction: MockTransaction, seen: &EncodedData) {
    let context = scene.context();
    let recorded = CompareWithPlatform
        .record(&context, &mut transaction, Some(seen))
        .await;
    recorded.unwrap();
}

fn missing(first_seen_at: jiff::Timestamp) -> Finding {
    Finding {
        id: crate::sample::id(70),
        team_id: environment().team_id,
        kind: FindingKind::EnvironmentMissing,
        subject: environment().id.to_string(),
        environment_id: Some(environment().id),
        address: None,
        display_name: None,
        detail: "missing".to_owned(),
        first_seen_at,
        confirmed_at: None,
        closed_at: None,
    }
}

#[tokio::test]
async fn a_record_follows_what_was_seen() {
    let (scene, seen) = look(vec![shown(ObservedState::Stopped)]).await;
    let mut transaction = transaction(account(), Some(environment()), Vec::new());
    transaction
        .environments
        .expect_update_environment()
        .withf(|changed| changed.state == EnvironmentState::Stopped && changed.synced_at.is_some())
        .times(1)
        .returning(|_| Ok(()));
    transaction
        .environments
        .expect_replace_nodes()
        .times(1)
        .returning(|_, _, _| Ok(()));
    transaction
        .reconciliation
        .expect_insert_finding()
        .withf(|told| told.kind == FindingKind::EnvironmentDrifted && told.closed_at.is_some())
        .times(1)
        .returning(|_| Ok(()));
    record(&scene, transaction, &seen).await;
}

/// No write is expected: one would panic.
#[tokio::test]
async fn what_has_changed_since_the_look_began_is_left_alone() {
    let (scene, seen) = look(vec![shown(ObservedState::Stopped)]).await;
    let changed = Environment {
        version: environment().version + 1,
        ..environment()
    };
    let transaction = transaction(account(), Some(changed), Vec::new());
    record(&scene, transaction, &seen).await;
}

#[tokio::test]
async fn what_a_job_works_on_is_left_alone() {
    let (scene, seen) = look(vec![shown(ObservedState::Stopped)]).await;
    record(&scene, transaction(account(), None, Vec::new()), &seen).await;
    let (scene, seen) = look(Vec::new()).await;
    record(&scene, transaction(account(), None, Vec::new()), &seen).await;
}

/// Neither a record nor a finding: what another account shows proves nothing.
#[tokio::test]
async fn nothing_is_stored_when_the_account_was_changed_meanwhile() {
    let (scene, seen) = look(Vec::new()).await;
    let other = PlatformAccount {
        credential_version: account().credential_version + 1,
        ..account()
    };
    let transaction = transaction(other, Some(environment()), Vec::new());
    record(&scene, transaction, &seen).await;
}

#[tokio::test]
async fn the_first_look_writes_down_and_the_second_tells() {
    let (scene, seen) = look(Vec::new()).await;
    let mut first = transaction(account(), Some(environment()), Vec::new());
    first
        .reconciliation
        .expect_insert_finding()
        .withf(|found| {
            found.kind == FindingKind::EnvironmentMissing && found.confirmed_at.is_none()
        })
        .times(1)
        .returning(|_| Ok(()));
    record(&scene, first, &seen).await;
    // Too soon: nothing is written.
    let open = vec![missing(beginning())];
    let soon = transaction(account(), Some(environment()), open.clone());
    record(&scene, soon, &seen).await;
    scene.clock.advance(Duration::from_mins(1));
    let mut second = transaction(account(), Some(environment()), open);
    second
        .reconciliation
        .expect_confirm_finding()
        .times(1)
        .returning(|_, _, _| Ok(()));
    record(&scene, second, &seen).await;
}

#[tokio::test]
async fn what_fits_again_is_closed() {
    let (scene, seen) = look(vec![shown(ObservedState::Running)]).await;
    let open = vec![missing(beginning())];
    let mut transaction = transaction(account(), Some(environment()), open);
    transaction
        .reconciliation
        .expect_close_finding()
        .times(1)
        .returning(|_, _, _| Ok(()));
    record(&scene, transaction, &seen).await;
}
