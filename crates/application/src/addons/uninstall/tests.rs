use super::UninstallAddon;
use crate::sample::{
    acceptance, accepting, commits, demands, environment, finding, installation, owner, target,
};
use domain::access::Permission;
use domain::error_code::ErrorCode;
use domain::job::JobKind;
use domain::ports::{MockReadModel, MockTransaction};
use domain::software::{Addon, Software};
use std::sync::Arc;

fn use_case(transactions: Vec<MockTransaction>, wakes: usize) -> UninstallAddon {
    UninstallAddon {
        acceptance: acceptance(transactions, MockReadModel::new(), wakes),
    }
}

fn with_sftp(mut transaction: MockTransaction, name: Option<&'static str>) -> MockTransaction {
    transaction
        .environments
        .expect_list_installations()
        .returning(move |_, _| Ok(vec![installation(Software::Addon(Addon::Sftp), name)]));
    transaction
}

#[tokio::test]
async fn the_permission_is_demanded_before_any_store_is_touched() {
    demands(Permission::AddonUninstall, |actor, target| async move {
        use_case(Vec::new(), 0)
            .run(&actor, target, Addon::Sftp)
            .await
    })
    .await;
}

#[tokio::test]
async fn the_installation_goes_into_the_job_by_the_platforms_name() {
    let transaction = with_sftp(accepting(JobKind::AddonUninstall), Some("sftp-1"));
    let counter = Arc::clone(&transaction.commits);
    let accepted = use_case(vec![transaction], 1)
        .run(&owner(), target(), Addon::Sftp)
        .await
        .unwrap();
    let expected = r#"{"addon":"sftp","unique_name":"sftp-1"}"#;
    assert_eq!(accepted.job.payload.0, expected);
    assert_eq!(commits(&counter), 1);
}

#[tokio::test]
async fn what_is_not_installed_or_has_no_name_is_refused() {
    for (addon, name, expected) in [
        (
            Addon::RootAccess,
            Some("sftp-1"),
            ErrorCode::AddonNotInstalled,
        ),
        (Addon::Sftp, None, ErrorCode::EnvironmentStateConflict),
    ] {
        let transaction = with_sftp(finding(environment()), name);
        let error = use_case(vec![transaction], 0)
            .run(&owner(), target(), addon)
            .await;
        assert_eq!(error.unwrap_err().code(), expected);
    }
}
