use super::ShownName;
use crate::sample::id;
use crate::workflows::scene::{Scene, created_by};
use crate::workflows::steps::DesiredState;
use domain::names::DisplayName;
use domain::ports::{MutationOutcome, ObservedEnvironment};

fn named(text: &str) -> ShownName {
    ShownName(DisplayName::parse(text).unwrap())
}

#[tokio::test]
async fn the_name_is_read_from_the_environment() {
    let scene = Scene::default().observing(Some(ObservedEnvironment {
        display_name: Some("The shop".to_owned()),
        ..created_by(id(11))
    }));
    let seen = named("The shop").look(&scene.context()).await.unwrap();
    assert!(named("The shop").is_reached(&seen) && !named("Another").is_reached(&seen));
    assert!(!named("The shop").is_reached(&None));
}

#[tokio::test]
async fn the_name_before_is_asked_for_to_take_it_back() {
    let mut scene = Scene::default();
    scene
        .platform
        .environments
        .expect_set_display_name()
        .withf(|_, _, _, name| name.as_str() == "Before")
        .times(1)
        .returning(|_, _, _, _| MutationOutcome::Done(()));
    let back = named("After").inverse(Some("Before".to_owned())).unwrap();
    let outcome = back.ask(&scene.context(), scene.ticket(id(11))).await;
    assert_eq!(outcome, Ok(MutationOutcome::Done(())));
    for before in [None, Some(String::new())] {
        assert_eq!(
            named("After").inverse(before),
            None,
            "what is unknown stays"
        );
    }
}
