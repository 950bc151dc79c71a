//! `windlass admin pause`, `resume` and `pauses`: no step of a job begins for a team, or on a platform.

use super::{AdminError, administrator};
use crate::commands::say;
use crate::configuration::Configuration;
use crate::service::{open_to_administer, open_to_read};
use application::administration::PauseChanges;
use clap::Args;
use domain::ids::TeamId;
use domain::names::{PauseReason, PlatformName};
use domain::pause::{MutationPause, PauseScope};
use serde::Serialize;

/// What is paused.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(in crate::commands) struct Scope {
    /// Every team whose account is on this platform, by its configured name.
    #[arg(long, value_parser = parse_platform)]
    platform: Option<PlatformName>,
    /// One team.
    #[arg(long)]
    team: Option<TeamId>,
}

impl Scope {
    fn into_scope(self) -> PauseScope {
        match (self.platform, self.team) {
            (Some(platform), _) => PauseScope::Platform(platform),
            (None, team) => PauseScope::Team(team.expect("one of the two is required")),
        }
    }
}

fn parse_platform(text: &str) -> Result<PlatformName, String> {
    PlatformName::parse(text).map_err(|error| error.rule().to_owned())
}

pub(super) fn parse_reason(text: &str) -> Result<PauseReason, String> {
    PauseReason::parse(text).map_err(|error| error.rule().to_owned())
}

/// A pause, for machines.
#[derive(Serialize)]
struct PauseJson {
    scope: &'static str,
    of: String,
    reason: String,
    paused_by: String,
    paused_at: String,
}

#[derive(Serialize)]
struct PausesJson {
    pauses: Vec<PauseJson>,
}

impl From<&MutationPause> for PauseJson {
    fn from(pause: &MutationPause) -> Self {
        Self {
            scope: pause.scope.kind(),
            of: pause.scope.id(),
            reason: pause.reason.as_str().to_owned(),
            paused_by: pause.paused_by.as_text(),
            paused_at: pause.paused_at.to_string(),
        }
    }
}

async fn use_case(configuration: &Configuration) -> Result<PauseChanges, AdminError> {
    let store = open_to_administer(configuration).await?;
    Ok(PauseChanges {
        unit_of_work: store.unit_of_work,
        ids: store.ids,
        clock: store.clock,
        platforms: configuration.platform_names(),
    })
}

pub(super) async fn pause(
    configuration: &Configuration,
    scope: Scope,
    reason: PauseReason,
) -> Result<(), AdminError> {
    let scope = scope.into_scope();
    let done = format!("{} {} is paused: {reason}", scope.kind(), scope.id());
    let use_case = use_case(configuration).await?;
    use_case.pause(&administrator(), scope, reason).await?;
    say(&done);
    Ok(())
}

pub(super) async fn resume(configuration: &Configuration, scope: Scope) -> Result<(), AdminError> {
    let scope = scope.into_scope();
    let use_case = use_case(configuration).await?;
    use_case.resume(&administrator(), &scope).await?;
    say(&format!("{} {} goes on", scope.kind(), scope.id()));
    Ok(())
}

pub(super) async fn list(configuration: &Configuration, json: bool) -> Result<(), AdminError> {
    let read_model = open_to_read(configuration).await?.read_model;
    let found = read_model.list_lasting_pauses().await?;
    if json {
        let pauses = found.iter().map(PauseJson::from).collect();
        let pauses = PausesJson { pauses };
        say(&serde_json::to_string(&pauses).expect("pauses are made of texts"));
        return Ok(());
    }
    for pause in &found {
        let (kind, id) = (pause.scope.kind(), pause.scope.id());
        say(&format!(
            "{kind} {id}  since {}  {}",
            pause.paused_at, pause.reason
        ));
    }
    if found.is_empty() {
        say("nothing is paused");
    }
    Ok(())
}
