//! Shared folders.

use super::{done, node_of};
use crate::support::{Simulated, account, short_domain, ticket};
use domain::environment::PlatformNodeId;
use domain::names::{FolderPath, MountName};
use domain::ports::{
    MountPointSpec, MutationOutcome, ObservedMountPoint, PlatformStorage, RefusalClass,
};

fn spec(source_node: PlatformNodeId) -> MountPointSpec {
    MountPointSpec {
        path: FolderPath::parse("/srv/a b&c=+%;ä").unwrap(),
        source_node,
        source_path: FolderPath::parse("/data").unwrap(),
        name: Some(MountName::parse("Geteilt \"&\" schön").unwrap()),
        is_read_only: true,
    }
}

async fn listed(simulated: &Simulated, node: PlatformNodeId) -> Vec<ObservedMountPoint> {
    let (account, shop) = (account(), short_domain());
    let list = simulated.platforms.list_mount_points(&account, &shop, node);
    list.await.unwrap()
}

#[tokio::test]
async fn a_shared_folder_appears_and_goes() {
    let simulated = Simulated::with_environment().await;
    let (platforms, account, shop) = (&simulated.platforms, account(), short_domain());
    let node = node_of(&simulated, "cp").await;
    let source = node_of(&simulated, "sqldb").await;
    let spec = spec(source);
    assert_eq!(listed(&simulated, node).await, []);
    let add = platforms.add_mount_point(&account, ticket(2), &shop, node, &spec);
    done(add.await);
    let expected = ObservedMountPoint {
        path: spec.path.as_str().to_owned(),
        source_node: Some(source),
        source_path: Some("/data".to_owned()),
        is_read_only: Some(true),
    };
    assert_eq!(listed(&simulated, node).await, [expected]);
    assert_eq!(listed(&simulated, source).await, []);
    let remove = platforms.remove_mount_point(&account, ticket(3), &shop, node, &spec.path);
    done(remove.await);
    assert_eq!(listed(&simulated, node).await, []);
}

#[tokio::test]
async fn a_path_that_is_taken_leaves_open_who_took_it() {
    let simulated = Simulated::with_environment().await;
    let (platforms, account, shop) = (&simulated.platforms, account(), short_domain());
    let node = node_of(&simulated, "cp").await;
    let spec = spec(node_of(&simulated, "sqldb").await);
    let first = platforms.add_mount_point(&account, ticket(2), &shop, node, &spec);
    done(first.await);
    let second = platforms.add_mount_point(&account, ticket(3), &shop, node, &spec);
    let outcome = second.await;
    let MutationOutcome::MaybeApplied {
        answer: Some(answer),
        ..
    } = outcome
    else {
        panic!("{outcome:?}");
    };
    assert_eq!((answer.result, answer.class), (2030, RefusalClass::Mount));
    assert_eq!(listed(&simulated, node).await.len(), 1);
}
