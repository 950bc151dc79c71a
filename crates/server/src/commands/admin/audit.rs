//! `windlass admin audit verify`: reads only, so it works beside a running service.

use super::AdminError;
use crate::commands::say;
use crate::configuration::Configuration;
use crate::service::open_to_verify;
use application::audit::TrailReport;
use domain::ids::TeamId;
use serde::Serialize;
use std::process::ExitCode;

#[cfg(test)]
mod tests;

#[derive(Serialize)]
struct ReportJson {
    trails: Vec<TrailJson>,
    broken: usize,
}

#[derive(Serialize)]
struct TrailJson {
    /// Absent for the trail of the system.
    team_id: Option<String>,
    right_lines: i64,
    unsealed_lines: i64,
    broken_at: Option<BreakJson>,
}

#[derive(Serialize)]
struct BreakJson {
    sequence: i64,
    fault: &'static str,
}

impl From<&TrailReport> for TrailJson {
    fn from(report: &TrailReport) -> Self {
        Self {
            team_id: report.team_id.map(|team| team.to_string()),
            right_lines: report.right_lines,
            unsealed_lines: report.unsealed_lines,
            broken_at: report.broken_at.map(|found| BreakJson {
                sequence: found.sequence,
                fault: found.fault.as_str(),
            }),
        }
    }
}

pub(super) async fn verify(
    configuration: &Configuration,
    team: Option<TeamId>,
    json: bool,
) -> Result<ExitCode, AdminError> {
    let use_case = open_to_verify(configuration).await?;
    let mut reports = Vec::new();
    let mut tell = |report: TrailReport| {
        if !json {
            say(&as_text(&report));
        }
        reports.push(report);
    };
    let checked = use_case.run(team, &mut tell).await?;
    let broken = count_broken(&reports);
    if json {
        say(&as_json(&reports));
    } else {
        say(&format!("{checked} trail(s) checked, {broken} broken"));
    }
    // A team whose trail is not there: it was removed, or there is no such team.
    let is_good = broken == 0 && checked > 0;
    Ok(if is_good {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

fn count_broken(reports: &[TrailReport]) -> usize {
    let broken = reports.iter().filter(|report| report.broken_at.is_some());
    broken.count()
}

fn as_text(report: &TrailReport) -> String {
    let trail = match report.team_id {
        None => "system".to_owned(),
        Some(team) => team.to_string(),
    };
    let right = report.right_lines;
    let older = match report.unsealed_lines {
        0 => String::new(),
        unsealed => format!(" ({unsealed} of them older than the chain)"),
    };
    match report.broken_at {
        None => format!("{trail}: {right} line(s), all right{older}"),
        Some(found) => format!(
            "{trail}: BROKEN at line {}: {}; {right} line(s) before it are right{older}",
            found.sequence,
            found.fault.as_str()
        ),
    }
}

fn as_json(reports: &[TrailReport]) -> String {
    let report = ReportJson {
        trails: reports.iter().map(TrailJson::from).collect(),
        broken: count_broken(reports),
    };
    serde_json::to_string(&report).expect("a report is made of texts and numbers")
}
