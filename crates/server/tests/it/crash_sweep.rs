//! Kills the process at every moment of every step of every kind of job, forward and back, starts it again,
//! waits until all is quiet and lets the auditor judge. `cargo xtask prove crash-sweep` runs every cell; the
//! tests run some.

mod cells;
mod freezing;
mod reference;
mod scenarios;
mod situations;
mod trouble;

use crate::auditor::{self, Books, Outcome, Violation, Watch};
use crate::settlement::site;
use crate::support::{App, Backend, PATIENCE};
use cells::Cell;
use domain::job::JobKind;
use futures::StreamExt as _;
use reference::{Reference, picture, prepared};
use scenarios::Scenario;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Says which part of the whole table to do, such as `2/8`; without it, a sample is done.
const PART: &str = "WINDLASS_CRASH_SWEEP";
/// Installations that are disturbed at once. They wait most of the time.
const AT_ONCE: usize = 6;

/// Which cells are done.
#[derive(Debug, Clone, Copy)]
enum Selection {
    /// The kinds of one shard, all cells.
    Part { number: usize, of: usize },
    /// Every so many cells of some kinds.
    Sample { every: usize },
}

/// Kinds of which the sample takes cells: each class of proof, a way back and none.
const SAMPLED: [&str; 6] = [
    "environment.provision",
    "environment.delete",
    "cloudlets.set",
    "addon.install",
    "search_replace.run",
    "script.run",
];

impl Selection {
    fn from_environment(every: usize) -> Self {
        let Some(text) = variable(PART) else {
            return Self::Sample { every };
        };
        let part = text.split_once('/').and_then(|(number, of)| {
            Some(Self::Part {
                number: number.parse().ok()?,
                of: of.parse().ok()?,
            })
        });
        part.unwrap_or_else(|| panic!("{PART}={text}: a part is written as 2/8"))
    }

    fn scenarios(self) -> Vec<Scenario> {
        let all = scenarios::all().into_iter();
        match self {
            Self::Part { number, of } => all.skip(number - 1).step_by(of).collect(),
            Self::Sample { .. } => all.filter(|it| SAMPLED.contains(&it.kind)).collect(),
        }
    }

