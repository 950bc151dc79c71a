use super::{ProvisionEnvironment, ProvisionEnvironmentCommand, request_content};
use crate::UseCaseError;
use crate::blueprint::Blueprint;
use crate::job_acceptance::AcceptedJob;
use crate::sample::{
    acceptance, account, actor, commits, foreign_team, id, job_id, key, owner, running_job, team,
};
use domain::access::{Actor, Permission};
use domain::environment::EnvironmentState;
use domain::error_code::ErrorCode;
use domain::job::{JobKind, JobState};
use domain::names::{BlueprintName, DisplayName, EnvironmentName, RegionName};
use domain::platform_account::{DeletionConfirmation, PlatformAccount, PlatformAccountState};
use domain::ports::{
    CommitError, Conflict, IdempotencyRecord, JobDetails, MockHostingPlatform, MockReadModel,
    MockTransaction, StoreError,
};
use domain::software::Addon;
use domain::turn::TurnScope;
use mockall::Sequence;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

fn command() -> ProvisionEnvironmentCommand {
    ProvisionEnvironmentCommand {
        team_id: team(),
        name: EnvironmentName::parse("shop").unwrap(),
        display_name: None,
        blueprint: BlueprintName::parse("wordpress").unwrap(),
        region: None,
        addons: BTreeSet::new(),
        idempotency_key: key(),
    }
}

fn with_addon() -> ProvisionEnvironmentCommand {
    ProvisionEnvironmentCommand {
        addons: BTreeSet::from([Addon::Sftp]),
        ..command()
    }
}

fn blueprint(name: &str) -> Blueprint {
    Blueprint {
        name: BlueprintName::parse(name).unwrap(),
        layers: Vec::new(),
        package: None,
    }
}

/// The use case on these transactions; `wakes` says how often workers are told.
fn use_case(
    transactions: Vec<MockTransaction>,
    read_model: MockReadModel,
    wakes: usize,
) -> ProvisionEnvironment {
    let mut platform = MockHostingPlatform::default();
    platform
        .software
        .expect_is_addon_configured()
        .returning(|_, addon| addon == Addon::Sftp);
    ProvisionEnvironment {
        acceptance: acceptance(transactions, read_model, wakes),
        platform: Arc::new(platform),
        blueprints: Arc::new(
            [blueprint("wordpress"), blueprint("empty")]
                .into_iter()
                .collect(),
        ),
    }
}

/// A transaction in which the key is free.
fn with_free_key() -> MockTransaction {
    let mut transaction = MockTransaction::default();
    transaction
        .idempotency
        .expect_find_idempotency_record()
        .returning(|_| Ok(None));
    transaction
}

/// One in which the key is free and the team's account is this one.
fn with_account(account: Option<PlatformAccount>) -> MockTransaction {
    let mut transaction = with_free_key();
    transaction
        .platform_accounts
        .expect_find_platform_account()
        .returning(move |_| Ok(account.clone()));
    transaction
}

/// One in which everything is accepted.
fn accepting() -> MockTransaction {
    let mut transaction = with_account(Some(account()));
    let MockTransaction {
        idempotency,
        environments,
        jobs,
        audit,
        ..
    } = &mut transaction;
    idempotency
        .expect_insert_idempotency_record()
        .returning(|_, _| Ok(()));
    environments
        .expect_insert_environment()
        .returning(|_| Ok(()));
    jobs.expect_enqueue_job().returning(|_, _| Ok(()));
    audit.expect_append_audit_event().returning(|_| Ok(()));
    transaction
}

/// Runs a request that must be refused in this transaction; nothing of it may be committed.
async fn refused_in(
    transaction: MockTransaction,
    command: ProvisionEnvironmentCommand,
) -> UseCaseError {
    let counter = Arc::clone(&transaction.commits);
    let error = use_case(vec![transaction], MockReadModel::new(), 0)
        .run(&owner(), command)
        .await
        .unwrap_err();
    assert_eq!(commits(&counter), 0, "a refusal stores nothing");
    error
}

/// Runs a request that must be refused before any store is touched.
async fn refused_at_the_door(actor: &Actor, command: ProvisionEnvironmentCommand) -> UseCaseError {
    use_case(Vec::new(), MockReadModel::new(), 0)
        .run(actor, command)
        .await
        .unwrap_err()
}

#[tokio::test]
async fn without_the_permission_no_store_is_touched() {
    let caller = actor(&[Permission::EnvironmentView]);
    let error = refused_at_the_door(&caller, command()).await;
    assert_eq!(error.code(), ErrorCode::PermissionDenied);
    assert!(error.detail().contains("env.create"), "{error}");
}

#[tokio::test]
async fn a_foreign_team_is_not_found() {
    let foreign = ProvisionEnvironmentCommand {
        team_id: foreign_team(),
        ..command()
    };
    let error = refused_at_the_door(&owner(), foreign).await;
    assert_eq!(error.code(), ErrorCode::NotFound);
}

