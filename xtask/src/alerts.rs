//! `cargo xtask alerts`: alerts and dashboards ask only for metrics that there are, every alert says what to do and is
//! tried by `promtool`.

use crate::external;
use crate::task_error::TaskError;
use crate::throwaway_servers;
use crate::workspace;
use std::collections::BTreeSet;
use std::process::Command;

#[cfg(test)]
mod tests;

const RULES: &str = "deploy/prometheus/alerts.yaml";
const TRIALS: &str = "deploy/prometheus/alerts.test.yaml";
const DASHBOARDS: &str = "deploy/grafana";
const METRICS: &str = "docs/metrics.md";
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
    for path in workspace::files_under(&root.join(DASHBOARDS)) {
        let text = workspace::read(&path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = format!("{DASHBOARDS}/{name}");
        if let Err(error) = serde_json::from_str::<serde_json::Value>(&text) {
            findings.push(format!("{name}: {error}"));
        }
        findings.extend(unknown_metrics(&name, &text, &known));
    }
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
