use super::{FIND_MASTER_NODE, FindMasterNode, MasterNode, RunCommand, told};
use crate::sample::id;
use crate::workflows::journal::Journal;
use crate::workflows::payloads::{Findings, encode_own};
use crate::workflows::scene::{Scene, action, attempt, created_by, node};
use crate::workflows::step::{MutationStep, NotDone, ReadStep, Sent, Settled};
use domain::environment::{ObservedState, PlatformNodeId};
use domain::error_code::ErrorCode;
use domain::job::journal::{AttemptState, StepAttempt};
use domain::ports::{
    CommandOutput, GuardedCommand, GuardedRun, MockTransaction, MutationOutcome,
    ObservedEnvironment, ObservedNode,
};
use domain::wordpress::{ArgumentText, SearchReplace};
use std::time::Duration;

const STEP: &str = "export_database";

fn step() -> RunCommand {
    RunCommand {
        step: STEP,
        command: GuardedCommand::ExportDatabase,
    }
}

/// A job that found its node, and has made these attempts.
fn scene(attempts: Vec<StepAttempt>) -> Scene {
    let found = StepAttempt {
        state: AttemptState::Done,
        output: Some(encode_own(&MasterNode {
            platform_node_id: 7,
        })),
        ..attempt(10, FIND_MASTER_NODE)
    };
    let mut journal = vec![found];
    journal.extend(attempts);
    Scene {
        journal: Journal::new(journal),
        ..Scene::default()
    }
}

fn running(outcome: MutationOutcome<GuardedRun>) -> Scene {
    let mut scene = scene(vec![attempt(11, STEP), attempt(12, STEP)]);
    scene
        .platform
        .commands
        .expect_run_guarded()
        .withf(|_, ticket, _, node, guard, command| {
            ticket.attempt == id(12)
                && *node == PlatformNodeId(7)
                && *guard == id(11)
                && *command == GuardedCommand::ExportDatabase
        })
        .times(1)
        .return_once(|_, _, _, _, _, _| outcome);
    scene
}

fn ended(exit_status: i64) -> MutationOutcome<GuardedRun> {
    MutationOutcome::Done(GuardedRun::Finished(CommandOutput {
        exit_status,
        output: "wp_posts 12".to_owned(),
        error_output: "secret of the site".to_owned(),
    }))
}

async fn send(scene: &Scene) -> Sent {
    step().send(&scene.context(), scene.ticket(id(12))).await
}

/// Settles the newest of two attempts; the second one was made this much later.
async fn settle(scene: &Scene, later: Duration) -> Result<Settled, NotDone> {
    let first = attempt(11, STEP);
    let second = StepAttempt {
        started_at: first.started_at.checked_add(later).unwrap(),
        ..attempt(12, STEP)
    };
    step()
        .settle(
            &scene.context(),
            &[&first, &second],
            &mut Findings::default(),
        )
        .await
}

#[tokio::test]
async fn the_guard_is_the_first_attempt_and_its_result_the_output() {
    let sent = send(&running(ended(0))).await;
    let Sent::Done(Some(output)) = sent else {
        panic!("it ended well: {sent:?}");
    };
    assert!(output.0.contains("wp_posts 12"));
}

#[tokio::test]
async fn a_command_that_ended_in_error_fails_without_telling_what_it_printed() {
    let sent = send(&running(ended(2))).await;
    let Sent::NotDone(NotDone::Failed(failure)) = sent else {
        panic!("it ended in error: {sent:?}");
    };
    assert_eq!(failure.code, ErrorCode::CommandFailed);
    assert!(!failure.detail.contains("secret"), "{}", failure.detail);
}

#[tokio::test]
async fn what_was_begun_and_has_no_result_is_in_doubt() {
    let unfinished = MutationOutcome::Done(GuardedRun::Unfinished);
    let lost = MutationOutcome::MaybeApplied {
        reason: "connection reset".to_owned(),
        answer: None,
    };
    for outcome in [unfinished, lost] {
        let sent = send(&running(outcome)).await;
        assert!(matches!(sent, Sent::InDoubt { .. }), "{sent:?}");
    }
}

#[tokio::test]
async fn without_a_node_nothing_is_run() {
    let scene = Scene::default();
    let sent = send(&scene).await;
    assert!(matches!(sent, Sent::NotDone(NotDone::Failed(_))));
}

