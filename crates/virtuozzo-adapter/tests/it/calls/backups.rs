//! Actions of the backup add-on.

use super::done;
use crate::scripted::{Reply, ScriptedServer};
use crate::support::{Simulated, account, configuration, platforms, short_domain, ticket};
use domain::names::SnapshotName;
use domain::ports::{MutationOutcome, NotSentReason, PlatformSoftware};
use domain::software::{Addon, BackupAction, PlatformUniqueName};
use virtuozzo_adapter::BackupMapping;
use virtuozzo_simulator::Effect;

fn snapshot(name: &str) -> SnapshotName {
    SnapshotName::parse(name).unwrap()
}

async fn installed(simulated: &Simulated) -> PlatformUniqueName {
    let (platforms, account, shop) = (&simulated.platforms, account(), short_domain());
    let install = platforms.install_addon(&account, ticket(2), &shop, Addon::Backup);
    done(install.await).unique_name.unwrap()
}

#[tokio::test]
async fn a_backup_is_made_and_brought_back_by_the_names_that_are_mapped() {
    let simulated = Simulated::with_environment().await;
    let (platforms, account) = (&simulated.platforms, account());
    let addon = installed(&simulated).await;
    done(platforms.create_backup(&account, ticket(3), &addon).await);
    let first = snapshot("1");
    let restore = platforms.restore_backup(&account, ticket(4), &addon, &first);
    done(restore.await);
    let ledger = simulated.simulator.ledger();
    let executed = ledger
        .iter()
        .filter(|entry| entry.effect == Effect::ActionExecuted);
    let details: Vec<_> = executed
        .map(|entry| entry.detail.clone().unwrap())
        .collect();
    assert_eq!(
        details,
        [
            r#"{"action":"exampleBackup","params":{}}"#,
            r#"{"action":"exampleRestore","params":{"exampleSnapshot":"1"}}"#,
        ]
    );
}

#[tokio::test]
async fn a_backup_that_is_not_there_may_have_done_something() {
    let simulated = Simulated::with_environment().await;
    let addon = installed(&simulated).await;
    let missing = snapshot("no-such-backup");
    let account = account();
    let restore = simulated
        .platforms
        .restore_backup(&account, ticket(4), &addon, &missing);
    let outcome = restore.await;
    assert!(
        matches!(outcome, MutationOutcome::MaybeApplied { .. }),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_backup_that_nothing_is_mapped_to_never_leaves() {
    let server = ScriptedServer::start(vec![Reply::json(r#"{"result":0}"#)]);
    let mut bare = configuration(&server.base_url);
    bare.backups = BackupMapping::default();
    let platforms = platforms(bare);
    let (account, addon) = (account(), PlatformUniqueName("an-installation".into()));
    let create = platforms.create_backup(&account, ticket(1), &addon).await;
    let first = snapshot("1");
    let restore = platforms
        .restore_backup(&account, ticket(2), &addon, &first)
        .await;
    for outcome in [create, restore] {
        let expected = MutationOutcome::NotSent(NotSentReason::NotConfigured);
        assert_eq!(outcome, expected);
    }
    for action in BackupAction::ALL {
        assert!(!platforms.is_backup_configured(&account, action));
    }
    assert_eq!(server.received().len(), 0);
}
