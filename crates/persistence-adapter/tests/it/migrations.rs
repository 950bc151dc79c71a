//! The program that `cargo xtask migrations check` runs.

use std::path::Path;
use std::process::{Command, Output};
use testkit::postgres::PostgresServer;

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_migrations-check"))
        .args(arguments)
        .output()
        .expect("the program was built")
}

fn path(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

#[test]
fn both_dialects_go_up_and_down_and_agree_with_the_schema() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = PostgresServer::shared().create_database();
    let file = folder.path().join("scratch.sqlite");
    let output = run(&["--postgres", url.as_str(), "--sqlite", path(&file)]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    assert!(text.ends_with("18 checks, 0 failed\n"), "{text}");
}

#[test]
fn a_difference_fails_the_check() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("used.sqlite");
    assert!(run(&["--sqlite", path(&file)]).status.success());
    let output = run(&["--sqlite", path(&file)]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success());
    assert!(text.contains("the scratch database is not empty"), "{text}");
    assert!(!run(&[]).status.success());
    assert!(!run(&["--mysql", "x"]).status.success());
}