#[tokio::test]
async fn in_doubt_it_is_asked_again_after_waiting_as_long_as_it_took() {
    let scene = scene(Vec::new());
    assert_eq!(settle(&scene, Duration::ZERO).await, Ok(Settled::Unknown));
    scene.clock.advance(scene.settings.poll_interval);
    assert_eq!(settle(&scene, Duration::ZERO).await, Ok(Settled::AskAgain));
    let minute = Duration::from_mins(1);
    scene.clock.advance(minute);
    assert_eq!(settle(&scene, minute).await, Ok(Settled::Unknown));
    scene.clock.advance(minute);
    assert_eq!(settle(&scene, minute).await, Ok(Settled::AskAgain));
    scene.clock.advance(scene.settings.patience);
    let end = settle(&scene, minute).await;
    assert!(matches!(end, Err(NotDone::Attention { .. })), "{end:?}");
}

#[tokio::test]
async fn while_it_is_taken_back_nothing_is_sent_and_the_tracking_tells() {
    for (tracked, expected) in [
        (vec![action(None, None, None)], Some(Settled::Unknown)),
        (vec![action(None, None, Some(0))], Some(Settled::Done(None))),
        (vec![action(None, None, Some(1))], None),
        (vec![], None),
    ] {
        let mut scene = scene(Vec::new());
        scene.job.is_cancel_requested = true;
        scene
            .platform
            .tracking
            .expect_find_actions_of()
            .returning(move |_, _, _| Ok(tracked.clone()));
        scene.clock.advance(Duration::from_mins(1));
        let end = settle(&scene, Duration::ZERO).await;
        match expected {
            Some(settled) => assert_eq!(end, Ok(settled)),
            None => assert!(matches!(end, Err(NotDone::Attention { .. })), "{end:?}"),
        }
    }
}

#[tokio::test]
async fn what_it_printed_becomes_a_line_of_the_log() {
    let Sent::Done(output) = send(&running(ended(0))).await else {
        panic!("it ended well");
    };
    let mut transaction = MockTransaction::default();
    transaction
        .journal
        .expect_append_log()
        .withf(|_, step, message| step.as_deref() == Some(STEP) && message == "wp_posts 12")
        .times(1)
        .returning(|_, _, _| Ok(()));
    let scene = Scene::default();
    step()
        .record(&scene.context(), &mut transaction, output.as_ref())
        .await
        .unwrap();
}

async fn find(nodes: Vec<ObservedNode>) -> Result<i64, ErrorCode> {
    let scene = Scene::default().observing(Some(ObservedEnvironment {
        nodes,
        ..created_by(id(11))
    }));
    match FindMasterNode.read(&scene.context()).await {
        Ok(output) => {
            let found = crate::workflows::payloads::decode::<MasterNode>(&output.unwrap());
            Ok(found.unwrap().platform_node_id)
        }
        Err(NotDone::Failed(failure)) => Err(failure.code),
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn commands_run_on_the_master_of_the_application_layer() {
    let second = ObservedNode {
        is_master: false,
        ..node(2, "cp")
    };
    let nodes = vec![node(1, "sqldb"), second.clone(), node(3, "cp")];
    assert_eq!(find(nodes).await, Ok(3));
    assert_eq!(find(vec![second]).await, Err(ErrorCode::NodeNotFound));
    let stopped = ObservedNode {
        state: ObservedState::Stopped,
        ..node(3, "cp")
    };
    let end = find(vec![stopped]).await;
    assert_eq!(end, Err(ErrorCode::EnvironmentNotRunning));
}

#[tokio::test]
async fn a_run_whose_end_is_not_kept_any_more_is_not_called_good() {
    let scene = running(MutationOutcome::Done(GuardedRun::Forgotten));
    let Sent::NotDone(NotDone::Attention { detail }) = send(&scene).await else {
        panic!("a person decides");
    };
    assert!(detail.contains("not kept"), "{detail}");
}

#[test]
fn a_search_is_told_by_table_and_everything_else_as_it_was_printed() {
    let text = |text| ArgumentText::parse(text).unwrap();
    let texts = SearchReplace::new(text("old"), text("new")).unwrap();
    let printed = "Table\tColumn\tReplacements\tType\n\
                   wp_posts\tpost_content\t12\tSQL\n\
                   wp_options\toption_value\t3\tPHP\n\
                   Success: Made 15 replacements.";
    assert_eq!(
        told(&GuardedCommand::SearchReplace(texts.clone()), printed),
        "15 values were replaced: wp_posts 12, wp_options 3"
    );
    let count = GuardedCommand::CountSearchReplace(texts);
    assert_eq!(
        told(&count, printed),
        "15 values would be replaced: wp_posts 12, wp_options 3"
    );
    assert_eq!(told(&count, "odd"), "odd");
    assert_eq!(told(&GuardedCommand::FlushCache, "Success\n"), "Success");
}
