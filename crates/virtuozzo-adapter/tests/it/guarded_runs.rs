//! The wrapper in real shells: a command runs at most once for each guard, and its result is told as
//! often as it is asked for.

use crate::node::{Node, Shell, report, search_replace};
use crate::support::attempt;
use domain::limits::COMMAND_OUTPUT_BYTES_MAX;
use domain::ports::{CommandOutput, GuardedCommand};
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command};
use std::time::Duration;
use testkit::wait::until_blocking;
use virtuozzo_adapter::guarded_command::NodeReport;

/// Says that it ran.
const COUNTED: &str = "echo run >>\"$HOME/runs\"";
/// Says that it ran, and then stays until somebody writes a line to the gate.
const GATED: &str = "echo run >>\"$HOME/runs\"; read line <\"$HOME/gate\"; echo passed";
const DEADLINE: Duration = Duration::from_secs(30);

fn finished(exit_status: i64, output: &str, error_output: &str) -> NodeReport {
    NodeReport::Finished(CommandOutput {
        exit_status,
        output: output.into(),
        error_output: error_output.into(),
    })
}

/// A node whose `wp` waits, and the gate. Closing the gate lets every `wp` go, so none outlives a test
/// that fails.
fn gated(shell: Shell) -> (Node, File) {
    let node = Node::new(shell, GATED);
    let path = node.home().join("gate");
    let made = Command::new("mkfifo").arg(&path).status();
    assert!(made.unwrap().success());
    // Opened for both, or this would wait for the other end.
    let gate = File::options().read(true).write(true).open(path).unwrap();
    (node, gate)
}

/// Begins the flush in a process group of its own and comes back when `wp` runs.
fn begin(node: &Node) -> Child {
    let mut line = node.line(attempt(1), &GuardedCommand::FlushCache);
    let child = line.process_group(0).spawn().unwrap();
    until_blocking("wp runs", DEADLINE, || (node.runs() == 1).then_some(()));
    child
}

fn signal(child: &Child, signal: &str) {
    let group = format!("-{}", child.id());
    let sent = Command::new("kill").args([signal, "--", &group]).status();
    assert!(sent.unwrap().success());
}

fn make_old(file: &Path) {
    let touched = Command::new("touch")
        .args(["-t", "202001010000"])
        .arg(file)
        .status();
    assert!(touched.unwrap().success());
}

#[test]
fn of_eight_starts_of_one_guard_one_runs_the_command() {
    for shell in Shell::ALL {
        for round in 0..5 {
            let node = Node::new(shell, COUNTED);
            let start = |_| {
                let mut line = node.line(attempt(1), &GuardedCommand::FlushCache);
                line.spawn().unwrap()
            };
            let children: Vec<Child> = (0..8).map(start).collect();
            for child in children {
                let told = report(&child.wait_with_output().unwrap(), attempt(1));
                let is_known = told == NodeReport::Unfinished || told == finished(0, "", "");
                assert!(is_known, "{shell:?}: {told:?}");
            }
            assert_eq!(node.runs(), 1, "{shell:?}, round {round}");
        }
    }
}

#[test]
fn a_finished_command_tells_the_same_result_again_byte_for_byte() {
    let wp = format!(r"{COUNTED}; printf 'caf\303\251\n\377'; echo oh >&2; exit 3");
    for shell in Shell::ALL {
        let node = Node::new(shell, &wp);
        let line = || node.line(attempt(1), &GuardedCommand::FlushCache).output();
        let first = line().unwrap();
        let told = finished(3, "café\n\u{fffd}", "oh\n");
        assert_eq!(report(&first, attempt(1)), told, "{shell:?}");
        for _ in 0..3 {
            assert_eq!(line().unwrap(), first, "{shell:?}");
        }
        assert_eq!(node.runs(), 1, "{shell:?}");
        node.run(attempt(2), &GuardedCommand::FlushCache);
        assert_eq!(node.runs(), 2, "another guard is another run: {shell:?}");
    }
}

#[test]
fn a_command_that_was_killed_stays_unfinished_and_is_not_run_again() {
    for shell in Shell::ALL {
        let (node, _gate) = gated(shell);
        let mut child = begin(&node);
        let meanwhile = node.run(attempt(1), &GuardedCommand::FlushCache);
        assert_eq!(meanwhile, NodeReport::Unfinished, "{shell:?}");
        signal(&child, "-KILL");
        child.wait().unwrap();
        let afterwards = node.run(attempt(1), &GuardedCommand::FlushCache);
        assert_eq!(afterwards, NodeReport::Unfinished, "{shell:?}");
        assert_eq!(node.runs(), 1, "{shell:?}");
    }
}

