//! Valid entities in one line each. Their fields are public: a test changes what it is about and
//! takes the rest as it comes. Ids come from the given source, times are fixed.

use domain::access::{Actor, Permission, PermissionSet, Principal, RequestOrigin};
use domain::audit::{AuditEvent, AuditOutcome};
use domain::environment::{Environment, EnvironmentState, Node, ObservedState, PlatformNodeId};
use domain::ids::{EnvironmentId, TeamId};
use domain::job::journal::{Direction, NewStepAttempt};
use domain::job::{EncodedData, Job, JobKind, JobProgress, JobState};
use domain::names::{
    BlueprintName, DisplayName, EnvironmentName, NodeGroup, PlatformName, ShortDomain, TeamName,
};
use domain::platform_account::{
    CredentialKind, DeletionConfirmation, PlatformAccount, PlatformAccountState, PlatformUid,
};
use domain::ports::{IdSource, new_id};
use domain::software::{Installation, PlatformUniqueName, Software};
use domain::team::{ApiToken, SealedSecret, Team, TokenHash, WrappedTeamKey};
use jiff::Timestamp;
use std::time::Duration;

#[cfg(test)]
mod tests;

/// The time in all entities: 2026-01-02T03:04:05.678901Z. Its digits show what a store cuts.
pub fn moment() -> Timestamp {
    Timestamp::from_microsecond(1_767_323_045_678_901).expect("the moment is a timestamp")
}

/// A team.
pub fn team(ids: &dyn IdSource) -> Team {
    Team {
        id: new_id(ids),
        name: TeamName::parse("Example team").expect("the name is valid"),
        created_at: moment(),
    }
}

/// A key for a team; nothing can be opened with it.
pub fn wrapped_team_key() -> WrappedTeamKey {
    WrappedTeamKey(b"a wrapped key of no use".to_vec())
}

/// A token of the team with all rights, live until the year 2100. Its hash is that of no token, but
/// differs from token to token.
pub fn api_token(ids: &dyn IdSource, team_id: TeamId) -> ApiToken {
    ApiToken {
        id: new_id(ids),
        team_id,
        label: "example".to_owned(),
        hash: TokenHash {
            pepper_id: "pepper-1".to_owned(),
            mac: ids.uuid().as_bytes().repeat(2),
        },
        scopes: PermissionSet::all(),
        created_at: moment(),
        expires_at: Timestamp::from_second(4_102_444_800).expect("the year 2100 is a timestamp"),
        revoked_at: None,
    }
}

/// A caller of the team with just these rights, by a token.
pub fn actor(ids: &dyn IdSource, team_id: TeamId, permissions: &[Permission]) -> Actor {
    let origin = RequestOrigin {
        request_id: new_id(ids),
        client_address: Some("192.0.2.7".to_owned()),
        user_agent: Some("example/1.0".to_owned()),
    };
    let permissions = permissions.iter().copied().collect();
    Actor::new(team_id, Principal::Token(new_id(ids)), permissions, origin)
}

/// A connected account of the team, by password, that can delete.
pub fn platform_account(ids: &dyn IdSource, team_id: TeamId) -> PlatformAccount {
    PlatformAccount {
        id: new_id(ids),
        team_id,
        platform: PlatformName::parse("example-platform").expect("the name is valid"),
        credential_kind: CredentialKind::Password,
        sealed_credential: SealedSecret(b"a sealed credential of no use".to_vec()),
        sealed_confirmation: None,
        credential_version: 1,
        state: PlatformAccountState::Connected,
        platform_uid: PlatformUid(1001),
        deletion: DeletionConfirmation::NotNeeded,
        checked_at: moment(),
        created_at: moment(),
        version: 1,
    }
}

/// An environment that was just asked for. Panics when the name is not valid.
pub fn environment(ids: &dyn IdSource, account: &PlatformAccount, name: &str) -> Environment {
    let id: EnvironmentId = new_id(ids);
    let name = EnvironmentName::parse(name).expect("the test gives a valid name");
    Environment {
        id,
        team_id: account.team_id,
        platform_account_id: account.id,
        display_name: DisplayName::parse(&format!("Site {name}")).expect("the name is valid"),
        short_domain: ShortDomain::for_environment(&name, id),
        name,
        region: None,
        blueprint: BlueprintName::parse("wordpress").expect("the name is valid"),
        state: EnvironmentState::Provisioning,
        held_by: None,
        platform_appid: None,
        site_url: None,
        synced_at: None,
        created_at: moment(),
        version: 1,
    }
}

/// A running node, the master of its layer. Panics when the group is not a valid name.
pub fn node(ids: &dyn IdSource, platform_node_id: i64, node_group: &str) -> Node {
    Node {
        id: new_id(ids),
        platform_node_id: PlatformNodeId(platform_node_id),
        node_group: NodeGroup::parse(node_group).expect("the test gives a valid group"),
        stack: "nginxphp".to_owned(),
        is_master: true,
        state: ObservedState::Running,
    }
}

/// Something installed in the environment.
pub fn installation(
    ids: &dyn IdSource,
    environment: &Environment,
    software: Software,
) -> Installation {
    let id: domain::ids::InstallationId = new_id(ids);
    Installation {
        id,
        team_id: environment.team_id,
        environment_id: environment.id,
        software,
        platform_unique_name: Some(PlatformUniqueName(format!("unique-{id}"))),
        node_group: None,
        installed_at: moment(),
    }
}

/// A queued job of the team about the environment.
pub fn job(
    ids: &dyn IdSource,
    team_id: TeamId,
    kind: JobKind,
    environment_id: Option<EnvironmentId>,
) -> Job {
    Job {
        id: new_id(ids),
        team_id,
        kind,
        kind_version: kind.version(),
        state: JobState::Queued,
        environment_id,
        principal: Principal::Token(new_id(ids)),
        payload: EncodedData("{}".to_owned()),
        progress: JobProgress::default(),
        waiting_for: None,
        failure: None,
        is_cancel_requested: false,
        retry_of: None,
        created_at: moment(),
        started_at: None,
        finished_at: None,
        log_sequence: 0,
        version: 1,
    }
}

/// A forward attempt at a step, to be answered within a minute.
pub fn step_attempt(ids: &dyn IdSource, step: &str) -> NewStepAttempt {
    NewStepAttempt {
        id: new_id(ids),
        step: step.to_owned(),
        direction: Direction::Forward,
        answer_within: Duration::from_mins(1),
        baseline: None,
    }
}

/// A line of the audit trail: something the system did well.
pub fn audit_event(ids: &dyn IdSource, team_id: TeamId) -> AuditEvent {
    let target = team_id.to_string();
    AuditEvent::by_system(
        new_id(ids),
        team_id,
        "team.create",
        target,
        AuditOutcome::Succeeded,
    )
}
