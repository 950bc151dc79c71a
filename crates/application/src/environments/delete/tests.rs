use super::DeleteEnvironment;
use crate::sample::{
    acceptance, accepting, account, commits, demands, environment, finding, owner, target,
};
use domain::access::Permission;
use domain::environment::{Environment, EnvironmentState};
use domain::error_code::ErrorCode;
use domain::job::JobKind;
use domain::platform_account::{DeletionConfirmation, PlatformAccount};
use domain::ports::{MockReadModel, MockTransaction};
use std::sync::Arc;

fn use_case(transactions: Vec<MockTransaction>, wakes: usize) -> DeleteEnvironment {
    DeleteEnvironment {
        acceptance: acceptance(transactions, MockReadModel::new(), wakes),
    }
}

async fn refused_in(transaction: MockTransaction) -> ErrorCode {
    let counter = Arc::clone(&transaction.commits);
    let error = use_case(vec![transaction], 0).run(&owner(), target()).await;
    assert_eq!(commits(&counter), 0);
    error.unwrap_err().code()
}

#[tokio::test]
async fn the_permission_is_demanded_before_any_store_is_touched() {
    demands(Permission::EnvironmentDelete, |actor, target| async move {
        use_case(Vec::new(), 0).run(&actor, target).await
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
        .run(&owner(), target())
        .await
        .unwrap();
    let expected = r#"{"appid":"appid-1","state_before":"running"}"#;
    assert_eq!(accepted.job.payload.0, expected);
    assert_eq!(commits(&counter), 1);
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
