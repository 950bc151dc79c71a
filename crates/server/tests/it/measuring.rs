//! Metrics against what really happened: the platform's own journal, and what the store holds.

use crate::on_both_backends;
use crate::support::{App, Backend};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use virtuozzo_simulator::{Delivery, FaultKind, FaultRule, JournalEntry};

on_both_backends!(calls_to_the_platform_are_counted_as_it_saw_them);

/// How many calls are to be made at least; a few hundred when absent.
const CALLS: &str = "WINDLASS_MEASURED_CALLS";
const CALLS_OF_A_SAMPLE: usize = 250;
/// The proof reads what was counted behind this.
const MARK: &str = "metrics-counts: ";
const SITES: [&str; 4] = ["one", "two", "three", "four"];

/// Values by the labels that are of interest.
type Series = BTreeMap<Vec<String>, u64>;

/// The samples of a metric by these of its labels; samples that differ in others are added up.
fn series(text: &str, name: &str, labels: &[&str]) -> Series {
    let mut series = Series::new();
    let of_it = text.lines().filter_map(|line| line.strip_prefix(name));
    for (shown, value) in of_it.filter_map(|rest| rest.split_once("} ")) {
        let Some(shown) = shown.strip_prefix('{') else {
            continue;
        };
        let value_of = |label: &&str| {
            let begin = format!("{label}=\"");
            let found = shown.split(',').find_map(|pair| pair.strip_prefix(&begin));
            found.expect("the label").trim_end_matches('"').to_owned()
        };
        let value: u64 = value.parse().expect("a count");
        *series
            .entry(labels.iter().map(value_of).collect())
            .or_default() += value;
    }
    series
}

/// What became of a call, in the words of the metric.
fn status(entry: &JournalEntry) -> String {
    match (entry.delivery, entry.status) {
        (Delivery::Answered, Some(status)) => status.to_string(),
        _ => "broken".to_owned(),
    }
}

fn counted<'a>(
    journal: &'a [JournalEntry],
    labels: impl Fn(&'a JournalEntry) -> Vec<String>,
) -> Series {
    let mut series = Series::new();
    for entry in journal {
        *series.entry(labels(entry)).or_default() += 1;
    }
    series
}

/// A read that got no answer it could use; each of them was asked again.
fn is_failed_read(entry: &JournalEntry) -> bool {
    let is_read = ["getenvinfo", "getenvs"].contains(&entry.method.as_str());
    is_read && status(entry) != "200"
}

/// How many there are whose labels differ, and by how much the rest differs in all.
fn difference(one: &Series, other: &Series) -> u64 {
    let labels = one.keys().chain(other.keys());
    let labels: std::collections::BTreeSet<_> = labels.collect();
    let of = |series: &Series, label| series.get(label).copied().unwrap_or(0);
    labels
        .into_iter()
        .map(|label| of(one, label).abs_diff(of(other, label)))
        .sum()
}

/// One fault of each kind that the metrics tell apart, for the calls that come next.
fn disturb(app: &App, round: usize) {
    let gateway = |status| FaultKind::BadGatewayHtml { status };
    let rule = match round % 6 {
        0 => FaultRule::once("getenvinfo", gateway(502)),
        1 => FaultRule::once("getenvinfo", FaultKind::DropBeforeEffect),
        2 => FaultRule::once("setenvdisplayname", FaultKind::EffectThenDrop),
        3 => FaultRule::once("getenvinfo", gateway(503)),
        4 => FaultRule::once("setenvdisplayname", gateway(504)),
        _ => {
            app.simulator.expire_sessions();
            return;
        }
    };
    app.simulator.add_fault(rule);
}

/// The job that the request becomes; each request is another one.
async fn wish(app: &App, method: Method, rest: &str, round: usize, body: Value) -> String {
    let (path, key) = (app.owner.path(rest), format!("{rest}-{round}"));
    let headers = [("idempotency-key", key.as_str())];
    let owner = app.owner.asking_again();
    let accepted = owner.send(method, &path, &headers, body.to_string());
    let accepted = accepted.await;
    assert_eq!(accepted.status, StatusCode::ACCEPTED, "{}", accepted.body);
    accepted.body["id"].as_str().expect("an id").to_owned()
}

