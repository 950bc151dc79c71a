use super::{findings, question_length};

fn rules(path: &str, text: &str) -> Vec<&'static str> {
    findings(path, text)
        .into_iter()
        .map(|finding| finding.rule)
        .collect()
}

fn lines(count: usize) -> String {
    "//! A module.\n".to_owned() + &"\n".repeat(count - 1)
}

#[test]
fn a_good_file_breaks_no_rule() {
    assert!(rules("crates/domain/src/team.rs", "//! The team.\n").is_empty());
    assert!(
        rules(
            "crates/api/src/lib.rs",
            "#![doc = include_str!(\"../README.md\")]"
        )
        .is_empty()
    );
}

#[test]
fn every_module_says_what_it_is_but_tests_and_schemas() {
    assert_eq!(
        rules("crates/api/src/routes.rs", "use x;\n//! Late."),
        ["module-doc"]
    );
    for path in [
        "crates/a/src/b/tests.rs",
        "crates/a/tests/it/main.rs",
        "crates/a/src/schema.rs",
    ] {
        assert!(rules(path, "use x;").is_empty(), "{path}");
    }
}

#[test]
fn the_length_of_production_files_is_questioned_and_then_stopped() {
    let path = "crates/a/src/b.rs";
    assert!(question_length(path, &lines(299)).is_none());
    assert!(question_length(path, &lines(300)).is_some());
    assert!(rules(path, &lines(500)).is_empty());
    assert_eq!(rules(path, &lines(501)), ["length"]);
    assert!(rules("crates/a/src/b/tests.rs", &lines(501)).is_empty());
}

#[test]
fn unfinished_work_is_found_in_tests_too() {
    for word in super::UNFINISHED {
        let text = format!("//! x\n{word}");
        assert_eq!(rules("crates/a/src/b.rs", &text), ["unfinished"], "{word}");
        assert_eq!(
            rules("crates/a/tests/it/main.rs", &text),
            ["unfinished"],
            "{word}"
        );
    }
}

#[test]
fn paths_of_one_machine_are_found_in_any_text() {
    for path in super::MACHINE_PATHS {
        let text = format!("see {path}main");
        assert_eq!(rules("docs/page.md", &text), ["machine-path"], "{path}");
    }
}

#[test]
fn names_that_say_nothing_are_found() {
    assert_eq!(rules("crates/a/src/b/mod.rs", "//! x"), ["mod-rs"]);
    assert_eq!(rules("crates/a/src/utils.rs", "//! x"), ["empty-name"]);
    assert_eq!(rules("crates/a/tests/it/helpers.rs", ""), ["empty-name"]);
}

#[test]
fn a_use_case_has_a_span_with_its_area() {
    let path = "crates/application/src/jobs/get.rs";
    let text = |attribute: &str| format!("//! Get.\n{attribute}\n    pub async fn run(\n");
    let good = r#"    #[tracing::instrument(name = "usecase.jobs.get_job", skip_all)]"#;
    assert!(rules(path, &text(good)).is_empty());
    assert_eq!(rules(path, &text("")), ["use-case-span"]);
    assert_eq!(
        rules(path, &text(&good.replace("jobs", "teams"))),
        ["use-case-span"]
    );
    assert!(rules("crates/application/src/workflows/x.rs", &text("")).is_empty());
}
