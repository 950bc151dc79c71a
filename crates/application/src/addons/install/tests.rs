use super::{InstallAddon, InstallAddonCommand};
use crate::UseCaseError;
use crate::sample::{
    acceptance, account, actor, beginning, commits, environment, environment_id, foreign_team, id,
    key, owner, running_job, team,
};
use domain::access::{Actor, Permission};
use domain::environment::{Environment, EnvironmentState};
use domain::error_code::ErrorCode;
use domain::job::JobKind;
use domain::platform_account::{DeletionConfirmation, PlatformAccount};
use domain::ports::{
    IdempotencyRecord, MockHostingPlatform, MockReadModel, MockTransaction, StoreError,
};
use domain::software::{Addon, Installation, Software};
use domain::turn::TurnScope;
use std::sync::Arc;

fn command() -> InstallAddonCommand {
    InstallAddonCommand {
        team_id: team(),
        environment_id: environment_id(),
        addon: Addon::Sftp,
        idempotency_key: key(),
    }
}

fn use_case(
    transactions: Vec<MockTransaction>,
    configured: &'static [Addon],
    wakes: usize,
) -> InstallAddon {
    let mut platform = MockHostingPlatform::default();
    platform
        .software
        .expect_is_addon_configured()
        .returning(move |_, addon| configured.contains(&addon));
    InstallAddon {
        acceptance: acceptance(transactions, MockReadModel::new(), wakes),
        platform: Arc::new(platform),
    }
}

fn installed(software: Software) -> Installation {
    Installation {
        id: id(30),
        team_id: team(),
        environment_id: environment_id(),
        software,
        platform_unique_name: None,
        node_group: None,
        installed_at: beginning(),
    }
}

/// A transaction in which the key is free and this environment is found.
fn with_environment(found: Option<Environment>) -> MockTransaction {
    let mut transaction = MockTransaction::default();
    transaction
        .idempotency
        .expect_find_idempotency_record()
        .returning(|_| Ok(None));
    transaction
        .environments
        .expect_find_environment()
        .withf(|asked_team, asked| *asked_team == team() && *asked == environment_id())
        .returning(move |_, _| Ok(found.clone()));
    transaction
}

fn with_installations(software: Vec<Software>) -> MockTransaction {
    let mut transaction = with_environment(Some(environment()));
    transaction
        .environments
        .expect_list_installations()
        .returning(move |_, _| Ok(software.iter().cloned().map(installed).collect()));
    transaction
}

/// One in which everything is accepted; what is installed already is something else.
fn accepting(account: PlatformAccount) -> MockTransaction {
    let mut transaction =
        with_installations(vec![Software::Package, Software::Addon(Addon::LetsEncrypt)]);
    let MockTransaction {
        platform_accounts,
        idempotency,
        jobs,
        audit,
        ..
    } = &mut transaction;
    platform_accounts
        .expect_find_platform_account()
        .returning(move |_| Ok(Some(account.clone())));
    idempotency
        .expect_insert_idempotency_record()
        .withf(|scope, _| scope.operation == "addon.install")
        .returning(|_, _| Ok(()));
    jobs.expect_enqueue_job()
        .withf(|job, turns| {
            job.kind == JobKind::AddonInstall
                && turns
                    == [
                        TurnScope::Team(team()),
                        TurnScope::Environment(environment_id()),
                    ]
        })
        .returning(|_, _| Ok(()));
    audit
        .expect_append_audit_event()
        .withf(|event| event.action == "addon.install" && event.target.ends_with("/sftp"))
        .returning(|_| Ok(()));
    transaction
}

async fn refused_in(transaction: MockTransaction) -> UseCaseError {
    let counter = Arc::clone(&transaction.commits);
    let error = use_case(vec![transaction], Addon::ALL, 0)
        .run(&owner(), command())
        .await
        .unwrap_err();
    assert_eq!(commits(&counter), 0, "a refusal stores nothing");
    error
}

async fn refused_at_the_door(actor: &Actor, command: InstallAddonCommand) -> UseCaseError {
    use_case(Vec::new(), Addon::ALL, 0)
        .run(actor, command)
        .await
        .unwrap_err()
}

#[tokio::test]
async fn permission_and_team_are_checked_before_any_store_is_touched() {
    let caller = actor(&[Permission::EnvironmentCreate]);
    let error = refused_at_the_door(&caller, command()).await;
    assert_eq!(error.code(), ErrorCode::PermissionDenied);
    let foreign = InstallAddonCommand {
        team_id: foreign_team(),
        ..command()
    };
    let error = refused_at_the_door(&owner(), foreign).await;
    assert_eq!(error.code(), ErrorCode::NotFound);
}

