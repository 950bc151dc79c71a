//! What Windlass says about a job: while it runs, in its log, and when it is asked again.

use super::{Outcome, Violation};
use crate::support::{App, Caller, PATIENCE};
use http::Method;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// Everything that was seen of a job while it ran.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    seen: Vec<Value>,
}

const AT_REST: [&str; 4] = ["succeeded", "failed", "cancelled", "needs_attention"];

fn state(job: &Value) -> &str {
    job["state"].as_str().unwrap_or_default()
}

impl Watch {
    /// Looks at the job until it rests; none when the service does not know it.
    pub(crate) async fn until_rest(&mut self, caller: &Caller, id: &str) -> Option<Value> {
        self.until_rest_within(caller, id, PATIENCE).await
    }

    /// The same with another patience; a service that does not answer is asked again.
    pub(crate) async fn until_rest_within(
        &mut self,
        caller: &Caller,
        id: &str,
        patience: Duration,
    ) -> Option<Value> {
        let path = caller.path(&format!("/jobs/{id}"));
        testkit::wait::until("the job comes to rest", patience, async || {
            let answer = caller.try_to_send(&Method::GET, &path, &[], "").await?;
            if answer.status == http::StatusCode::NOT_FOUND {
                return Some(None);
            }
            if answer.status != http::StatusCode::OK {
                return None;
            }
            self.seen.push(answer.body.clone());
            AT_REST
                .contains(&state(&answer.body))
                .then_some(Some(answer.body))
        })
        .await
    }

    /// Whether what was seen went forward only.
    pub(crate) fn violations(&self) -> Vec<Violation> {
        let goes_back = |pair: &[Value]| {
            let (before, after) = (&pair[0], &pair[1]);
            let percent = |job: &Value| job["progress"]["percent"].as_u64();
            let was_at_rest = AT_REST.contains(&state(before)) && state(before) != state(after);
            let was_cancelling = state(before) == "cancelling"
                && !["cancelling", "cancelled", "needs_attention"].contains(&state(after));
            let has_begun_anew =
                !before["started_at"].is_null() && after["started_at"] != before["started_at"];
            (was_at_rest || was_cancelling || has_begun_anew || percent(after) < percent(before))
                .then(|| {
                    Violation::new("status never goes back", format!("{before}\nthen\n{after}"))
                })
        };
        self.seen.windows(2).filter_map(goes_back).collect()
    }
}

/// The job as `windlass admin jobs show --json` tells it; what it said instead when it does not.
pub(crate) async fn shown_to_the_administrator(app: &App, id: &str) -> Result<Value, String> {
    let arguments = ["admin", "jobs", "show", id, "--json"];
    let mut process = app.spawn(&arguments, &format!("show-{id}"));
    let ended = testkit::wait::until("the command ends", PATIENCE, async || process.status());
    if !ended.await.success() {
        return Err(process.errors());
    }
    let text = process.output();
    serde_json::from_str(text.trim()).map_err(|_| text)
}

/// What is wrong with the log of the job.
pub(crate) async fn ask_the_administrator(app: &App, id: &str) -> Vec<Violation> {
    let shown = match shown_to_the_administrator(app, id).await {
        Ok(shown) => shown,
        Err(said) => return vec![Violation::new("no accepted job vanishes", said)],
    };
    let lines = shown["log"].as_array().cloned().unwrap_or_default();
    let mut violations = Vec::new();
    let numbers: Vec<u64> = lines
        .iter()
        .filter_map(|line| line["sequence"].as_u64())
        .collect();
    if !numbers.iter().copied().eq(1..=numbers.len() as u64) || numbers.is_empty() {
        violations.push(Violation::new(
            "the log has no gap and no double",
            format!("{numbers:?}"),
        ));
    }
    let mut said: BTreeMap<&str, u32> = BTreeMap::new();
    for line in &lines {
        let message = line["message"].as_str().unwrap_or_default();
        if message.ends_with(" is done") || message.starts_with("the job ") {
            *said.entry(message).or_default() += 1;
        }
    }
    let twice = said.iter().find(|(_, times)| **times > 1);
    if let Some((message, times)) = twice {
        violations.push(Violation::new(
            "the log has no gap and no double",
            format!("{message}: {times} times"),
        ));
    }
    let fences: Vec<i64> = lines
        .iter()
        .filter_map(|line| line["fence"].as_i64())
        .collect();
    if !fences.is_sorted() {
        violations.push(Violation::new(
            "nobody writes under an old fence",
            format!("{fences:?}"),
        ));
    }
    violations
}

/// Whether a job that asks for a person says what about, and keeps others away.
pub(super) fn is_visible(outcome: &Outcome) -> Vec<Violation> {
    let job = &outcome.job;
    let names_its_step = job["problem"]["step"].is_string();
    let is_held = outcome.picture.shown["held_by_job_id"] == job["id"];
    if names_its_step && is_held {
        return Vec::new();
    }
    let detail = format!("{job}\n{}", outcome.picture.shown);
    vec![Violation::new("what nobody knows is visible", detail)]
}