    fn some_of(self, all: Vec<Cell>) -> Vec<Cell> {
        match self {
            Self::Part { .. } => all,
            // Steps of five and three moments: a stride that hits all of them in turn.
            Self::Sample { every } => all.into_iter().skip(every / 2).step_by(every).collect(),
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a proof tells the test by a variable what to run; nothing of windlass reads it"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn on_sqlite_whoever_comes_after_a_killed_process_carries_on() {
    sweep(Backend::Embedded, Selection::from_environment(6)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn on_postgres_and_redis_whoever_comes_after_a_killed_process_carries_on() {
    sweep(Backend::PostgresAndRedis, Selection::from_environment(17)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn a_frozen_worker_that_goes_on_changes_nothing_any_more() {
    let selection = Selection::from_environment(13);
    let scenarios = futures::stream::iter(selection.scenarios());
    let reports: Vec<_> = scenarios
        .map(async |scenario| freezing::freeze_kind(selection, &scenario).await)
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    tell("frozen", &reports);
}

#[test]
fn every_kind_of_job_is_swept() {
    let swept: Vec<_> = scenarios::all().iter().map(|it| it.kind).collect();
    let kinds: Vec<_> = JobKind::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(swept, kinds);
}

/// What became of the cells of one kind.
#[derive(Debug, Default)]
struct Report {
    labels: BTreeMap<String, u64>,
    cells: u64,
    deaths: u64,
    asked_a_person: u64,
    said_again: u64,
    violations: Vec<String>,
    uncovered: Vec<String>,
}

impl Report {
    fn note(&mut self, cell: &Cell, violations: &[Violation]) {
        self.cells += 1;
        let told = violations.iter();
        self.violations
            .extend(told.map(|it| format!("{}: {}: {}", cell.label, it.rule, it.detail)));
        let words: Vec<_> = cell.label.split(' ').collect();
        let label = words[2..].join("_").replace('-', "_");
        *self.labels.entry(label).or_default() += 1;
    }
}

async fn sweep(backend: Backend, selection: Selection) {
    let scenarios = futures::stream::iter(selection.scenarios());
    let reports: Vec<_> = scenarios
        .map(async |scenario| sweep_kind(backend, selection, &scenario).await)
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let name = match backend {
        Backend::Embedded => "sqlite",
        Backend::PostgresAndRedis => "postgres",
    };
    tell(name, &reports);
}

/// Prints the counts, and fails when there is anything to complain about.
#[expect(
    clippy::print_stdout,
    reason = "the counts are asked for with --no-capture"
)]
fn tell(name: &str, reports: &[Report]) {
    println!("crash-sweep-counts: {}", counts(name, reports));
    let of_all =
        |list: fn(&Report) -> &Vec<String>| reports.iter().flat_map(list).cloned().collect();
    let violations: Vec<String> = of_all(|report| &report.violations);
    assert!(
        violations.is_empty(),
        "{} violations\n{}",
        violations.len(),
        violations.join("\n\n")
    );
    let uncovered: Vec<String> = of_all(|report| &report.uncovered);
    assert!(uncovered.is_empty(), "nobody died at {uncovered:#?}");
}

fn counts(name: &str, reports: &[Report]) -> serde_json::Value {
    let sum = |count: fn(&Report) -> u64| reports.iter().map(count).sum::<u64>();
    let mut counts = BTreeMap::from([
        (format!("{name}_kinds"), reports.len() as u64),
        (format!("{name}_cells"), sum(|report| report.cells)),
        (format!("{name}_deaths"), sum(|report| report.deaths)),
        (
            format!("{name}_asked_a_person"),
            sum(|report| report.asked_a_person),
        ),
        (
            format!("{name}_said_again"),
            sum(|report| report.said_again),
        ),
        (
            format!("{name}_violations"),
            sum(|report| report.violations.len() as u64),
        ),
        (
            format!("{name}_labels_not_reached"),
            sum(|report| report.uncovered.len() as u64),
        ),
    ]);
    for report in reports {
        for (label, times) in &report.labels {
            *counts.entry(format!("{name}_{label}")).or_default() += times;
        }
    }
    json!(counts)
}

async fn sweep_kind(backend: Backend, selection: Selection, scenario: &Scenario) -> Report {
    let mut app = App::start_in(backend, site::world(), 0.0).await;
    let reference = Reference::of(&app, scenario, (0, 1)).await;
    let mut report = Report::default();
    let mut reached = BTreeSet::new();
    for (number, cell) in selection
        .some_of(cells::of(&reference))
        .into_iter()
        .enumerate()
    {
        let violations = play(
            &mut app,
            scenario,
            &reference,
            &cell,
            number + 2,
            &mut report,
        )
        .await;
        report.deaths += cell.deaths.len() as u64;
        reached.insert(cell.label.clone());
        report.note(&cell, &violations);
    }
    if matches!(selection, Selection::Part { .. }) {
        let demanded = cells::demanded(scenario.kind).into_iter();
        report.uncovered = demanded.filter(|label| !reached.contains(label)).collect();
    }
    report
}

async fn play(
    app: &mut App,
    scenario: &Scenario,
    reference: &Reference,
    cell: &Cell,
    number: usize,
    report: &mut Report,
) -> Vec<Violation> {
    let mut site = prepared(app, scenario, number).await;
    let mark = Books::mark(app);
    let mut violations = Vec::new();
    if cell.is_undo {
        trouble::hold_last(app, &reference.forward);
    }
    trouble::arm(app, &cell.deaths[0]);
    let mut answer = site.try_to_ask((scenario.wish)(&site)).await;
    if cell.is_undo {
        let body = &answer.as_ref().expect("the server lives").body;
        let id = body["id"].as_str().expect("an id");
        trouble::cancel_when_held(app, &site, id).await;
    }
    for (index, death) in cell.deaths.iter().enumerate() {
        if !trouble::die(app, death).await {
            let detail = format!("nobody died at {death:?}");
            violations.push(Violation::new("every point is reached", detail));
        }
        if let Some(next) = cell.deaths.get(index + 1) {
            trouble::arm(app, next);
        }
        app.serve().await;
        site.move_to(&app.owner);
    }
    if answer.is_none() {
        answer = site.try_to_ask((scenario.wish)(&site)).await;
    }
    app.simulator.clear_faults();
    let accepted = answer.expect("the server lives").body;
    let id = accepted["id"].as_str().expect("an id");
    let mut watch = Watch::default();
    let Some(job) = watch.until_rest(site.owner(), id).await else {
        violations.push(Violation::new("no accepted job vanishes", id));
        return violations;
    };
    testkit::wait::until("the platform is quiet", PATIENCE, async || {
        mark.is_quiet(app).then_some(())
    })
    .await;
    violations.extend(watch.violations());
    let again = site.ask((scenario.wish)(&site)).await;
    if again.body["id"] != job["id"] {
        violations.push(Violation::new(
            "the same request is the same job",
            again.text,
        ));
    }
    violations.extend(mark.overlaps_since(app));
    violations.extend(auditor::ask_the_administrator(app, id).await);
    let outcome = Outcome {
        books: Books::since(&mark, app),
        picture: picture(app, &site, &job).await,
        job,
    };
    let due = match (cell.is_undo, &reference.undo) {
        (true, Some(undo)) => &undo.outcome,
        _ => &reference.forward.outcome,
    };
    report.asked_a_person += u64::from(outcome.state() == "needs_attention");
    report.said_again += u64::from(!outcome.books.more_than(&due.books).is_empty());
    violations.extend(auditor::compare(&outcome, due, cell.allowance));
    violations
}
