use super::{CreateBackup, RestoreBackup, RestoreBackupCommand};
use crate::sample::{
    acceptance, accepting, commits, demands, fitting, installation, owner, target,
};
use crate::{AcceptedJob, EnvironmentTarget, UseCaseError};
use domain::access::{Actor, Permission};
use domain::error_code::ErrorCode;
use domain::job::JobKind;
use domain::names::SnapshotName;
use domain::ports::{MockHostingPlatform, MockReadModel, MockTransaction};
use domain::software::{Addon, BackupAction, Software};
use std::sync::Arc;

/// A platform on which these are configured.
fn platform(configured: &'static [BackupAction]) -> Arc<MockHostingPlatform> {
    let mut platform = MockHostingPlatform::default();
    platform
        .software
        .expect_is_backup_configured()
        .returning(|_, action| configured.contains(&action));
    Arc::new(platform)
}

async fn create(
    actor: &Actor,
    target: EnvironmentTarget,
    transactions: Vec<MockTransaction>,
    configured: &'static [BackupAction],
) -> Result<AcceptedJob, UseCaseError> {
    let wakes = usize::from(!configured.is_empty() && !transactions.is_empty());
    let use_case = CreateBackup {
        acceptance: acceptance(transactions, MockReadModel::new(), wakes),
        platform: platform(configured),
    };
    use_case.run(actor, target).await
}

async fn restore(
    actor: &Actor,
    target: EnvironmentTarget,
    transactions: Vec<MockTransaction>,
    configured: &'static [BackupAction],
) -> Result<AcceptedJob, UseCaseError> {
    let wakes = usize::from(!configured.is_empty() && !transactions.is_empty());
    let use_case = RestoreBackup {
        acceptance: acceptance(transactions, MockReadModel::new(), wakes),
        platform: platform(configured),
    };
    let command = RestoreBackupCommand {
        target,
        snapshot: SnapshotName::parse("2026-11-27_0100").unwrap(),
    };
    use_case.run(actor, command).await
}

/// This is installed, and nothing else.
fn listing(mut transaction: MockTransaction, installed: Software) -> MockTransaction {
    transaction
        .environments
        .expect_list_installations()
        .returning(move |_, _| Ok(vec![installation(installed.clone(), Some("bk-1"))]));
    transaction
}

fn addon() -> Software {
    Software::Addon(Addon::Backup)
}

#[tokio::test]
async fn the_permission_is_demanded_before_any_store_is_touched() {
    demands(Permission::BackupCreate, |actor, target| async move {
        create(&actor, target, Vec::new(), &BackupAction::ALL).await
    })
    .await;
    demands(Permission::BackupRestore, |actor, target| async move {
        restore(&actor, target, Vec::new(), &BackupAction::ALL).await
    })
    .await;
}

#[tokio::test]
async fn backups_are_made_and_brought_back_by_the_installed_addon() {
    let transaction = listing(accepting(JobKind::BackupCreate), addon());
    let counter = Arc::clone(&transaction.commits);
    let only_create = &[BackupAction::Create];
    let accepted = create(&owner(), target(), vec![transaction], only_create).await;
    assert_eq!(
        accepted.unwrap().job.payload.0,
        r#"{"installation":"bk-1"}"#
    );
    assert_eq!(commits(&counter), 1);
    let transaction = listing(accepting(JobKind::BackupRestore), addon());
    let counter = Arc::clone(&transaction.commits);
    let only_restore = &[BackupAction::Restore];
    let accepted = restore(&owner(), target(), vec![transaction], only_restore).await;
    assert_eq!(
        accepted.unwrap().job.payload.0,
        r#"{"installation":"bk-1","snapshot":"2026-11-27_0100"}"#
    );
    assert_eq!(commits(&counter), 1);
}

#[tokio::test]
async fn what_is_not_mapped_or_not_there_is_refused() {
    let not_mapped = ErrorCode::ActionNotConfigured;
    let looking = || vec![listing(fitting(), addon())];
    let error = create(&owner(), target(), looking(), &[]).await;
    assert_eq!(error.unwrap_err().code(), not_mapped);
    let error = restore(&owner(), target(), looking(), &[]).await;
    assert_eq!(error.unwrap_err().code(), not_mapped);
    let without = listing(fitting(), Software::Addon(Addon::Sftp));
    let use_case = CreateBackup {
        acceptance: acceptance(vec![without], MockReadModel::new(), 0),
        platform: platform(&[BackupAction::Create]),
    };
    let error = use_case.run(&owner(), target()).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::AddonNotInstalled);
}