#[tokio::test]
async fn only_an_environment_that_stands_takes_an_addon() {
    for state in EnvironmentState::ALL {
        let found = Environment {
            state: *state,
            ..environment()
        };
        let expected = match state {
            EnvironmentState::Running | EnvironmentState::Stopped | EnvironmentState::Sleeping => {
                continue;
            }
            EnvironmentState::Deleted | EnvironmentState::Failed => ErrorCode::NotFound,
            _ => ErrorCode::EnvironmentStateConflict,
        };
        let error = refused_in(with_environment(Some(found))).await;
        assert_eq!(error.code(), expected, "{state:?}");
    }
    let error = refused_in(with_environment(None)).await;
    assert_eq!(error.code(), ErrorCode::NotFound);
}

#[tokio::test]
async fn a_standing_environment_takes_it_in_one_transaction() {
    for state in [
        EnvironmentState::Running,
        EnvironmentState::Stopped,
        EnvironmentState::Sleeping,
    ] {
        let mut transaction = accepting(account());
        transaction.environments.checkpoint();
        let found = Environment {
            state,
            ..environment()
        };
        transaction
            .environments
            .expect_find_environment()
            .returning(move |_, _| Ok(Some(found.clone())));
        transaction
            .environments
            .expect_list_installations()
            .returning(|_, _| Ok(Vec::new()));
        let counter = Arc::clone(&transaction.commits);
        let accepted = use_case(vec![transaction], Addon::ALL, 1)
            .run(&owner(), command())
            .await
            .unwrap();
        assert!(!accepted.is_replayed);
        assert_eq!(accepted.job.environment_id, Some(environment_id()));
        assert_eq!(commits(&counter), 1);
    }
}

#[tokio::test]
async fn a_held_environment_names_the_job_that_has_to_be_looked_at() {
    let held = Environment {
        held_by: Some(id(50)),
        ..environment()
    };
    let error = refused_in(with_environment(Some(held))).await;
    assert_eq!(error.code(), ErrorCode::EnvironmentStateConflict);
    assert_eq!(error.job_id(), Some(id(50)));
}

#[tokio::test]
async fn what_is_installed_is_not_installed_again() {
    let transaction = with_installations(vec![Software::Package, Software::Addon(Addon::Sftp)]);
    let error = refused_in(transaction).await;
    assert_eq!(error.code(), ErrorCode::AddonAlreadyInstalled);
}

#[tokio::test]
async fn an_addon_that_is_not_configured_is_refused() {
    let transaction = accepting(account());
    let counter = Arc::clone(&transaction.commits);
    let error = use_case(vec![transaction], &[Addon::LetsEncrypt], 0)
        .run(&owner(), command())
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::ActionNotConfigured);
    assert_eq!(commits(&counter), 0);
}

#[tokio::test]
async fn an_account_that_cannot_delete_environments_may_still_install() {
    let unable = PlatformAccount {
        deletion: DeletionConfirmation::Unavailable,
        ..account()
    };
    use_case(vec![accepting(unable)], Addon::ALL, 1)
        .run(&owner(), command())
        .await
        .unwrap();
}

#[tokio::test]
async fn without_its_audit_line_nothing_is_committed() {
    let mut transaction = accepting(account());
    transaction.audit.checkpoint();
    transaction
        .audit
        .expect_append_audit_event()
        .returning(|_| Err(StoreError::Busy));
    let error = refused_in(transaction).await;
    assert_eq!(error.code(), ErrorCode::TemporarilyUnavailable);
}

fn remembering(addon: Addon) -> MockTransaction {
    let record = IdempotencyRecord {
        fingerprint: format!("{}\n{}\n{addon}", team(), environment_id()).into_bytes(),
        job_id: running_job().id,
    };
    let mut transaction = MockTransaction::default();
    transaction
        .idempotency
        .expect_find_idempotency_record()
        .returning(move |_| Ok(Some(record.clone())));
    transaction
        .jobs
        .expect_find_job()
        .returning(|_, _| Ok(Some(running_job())));
    transaction
}

#[tokio::test]
async fn a_repeated_request_is_answered_with_its_job_whatever_became_of_the_environment() {
    // No expectation on environments: a replay looks at nothing but the job.
    let accepted = use_case(vec![remembering(Addon::Sftp)], Addon::ALL, 0)
        .run(&owner(), command())
        .await
        .unwrap();
    assert!(accepted.is_replayed);
    assert_eq!(accepted.job, running_job());
}

#[tokio::test]
async fn another_addon_under_the_same_key_is_refused() {
    let error = refused_in(remembering(Addon::RootAccess)).await;
    assert_eq!(error.code(), ErrorCode::IdempotencyKeyReused);
}
