//! The demo, as a newcomer runs it.

use serde_json::Value;
use std::process::Command;

#[test]
fn the_demo_provisions_a_site_and_says_so_to_machines() {
    let output = Command::new(env!("CARGO_BIN_EXE_windlass"))
        .args(["demo", "--exit", "--json"])
        .env_clear()
        .output()
        .expect("the program runs");
    let said = String::from_utf8(output.stdout).expect("text");
    assert!(
        output.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let report: Value = serde_json::from_str(&said).expect("one JSON object");
    assert_eq!(report["job"]["state"], "succeeded");
    assert_eq!(report["environment"]["state"], "running");
    assert!(
        report["environment"]["site_url"]
            .as_str()
            .is_some_and(|url| url.starts_with("https://"))
    );
    let ledger = &report["ledger"];
    assert_eq!(ledger["environments_created"], 1, "{ledger}");
    assert_eq!(ledger["packages_installed"], 1, "{ledger}");
    assert_eq!(ledger["addons_installed"], 2, "{ledger}");
}
