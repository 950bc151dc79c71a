use super::{WorkflowCatalog, example_workflow};
use crate::workflows::payloads::Findings;
use crate::workflows::scene::{Scene, attempt};
use crate::workflows::step::{Action, MutationStep, NotDone, Undo, WorkflowStep};
use domain::job::JobKind;
use std::collections::BTreeSet;

const PAGE: &str = include_str!("../../../../../docs/jobs.md");

/// The page writes a step that exists once per add-on or per layer with a placeholder.
fn shown_name(step: &str) -> String {
    let name = match step {
        "install_sftp" => "install_<addon>",
        "uninstall_sftp" => "uninstall_<addon>",
        "restart_cp" => "restart_<layer>",
        other => other,
    };
    format!("| `{name}`")
}

#[test]
fn the_page_about_jobs_shows_every_step_with_its_class_of_proof() {
    for workflow in WorkflowCatalog::descriptions() {
        let heading = PAGE
            .find(&format!("`{}`", workflow.kind.as_str()))
            .expect("the page shows every kind");
        for step in workflow.steps {
            let class = step.proof.map_or("reads", super::ProofClass::as_str);
            let name = shown_name(&step.name);
            let row = PAGE[heading..].lines().find(|line| line.starts_with(&name));
            let row = row.unwrap_or_else(|| panic!("{name} of {:?}", workflow.kind));
            // `| step | what it does | class | undo |`
            assert_eq!(row.split('|').nth(3).map(str::trim), Some(class), "{row:?}");
        }
    }
}

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
