//! What a job does when nothing disturbs it: the points it passes, the calls it makes, what it comes to.
//! The cells of the sweep are made from that, so a new step is swept without anybody listing it.

use super::scenarios::Scenario;
use super::trouble::{self, Cancelled};
use crate::auditor::{Books, Outcome, Picture, Watch};
use crate::settlement::site::Site;
use crate::support::App;
use serde_json::{Value, json};
use std::fs;

/// One way that a job goes.
#[derive(Debug)]
pub(super) struct Course {
    pub(super) outcome: Outcome,
    /// In the order in which they were passed.
    pub(super) points: Vec<String>,
    /// The changes on the platform, and how many calls of the same method come before each.
    pub(super) calls: Vec<(String, u32)>,
}

impl Course {
    /// The steps that change something in this direction, in order, as `kind step direction`.
    pub(super) fn mutations(&self, direction: &str) -> Vec<&str> {
        let ending = format!(" {direction} after-started");
        let points = self.points.iter();
        points
            .filter(|point| point.ends_with(&ending))
            .filter_map(|point| point.strip_suffix(" after-started"))
            .collect()
    }
}

/// The undisturbed job, and the one that is cancelled when all of it has happened.
#[derive(Debug)]
pub(super) struct Reference {
    pub(super) forward: Course,
    /// None when there is no way back.
    pub(super) undo: Option<Course>,
}

impl Reference {
    pub(super) async fn of(app: &App, scenario: &Scenario, numbers: (usize, usize)) -> Self {
        let forward = undisturbed(app, scenario, numbers.0).await;
        assert_eq!(
            forward.outcome.state(),
            "succeeded",
            "{:?}\n{}",
            forward.outcome.job,
            app.logs()
        );
        assert_eq!(
            forward.mutations("forward").len(),
            forward.calls.len(),
            "{}: every change is one call: {:?} {:?}",
            scenario.kind,
            forward.points,
            forward.calls,
        );
        // What changes nothing at the platform has nothing to take back.
        let undo = if forward.calls.is_empty() {
            None
        } else {
            cancelled(app, scenario, numbers.1, &forward).await
        };
        Self { forward, undo }
    }
}

async fn undisturbed(app: &App, scenario: &Scenario, number: usize) -> Course {
    let site = prepared(app, scenario, number).await;
    let mark = Books::mark(app);
    start_trace(app);
    let job = site.rest((scenario.wish)(&site)).await;
    let points = end_trace(app);
    let books = Books::since(&mark, app);
    let calls = mark.calls_since(app);
    let picture = picture(app, &site, &job).await;
    Course {
        outcome: Outcome {
            job,
            books,
            picture,
        },
        points,
        calls,
    }
}

async fn cancelled(
    app: &App,
    scenario: &Scenario,
    number: usize,
    forward: &Course,
) -> Option<Course> {
    let site = prepared(app, scenario, number).await;
    let before = site.environment(site.id()).await;
    let before = Picture::take(app, number, &before);
    let mark = Books::mark(app);
    start_trace(app);
    trouble::hold_last(app, forward);
    let answer = site.ask((scenario.wish)(&site)).await;
    let id = answer.body["id"].as_str().expect("an id").to_owned();
    let is_cancelled = trouble::cancel_when_held(app, &site, &id).await;
    let job = Watch::default()
        .until_rest(site.owner(), &id)
        .await
        .expect("the job is known");
    let points = end_trace(app);
    app.simulator.clear_faults();
    if is_cancelled == Cancelled::TooLate {
        assert_eq!(job["state"], "succeeded", "{job}\n{}", app.logs());
        return None;
    }
    assert_eq!(job["state"], "cancelled", "{job}\n{}", app.logs());
    let picture = picture(app, &site, &job).await;
    if job["environment_id"] == json!(site.id()) {
        assert_eq!(
            picture, before,
            "{}: what was done is taken back",
            scenario.kind
        );
    } else {
        assert!(
            picture.is_gone(),
            "{}: nothing is left: {picture:?}",
            scenario.kind
        );
    }
    let calls = mark.calls_since(app).split_off(forward.calls.len());
    let course = Course {
        outcome: Outcome {
            job,
            books: Books::since(&mark, app),
            picture,
        },
        points,
        calls,
    };
    assert_eq!(
        course.mutations("undo").len(),
        course.calls.len(),
        "{}: {course:?}",
        scenario.kind
    );
    Some(course)
}

/// A site on which the wish can be uttered.
pub(super) async fn prepared(app: &App, scenario: &Scenario, number: usize) -> Site {
    let site = Site::provision(app, number).await;
    for wish in scenario.before {
        let job = site.rest(wish(&site)).await;
        assert_eq!(job["state"], "succeeded", "{job}\n{}", app.logs());
    }
    site
}

/// What is to be seen of the environment that the job is about.
pub(super) async fn picture(app: &App, site: &Site, job: &Value) -> Picture {
    // A job about the whole team names none; the site is part of what it looks at.
    let id = job["environment_id"].as_str().unwrap_or(site.id());
    let path = site.owner().path(&format!("/environments/{id}"));
    let shown = site.owner().get(&path).await.body;
    Picture::take(app, site.number, &shown)
}

fn start_trace(app: &App) {
    fs::write(app.folder.path().join("trace"), "").expect("a writable folder");
}

fn end_trace(app: &App) -> Vec<String> {
    let file = app.folder.path().join("trace");
    let text = fs::read_to_string(&file).expect("a trace");
    fs::remove_file(&file).expect("a writable folder");
    text.lines().map(ToOwned::to_owned).collect()
}
