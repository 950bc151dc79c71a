use super::{Switch, SwitchEnvironment};
use crate::sample::{
    acceptance, accepting, account, commits, demands, environment, finding, owner, target,
};
use domain::access::Permission;
use domain::error_code::ErrorCode;
use domain::job::JobKind;
use domain::platform_account::{PlatformAccount, PlatformAccountState};
use domain::ports::{MockReadModel, MockTransaction};
use std::sync::Arc;

fn use_case(transactions: Vec<MockTransaction>, wakes: usize) -> SwitchEnvironment {
    SwitchEnvironment {
        acceptance: acceptance(transactions, MockReadModel::new(), wakes),
    }
}

#[tokio::test]
async fn each_way_demands_its_permission_before_any_store_is_touched() {
    for (switch, permission) in [
        (Switch::Start, Permission::EnvironmentStart),
        (Switch::Stop, Permission::EnvironmentStop),
        (Switch::Sleep, Permission::EnvironmentStop),
    ] {
        demands(permission, |actor, target| async move {
            use_case(Vec::new(), 0).run(&actor, target, switch).await
        })
        .await;
    }
}

#[tokio::test]
async fn each_way_is_accepted_as_a_job_in_one_transaction() {
    for (switch, kind) in [
        (Switch::Start, JobKind::EnvironmentStart),
        (Switch::Stop, JobKind::EnvironmentStop),
        (Switch::Sleep, JobKind::EnvironmentSleep),
    ] {
        let transaction = accepting(kind);
        let counter = Arc::clone(&transaction.commits);
        let accepted = use_case(vec![transaction], 1)
            .run(&owner(), target(), switch)
            .await
            .unwrap();
        assert_eq!(accepted.job.kind, kind);
        assert_eq!(commits(&counter), 1);
    }
}

#[tokio::test]
async fn nothing_is_accepted_that_no_account_could_carry_out() {
    let refused = PlatformAccount {
        state: PlatformAccountState::NeedsReauthentication,
        ..account()
    };
    for (found, code) in [
        (None, ErrorCode::PlatformAccountMissing),
        (
            Some(account().disconnected()),
            ErrorCode::PlatformAccountMissing,
        ),
        (
            Some(refused),
            ErrorCode::PlatformAccountNeedsReauthentication,
        ),
    ] {
        let mut transaction = finding(environment());
        transaction
            .platform_accounts
            .expect_find_platform_account()
            .returning(move |_| Ok(found.clone()));
        let error = use_case(vec![transaction], 0)
            .run(&owner(), target(), Switch::Start)
            .await
            .unwrap_err();
        assert_eq!(error.code(), code);
    }
}
