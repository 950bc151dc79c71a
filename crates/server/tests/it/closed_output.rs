//! What a command prints goes to somebody who may stop reading, such as `head`.

use std::process::{Command, Stdio};

#[test]
fn output_that_nobody_reads_any_more_is_no_fault() {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let mut process = Command::new(env!("CARGO_BIN_EXE_windlass"))
        .args(["config", "print"])
        .current_dir(folder.path())
        .env_clear()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    drop(process.stdout.take());
    let output = process.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert_eq!(said, "");
}