#[test]
fn a_connection_that_is_lost_does_not_stop_the_command() {
    for shell in Shell::ALL {
        let (node, mut gate) = gated(shell);
        let mut child = begin(&node);
        // What a login shell gets when its connection ends.
        signal(&child, "-HUP");
        gate.write_all(b"go\n").unwrap();
        let told = until_blocking("the command ends", DEADLINE, || {
            let told = node.run(attempt(1), &GuardedCommand::FlushCache);
            (told != NodeReport::Unfinished).then_some(told)
        });
        assert_eq!(told, finished(0, "passed\n", ""), "{shell:?}");
        assert_eq!(node.runs(), 1, "{shell:?}");
        child.wait().unwrap();
    }
}

#[test]
fn a_stream_is_cut_on_the_node() {
    let most = COMMAND_OUTPUT_BYTES_MAX;
    for shell in Shell::ALL {
        for (length, kept) in [(most, most), (most + 1, most), (3 * most, most)] {
            let wp = format!("head -c {length} /dev/zero | tr '\\0' x");
            let node = Node::new(shell, &wp);
            let told = node.run(attempt(1), &GuardedCommand::FlushCache);
            assert_eq!(told, finished(0, &"x".repeat(kept), ""), "{shell:?}");
        }
    }
}

#[test]
fn an_export_is_written_where_only_the_owner_can_read_it() {
    for shell in Shell::ALL {
        // A umask that would show everything.
        let node = Node::new(shell, "echo rows >\"$3\"");
        let mut line = node.shell();
        let export = GuardedCommand::ExportDatabase;
        let text = node.line(attempt(1), &export);
        let text = text.get_args().last().unwrap().to_str().unwrap();
        line.arg("-c").arg(format!("umask 000; {text}"));
        let told = report(&line.output().unwrap(), attempt(1));
        assert_eq!(told, finished(0, "", ""), "{shell:?}");
        let folder = node.guard_folder(attempt(1));
        let exported = fs::read_to_string(folder.join("database.sql")).unwrap();
        assert_eq!(exported, "rows\n");
        for folder in folder.ancestors().take(3) {
            let mode = fs::metadata(folder).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o700, "{shell:?}: {}", folder.display());
        }
    }
}

#[test]
fn after_a_week_results_are_removed_and_guards_stay() {
    for shell in Shell::ALL {
        let node = Node::new(shell, COUNTED);
        let old = node.guard_folder(attempt(1));
        node.run(attempt(1), &search_replace("a", "b"));
        fs::write(old.join("database.sql"), "rows").unwrap();
        let young = node.guard_folder(attempt(2));
        node.run(attempt(2), &GuardedCommand::FlushCache);
        for file in ["out", "error", "status", "database.sql"] {
            make_old(&old.join(file));
        }
        // Begun long ago by somebody who still works on it.
        let running = node.guard_folder(attempt(3));
        fs::create_dir(&running).unwrap();
        fs::write(running.join("out"), "so far").unwrap();

        node.run(attempt(4), &GuardedCommand::FlushCache);
        assert!(old.join("status").exists(), "{shell:?}");
        for file in ["out", "error", "database.sql"] {
            assert!(!old.join(file).exists(), "{shell:?}: {file}");
        }
        assert!(young.join("out").exists(), "{shell:?}");
        assert!(running.join("out").exists(), "{shell:?}");
        let runs = node.runs();
        let told = node.run(attempt(1), &search_replace("a", "b"));
        assert_eq!(told, NodeReport::Forgotten, "{shell:?}");
        assert_eq!(node.runs(), runs, "{shell:?}");
    }
}

#[test]
fn a_result_that_is_half_removed_is_forgotten_not_empty() {
    for shell in Shell::ALL {
        for file in ["out", "error"] {
            let node = Node::new(shell, "echo much; echo much >&2");
            node.run(attempt(1), &GuardedCommand::FlushCache);
            fs::remove_file(node.guard_folder(attempt(1)).join(file)).unwrap();
            let told = node.run(attempt(1), &GuardedCommand::FlushCache);
            assert_eq!(told, NodeReport::Forgotten, "{shell:?}: {file}");
        }
    }
}

#[test]
fn without_a_folder_nothing_is_run() {
    for shell in Shell::ALL {
        let node = Node::new(shell, "exit 0");
        let mut line = node.line(attempt(1), &GuardedCommand::FlushCache);
        // Below a file there can be no folder, not even for root.
        let output = line
            .env("HOME", node.home().join("bin/wp"))
            .output()
            .unwrap();
        assert_eq!(
            report(&output, attempt(1)),
            NodeReport::NotBegun,
            "{shell:?}"
        );
    }
}

#[test]
fn a_missing_program_is_a_result_like_any_other() {
    for shell in Shell::ALL {
        let node = Node::new(shell, "");
        fs::remove_file(node.home().join("bin/wp")).unwrap();
        let told = node.run(attempt(1), &GuardedCommand::FlushCache);
        let NodeReport::Finished(output) = told else {
            panic!("{shell:?}: {told:?}");
        };
        assert_eq!(output.exit_status, 127, "{shell:?}");
        assert!(output.error_output.contains("wp"), "{output:?}");
    }
}
