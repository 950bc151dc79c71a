use super::{ManagedProcess, ProcessOptions};
use crate::wait::until_blocking;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(10);

fn shell(script: &str) -> ProcessOptions {
    ProcessOptions::new("/bin/sh").arguments(["-c", script])
}

fn is_alive(pid: &str) -> bool {
    // A zombie has no command line any more.
    std::fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| !line.is_empty())
}

#[test]
fn a_program_gets_arguments_and_only_the_given_environment() {
    let folder = tempfile::tempdir().unwrap();
    let options = shell(r#"echo "$0 $GREETING ${HOME-no home}""#)
        .argument("first")
        .variable("GREETING", "hello");
    let mut process = ManagedProcess::spawn(&options, &folder.path().join("log"));
    assert!(process.wait(SOON).success());
    assert_eq!(process.output(), "first hello no home\n");
}

#[test]
fn killing_ends_it_at_once_and_the_status_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut process = ManagedProcess::spawn(
        &shell("trap '' TERM; sleep 600"),
        &folder.path().join("log"),
    );
    assert_eq!(process.kill().signal(), Some(9));
}

#[test]
fn terminating_lets_it_say_goodbye() {
    let folder = tempfile::tempdir().unwrap();
    let script = "trap 'echo goodbye; exit 7' TERM; echo ready; while :; do sleep 0.01; done";
    let mut process = ManagedProcess::spawn(&shell(script), &folder.path().join("log"));
    until_blocking("it is ready", SOON, || {
        process.output().contains("ready").then_some(())
    });
    process.terminate();
    assert_eq!(process.wait(SOON).code(), Some(7));
    assert_eq!(process.output(), "ready\ngoodbye\n");
}

#[test]
fn a_paused_program_is_stopped_until_it_is_resumed() {
    let folder = tempfile::tempdir().unwrap();
    let mut process = ManagedProcess::spawn(&shell("exec sleep 600"), &folder.path().join("log"));
    assert!(!process.is_frozen());
    process.pause();
    until_blocking("it is stopped", SOON, || process.is_frozen().then_some(()));
    process.resume();
    until_blocking("it goes on", SOON, || (!process.is_frozen()).then_some(()));
}

#[test]
fn dropping_ends_even_a_paused_program() {
    let folder = tempfile::tempdir().unwrap();
    let mut process = ManagedProcess::spawn(&shell("exec sleep 600"), &folder.path().join("log"));
    process.pause();
    let pid = process.id().to_string();
    drop(process);
    assert!(!is_alive(&pid));
}

/// The supervising shell is started here as a killed test would leave it: its pipe just closes.
#[test]
fn a_program_whose_test_was_killed_ends_and_its_folder_goes() {
    let folder = tempfile::tempdir().unwrap();
    let doomed = folder.path().join("doomed");
    std::fs::create_dir(&doomed).unwrap();
    let mut child = shell("exec sleep 600")
        .removed_if_orphaned(&doomed)
        .command()
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let pid = child.id().to_string();
    until_blocking("the program has replaced the shell", SOON, || {
        std::fs::read_to_string(format!("/proc/{pid}/comm"))
            .is_ok_and(|name| name.trim() == "sleep")
            .then_some(())
    });
    drop(child.stdin.take());
    assert_eq!(child.wait().unwrap().signal(), Some(9));
    until_blocking("its folder is removed", SOON, || {
        (!Path::new(&doomed).exists()).then_some(())
    });
}

#[test]
fn the_watcher_of_a_program_that_we_ended_goes_without_doing_anything() {
    let folder = tempfile::tempdir().unwrap();
    let marker = folder.path().join("a-marker-in-the-command-line");
    std::fs::create_dir(&marker).unwrap();
    let options = shell("exec sleep 600").removed_if_orphaned(&marker);
    drop(ManagedProcess::spawn(&options, &folder.path().join("log")));
    until_blocking("no process carries the marker", SOON, || {
        let marker = marker.to_str().unwrap();
        let is_carried = command_lines().any(|line| line.contains(marker));
        (!is_carried).then_some(())
    });
    assert!(marker.exists());
}

fn command_lines() -> impl Iterator<Item = String> {
    std::fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok())
        .map(|line| String::from_utf8_lossy(&line).into_owned())
}
