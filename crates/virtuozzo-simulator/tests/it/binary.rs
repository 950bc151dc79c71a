//! The program: ready line, ready file, world file, refusals.

use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;
use virtuozzo_simulator::World;

use crate::client::Platform;

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_virtuozzo-simulator"));
    command
        .kill_on_drop(true)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

#[tokio::test]
async fn it_serves_a_world_file_and_says_where() {
    let folder = tempfile::tempdir().unwrap();
    let world_file = folder.path().join("world.toml");
    let ready_file = folder.path().join("ready.json");
    let text = World::EXAMPLE_TOML.replace("8.10.1", "8.3.0");
    std::fs::write(&world_file, text).unwrap();
    let mut child = program()
        .arg("--world")
        .arg(&world_file)
        .arg("--ready-file")
        .arg(&ready_file)
        .args(["--seed", "7", "--profile", "faithful", "--time-scale", "0"])
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = lines.next_line().await.unwrap().unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(std::fs::read_to_string(&ready_file).unwrap().trim(), line);

    let unsigned = Platform::unsigned(ready["base_url"].as_str().unwrap());
    let session = unsigned
        .sign_in("owner@example.com", "example-password")
        .await;
    let version = unsigned
        .with_session(&session)
        .call("marketplace/jps", "getengineversion", &[])
        .await;
    assert_eq!(version["version"], "8.3.0");
    let port = Platform::unsigned(ready["control_url"].as_str().unwrap());
    let ledger = port
        .request(&http::Method::GET, "/ledger", String::new())
        .await
        .unwrap()
        .json();
    assert_eq!(ledger[0]["effect"], "signed_in");
    child.kill().await.unwrap();
}

#[tokio::test]
async fn a_bad_world_file_stops_it_with_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let world_file = folder.path().join("world.toml");
    std::fs::write(
        &world_file,
        format!("plattform = 1\n{}", World::EXAMPLE_TOML),
    )
    .unwrap();
    let output = program()
        .arg("--world")
        .arg(&world_file)
        .output()
        .await
        .unwrap();
    assert!(!output.status.success());
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("plattform"), "{text}");
}

#[tokio::test]
async fn the_example_world_can_be_printed() {
    let output = program()
        .arg("--print-example-world")
        .output()
        .await
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), World::EXAMPLE_TOML);
}
