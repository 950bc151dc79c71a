//! docs/quickstart.md, run as it stands: whoever follows it comes to a site.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Command;

const PAGE: &str = include_str!("../../../../docs/quickstart.md");
/// What the page says, and what is free here.
const PORTS: [&str; 2] = ["7780", "8090"];

/// The blocks of that language, in order.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    let begun = PAGE.split(&fence).skip(1);
    begun
        .map(|rest| rest.split_once("\n```").expect("a block ends").0)
        .collect()
}

fn free_port() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("bound").port().to_string()
}

/// The folder of the programs, the simulator's included: it is built with the tests of its own crate or here.
fn programs() -> PathBuf {
    let windlass = PathBuf::from(env!("CARGO_BIN_EXE_windlass"));
    let folder = windlass.parent().expect("a folder").to_owned();
    if !folder.join("virtuozzo-simulator").exists() {
        let built = Command::new(env!("CARGO"))
            .args([
                "build",
                "-p",
                "virtuozzo-simulator",
                "--bin",
                "virtuozzo-simulator",
            ])
            .status();
        assert!(built.expect("cargo is there").success());
    }
    folder
}

#[test]
fn whoever_follows_the_page_comes_to_a_site() {
    assert_eq!(
        blocks("console").len(),
        1,
        "only building is left to the reader"
    );
    let mut script =
        String::from("set -euo pipefail\ntrap 'kill $(jobs -p) 2> /dev/null' EXIT\nset -m\n");
    for block in blocks("sh") {
        script.push_str(block);
        script.push('\n');
    }
    for port in PORTS {
        assert!(script.contains(port), "the page has port {port}");
        script = script.replace(port, &free_port());
    }
    let folder = tempfile::tempdir().expect("a folder");
    script = format!("PATH={}:$PATH\n{script}", programs().display());
    let output = Command::new("timeout")
        .args(["100", "bash", "-c", &script])
        .current_dir(folder.path())
        // As in a fresh shell: bash finds what the system has.
        .env_clear()
        .output()
        .expect("bash is there");
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    let log = std::fs::read_to_string(folder.path().join("windlass.log")).unwrap_or_default();
    assert!(output.status.success(), "{said}\n{complained}\n{log}");
    let site = said.lines().find(|line| line.starts_with("https://"));
    assert!(site.is_some(), "the site's address is shown\n{said}");
    assert!(
        said.contains("\"type\":\"job.succeeded\""),
        "the feed is shown\n{said}"
    );
}
