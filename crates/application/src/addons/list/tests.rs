use super::ListAddons;
use crate::sample::{
    account, demands, environment, environment_id, id, installation, owner, refusal, team,
};
use domain::access::Permission;
use domain::ports::{EnvironmentDetails, MockHostingPlatform, MockReadModel};
use domain::software::{Addon, Software};
use std::sync::Arc;

/// The environment has SFTP; the platform is configured for that and for backups.
fn use_case(has_account: bool) -> ListAddons {
    let mut platform = MockHostingPlatform::default();
    platform
        .software
        .expect_is_addon_configured()
        .returning(|_, addon| matches!(addon, Addon::Sftp | Addon::Backup));
    let mut read_model = MockReadModel::new();
    read_model
        .expect_find_platform_account()
        .returning(move |_| Ok(has_account.then(account)));
    read_model.expect_find_environment().returning(|_, id| {
        Ok((id == environment_id()).then(|| EnvironmentDetails {
            environment: environment(),
            nodes: Vec::new(),
            installations: vec![
                installation(Software::Package, Some("package-1")),
                installation(Software::Addon(Addon::Sftp), Some("sftp-1")),
            ],
        }))
    });
    ListAddons {
        read_model: Arc::new(read_model),
        platform: Arc::new(platform),
    }
}

async fn listed(has_account: bool) -> Vec<(&'static str, bool, bool)> {
    let (list, owner) = (use_case(has_account), owner());
    let listed = list.run(&owner, team(), environment_id()).await;
    let listed = listed.unwrap().into_iter();
    listed
        .map(|it| {
            (
                it.addon.as_str(),
                it.is_available,
                it.installation.is_some(),
            )
        })
        .collect()
}

#[tokio::test]
async fn every_addon_is_listed_with_whether_it_is_there_and_can_be() {
    let expected = [
        ("root_access", false, false),
        ("sftp", true, true),
        ("lets_encrypt", false, false),
        ("backup", true, false),
    ];
    assert_eq!(listed(true).await, expected);
    let nothing_new = expected.map(|(name, _, is_installed)| (name, false, is_installed));
    assert_eq!(listed(false).await, nothing_new);
}

#[tokio::test]
async fn its_permission_is_demanded_and_what_is_not_there_has_none() {
    demands(Permission::EnvironmentView, |actor, target| async move {
        let list = use_case(true);
        list.run(&actor, target.team_id, target.environment_id)
            .await
    })
    .await;
    let (list, owner) = (use_case(true), owner());
    let absent = list.run(&owner, team(), id(404)).await;
    assert_eq!(refusal(absent), ("not-found", None));
}
