use super::SetPassword;
use crate::sample::{custody, id, job_id, team, team_key};
use crate::workflows::payloads::{Findings, PasswordOf};
use crate::workflows::scene::{ANSWER_WITHIN, Scene, attempt};
use crate::workflows::step::{MutationStep, NotDone, ProofClass, Sent, Settled};
use domain::SecretText;
use domain::environment::PlatformNodeId;
use domain::ports::MutationOutcome;

fn step(of: PasswordOf) -> SetPassword {
    let password = SecretText::new("new password".to_owned());
    SetPassword {
        node: PlatformNodeId(1),
        of,
        sealed: custody()
            .seal_job_secret(&team_key(), job_id(), team(), &password)
            .unwrap(),
    }
}

#[tokio::test]
async fn the_same_password_is_set_however_often_it_is_sent() {
    let mut scene = Scene::default().with_team_key();
    let platform = &mut scene.platform.passwords;
    platform
        .expect_reset_node_password()
        .withf(|_, _, _, _, password| password.expose() == "new password")
        .times(2)
        .returning(|_, _, _, _, _| MutationOutcome::Done(()));
    platform
        .expect_reset_container_password()
        .withf(|_, _, _, _, password| password.expose() == "new password")
        .times(2)
        .returning(|_, _, _, _, _| MutationOutcome::Done(()));
    for of in [PasswordOf::MainUser, PasswordOf::Root] {
        for _ in 0..2 {
            let sent = step(of).send(&scene.context(), scene.ticket(id(11))).await;
            assert_eq!(sent, Sent::Done(None));
        }
        assert_eq!(step(of).proof(), ProofClass::DesiredState);
    }
}

#[tokio::test]
async fn without_the_teams_key_nothing_is_sent() {
    let mut scene = Scene::default();
    scene
        .read_model
        .expect_find_session()
        .returning(|_, _| Ok(None));
    let sent = step(PasswordOf::Root)
        .send(&scene.context(), scene.ticket(id(11)))
        .await;
    assert!(
        matches!(sent, Sent::NotDone(NotDone::Failed(_))),
        "{sent:?}"
    );
}

#[tokio::test]
async fn in_doubt_it_is_set_again_once_no_answer_can_come() {
    let scene = Scene::default();
    let step = step(PasswordOf::Root);
    let mut findings = Findings::default();
    let attempt = attempt(11, "set_password");
    let context = scene.context();
    let end = step.settle(&context, &[&attempt], &mut findings).await;
    assert_eq!(end, Ok(Settled::Unknown));
    scene.clock.advance(ANSWER_WITHIN);
    let end = step.settle(&context, &[&attempt], &mut findings).await;
    assert_eq!(end, Ok(Settled::NotApplied));
}
