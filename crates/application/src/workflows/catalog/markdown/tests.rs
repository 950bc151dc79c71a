use super::{kinds_markdown, row};
use crate::workflows::catalog::{StepDescription, UndoDescription};
use crate::workflows::step::ProofClass;
use domain::job::JobKind;

#[test]
fn every_kind_has_a_chapter_with_its_version_and_its_turns() {
    let text = kinds_markdown();
    for kind in JobKind::ALL {
        let heading = format!("### `{}` version {}\n", kind.as_str(), kind.version());
        let chapter = text.split(&heading).nth(1).expect("the kind has a chapter");
        let turns = chapter.trim_start().lines().next().unwrap();
        assert_eq!(
            turns.starts_with("Turns: team"),
            kind.takes_the_teams_turn(),
            "{turns}"
        );
    }
}

#[test]
fn a_row_names_the_step_its_class_and_its_undo() {
    let step = |proof, undo| StepDescription {
        name: "install_sftp".to_owned(),
        shown_name: "install_<addon>".to_owned(),
        does: "installs it",
        proof,
        undo,
    };
    let written = UndoDescription::Written {
        does: "uninstalls it",
        proof: ProofClass::Observable,
    };
    assert_eq!(
        row(&step(Some(ProofClass::Blind), written)),
        "| `install_<addon>` | installs it | blind | uninstalls it (observable) |\n"
    );
    assert_eq!(
        row(&step(None, UndoDescription::Nothing)),
        "| `install_<addon>` | installs it | reads | – |\n"
    );
    let covered = UndoDescription::Covered("goes along");
    assert!(row(&step(Some(ProofClass::Named), covered)).ends_with("| covered: goes along |\n"));
    let pivot = UndoDescription::NoWayBack("it is gone");
    assert!(row(&step(Some(ProofClass::Named), pivot)).ends_with("| no way back: it is gone |\n"));
}
