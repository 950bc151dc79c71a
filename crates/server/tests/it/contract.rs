//! The whole contract, asked by a program that knows the API only by its description: what that allows and what it
//! forbids. Every answer has to be one that the description has, and none an error of ours.

use crate::on_both_backends;
use crate::settlement::site::{self, Site};
use crate::support::{App, Backend, Credential};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

on_both_backends!(every_answer_is_as_the_description_says);

/// Where the program is; `cargo xtask test` installs it.
const PROGRAM: &str = "WINDLASS_TEST_SCHEMATHESIS";
/// How many requests to make up for each operation; without it, a sample of what the description names is asked.
const EXAMPLES: &str = "WINDLASS_CONTRACT_EXAMPLES";
const METHODS: [&str; 5] = ["GET", "PATCH", "DELETE", "POST", "PUT"];
/// What the sample asks on each database: together, every operation.
const READS_AND_REMOVALS: [&str; 3] = ["GET", "PATCH", "DELETE"];
const REQUESTS_AND_REPLACEMENTS: [&str; 2] = ["POST", "PUT"];
/// `{…}` is what there really is, so that requests come further than to "not found".
const CONFIGURATION: &str = include_str!("contract/schemathesis.toml");

async fn every_answer_is_as_the_description_says(backend: Backend) {
    let app = App::start_in(backend, site::world(), 0.0).await;
    let site = Site::provision(&app, 0).await;
    let folder = tempfile::tempdir().expect("a folder");
    let description = app.owner.get("/openapi.json").await;
    let methods = match (variable(EXAMPLES), backend) {
        (Some(_), _) => &METHODS[..],
        (None, Backend::Embedded) => &READS_AND_REMOVALS,
        (None, Backend::PostgresAndRedis) => &REQUESTS_AND_REPLACEMENTS,
    };
    let described = operations(&description.body, methods);
    std::fs::write(folder.path().join("openapi.json"), description.text).expect("written");
    let configuration = CONFIGURATION
        .replace("{team_id}", &app.owner.team)
        .replace("{environment_id}", site.id());
    std::fs::write(folder.path().join("schemathesis.toml"), configuration).expect("written");

    let Credential::Token(token) = &app.owner.credential else {
        panic!("the owner has a token");
    };
    let mut command = tester(folder.path(), app.owner.base(), token);
    let name = match backend {
        Backend::Embedded => "sqlite",
        Backend::PostgresAndRedis => "postgres",
    };
    match variable(EXAMPLES) {
        Some(examples) => {
            let phases = "examples,coverage,fuzzing,stateful";
            command.args(["--phases", phases, "--max-examples", &examples]);
        }
        None => sample(backend, methods, &mut command),
    }
    let ended = tokio::task::spawn_blocking(move || command.output()).await;
    let output = ended.expect("it ends").expect("it can be run");
    let said = String::from_utf8_lossy(&output.stdout);
    let asked = tell(name, &said);
    assert!(
        output.status.success(),
        "{said}\n{}\n{}",
        String::from_utf8_lossy(&output.stderr),
        app.logs()
    );
    assert_eq!(asked, described, "none is left out: {said}");
}

/// How many operations of these methods the description has.
fn operations(description: &Value, methods: &[&str]) -> u64 {
    let paths = description["paths"].as_object().expect("paths").values();
    let all = paths.flat_map(|item| item.as_object().expect("operations").keys());
    let is_wanted = |method: &&String| methods.contains(&method.to_uppercase().as_str());
    all.filter(is_wanted).count() as u64
}

fn tester(folder: &Path, base: &str, token: &str) -> Command {
    let program = variable(PROGRAM).map(PathBuf::from);
    let program = program.expect("run it by `cargo xtask test`, which installs Schemathesis");
    let mut command = Command::new(program);
    command
        .args(["run", "openapi.json", "--url", base])
        .args(["--header", &format!("Authorization: Bearer {token}")])
        .args(["--request-timeout", "90", "--no-color"])
        .args(["--continue-on-failure", "--output-truncate", "false"])
        // The same requests in every run.
        .args(["--seed", "1", "--generation-database", "none"])
        .current_dir(folder);
    command
}

fn sample(backend: Backend, methods: &[&str], command: &mut Command) {
    // Every value that a body may not have takes minutes, so those are left to the proof.
    let phases = match backend {
        Backend::Embedded => "examples,coverage",
        Backend::PostgresAndRedis => "examples,fuzzing",
    };
    command.args(["--phases", phases, "--max-examples", "4"]);
    for method in methods {
        command.args(["--include-method", method]);
    }
}

/// Prints how much was asked and how much of it was wrong; gives how many operations were asked.
#[expect(clippy::print_stdout, reason = "the proof reads the counts from here")]
fn tell(name: &str, said: &str) -> u64 {
    let (_, summary) = said.split_once("Test cases:").expect("it counts");
    let line = summary.trim_start().lines().next().unwrap_or_default();
    let number = |word: &str| -> u64 {
        let parts = line.split(", ").find(|part| part.contains(word));
        let digits = parts.and_then(|part| part.split(' ').next());
        digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
    };
    let (_, operations) = said.split_once("Tested: ").expect("it counts");
    let operations: u64 = operations
        .lines()
        .next()
        .and_then(|text| text.trim().parse().ok())
        .expect("a number");
    let counts = serde_json::json!({
        format!("{name}_operations"): operations,
        format!("{name}_requests"): number("generated"),
        format!("{name}_findings"): number("found"),
    });
    println!("contract-counts: {counts}");
    operations
}

#[expect(
    clippy::disallowed_methods,
    reason = "the run of tests says where the program is; nothing of windlass reads it"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
