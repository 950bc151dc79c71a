//! Identifiers by number.

use domain::ids::{EntityId as _, EnvironmentId, JobId, TeamId};
use domain::ports::JobChanged;
use domain::turn::TurnScope;
use uuid::Uuid;

pub(crate) fn team(number: u128) -> TurnScope {
    TurnScope::Team(TeamId::from_uuid(Uuid::from_u128(number)))
}

pub(crate) fn environment(number: u128) -> TurnScope {
    TurnScope::Environment(EnvironmentId::from_uuid(Uuid::from_u128(number)))
}

pub(crate) fn job(number: u128) -> JobId {
    JobId::from_uuid(Uuid::from_u128(number))
}

pub(crate) fn change_of(number: u128) -> JobChanged {
    JobChanged {
        team_id: TeamId::from_uuid(Uuid::from_u128(1)),
        job_id: job(number),
    }
}
