use super::{FAULTS, faults_of_alerts, faults_of_drill, known_metrics, titles, unknown_metrics};
use serde_json::json;

const PAGE: &str = "| metric | kind |\n|---|---|\n| `windlass_jobs_live` | gauge |\n\
                    | `virtuozzo_request_latency_seconds` | histogram |\n";
const RULES: &str =
    "      - alert: One\n        expr: windlass_jobs_live > 0\n          runbook: docs/one.md\n";
const TRIALS: &str = "  - interval: 30s\n        alertname: One\n        exp_alerts:\n          - x\n\
                      \x20 - interval: 30s\n        alertname: One\n        exp_alerts: []\n";

#[test]
fn only_metrics_of_the_page_may_be_asked_for() {
    let known = known_metrics(PAGE);
    let text = "rate(virtuozzo_request_latency_seconds_bucket[5m]) + windlass_jobs_live";
    assert!(unknown_metrics("x", text, &known).is_empty());
    let text = "max(windlass_jobs_alive) / virtuozzo_request_latency_seconds";
    let unknown = unknown_metrics("x", text, &known);
    assert_eq!(unknown.len(), 1, "{unknown:?}");
    assert!(unknown[0].contains("`windlass_jobs_alive`"), "{unknown:?}");
}

#[test]
fn an_alert_has_a_page_and_is_tried_both_ways() {
    assert!(faults_of_alerts(RULES, TRIALS, |page| page == "docs/one.md").is_empty());
    let lost = faults_of_alerts(RULES, TRIALS, |_| false);
    assert!(lost[0].contains("names no page"), "{lost:?}");
    let fires_only = TRIALS.split("  - interval").nth(1).unwrap();
    for trials in ["", fires_only] {
        let untried = faults_of_alerts(RULES, trials, |_| true);
        assert!(untried[0].contains("must be tried"), "{untried:?}");
    }
    assert_eq!(faults_of_alerts("groups: []", "", |_| true).len(), 1);
}

#[test]
fn the_drill_names_what_there_is() {
    let dashboard = json!({"title": "Windlass: jobs", "panels": [{"title": "States"}]});
    let panels = titles(&dashboard).into_iter().collect();
    let row = "| a fault | `One` | jobs: States | `mend` | `it_breaks` |\n";
    let faults = |page: &str| {
        let tests = "async fn it_breaks() {";
        faults_of_drill(page, "      - alert: One\n", &panels, tests)
    };
    assert!(faults(&row.repeat(FAULTS)).is_empty());
    assert_eq!(faults(row).len(), 1, "rows are missing");
    for wrong in ["One", "States", "it_breaks"] {
        let page = row.replace(wrong, "Nothing").repeat(FAULTS);
        let found = faults(&page);
        assert_eq!(found.len(), FAULTS, "{found:?}");
        assert!(found[0].contains("there is no"), "{found:?}");
    }
}
