use super::{InstallMbadmin, RunMbadminAction, RunMbadminActionCommand};
use crate::EnvironmentTarget;
use crate::sample::{
    acceptance, accepting, commits, demands, fitting, installation, owner, target,
};
use domain::access::Permission;
use domain::error_code::ErrorCode;
use domain::job::JobKind;
use domain::names::ParameterName;
use domain::ports::{MockHostingPlatform, MockReadModel, MockTransaction, PackageSpec};
use domain::software::{MbadminAction, Software};
use std::collections::BTreeMap;
use std::sync::Arc;

fn parameter(name: &str) -> ParameterName {
    ParameterName::parse(name).unwrap()
}

/// A platform on which everything is configured, or nothing.
fn platform(is_configured: bool) -> Arc<MockHostingPlatform> {
    let mut platform = MockHostingPlatform::default();
    platform
        .software
        .expect_mbadmin_package()
        .returning(move |_| {
            is_configured.then(|| PackageSpec {
                source: "https://example.com/mbadmin.jps".to_owned(),
                node_group: None,
                settings: BTreeMap::new(),
            })
        });
    platform
        .software
        .expect_mbadmin_parameters()
        .returning(move |_, _| is_configured.then(|| vec![parameter("memory")]));
    Arc::new(platform)
}

fn install(
    transactions: Vec<MockTransaction>,
    is_configured: bool,
    wakes: usize,
) -> InstallMbadmin {
    InstallMbadmin {
        acceptance: acceptance(transactions, MockReadModel::new(), wakes),
        platform: platform(is_configured),
    }
}

fn run(transactions: Vec<MockTransaction>, is_configured: bool, wakes: usize) -> RunMbadminAction {
    RunMbadminAction {
        acceptance: acceptance(transactions, MockReadModel::new(), wakes),
        platform: platform(is_configured),
    }
}

fn command(target: EnvironmentTarget, parameters: &[(&str, &str)]) -> RunMbadminActionCommand {
    RunMbadminActionCommand {
        target,
        action: MbadminAction::parse("redis.configure").unwrap(),
        parameters: parameters
            .iter()
            .map(|(name, value)| (parameter(name), (*value).to_owned()))
            .collect(),
    }
}

fn with(kind: JobKind, installed: Option<Software>) -> MockTransaction {
    listing(accepting(kind), installed)
}

/// This is installed, and nothing else.
fn listing(mut transaction: MockTransaction, installed: Option<Software>) -> MockTransaction {
    transaction
        .environments
        .expect_list_installations()
        .returning(move |_, _| {
            let installed = installed.clone().into_iter();
            Ok(installed
                .map(|software| installation(software, Some("mb-1")))
                .collect())
        });
    transaction
}

#[tokio::test]
async fn the_permission_is_demanded_before_any_store_is_touched() {
    demands(Permission::MbadminInstall, |actor, target| async move {
        install(Vec::new(), true, 0).run(&actor, target).await
    })
    .await;
    demands(Permission::CacheManage, |actor, target| async move {
        let command = command(target, &[]);
        run(Vec::new(), true, 0).run(&actor, command).await
    })
    .await;
}

#[tokio::test]
async fn the_package_is_installed_as_configuration_has_it_now() {
    let transaction = with(JobKind::MbadminInstall, Some(Software::Package));
    let counter = Arc::clone(&transaction.commits);
    let accepted = install(vec![transaction], true, 1)
        .run(&owner(), target())
        .await
        .unwrap();
    assert!(accepted.job.payload.0.contains("mbadmin.jps"));
    assert_eq!(commits(&counter), 1);
}

#[tokio::test]
async fn an_action_goes_with_its_parameters_to_the_installation() {
    let transaction = with(JobKind::MbadminRun, Some(Software::Mbadmin));
    let counter = Arc::clone(&transaction.commits);
    let accepted = run(vec![transaction], true, 1)
        .run(&owner(), command(target(), &[("memory", "256")]))
        .await
        .unwrap();
    let expected =
        r#"{"installation":"mb-1","action":"redis.configure","parameters":[["memory","256"]]}"#;
    assert_eq!(accepted.job.payload.0, expected);
    assert_eq!(commits(&counter), 1);
}

/// One in which the account can be used and this is installed; nothing is accepted in it.
fn looking(installed: Option<Software>) -> MockTransaction {
    listing(fitting(), installed)
}

#[tokio::test]
async fn what_is_not_configured_or_not_there_is_refused() {
    let error = install(vec![looking(None)], false, 0)
        .run(&owner(), target())
        .await;
    assert_eq!(error.unwrap_err().code(), ErrorCode::ActionNotConfigured);
    let error = install(vec![looking(Some(Software::Mbadmin))], true, 0)
        .run(&owner(), target())
        .await;
    assert_eq!(error.unwrap_err().code(), ErrorCode::AddonAlreadyInstalled);
    for (installed, is_configured, name, expected) in [
        (None, true, "memory", ErrorCode::AddonNotInstalled),
        (
            Some(Software::Mbadmin),
            true,
            "colour",
            ErrorCode::ValidationFailed,
        ),
        (
            Some(Software::Mbadmin),
            false,
            "memory",
            ErrorCode::ActionNotConfigured,
        ),
    ] {
        let error = run(vec![looking(installed)], is_configured, 0)
            .run(&owner(), command(target(), &[(name, "1")]))
            .await;
        assert_eq!(error.unwrap_err().code(), expected);
    }
}
