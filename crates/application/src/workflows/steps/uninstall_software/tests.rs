use super::UninstallSoftware;
use crate::sample::{beginning, environment_id, id, team};
use crate::workflows::payloads::Findings;
use crate::workflows::scene::{ANSWER_WITHIN, Scene, attempt};
use crate::workflows::step::{MutationStep, NotDone, Sent, Settled};
use domain::ports::{MockTransaction, MutationOutcome, Refusal, RefusalClass};
use domain::software::{Addon, Installation, PlatformUniqueName, Software};

fn name(text: &str) -> PlatformUniqueName {
    PlatformUniqueName(text.to_owned())
}

fn known() -> UninstallSoftware {
    UninstallSoftware::Known(name("sftp-1"))
}

fn answering(outcome: MutationOutcome<()>) -> Scene {
    let mut scene = Scene::default();
    scene
        .platform
        .software
        .expect_uninstall()
        .withf(|_, _, unique_name| unique_name.0 == "sftp-1")
        .times(1)
        .return_once(|_, _, _| outcome);
    scene
}

fn refused(class: RefusalClass) -> MutationOutcome<()> {
    MutationOutcome::Refused(Refusal {
        class,
        result: 1,
        text: "no".to_owned(),
    })
}

async fn send(scene: &Scene) -> Sent {
    known().send(&scene.context(), scene.ticket(id(11))).await
}

#[tokio::test]
async fn what_is_not_there_any_more_is_uninstalled() {
    for outcome in [MutationOutcome::Done(()), refused(RefusalClass::NotFound)] {
        assert_eq!(send(&answering(outcome)).await, Sent::Done(None));
    }
}

#[tokio::test]
async fn a_refusal_for_good_leaves_everything_as_it_was_so_the_job_fails() {
    let sent = send(&answering(refused(RefusalClass::Permission))).await;
    assert!(
        matches!(sent, Sent::NotDone(NotDone::Failed(_))),
        "{sent:?}"
    );
}

#[tokio::test]
async fn an_undo_without_a_name_needs_a_person() {
    let undo = UninstallSoftware::InstalledBy("install_sftp".to_owned());
    let scene = Scene::default();
    let sent = undo.send(&scene.context(), scene.ticket(id(11))).await;
    assert!(matches!(sent, Sent::NotDone(NotDone::Attention { .. })));
}

#[tokio::test]
async fn in_doubt_the_list_tells_and_what_stands_may_still_go() {
    for (installed, now, later) in [
        (
            vec![name("other")],
            Settled::Done(None),
            Settled::Done(None),
        ),
        (vec![name("sftp-1")], Settled::Unknown, Settled::NotApplied),
    ] {
        let mut scene = Scene::default();
        scene
            .platform
            .software
            .expect_list_installations()
            .returning(move |_, _| Ok(installed.clone()));
        let attempt = attempt(11, "uninstall_sftp");
        let mut findings = Findings::default();
        let context = scene.context();
        let end = known().settle(&context, &[&attempt], &mut findings).await;
        assert_eq!(end, Ok(now));
        scene.clock.advance(ANSWER_WITHIN);
        let end = known().settle(&context, &[&attempt], &mut findings).await;
        assert_eq!(end, Ok(later));
    }
}

#[tokio::test]
async fn only_its_own_row_is_removed() {
    let installed = |number, unique_name: &str| Installation {
        id: id(number),
        team_id: team(),
        environment_id: environment_id(),
        software: Software::Addon(Addon::Sftp),
        platform_unique_name: Some(name(unique_name)),
        node_group: None,
        installed_at: beginning(),
    };
    let rows = vec![installed(30, "sftp-1"), installed(31, "other")];
    let mut transaction = MockTransaction::default();
    transaction
        .environments
        .expect_list_installations()
        .returning(move |_, _| Ok(rows.clone()));
    transaction
        .environments
        .expect_delete_installations()
        .times(1)
        .returning(|_, _| Ok(()));
    transaction
        .environments
        .expect_insert_installation()
        .withf(|kept| kept.id == id(31))
        .times(1)
        .returning(|_| Ok(()));
    let scene = Scene::default();
    known()
        .record(&scene.context(), &mut transaction, None)
        .await
        .unwrap();
}
