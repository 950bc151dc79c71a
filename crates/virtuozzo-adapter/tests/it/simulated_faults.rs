//! Every fault of the simulator under a mutation: what is said, and what really happened.

use crate::support::{Simulated, account, short_domain, spec, ticket};
use domain::ports::{MutationOutcome, PlatformEnvironments};
use virtuozzo_simulator::{Effect, FaultKind, FaultRule, World};

#[derive(Debug, PartialEq, Eq)]
enum Said {
    Done,
    Refused,
    InDoubt,
}

async fn create_under(kind: FaultKind) -> (Said, usize) {
    let simulated = Simulated::start(World::example()).await;
    simulated
        .simulator
        .add_fault(FaultRule::once("createenvironment", kind));
    let outcome = simulated
        .platforms
        .create_environment(&account(), ticket(1), &spec(1))
        .await;
    let said = match outcome {
        MutationOutcome::Done(_) => Said::Done,
        MutationOutcome::Refused(_) => Said::Refused,
        MutationOutcome::MaybeApplied { .. } => Said::InDoubt,
        MutationOutcome::NotSent(reason) => panic!("it was sent: {reason:?}"),
    };
    let calls = simulated.simulator.journal();
    let creations = calls
        .iter()
        .filter(|call| call.method == "createenvironment")
        .count();
    assert!(
        creations == 1 || said == Said::Done,
        "a mutation in doubt is not repeated"
    );
    let ledger = simulated.simulator.ledger();
    let applied = ledger
        .iter()
        .filter(|entry| entry.effect == Effect::EnvironmentCreated)
        .count();
    (said, applied)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_called_a_failure_that_may_have_happened() {
    let error = || "an error".to_owned();
    let forced = |after_effect| FaultKind::ForcedNestedResult {
        result: 4099,
        error: error(),
        after_effect,
    };
    let cases = [
        (FaultKind::Delay { ms: 1 }, Said::Done, Some(1)),
        (FaultKind::DropBeforeEffect, Said::InDoubt, Some(0)),
        (FaultKind::EffectThenDrop, Said::InDoubt, Some(1)),
        (
            FaultKind::BadGatewayHtml { status: 502 },
            Said::InDoubt,
            None,
        ),
        (
            FaultKind::BadGatewayHtml { status: 504 },
            Said::InDoubt,
            None,
        ),
        (FaultKind::SessionExpiredOuter, Said::Done, Some(1)),
        (
            FaultKind::SessionExpiredNested { after_effect: true },
            Said::InDoubt,
            Some(1),
        ),
        (
            FaultKind::SessionExpiredNested {
                after_effect: false,
            },
            Said::InDoubt,
            Some(0),
        ),
        (
            FaultKind::ForcedResult {
                result: 8,
                error: error(),
            },
            Said::Refused,
            Some(0),
        ),
        (
            FaultKind::ForcedResult {
                result: 99,
                error: error(),
            },
            Said::InDoubt,
            Some(0),
        ),
        (forced(true), Said::InDoubt, Some(1)),
        (forced(false), Said::InDoubt, Some(0)),
        (
            FaultKind::TruncatedJson { bytes: 30 },
            Said::InDoubt,
            Some(1),
        ),
        (FaultKind::HtmlOk, Said::InDoubt, Some(1)),
        (FaultKind::NameTaken, Said::InDoubt, Some(0)),
        (FaultKind::BrokenEnvironment, Said::InDoubt, Some(0)),
    ];
    // `None`: the work goes on after the answer, so what the ledger shows now says nothing.
    for (kind, said, applied) in cases {
        let (really_said, really_applied) = create_under(kind.clone()).await;
        assert_eq!(really_said, said, "{kind:?}");
        if let Some(applied) = applied {
            assert_eq!(really_applied, applied, "{kind:?}");
        }
    }
}

#[tokio::test]
async fn a_deletion_whose_answer_was_lost_is_done_when_asked_again() {
    let simulated = Simulated::with_environment().await;
    let fault = FaultRule::once("deleteenv", FaultKind::EffectThenDrop);
    simulated.simulator.add_fault(fault);
    let platforms = &simulated.platforms;
    let first = platforms
        .delete_environment(&account(), ticket(2), &short_domain(), None)
        .await;
    assert!(matches!(first, MutationOutcome::MaybeApplied { .. }));
    let second = platforms
        .delete_environment(&account(), ticket(3), &short_domain(), None)
        .await;
    assert_eq!(second, MutationOutcome::Done(()));
}
