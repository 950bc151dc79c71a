//! Freezes the worker that holds a job for twice its lease. Another worker does the job meanwhile; when the
//! frozen one goes on, it must not write any more, and must not call the platform any more but at the one
//! moment at which nobody can stop it.

use super::cells::{self, Cell};
use super::reference::{Reference, picture, prepared};
use super::scenarios::Scenario;
use super::{Report, Selection};
use crate::auditor::{self, Allowance, Books, Outcome, Violation, Watch};
use crate::settlement::site;
use crate::support::{App, Backend, PATIENCE};
use domain::limits::JOB_LEASE;
use std::fs;
use std::time::{Duration, Instant};
use testkit::process::ManagedProcess;

/// A frozen worker comes to where it should within this time.
const FROZEN_WITHIN: Duration = Duration::from_secs(25);
/// What a worker does first when it goes on takes no longer.
pub(super) const AFTERMATH: Duration = Duration::from_millis(1_500);

/// An installation whose requests and whose jobs are served by processes of their own.
pub(super) struct Workers {
    pub(super) app: App,
    pub(super) worker: ManagedProcess,
    started: u32,
}

impl Workers {
    pub(super) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// The same, with another configuration.
    pub(super) async fn start_with(configure: impl FnOnce(&App)) -> Self {
        let mut app = App::start_in(Backend::PostgresAndRedis, site::world(), 0.0).await;
        app.stop();
        configure(&app);
        app.serve_as("api").await;
        let worker = app.spawn(&["serve", "--role", "worker"], "worker-1");
        Self {
            app,
            worker,
            started: 1,
        }
    }

    /// One more worker.
    pub(super) fn another(&mut self) -> ManagedProcess {
        self.started += 1;
        let name = format!("worker-{}", self.started);
        self.app.spawn(&["serve", "--role", "worker"], &name)
    }
}

/// Where a cell freezes: at its point, or where the last look at the lease is past.
fn armed(cell: &Cell) -> Option<String> {
    let label = &cell.label;
    if label.contains("-settled") || label.contains(" acceptance ") || cell.is_undo {
        return None;
    }
    match label.strip_suffix(" after-send") {
        None => Some(format!("{label} STOP\n")),
        Some(step) => Some(format!(
            "{step} after-started NEXT\nplatform call before-write STOP\n"
        )),
    }
}

pub(super) async fn freeze_kind(selection: Selection, scenario: &Scenario) -> Report {
    let mut workers = Workers::start().await;
    let reference = Reference::of(&workers.app, scenario, (0, 1)).await;
    let mut report = Report::default();
    let cells = cells::of(&reference).into_iter();
    let cells: Vec<_> = cells.filter(|cell| armed(cell).is_some()).collect();
    for (number, cell) in selection.some_of(cells).into_iter().enumerate() {
        let violations = play(
            &mut workers,
            scenario,
            &reference,
            &cell,
            number + 2,
            &mut report,
        )
        .await;
        report.note(&cell, &violations);
    }
    report
}

async fn play(
    workers: &mut Workers,
    scenario: &Scenario,
    reference: &Reference,
    cell: &Cell,
    number: usize,
    report: &mut Report,
) -> Vec<Violation> {
    let site = prepared(&workers.app, scenario, number).await;
    let mark = Books::mark(&workers.app);
    let folder = workers.app.folder.path().to_owned();
    let text = armed(cell).expect("only such cells are played");
    fs::write(folder.join("armed"), text).expect("a writable folder");
    let answer = site.ask((scenario.wish)(&site)).await;
    let id = answer.body["id"].as_str().expect("an id").to_owned();
    let frozen = testkit::wait::until("the worker is frozen", FROZEN_WITHIN, async || {
        (!folder.join("armed").exists()).then(Instant::now)
    });
    let frozen = frozen.await;
    let successor = workers.another();
    let mut watch = Watch::default();
    let Some(job) = watch.until_rest(&workers.app.owner, &id).await else {
        return vec![Violation::new("no accepted job vanishes", id)];
    };
    tokio::time::sleep((JOB_LEASE * 2).saturating_sub(frozen.elapsed())).await;
    workers.worker.resume();
    tokio::time::sleep(AFTERMATH).await;
    let app = &workers.app;
    testkit::wait::until("the platform is quiet", PATIENCE, async || {
        mark.is_quiet(app).then_some(())
    })
    .await;
    let mut violations = watch.violations();
    violations.extend(auditor::ask_the_administrator(app, &id).await);
    let at_end = app.owner.job(&id).await;
    if at_end["state"] != job["state"] {
        violations.push(Violation::new("status never goes back", at_end.to_string()));
    }
    let outcome = Outcome {
        books: Books::since(&mark, app),
        picture: picture(app, &site, &job).await,
        job,
    };
    let due = &reference.forward.outcome;
    let mut allowance = cell.allowance;
    let doubles = outcome.books.more_than(&due.books);
    if !doubles.is_empty() {
        report.said_again += 1;
        let is_told = app.owner.log(&id).await.iter().any(|line| {
            let message = line["message"].as_str().unwrap_or_default();
            message.contains("may have happened twice") || message.contains("it is sent again")
        });
        let may_double =
            cell.label.ends_with(" after-send") && !cells::is_named_or_guarded(&cell.label);
        if is_told && may_double {
            allowance = Allowance::SayingAgain;
        }
    }
    report.asked_a_person += u64::from(outcome.state() == "needs_attention");
    violations.extend(auditor::compare(&outcome, due, allowance));
    workers.worker = successor;
    violations
}
