use super::StartDueSyncs;
use crate::sample::{acceptance, id, team};
use crate::workflows::SyncSettings;
use domain::access::Principal;
use domain::ids::TeamId;
use domain::job::JobKind;
use domain::names::PlatformName;
use domain::ports::{Conflict, DueSync, MockReadModel, MockTransaction, StoreError};
use std::time::Duration;

fn platform() -> PlatformName {
    PlatformName::parse("example-platform").unwrap()
}

fn due(teams: Vec<TeamId>, running: i64) -> MockReadModel {
    let mut read_model = MockReadModel::new();
    read_model.expect_list_due_syncs().returning(move |_| {
        let due = |team: &TeamId| DueSync {
            team_id: *team,
            platform: platform(),
        };
        Ok(teams.iter().map(due).collect())
    });
    read_model
        .expect_count_live_syncs()
        .returning(move || Ok(vec![(platform(), running)]));
    read_model
}

fn start(
    transactions: Vec<MockTransaction>,
    read_model: MockReadModel,
    wakes: usize,
) -> StartDueSyncs {
    let ports = acceptance(transactions, read_model, wakes);
    StartDueSyncs {
        unit_of_work: ports.unit_of_work,
        read_model: ports.read_model,
        wake_up: ports.wake_up,
        ids: ports.ids,
        clock: ports.clock,
        settings: SyncSettings {
            at_a_time: 2,
            ..SyncSettings::default()
        },
    }
}

fn starting() -> MockTransaction {
    let mut transaction = MockTransaction::default();
    transaction
        .jobs
        .expect_enqueue_job()
        .withf(|job, turns| {
            job.kind == JobKind::TeamSync && job.principal == Principal::System && turns.is_empty()
        })
        .times(1)
        .returning(|_, _| Ok(()));
    transaction
        .reconciliation
        .expect_set_next_sync()
        .withf(|_, after| *after == Duration::from_mins(15))
        .times(1)
        .returning(|_, _| Ok(()));
    transaction
}

#[tokio::test]
async fn no_more_are_started_than_a_platform_bears() {
    let teams = vec![team(), id(51), id(52)];
    let syncs = start(vec![starting()], due(teams, 1), 1);
    assert_eq!(syncs.run().await.unwrap(), 1, "one runs already");
}

#[tokio::test]
async fn who_was_slower_starts_nothing_and_wakes_nobody() {
    let mut transaction = MockTransaction::default();
    transaction
        .jobs
        .expect_enqueue_job()
        .returning(|_, _| Err(StoreError::Conflict(Conflict::LiveSync)));
    let syncs = start(vec![transaction], due(vec![team()], 0), 0);
    assert_eq!(syncs.run().await.unwrap(), 0);
}
