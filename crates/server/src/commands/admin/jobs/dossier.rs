//! One job with its journal and its log, for people and for machines.

use super::listing::JobJson;
use application::administration::JobDossier;
use domain::job::JobState;
use domain::job::journal::StepAttempt;
use serde::Serialize;

#[derive(Serialize)]
struct DossierJson {
    #[serde(flatten)]
    job: JobJson,
    /// What a person has to look at.
    attention: Option<ReasonJson>,
    /// Why it failed, or is being undone.
    failure: Option<ReasonJson>,
    remaining_steps: Vec<String>,
    jobs_ahead: i64,
    attempts: Vec<AttemptJson>,
    log: Vec<LineJson>,
    can: Vec<String>,
}

#[derive(Serialize)]
struct ReasonJson {
    code: &'static str,
    step: Option<String>,
    detail: String,
}

#[derive(Serialize)]
struct AttemptJson {
    sequence: i64,
    step: String,
    direction: &'static str,
    state: &'static str,
    started_at: String,
    is_in_doubt: bool,
}

#[derive(Serialize)]
struct LineJson {
    sequence: i64,
    at: String,
    level: &'static str,
    message: String,
    /// Rises each time another process takes the job over; absent for lines of people.
    fence: Option<i64>,
}

pub(in crate::commands::admin) fn as_json(dossier: &JobDossier) -> String {
    let job = &dossier.details.job;
    let attempt = |attempt: &StepAttempt| AttemptJson {
        sequence: attempt.sequence,
        step: attempt.step.clone(),
        direction: attempt.direction.as_str(),
        state: attempt.state.as_str(),
        started_at: attempt.started_at.to_string(),
        is_in_doubt: dossier.in_doubt == Some(attempt.id),
    };
    let lines = dossier.log.iter().map(|line| LineJson {
        sequence: line.sequence,
        at: line.at.to_string(),
        level: line.level.as_str(),
        message: line.message.clone(),
        fence: line.fence,
    });
    let failure = job.failure.as_ref();
    let shown = DossierJson {
        job: job.into(),
        attention: job.attention.as_ref().map(|attention| ReasonJson {
            code: attention.code.as_str(),
            step: attention.step.clone(),
            detail: attention.detail.clone(),
        }),
        failure: failure.map(|failure| ReasonJson {
            code: failure.code.as_str(),
            step: failure.step.clone(),
            detail: failure.detail.clone(),
        }),
        remaining_steps: failure.map_or_else(Vec::new, |failure| failure.remaining.clone()),
        jobs_ahead: dossier.details.jobs_ahead,
        attempts: dossier.journal.iter().map(attempt).collect(),
        log: lines.collect(),
        can: possible(dossier),
    };
    serde_json::to_string(&shown).expect("a job is made of texts and numbers")
}

pub(super) fn as_text(dossier: &JobDossier) -> Vec<String> {
    let job = &dossier.details.job;
    let mut lines = vec![
        format!("{}  {}  {}", job.id, job.kind.as_str(), job.state.as_str()),
        format!("team {}, accepted {}", job.team_id, job.created_at),
    ];
    if let Some(environment) = job.environment_id {
        lines.push(format!("environment {environment}"));
    }
    if let Some(failure) = &job.failure {
        lines.push(format!(
            "failed: {} ({})",
            failure.detail,
            failure.code.as_str()
        ));
    }
    if let Some(attention) = &job.attention {
        lines.push(format!(
            "look at this: {} ({})",
            attention.detail,
            attention.code.as_str()
        ));
    }
    lines.push("journal:".to_owned());
    lines.extend(dossier.journal.iter().map(|attempt| {
        let mark = if dossier.in_doubt == Some(attempt.id) {
            "  <- in doubt"
        } else {
            ""
        };
        format!(
            "  {:>3}  {}  {:<7}  {:<8}  {}{mark}",
            attempt.sequence,
            attempt.started_at,
            attempt.direction.as_str(),
            attempt.state.as_str(),
            attempt.step
        )
    }));
    lines.push("log:".to_owned());
    lines.extend(dossier.log.iter().map(|line| {
        let (at, level) = (line.at, line.level.as_str());
        format!("  {:>3}  {at}  {level:<7}  {}", line.sequence, line.message)
    }));
    lines.extend(possible(dossier));
    lines
}

/// The commands that make sense now.
fn possible(dossier: &JobDossier) -> Vec<String> {
    let job = &dossier.details.job;
    let mut verbs = Vec::new();
    let is_waiting = job.state == JobState::NeedsAttention;
    if is_waiting || matches!(job.state, JobState::Failed | JobState::Cancelled) {
        verbs.push("retry");
    }
    if is_waiting && dossier.in_doubt.is_some() {
        verbs.extend(["resolve --happened", "resolve --did-not-happen"]);
    }
    if is_waiting {
        verbs.push("fail");
    }
    verbs
        .into_iter()
        .map(|verb| format!("windlass admin jobs {verb} {}", job.id))
        .collect()
}