#[tokio::test]
async fn addons_need_the_permission_to_install_them_as_well() {
    let caller = actor(&[Permission::EnvironmentCreate]);
    let error = refused_at_the_door(&caller, with_addon()).await;
    assert_eq!(error.code(), ErrorCode::PermissionDenied);
    assert!(error.detail().contains("addon.install"), "{error}");
    let without = use_case(vec![accepting()], MockReadModel::new(), 1);
    without.run(&caller, command()).await.unwrap();
}

#[tokio::test]
async fn an_unknown_blueprint_is_answered_with_the_names_there_are() {
    let unknown = ProvisionEnvironmentCommand {
        blueprint: BlueprintName::parse("drupal").unwrap(),
        ..command()
    };
    let error = refused_at_the_door(&owner(), unknown).await;
    assert_eq!(error.code(), ErrorCode::ValidationFailed);
    assert_eq!(error.pointer(), Some("/blueprint"));
    assert!(error.detail().contains("empty, wordpress"), "{error}");
}

#[tokio::test]
async fn without_a_platform_account_nothing_is_accepted() {
    let error = refused_in(with_account(None), command()).await;
    assert_eq!(error.code(), ErrorCode::PlatformAccountMissing);
}

#[tokio::test]
async fn an_account_that_needs_its_owner_accepts_nothing() {
    let refused = PlatformAccount {
        state: PlatformAccountState::NeedsReauthentication,
        ..account()
    };
    let error = refused_in(with_account(Some(refused)), command()).await;
    assert_eq!(
        error.code(),
        ErrorCode::PlatformAccountNeedsReauthentication
    );
}

#[tokio::test]
async fn an_account_that_could_not_delete_creates_nothing() {
    let unable = PlatformAccount {
        deletion: DeletionConfirmation::Unavailable,
        ..account()
    };
    let error = refused_in(with_account(Some(unable)), command()).await;
    assert_eq!(error.code(), ErrorCode::DeleteConfirmationUnavailable);
}

#[tokio::test]
async fn an_addon_that_is_not_configured_is_refused_by_name() {
    let unmapped = ProvisionEnvironmentCommand {
        addons: BTreeSet::from([Addon::Sftp, Addon::LetsEncrypt]),
        ..command()
    };
    let error = refused_in(with_account(Some(account())), unmapped).await;
    assert_eq!(error.code(), ErrorCode::ActionNotConfigured);
    assert!(error.detail().contains("lets_encrypt"), "{error}");
}

#[tokio::test]
async fn a_taken_name_points_to_the_job_that_is_about_it() {
    let mut transaction = with_account(Some(account()));
    transaction
        .idempotency
        .expect_insert_idempotency_record()
        .returning(|_, _| Ok(()));
    transaction
        .environments
        .expect_insert_environment()
        .returning(|_| Err(StoreError::Conflict(Conflict::EnvironmentName)));
    let counter = Arc::clone(&transaction.commits);
    let mut read_model = MockReadModel::new();
    read_model
        .expect_find_live_job_by_environment_name()
        .withf(|asked, name| *asked == team() && name.as_str() == "shop")
        .returning(|_, _| Ok(Some(id(99))));
    let error = use_case(vec![transaction], read_model, 0)
        .run(&owner(), command())
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::EnvironmentNameTaken);
    assert_eq!(error.pointer(), Some("/name"));
    assert_eq!(error.job_id(), Some(id(99)));
    assert_eq!(commits(&counter), 0);
}

#[tokio::test]
async fn everything_is_stored_in_one_transaction_and_then_the_workers_are_told() {
    let mut transaction = with_account(Some(account()));
    let mut sequence = Sequence::new();
    let MockTransaction {
        idempotency,
        environments,
        jobs,
        audit,
        ..
    } = &mut transaction;
    idempotency
        .expect_insert_idempotency_record()
        .times(1)
        .in_sequence(&mut sequence)
        .returning(|_, _| Ok(()));
    environments
        .expect_insert_environment()
        .times(1)
        .in_sequence(&mut sequence)
        .withf(|environment| {
            environment.state == EnvironmentState::Provisioning
                && environment.display_name.as_str() == "shop"
                && environment.short_domain.as_str().starts_with("shop-")
                && environment.platform_account_id == account().id
        })
        .returning(|_| Ok(()));
    jobs.expect_enqueue_job()
        .times(1)
        .in_sequence(&mut sequence)
        .withf(|job, turns| {
            job.kind == JobKind::EnvironmentProvision
                && job.state == JobState::Queued
                && turns
                    == [
                        TurnScope::Team(team()),
                        TurnScope::Environment(job.environment_id.unwrap()),
                    ]
        })
        .returning(|_, _| Ok(()));
    audit
        .expect_append_audit_event()
        .times(1)
        .in_sequence(&mut sequence)
        .withf(|event| event.action == "env.create" && event.target.starts_with("env_"))
        .returning(|_| Ok(()));
    let counter = Arc::clone(&transaction.commits);
    let accepted = use_case(vec![transaction], MockReadModel::new(), 1)
        .run(&owner(), with_addon())
        .await
        .unwrap();
    assert!(!accepted.is_replayed);
    assert!(accepted.job.payload.0.contains("sftp"));
    assert_eq!(commits(&counter), 1);
}

