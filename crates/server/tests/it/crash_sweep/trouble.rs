//! Making a process die where it should.

use super::reference::Course;
use crate::settlement::site::Site;
use crate::support::{App, PATIENCE};
use serde_json::json;
use std::fs;
use std::time::Duration;
use virtuozzo_simulator::{FaultKind, FaultRule};

/// Where a process dies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Death {
    /// At a point of its own code.
    At(String),
    /// While the platform holds its call and has not begun the work; that is done afterwards.
    AfterSend {
        method: String,
        /// Calls of the method that come before.
        skip: u32,
    },
}

/// Whether a job could be cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cancelled {
    Yes,
    TooLate,
}

/// Longer than a lease and everything that may come before the point.
const DEATH_WITHIN: Duration = Duration::from_secs(25);
const CANCEL_HERE: &str = "cancel here";
const DIE_HERE: &str = "die here";

fn hold(method: &str, skip: u32, name: &str, after_effect: bool) -> FaultRule {
    let kind = FaultKind::HoldUntilReleased {
        name: name.to_owned(),
        after_effect,
    };
    FaultRule::once(method, kind).skipping(skip)
}

/// Makes the platform keep the answer of the last change of a course, so that its job can be cancelled when
/// all of it has happened and none of the end is stored.
pub(super) fn hold_last(app: &App, forward: &Course) {
    let (method, skip) = forward.calls.last().expect("the job changes something");
    app.simulator
        .add_fault(hold(method, *skip, CANCEL_HERE, true));
}

/// Cancels the job while the platform keeps the answer, then lets that go.
pub(super) async fn cancel_when_held(app: &App, site: &Site, job: &str) -> Cancelled {
    until_held(app, CANCEL_HERE).await;
    let owner = site.owner();
    let path = owner.path(&format!("/jobs/{job}/actions/cancel"));
    let answer = owner
        .post(&path, &format!("cancel-{job}"), &json!({}))
        .await;
    app.simulator.release(CANCEL_HERE);
    if answer.status.is_success() {
        return Cancelled::Yes;
    }
    assert_eq!(answer.body["code"], "cancel-too-late", "{}", answer.body);
    Cancelled::TooLate
}

async fn until_held(app: &App, name: &str) {
    let held = app.simulator.until_held(name);
    let is_held = tokio::time::timeout(PATIENCE, held).await;
    assert!(is_held.is_ok(), "no call was held: {}", app.logs());
}

/// Arms a death that has not come yet.
pub(super) fn arm(app: &App, death: &Death) {
    match death {
        Death::At(point) => {
            let file = app.folder.path().join("armed");
            fs::write(file, format!("{point} KILL\n")).expect("a writable folder");
        }
        Death::AfterSend { method, skip } => {
            app.simulator
                .add_fault(hold(method, *skip, DIE_HERE, false));
        }
    }
}

/// Takes back a death that has not come.
pub(super) fn disarm(app: &App) {
    fs::remove_file(app.folder.path().join("armed")).expect("it is armed");
}

/// Waits until the process is dead; says whether it came to where it should die.
pub(super) async fn die(app: &mut App, death: &Death) -> bool {
    match death {
        Death::At(_) => app.has_died_within(DEATH_WITHIN).await,
        Death::AfterSend { .. } => {
            let held = app.simulator.until_held(DIE_HERE);
            let is_held = tokio::time::timeout(DEATH_WITHIN, held).await.is_ok();
            app.kill();
            app.simulator.release(DIE_HERE);
            is_held
        }
    }
}
