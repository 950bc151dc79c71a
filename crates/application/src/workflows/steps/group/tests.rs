use super::Grouping;
use crate::sample::id;
use crate::workflows::scene::Scene;
use crate::workflows::steps::DesiredState;
use domain::names::GroupName;
use domain::ports::MutationOutcome;

fn clients() -> GroupName {
    GroupName::parse("clients").unwrap()
}

fn groups(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn each_wish_is_fulfilled_by_what_it_says() {
    let (only, more, none) = (groups(&["clients"]), groups(&["a", "clients"]), groups(&[]));
    let inside = Grouping::In(clients());
    assert!(inside.is_reached(&only) && inside.is_reached(&more) && !inside.is_reached(&none));
    let outside = Grouping::NotIn(clients());
    assert!(!outside.is_reached(&only) && outside.is_reached(&none));
    let alone = Grouping::OnlyIn(clients());
    assert!(alone.is_reached(&only) && !alone.is_reached(&more) && !alone.is_reached(&none));
    assert_eq!(outside.inverse(only), Some(inside));
    assert_eq!(alone.inverse(more), None);
}

#[tokio::test]
async fn each_wish_makes_its_own_call() {
    let mut scene = Scene::default();
    let platform = &mut scene.platform.groups;
    platform
        .expect_attach_group()
        .times(1)
        .returning(|_, _, _, _| MutationOutcome::Done(()));
    platform
        .expect_detach_group()
        .times(1)
        .returning(|_, _, _, _| MutationOutcome::Done(()));
    platform
        .expect_set_only_group()
        .times(1)
        .returning(|_, _, _, _| MutationOutcome::Done(()));
    for wish in [
        Grouping::In(clients()),
        Grouping::NotIn(clients()),
        Grouping::OnlyIn(clients()),
    ] {
        let outcome = wish.ask(&scene.context(), scene.ticket(id(11))).await;
        assert_eq!(outcome, Ok(MutationOutcome::Done(())));
    }
}