/// Every site is restarted, renamed and looked at, while something goes wrong.
async fn round(app: &App, sites: &[String], round: usize) {
    disturb(app, round);
    let mut jobs = Vec::new();
    for site in sites {
        let (restart, body) = (
            format!("/environments/{site}/actions/restart"),
            json!({"what": "services", "target": "all"}),
        );
        jobs.push(wish(app, Method::POST, &restart, round, body).await);
        let name = json!({"display_name": format!("{site} {round}")});
        let rename = format!("/environments/{site}/display-name");
        jobs.push(wish(app, Method::PUT, &rename, round, name).await);
    }
    for job in jobs {
        app.owner.job_at_rest(&job).await;
    }
}

#[expect(clippy::print_stdout, reason = "a proof reads what was counted")]
fn print(counts: &Value) {
    println!("{MARK}{counts}");
}

#[expect(
    clippy::disallowed_methods,
    reason = "the proof asks this test for more calls; nothing of windlass reads it"
)]
fn calls() -> usize {
    let text = std::env::var(CALLS).ok();
    text.and_then(|text| text.parse().ok())
        .unwrap_or(CALLS_OF_A_SAMPLE)
}

async fn calls_to_the_platform_are_counted_as_it_saw_them(backend: Backend) {
    let app = App::start(backend).await;
    let mut sites = Vec::new();
    for name in SITES {
        let job = app.owner.provision(name, "empty", &[]).await;
        let job = app
            .owner
            .job_at_rest(job["id"].as_str().expect("an id"))
            .await;
        sites.push(job["environment_id"].as_str().expect("an id").to_owned());
    }
    let mut rounds = 0;
    while app.simulator.journal().len() < calls() {
        round(&app, &sites, rounds).await;
        rounds += 1;
    }
    app.simulator.clear_faults();
    let text = app.metrics().await;
    let journal = app.simulator.journal();
    let requests = series(&text, "virtuozzo_requests_total", &["endpoint", "status"]);
    let seen = counted(&journal, |it| vec![it.method.clone(), status(it)]);
    let retries = series(&text, "virtuozzo_retries_total", &["endpoint"]);
    let failed: Vec<_> = journal
        .iter()
        .filter(|it| is_failed_read(it))
        .cloned()
        .collect();
    let repeated = counted(&failed, |it| vec![it.method.clone()]);
    // The first one belongs to connecting the account.
    let signed_in = journal.iter().filter(|it| it.method == "signin").count() as u64 - 1;
    let renewals = series(
        &text,
        "windlass_platform_session_renewals_total",
        &["outcome"],
    );
    let renewed = renewals.get(&vec!["renewed".to_owned()]).copied();
    let differences = difference(&requests, &seen)
        + difference(&retries, &repeated)
        + renewed.unwrap_or(0).abs_diff(signed_in);
    let database = match backend {
        Backend::Embedded => "sqlite",
        Backend::PostgresAndRedis => "postgres",
    };
    print(&json!({
        format!("{database}_calls"): journal.len(),
        format!("{database}_statuses"): seen.len(),
        format!("{database}_retries"): failed.len(),
        format!("{database}_renewals"): signed_in,
        format!("{database}_difference"): differences,
    }));
    assert_eq!(
        differences, 0,
        "{requests:?}\n{seen:?}\n{retries:?}\n{repeated:?}\n{renewals:?}"
    );
    assert!(rounds < 6 || (!failed.is_empty() && signed_in > 0));
    let steps = series(&text, "windlass_job_steps_total", &["outcome"]);
    assert!(steps.contains_key(&vec!["done".to_owned()]), "{steps:?}");
    let finished = series(&text, "windlass_jobs_finished_total", &["outcome"]);
    let jobs = SITES.len() + rounds * 2 * SITES.len();
    assert_eq!(finished.values().sum::<u64>(), jobs as u64, "{finished:?}");
    let waited = series(&text, "windlass_job_start_wait_seconds_count", &["kind"]);
    assert_eq!(waited.values().sum::<u64>(), jobs as u64, "{waited:?}");
}
