use super::example_workflow;
use crate::workflows::payloads::Findings;
use crate::workflows::scene::{Scene, attempt};
use crate::workflows::step::{Action, MutationStep, NotDone, Undo, WorkflowStep};
use domain::job::JobKind;
use std::collections::BTreeSet;

/// Both directions of a step that changes something.
fn mutations(step: &WorkflowStep) -> Vec<&dyn MutationStep> {
    match &step.action {
        Action::Read(_) => Vec::new(),
        Action::Mutate {
            forward,
            undo: Undo::With(undo),
        } => vec![&**forward, &**undo],
        Action::Mutate { forward, .. } => vec![&**forward],
    }
}

#[test]
fn every_step_has_a_name_of_its_own_and_every_mutation_a_reason_for_what_it_does_not_do() {
    for kind in JobKind::ALL {
        let workflow = example_workflow(*kind);
        let names: BTreeSet<_> = workflow.steps().iter().map(|step| &step.name).collect();
        assert_eq!(names.len(), workflow.steps().len(), "{kind:?}");
        assert!(!names.is_empty(), "{kind:?}");
        for step in workflow.steps() {
            if let Action::Mutate {
                undo: Undo::CoveredBy(reason) | Undo::Pivot(reason),
                ..
            } = &step.action
            {
                assert!(reason.contains(' '), "{kind:?}, {}: {reason:?}", step.name);
            }
            for mutation in mutations(step) {
                let excuse = mutation.harmless_to_repeat();
                assert!(
                    excuse.is_none() || mutation.proof() == super::ProofClass::Blind,
                    "{kind:?}, {}: only what is blind needs an excuse",
                    step.name
                );
            }
        }
    }
}

/// Steps that believe something under another identity too, and why: the mark of a creation is proof
/// whoever sees it, and repeating a display name does no harm.
const DOCUMENTED: [&str; 2] = ["create_environment", "set_display_name"];

#[tokio::test]
async fn under_another_identity_no_step_believes_what_it_sees() {
    for kind in JobKind::ALL {
        let workflow = example_workflow(*kind);
        for step in workflow.steps() {
            for (direction, mutation) in mutations(step).into_iter().enumerate() {
                if direction == 0 && DOCUMENTED.contains(&step.name.as_str()) {
                    continue;
                }
                // No expectation on the platform: whoever asks it anything panics.
                let scene = Scene::default().with_another_identity();
                let attempt = attempt(11, &step.name);
                let end = mutation
                    .settle(&scene.context(), &[&attempt], &mut Findings::default())
                    .await;
                assert!(
                    matches!(end, Err(NotDone::Attention { .. })),
                    "{kind:?}, {} ({direction}): {end:?}",
                    step.name
                );
            }
        }
    }
}
