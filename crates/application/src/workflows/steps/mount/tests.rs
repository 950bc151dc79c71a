use super::{Mount, SeenMount};
use crate::sample::id;
use crate::workflows::scene::Scene;
use crate::workflows::step::{MutationStep, NotDone};
use crate::workflows::steps::{DesiredState, Reach};
use domain::environment::PlatformNodeId;
use domain::error_code::ErrorCode;
use domain::names::FolderPath;
use domain::ports::{MountPointSpec, MutationOutcome, ObservedMountPoint};

fn path(text: &str) -> FolderPath {
    FolderPath::parse(text).unwrap()
}

fn spec() -> MountPointSpec {
    MountPointSpec {
        path: path("/data"),
        source_node: PlatformNodeId(2),
        source_path: path("/export"),
        name: None,
        is_read_only: true,
    }
}

fn mount(mount_point: Option<MountPointSpec>) -> Mount {
    Mount {
        node: PlatformNodeId(1),
        path: path("/data"),
        mount_point,
    }
}

fn seen(source_node: Option<i64>) -> SeenMount {
    SeenMount {
        source_node,
        source_path: Some("/export".to_owned()),
        is_read_only: Some(true),
    }
}

fn mounted(source_node: i64) -> Scene {
    let mut scene = Scene::default();
    scene
        .platform
        .storage
        .expect_list_mount_points()
        .withf(|_, _, node| *node == PlatformNodeId(1))
        .returning(move |_, _, _| {
            let at = |path: &str| ObservedMountPoint {
                path: path.to_owned(),
                source_node: Some(PlatformNodeId(source_node)),
                source_path: Some("/export".to_owned()),
                is_read_only: None,
            };
            Ok(vec![at("/other"), at("/data")])
        });
    scene
}

#[tokio::test]
async fn something_else_at_the_path_fails_before_any_intent() {
    let step = Reach(mount(Some(spec())));
    let end = step.baseline(&mounted(3).context()).await;
    let Err(NotDone::Failed(failure)) = end else {
        panic!("it is taken: {end:?}");
    };
    assert_eq!(failure.code, ErrorCode::MountPathTaken);
    step.baseline(&mounted(2).context()).await.unwrap();
    let remove = Reach(mount(None));
    remove.baseline(&mounted(3).context()).await.unwrap();
}

#[test]
fn what_appears_is_compared_with_what_shall() {
    let (add, remove) = (mount(Some(spec())), mount(None));
    assert!(add.is_reached(&Some(seen(Some(2)))));
    let writable = SeenMount {
        is_read_only: Some(false),
        ..seen(Some(2))
    };
    for other in [None, Some(seen(Some(3))), Some(seen(None)), Some(writable)] {
        assert!(!add.is_reached(&other), "{other:?}");
        assert_eq!(remove.is_reached(&other), other.is_none());
    }
}

#[test]
fn only_what_comes_from_a_node_can_be_put_back() {
    assert_eq!(mount(Some(spec())).inverse(None), Some(mount(None)));
    let back = mount(None).inverse(Some(seen(Some(2))));
    assert_eq!(back, Some(mount(Some(spec()))));
    assert_eq!(mount(None).inverse(Some(seen(None))), None);
}

#[tokio::test]
async fn adding_and_removing_make_their_own_calls() {
    let mut scene = Scene::default();
    let platform = &mut scene.platform.storage;
    platform
        .expect_add_mount_point()
        .withf(|_, _, _, node, wanted| *node == PlatformNodeId(1) && *wanted == spec())
        .times(1)
        .returning(|_, _, _, _, _| MutationOutcome::Done(()));
    platform
        .expect_remove_mount_point()
        .withf(|_, _, _, node, at| *node == PlatformNodeId(1) && at.as_str() == "/data")
        .times(1)
        .returning(|_, _, _, _, _| MutationOutcome::Done(()));
    for wish in [mount(Some(spec())), mount(None)] {
        let outcome = wish.ask(&scene.context(), scene.ticket(id(11))).await;
        assert_eq!(outcome, Ok(MutationOutcome::Done(())));
    }
}
