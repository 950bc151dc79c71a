use super::NodeSize;
use crate::sample::id;
use crate::workflows::scene::{Scene, created_by, node};
use crate::workflows::step::NotDone;
use crate::workflows::steps::DesiredState;
use domain::environment::PlatformNodeId;
use domain::error_code::ErrorCode;
use domain::ports::{Cloudlets, MutationOutcome, ObservedEnvironment};

fn size(reserved: u16, limit: u16) -> NodeSize {
    NodeSize {
        node: PlatformNodeId(1),
        cloudlets: Cloudlets { reserved, limit },
    }
}

fn with_node(number: i64) -> Scene {
    Scene::default().observing(Some(ObservedEnvironment {
        nodes: vec![node(number, "cp")],
        ..created_by(id(11))
    }))
}

#[tokio::test]
async fn the_size_is_read_from_the_node_itself() {
    let seen = size(1, 8).look(&with_node(1).context()).await.unwrap();
    assert!(size(1, 8).is_reached(&seen) && !size(1, 9).is_reached(&seen));
    assert!(!size(1, 8).is_reached(&None));
    let end = size(1, 8).look(&with_node(2).context()).await;
    let Err(NotDone::Failed(failure)) = end else {
        panic!("it is gone: {end:?}");
    };
    assert_eq!(failure.code, ErrorCode::NodeNotFound);
}

#[tokio::test]
async fn the_size_before_is_asked_for_to_take_it_back() {
    let mut scene = Scene::default();
    scene
        .platform
        .topology
        .expect_set_cloudlets()
        .withf(|_, _, _, node, wanted| {
            *node == PlatformNodeId(1) && (wanted.reserved, wanted.limit) == (1, 8)
        })
        .times(1)
        .returning(|_, _, _, _, _| MutationOutcome::Done(()));
    let back = size(2, 16).inverse(Some((1, 8))).unwrap();
    let outcome = back.ask(&scene.context(), scene.ticket(id(11))).await;
    assert_eq!(outcome, Ok(MutationOutcome::Done(())));
    assert_eq!(size(2, 16).inverse(None), None, "what is unknown stays");
}
