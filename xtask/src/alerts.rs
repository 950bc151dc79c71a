//! `cargo xtask alerts`: alerts and dashboards ask only for metrics that there are, every alert says what to do and is
//! tried by `promtool`.

use crate::external;
use crate::task_error::TaskError;
use crate::throwaway_servers;
use crate::workspace;
use serde_json::Value;
use std::collections::BTreeSet;
use std::process::Command;

#[cfg(test)]
mod tests;

const RULES: &str = "deploy/prometheus/alerts.yaml";
const TRIALS: &str = "deploy/prometheus/alerts.test.yaml";
const DASHBOARDS: &str = "deploy/grafana";
const METRICS: &str = "docs/metrics.md";
const DRILL: &str = "docs/runbooks/drill.md";
const TESTS: &str = "crates/server/tests/it/drill.rs";
/// Faults that the drill has.
const FAULTS: usize = 8;
/// What Prometheus makes of one histogram.
const SUFFIXES: [&str; 3] = ["_bucket", "_count", "_sum"];

pub(crate) fn run() -> Result<(), TaskError> {
    let root = workspace::root();
    let read = |path: &str| workspace::read(&root.join(path));
    let page = read(METRICS)?;
    let known = known_metrics(&page);
    let rules = read(RULES)?;
    let mut findings = unknown_metrics(RULES, &rules, &known);
    findings.extend(faults_of_alerts(&rules, &read(TRIALS)?, |page| {
        root.join(page).is_file()
    }));
    let mut panels = BTreeSet::new();
    for path in workspace::files_under(&root.join(DASHBOARDS)) {
        let text = workspace::read(&path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = format!("{DASHBOARDS}/{name}");
        match serde_json::from_str::<Value>(&text) {
            Ok(dashboard) => panels.extend(titles(&dashboard)),
            Err(error) => findings.push(format!("{name}: {error}")),
        }
        findings.extend(unknown_metrics(&name, &text, &known));
    }
    findings.extend(faults_of_drill(
        &read(DRILL)?,
        &rules,
        &panels,
        &read(TESTS)?,
    ));
    TaskError::from_findings("alerts", findings)?;
    throwaway_servers::ensure_installed()?;
    for words in [["check", "rules", RULES], ["test", "rules", TRIALS]] {
        let mut promtool = Command::new("promtool");
        external::run(promtool.args(words).current_dir(&root))?;
    }
    Ok(())
}

/// Those of the page that the server prints.
fn known_metrics(page: &str) -> BTreeSet<&str> {
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.filter_map(|row| row.split('`').next()).collect()
}

/// Every name in the text that looks like one of our metrics.
fn metrics_in(text: &str) -> BTreeSet<&str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words = text.split(|c: char| !is_part(c));
    words
        .filter(|word| word.starts_with("windlass_") || word.starts_with("virtuozzo_"))
        .collect()
}

fn unknown_metrics(path: &str, text: &str, known: &BTreeSet<&str>) -> Vec<String> {
    let is_known = |name: &&str| {
        let of_histogram = SUFFIXES.iter().filter_map(|end| name.strip_suffix(end));
        known.contains(name) || of_histogram.into_iter().any(|name| known.contains(name))
    };
    let unknown = metrics_in(text).into_iter().filter(|name| !is_known(name));
    unknown
        .map(|name| format!("{path}: there is no metric `{name}` ({METRICS} has all)"))
        .collect()
}

/// The panels of a dashboard, as the drill names them.
fn titles(dashboard: &Value) -> Vec<String> {
    let name = dashboard["title"].as_str().unwrap_or_default();
    let name = name.trim_start_matches("Windlass: ");
    let panels = dashboard["panels"].as_array().into_iter().flatten();
    panels
        .filter_map(|panel| Some(format!("{name}: {}", panel["title"].as_str()?)))
        .collect()
}

/// Rows of the drill that name an alert, a panel or a test that there is not.
fn faults_of_drill(page: &str, rules: &str, panels: &BTreeSet<String>, tests: &str) -> Vec<String> {
    let rows: Vec<Vec<_>> = page
        .lines()
        .filter(|line| line.starts_with("| ") && line.contains('`'))
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    let mut faults = Vec::new();
    if rows.len() != FAULTS {
        faults.push(format!(
            "{DRILL}: {} faults, {FAULTS} are promised",
            rows.len()
        ));
    }
    for row in rows {
        let [_, fault, alert, panel, _, test, _] = row[..] else {
            faults.push(format!("{DRILL}: a row is not whole: {row:?}"));
            continue;
        };
        let (alert, test) = (alert.trim_matches('`'), test.trim_matches('`'));
        let is_known = [
            (alert, rules.contains(&format!("alert: {alert}\n"))),
            (panel, panels.contains(panel)),
            (test, tests.contains(&format!("async fn {test}()"))),
        ];
        let unknown = is_known.into_iter().filter(|(_, is_known)| !is_known);
        faults.extend(unknown.map(|(name, _)| format!("{DRILL}: {fault}: there is no `{name}`")));
    }
    faults
}

/// An alert without a page that exists, and one that is not tried both ways.
fn faults_of_alerts(rules: &str, trials: &str, exists: impl Fn(&str) -> bool) -> Vec<String> {
    let mut faults = Vec::new();
    let alerts: Vec<_> = rules.split("- alert: ").skip(1).collect();
    if alerts.is_empty() {
        faults.push(format!("{RULES}: there is no alert"));
    }
    for alert in alerts {
        let name = alert.lines().next().unwrap_or_default().trim();
        let page = alert
            .lines()
            .find_map(|line| line.trim().strip_prefix("runbook: "));
        if !page.is_some_and(&exists) {
            faults.push(format!("{RULES}: `{name}` names no page that there is"));
        }
        let tried: Vec<_> = trials
            .split("alertname: ")
            .skip(1)
            .filter(|trial| trial.lines().next() == Some(name))
            .collect();
        let is_silent = |trial: &&str| trial.contains("exp_alerts: []");
        let of_one = |trial: &&str| {
            trial
                .split("- interval:")
                .next()
                .is_some_and(|it| is_silent(&it))
        };
        let silent = tried.iter().filter(|trial| of_one(trial)).count();
        if silent == 0 || silent == tried.len() {
            faults.push(format!(
                "{TRIALS}: `{name}` must be tried once so that it fires and once so that it does not"
            ));
        }
    }
    faults
}