#[tokio::test]
async fn without_its_audit_line_nothing_is_committed() {
    let mut transaction = accepting();
    transaction.audit.checkpoint();
    transaction
        .audit
        .expect_append_audit_event()
        .times(1)
        .returning(|_| Err(StoreError::Unavailable("disk full".into())));
    let error = refused_in(transaction, command()).await;
    assert_eq!(error.code(), ErrorCode::TemporarilyUnavailable);
}

/// A transaction that finds the key used for `command`.
fn remembering(command: &ProvisionEnvironmentCommand) -> MockTransaction {
    let record = IdempotencyRecord {
        fingerprint: request_content(command).into_bytes(),
        job_id: job_id(),
    };
    let mut transaction = MockTransaction::default();
    transaction
        .idempotency
        .expect_find_idempotency_record()
        .withf(|scope| {
            scope.operation == "environments.create"
                && scope.team_id == team()
                && scope.principal == owner().principal().as_text()
        })
        .returning(move |_| Ok(Some(record.clone())));
    transaction
        .jobs
        .expect_find_job()
        .returning(|_, _| Ok(Some(running_job())));
    transaction
}

fn raced() -> MockTransaction {
    let mut transaction = with_account(Some(account()));
    transaction
        .idempotency
        .expect_insert_idempotency_record()
        .returning(|_, _| Err(StoreError::Conflict(Conflict::IdempotencyKey)));
    transaction
}

#[tokio::test]
async fn the_same_request_again_gives_the_same_job_and_wakes_nobody() {
    let accepted = use_case(vec![remembering(&command())], MockReadModel::new(), 0)
        .run(&owner(), command())
        .await
        .unwrap();
    assert!(accepted.is_replayed);
    assert_eq!(accepted.job.id, job_id());
}

#[tokio::test]
async fn every_part_of_the_request_makes_it_another_one_under_the_same_key() {
    let others = [
        with_addon(),
        ProvisionEnvironmentCommand {
            name: EnvironmentName::parse("shop2").unwrap(),
            ..command()
        },
        ProvisionEnvironmentCommand {
            display_name: Some(DisplayName::parse("Shop").unwrap()),
            ..command()
        },
        ProvisionEnvironmentCommand {
            blueprint: BlueprintName::parse("empty").unwrap(),
            ..command()
        },
        ProvisionEnvironmentCommand {
            region: Some(RegionName::parse("Shop").unwrap()),
            ..command()
        },
    ];
    let inputs: BTreeSet<String> = others.iter().map(request_content).collect();
    assert_eq!(inputs.len(), others.len(), "no two of them look alike");
    for other in others {
        let error = refused_in(remembering(&command()), other).await;
        assert_eq!(error.code(), ErrorCode::IdempotencyKeyReused);
    }
}

#[tokio::test]
async fn a_raced_key_is_looked_up_again_in_a_new_transaction() {
    let loser = raced();
    let counter = Arc::clone(&loser.commits);
    let accepted = use_case(
        vec![loser, remembering(&command())],
        MockReadModel::new(),
        0,
    )
    .run(&owner(), command())
    .await
    .unwrap();
    assert!(accepted.is_replayed);
    assert_eq!(commits(&counter), 0);
}

#[tokio::test]
async fn a_key_that_is_raced_again_and_again_is_in_flight() {
    let transactions = (0..4).map(|_| raced()).collect();
    let error = use_case(transactions, MockReadModel::new(), 0)
        .run(&owner(), command())
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::IdempotencyInFlight);
}

/// Accepts, but the answer of the commit is lost; the job is visible afterwards, or not.
async fn lose_the_commit(
    is_visible: bool,
    wakes: usize,
) -> (Result<AcceptedJob, UseCaseError>, Arc<AtomicUsize>) {
    let mut transaction = accepting();
    transaction.commit_error = Some(CommitError::OutcomeUnknown("connection reset".into()));
    let counter = Arc::clone(&transaction.commits);
    let mut read_model = MockReadModel::new();
    read_model.expect_find_job().returning(move |_, _| {
        Ok(is_visible.then(|| JobDetails {
            job: running_job(),
            turn_holder: None,
            jobs_ahead: 0,
        }))
    });
    let end = use_case(vec![transaction], read_model, wakes)
        .run(&owner(), command())
        .await;
    (end, counter)
}

#[tokio::test]
async fn a_lost_commit_that_is_found_is_accepted() {
    let (end, counter) = lose_the_commit(true, 1).await;
    assert!(!end.unwrap().is_replayed);
    assert_eq!(commits(&counter), 1);
}

#[tokio::test]
async fn a_lost_commit_that_is_never_found_is_answered_with_the_job_to_ask_for() {
    let (end, counter) = lose_the_commit(false, 0).await;
    let error = end.unwrap_err();
    assert_eq!(error.code(), ErrorCode::OutcomeUnknown);
    // The environment takes the first identifier, the job the second.
    assert_eq!(error.job_id(), Some(id(1_001)));
    assert_eq!(commits(&counter), 1, "it is not committed a second time");
}
