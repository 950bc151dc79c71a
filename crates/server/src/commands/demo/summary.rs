//! What the demo shows at its end: each part as the API reports it, and what the platform's ledger
//! says was really done.

use super::DemoResult;
use serde_json::{Value, json};
use virtuozzo_simulator::{Effect, Simulator};

/// The whole result, for machines.
pub(super) fn report(result: &DemoResult, simulator: &Simulator, urls: &Value) -> Value {
    let ledger = simulator.ledger();
    let count = |effect: Effect| ledger.iter().filter(|entry| entry.effect == effect).count();
    json!({
        "job": result.job,
        "environment": result.environment,
        "platform_account": result.account,
        "log": result.log["data"],
        "ledger": {
            "environments_created": count(Effect::EnvironmentCreated),
            "packages_installed": count(Effect::PackageInstalled),
            "addons_installed": count(Effect::AddonInstalled),
            "display_names_set": count(Effect::DisplayNameSet),
            "environments_deleted": count(Effect::EnvironmentDeleted),
        },
        "urls": urls,
    })
}

/// The same for people.
pub(super) fn lines(report: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("–").to_owned();
    let (job, environment, ledger) = (&report["job"], &report["environment"], &report["ledger"]);
    let mut lines = vec![
        String::new(),
        format!("job          {}  {}", text(&job["state"]), text(&job["id"])),
        format!(
            "environment  {}  {}",
            text(&environment["state"]),
            text(&environment["id"])
        ),
        format!("site         {}", text(&environment["site_url"])),
    ];
    for node in environment["nodes"].as_array().into_iter().flatten() {
        lines.push(format!(
            "node         {}  {}  {}",
            text(&node["state"]),
            text(&node["node_group"]),
            text(&node["stack"])
        ));
    }
    for installation in environment["installations"]
        .as_array()
        .into_iter()
        .flatten()
    {
        lines.push(format!("installed    {}", text(&installation["software"])));
    }
    lines.push(format!(
        "the platform's ledger: {} created, {} package, {} add-ons, {} deleted",
        ledger["environments_created"],
        ledger["packages_installed"],
        ledger["addons_installed"],
        ledger["environments_deleted"]
    ));
    for line in report["log"].as_array().into_iter().flatten() {
        lines.push(format!(
            "  {:>3}  {}",
            line["sequence"],
            text(&line["message"])
        ));
    }
    if let Some(detail) = job["problem"]["detail"].as_str() {
        lines.push(format!("problem      {detail}"));
    }
    lines
}
