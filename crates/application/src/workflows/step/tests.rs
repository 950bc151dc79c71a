use super::WorkflowCatalog;

const PAGE: &str = include_str!("../../../../../docs/jobs.md");

/// The page writes a step that exists once per add-on with a placeholder.
fn shown_name(step: &str) -> String {
    let name = if step == "install_sftp" {
        "install_<addon>"
    } else {
        step
    };
    format!("| `{name}`")
}

#[test]
fn the_page_about_jobs_shows_every_step_with_its_class_of_proof() {
    for workflow in WorkflowCatalog::descriptions() {
        let heading = PAGE
            .find(workflow.kind.as_str())
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
