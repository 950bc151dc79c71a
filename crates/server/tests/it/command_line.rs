//! The command line of who uses a Windlass, against a running one.

use crate::on_both_backends;
use crate::support::{App, Backend, Credential};
use serde_json::Value;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};
use virtuozzo_simulator::{FaultKind, FaultRule};

on_both_backends!(a_site_is_made_watched_and_looked_at_from_a_shell);

/// A user's shell: a folder of their own, and nothing else in the environment.
struct Shell<'a> {
    app: &'a App,
}

impl Shell<'_> {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_windlass"));
        command
            .args(arguments)
            .env_clear()
            .env("XDG_CONFIG_HOME", self.app.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program runs")
    }

    fn run_with(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = self.command(arguments);
        let mut child = command.stdin(Stdio::piped()).spawn().expect("it runs");
        let mut stdin = child.stdin.take().expect("piped");
        writeln!(stdin, "{input}").expect("written");
        drop(stdin);
        child.wait_with_output().expect("it ends")
    }
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("it was not killed")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn complained(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

async fn a_site_is_made_watched_and_looked_at_from_a_shell(backend: Backend) {
    let app = App::start(backend).await;
    // The commands block; the server is a process of its own.
    tokio::task::block_in_place(|| {
        let shell = Shell { app: &app };
        log_in(&shell);
        let id = make_a_site(&shell);
        look_at_it(&shell, &id);
        wait_for_others(&shell);
    });
}

/// What was wrong before stays wrong; what is right is kept and not shown.
fn log_in(shell: &Shell<'_>) {
    let app = shell.app;
    let Credential::Token(token) = &app.owner.credential else {
        panic!("a program asks");
    };
    let base = app.owner.base();
    let nobody = shell.run(&["env", "list"]);
    assert_eq!(code(&nobody), 3, "{}", complained(&nobody));
    assert!(complained(&nobody).contains("windlass login"));
    let wrong = shell.run_with(&["login", "--server", base], "wdl_api_wrong");
    assert_eq!(code(&wrong), 3, "{}", complained(&wrong));
    let login = shell.run_with(&["login", "--server", base], token);
    assert_eq!(code(&login), 0, "{}", complained(&login));
    assert!(!said(&login).contains(token.as_str()));
}

/// Gives its id.
fn make_a_site(shell: &Shell<'_>) -> String {
    let create = ["env", "create", "shop", "--blueprint", "empty", "--wait"];
    let made = shell.run(&create);
    assert_eq!(code(&made), 0, "{}", complained(&made));
    assert!(
        said(&made).contains("create_environment is done"),
        "{}",
        said(&made)
    );
    assert!(
        said(&made).trim_end().ends_with("succeeded"),
        "{}",
        said(&made)
    );
    let taken = shell.run(&create);
    assert_eq!(code(&taken), 5, "{}", complained(&taken));
    assert!(complained(&taken).contains("environment-name-taken"));
    let unfit = shell.run(&["env", "create", "Shop!", "--blueprint", "empty"]);
    assert_eq!(code(&unfit), 2, "{}", complained(&unfit));
    assert!(
        complained(&unfit).contains("`/name`"),
        "{}",
        complained(&unfit)
    );

    let listed = shell.run(&["env", "list", "--output", "json"]);
    let listed: Value = serde_json::from_str(&said(&listed)).expect("JSON");
    listed[0]["id"].as_str().expect("an id").to_owned()
}

fn look_at_it(shell: &Shell<'_>, id: &str) {
    let table = said(&shell.run(&["env", "list"]));
    assert!(table.starts_with("ID ") && table.contains(id), "{table}");
    let shown = said(&shell.run(&["env", "show", id]));
    assert!(shown.contains("running"), "{shown}");
    let missing = "env_0000000000000000000000000a";
    let missing = shell.run(&["env", "show", missing]);
    assert_eq!(code(&missing), 4, "{}", complained(&missing));

    let files = said(&shell.run(&["logs", id]));
    assert!(files.contains("/var/log/run.log"), "{files}");
    let end = said(&shell.run(&["logs", id, "/var/log/run.log", "--tail", "8"]));
    assert_eq!(end.chars().count(), 8, "{end}");
}

/// One that takes too long, and one that fails.
fn wait_for_others(shell: &Shell<'_>) {
    let app = shell.app;
    let hold = FaultKind::HoldUntilReleased {
        name: "here".to_owned(),
        after_effect: false,
    };
    app.simulator
        .add_fault(FaultRule::once("createenvironment", hold));
    let slow = shell.run(&[
        "env",
        "create",
        "slow",
        "--blueprint",
        "empty",
        "--wait",
        "--timeout",
        "1",
    ]);
    assert_eq!(code(&slow), 124, "{}", complained(&slow));
    assert!(complained(&slow).contains("windlass job watch job_"));
    app.simulator.release("here");

    let refused = FaultKind::ForcedResult {
        result: 3,
        error: "no".to_owned(),
    };
    app.simulator
        .add_fault(FaultRule::once("createenvironment", refused));
    let failed = shell.run(&[
        "env",
        "create",
        "bad",
        "--blueprint",
        "empty",
        "--wait",
        "-o",
        "json",
    ]);
    assert_eq!(code(&failed), 1, "{}", complained(&failed));
    let job: Value = serde_json::from_str(&said(&failed)).expect("one JSON document");
    assert_eq!(job["state"], "failed");
}
