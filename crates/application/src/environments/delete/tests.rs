use super::DeleteEnvironment;
use crate::sample::{
    acceptance, accepting, account, actor, commits, demands, environment, finding, fitting,
    installation, owner, target,
};
use domain::access::Permission;
use domain::environment::{Environment, EnvironmentState};
use domain::error_code::ErrorCode;
use domain::job::JobKind;
use domain::platform_account::{DeletionConfirmation, PlatformAccount};
use domain::ports::{MockHostingPlatform, MockReadModel, MockTransaction};
use domain::software::{Addon, BackupAction, Software};
use std::sync::Arc;

fn use_case(transactions: Vec<MockTransaction>, wakes: usize) -> DeleteEnvironment {
    let mut platform = MockHostingPlatform::default();
    platform
        .software
        .expect_is_backup_configured()
        .withf(|_, action| *action == BackupAction::Create)
        .return_const(true);
    DeleteEnvironment {
        acceptance: acceptance(transactions, MockReadModel::new(), wakes),
        platform: Arc::new(platform),
    }
}

async fn refused_in(transaction: MockTransaction) -> ErrorCode {
    let counter = Arc::clone(&transaction.commits);
    let error = use_case(vec![transaction], 0)
        .run(&owner(), target(), false)
        .await;
    assert_eq!(commits(&counter), 0);
    error.unwrap_err().code()
}

#[tokio::test]
async fn the_permission_is_demanded_before_any_store_is_touched() {
    demands(Permission::EnvironmentDelete, |actor, target| async move {
        use_case(Vec::new(), 0).run(&actor, target, false).await
    })
    .await;
}

#[tokio::test]
async fn from_its_acceptance_on_it_is_being_deleted() {
    let mut transaction = accepting(JobKind::EnvironmentDelete);
    transaction
        .environments
        .expect_update_environment()
        .withf(|written| written.state == EnvironmentState::Deleting)
        .times(1)
        .returning(|_| Ok(()));
    let counter = Arc::clone(&transaction.commits);
    let accepted = use_case(vec![transaction], 1)
        .run(&owner(), target(), false)
        .await
        .unwrap();
    let expected = r#"{"appid":"appid-1","state_before":"running"}"#;
    assert_eq!(accepted.job.payload.0, expected);
    assert_eq!(commits(&counter), 1);
}

#[tokio::test]
async fn a_backup_is_made_first_when_that_is_asked_for() {
    let mut transaction = accepting(JobKind::EnvironmentDelete);
    let environments = &mut transaction.environments;
    environments.expect_list_installations().returning(|_, _| {
        let backup = installation(Software::Addon(Addon::Backup), Some("backup-7"));
        Ok(vec![backup])
    });
    environments
        .expect_update_environment()
        .returning(|_| Ok(()));
    let accepted = use_case(vec![transaction], 1)
        .run(&owner(), target(), true)
        .await
        .unwrap();
    let expected = r#"{"appid":"appid-1","state_before":"running","backup":"backup-7"}"#;
    assert_eq!(accepted.job.payload.0, expected);
    let permissions: Vec<_> = accepted.job.required_permissions.iter().collect();
    let both = [Permission::EnvironmentDelete, Permission::BackupCreate];
    assert_eq!(permissions, both);
}

#[tokio::test]
async fn without_the_addon_the_permission_or_a_running_site_no_backup_is_promised() {
    let mut other = fitting();
    let installations = other.environments.expect_list_installations();
    installations.returning(|_, _| {
        let sftp = installation(Software::Addon(Addon::Sftp), Some("sftp-7"));
        Ok(vec![sftp])
    });
    let refused = use_case(vec![other], 0).run(&owner(), target(), true).await;
    assert_eq!(refused.unwrap_err().code(), ErrorCode::AddonNotInstalled);
    let stopped = finding(Environment {
        state: EnvironmentState::Stopped,
        ..environment()
    });
    let refused = use_case(vec![stopped], 0)
        .run(&owner(), target(), true)
        .await;
    assert_eq!(
        refused.unwrap_err().code(),
        ErrorCode::EnvironmentNotRunning
    );
    let only = actor(&[Permission::EnvironmentDelete]);
    let refused = use_case(Vec::new(), 0).run(&only, target(), true).await;
    assert_eq!(refused.unwrap_err().code(), ErrorCode::PermissionDenied);
}

#[tokio::test]
async fn what_is_half_built_half_gone_or_unknown_to_the_platform_is_not_deleted() {
    for state in [EnvironmentState::Provisioning, EnvironmentState::Deleting] {
        let half = finding(Environment {
            state,
            ..environment()
        });
        assert_eq!(refused_in(half).await, ErrorCode::EnvironmentStateConflict);
    }
    let mut unknown = finding(Environment {
        platform_appid: None,
        state: EnvironmentState::Broken,
        ..environment()
    });
    unknown
        .platform_accounts
        .expect_find_platform_account()
        .returning(|_| Ok(Some(account())));
    let code = refused_in(unknown).await;
    assert_eq!(code, ErrorCode::EnvironmentStateConflict);
}

#[tokio::test]
async fn an_account_that_cannot_delete_is_not_asked_to() {
    let mut transaction = finding(environment());
    let unable = PlatformAccount {
        deletion: DeletionConfirmation::Unavailable,
        ..account()
    };
    transaction
        .platform_accounts
        .expect_find_platform_account()
        .returning(move |_| Ok(Some(unable.clone())));
    let code = refused_in(transaction).await;
    assert_eq!(code, ErrorCode::DeleteConfirmationUnavailable);
}
