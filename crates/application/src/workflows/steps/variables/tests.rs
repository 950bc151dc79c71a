use super::{Variables, VariablesWish};
use crate::sample::{custody, id, job_id, team, team_key};
use crate::workflows::payloads::SealedVariables;
use crate::workflows::scene::Scene;
use crate::workflows::step::NotDone;
use crate::workflows::steps::DesiredState;
use domain::SecretText;
use domain::environment::PlatformNodeId;
use domain::ids::JobId;
use domain::names::VariableName;
use domain::ports::MutationOutcome;
use std::collections::BTreeMap;

fn secret(text: &str) -> SecretText {
    SecretText::new(text.to_owned())
}

fn name(text: &str) -> VariableName {
    VariableName::parse(text).unwrap()
}

fn sealed_for(job: JobId) -> SealedVariables {
    let variables = BTreeMap::from([(name("API_KEY"), secret("s3cret \"quoted\""))]);
    let text = SealedVariables::write(&variables);
    let sealed = custody().seal_job_secret(&team_key(), job, team(), &text);
    SealedVariables::of(sealed.unwrap())
}

fn variables(wish: VariablesWish) -> Variables {
    Variables {
        node: PlatformNodeId(1),
        wish,
    }
}

/// The container has these variables.
fn having(observed: &'static [(&'static str, &'static str)]) -> Scene {
    let mut scene = Scene::default().with_team_key();
    scene
        .platform
        .variables
        .expect_read_variables()
        .returning(|_, _, _| {
            let pairs = observed.iter();
            Ok(pairs
                .map(|(name, value)| ((*name).to_owned(), secret(value)))
                .collect())
        });
    scene
}

async fn is_there(wish: VariablesWish, scene: &Scene) -> bool {
    variables(wish).look(&scene.context()).await.unwrap()
}

#[tokio::test]
async fn values_are_compared_with_what_is_sealed() {
    let with = || VariablesWish::With(sealed_for(job_id()));
    let exactly = || VariablesWish::Exactly(sealed_for(job_id()));
    let without = || VariablesWish::Without([name("API_KEY")].into());
    let alone = having(&[("API_KEY", "s3cret \"quoted\"")]);
    let beside = having(&[("API_KEY", "s3cret \"quoted\""), ("PATH", "/bin")]);
    let other = having(&[("API_KEY", "old"), ("PATH", "/bin")]);
    let none = having(&[("PATH", "/bin")]);
    assert!(is_there(with(), &alone).await && is_there(with(), &beside).await);
    assert!(!is_there(with(), &other).await && !is_there(with(), &none).await);
    assert!(is_there(exactly(), &alone).await && !is_there(exactly(), &beside).await);
    assert!(is_there(without(), &none).await && !is_there(without(), &other).await);
}

#[tokio::test]
async fn each_wish_makes_its_own_call_with_the_opened_values() {
    let mut scene = Scene::default().with_team_key();
    let platform = &mut scene.platform.variables;
    let is_opened = |variables: &BTreeMap<VariableName, SecretText>| {
        variables[&name("API_KEY")].expose() == "s3cret \"quoted\""
    };
    platform
        .expect_add_variables()
        .withf(move |_, _, _, _, variables| is_opened(variables))
        .times(1)
        .returning(|_, _, _, _, _| MutationOutcome::Done(()));
    platform
        .expect_replace_variables()
        .withf(move |_, _, _, _, variables| is_opened(variables))
        .times(1)
        .returning(|_, _, _, _, _| MutationOutcome::Done(()));
    platform
        .expect_remove_variables()
        .times(1)
        .returning(|_, _, _, _, _| MutationOutcome::Done(()));
    for wish in [
        VariablesWish::With(sealed_for(job_id())),
        VariablesWish::Exactly(sealed_for(job_id())),
        VariablesWish::Without([name("API_KEY")].into()),
    ] {
        let wish = variables(wish);
        let outcome = wish.ask(&scene.context(), scene.ticket(id(11))).await;
        assert_eq!(outcome, Ok(MutationOutcome::Done(())));
    }
}

#[tokio::test]
async fn what_was_sealed_for_another_job_cannot_be_opened() {
    let scene = having(&[]);
    let foreign = VariablesWish::With(sealed_for(id(99)));
    let end = variables(foreign).look(&scene.context()).await;
    assert!(matches!(end, Err(NotDone::Failed(_))), "{end:?}");
}
