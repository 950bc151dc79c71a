use super::{Layers, SeenNode};
use crate::sample::id;
use crate::workflows::scene::{Scene, created_by, node};
use crate::workflows::steps::DesiredState;
use domain::names::NodeGroup;
use domain::ports::{LayerSpec, MutationOutcome, ObservedEnvironment};

fn layer(node_group: &str, count: u16) -> LayerSpec {
    LayerSpec {
        node_group: NodeGroup::parse(node_group).unwrap(),
        stack: "nginxphp".to_owned(),
        version: None,
        count,
        cloudlets_reserved: 1,
        cloudlets_limit: 8,
        disk_limit_gb: None,
    }
}

async fn seen() -> Vec<SeenNode> {
    let scene = Scene::default().observing(Some(ObservedEnvironment {
        nodes: vec![node(1, "cp"), node(2, "cp"), node(3, "sqldb")],
        ..created_by(id(11))
    }));
    Layers(Vec::new()).look(&scene.context()).await.unwrap()
}

#[tokio::test]
async fn layers_are_there_when_every_node_fits_and_none_is_over() {
    let seen = seen().await;
    let as_it_is = [layer("cp", 2), layer("sqldb", 1)];
    assert!(Layers(as_it_is.to_vec()).is_reached(&seen));
    let larger = LayerSpec {
        cloudlets_limit: 16,
        ..layer("cp", 2)
    };
    let another = LayerSpec {
        stack: "apache".to_owned(),
        ..layer("cp", 2)
    };
    let newer = LayerSpec {
        version: Some("9".to_owned()),
        ..layer("cp", 2)
    };
    for differs in [layer("cp", 3), layer("bl", 2), larger, another, newer] {
        let wanted = Layers(vec![differs, layer("sqldb", 1)]);
        assert!(!wanted.is_reached(&seen), "{wanted:?}");
    }
    assert!(
        !Layers(vec![layer("cp", 2)]).is_reached(&seen),
        "one is over"
    );
}

#[tokio::test]
async fn all_layers_are_asked_for_at_once() {
    let mut scene = Scene::default();
    scene
        .platform
        .topology
        .expect_change_topology()
        .withf(|_, _, _, layers| layers == [layer("cp", 2)])
        .times(1)
        .returning(|_, _, _, _| MutationOutcome::Done(()));
    let wanted = Layers(vec![layer("cp", 2)]);
    let outcome = wanted.ask(&scene.context(), scene.ticket(id(11))).await;
    assert_eq!(outcome, Ok(MutationOutcome::Done(())));
}
