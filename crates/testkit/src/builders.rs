//! Valid entities in one line each. Their fields are public: a test changes what it is about and
//! takes the rest as it comes. Ids come from the given source, times are fixed.

use domain::access::{Actor, Permission, PermissionSet, Principal, RequestOrigin, Role, RoleKind};
use domain::api_token::ApiToken;
use domain::audit::{AuditEvent, AuditOutcome};
use domain::environment::{Environment, EnvironmentState, Node, ObservedState, PlatformNodeId};
use domain::ids::{EnvironmentId, RoleId, TeamId, UserId};
use domain::job::journal::{Direction, NewStepAttempt};
use domain::job::{EncodedData, Job, JobKind, JobProgress, JobState};
use domain::names::{
    BlueprintName, DisplayName, EmailAddress, EnvironmentName, NodeGroup, PersonName, PlatformName,
    RoleName, ShortDomain, TeamName, TokenLabel,
};
use domain::people::{
    EmailLink, EmailLinkPurpose, PasswordHash, SecondFactor, TokenHash, User, UserSession,
    UserState,
};
use domain::platform_account::{
    CredentialKind, DeletionConfirmation, PlatformAccount, PlatformAccountState, PlatformUid,
};
use domain::ports::{IdSource, new_id};
use domain::sealed::{SealedSecret, WrappedKey};
use domain::software::{Installation, PlatformUniqueName, Software};
use domain::team::{Invitation, OwnershipOffer, Team, TeamDeletion};
use domain::trace_parent::TraceParent;
use jiff::Timestamp;
use std::time::Duration;

#[cfg(test)]
mod tests;

/// The time in all entities: 2026-01-02T03:04:05.678901Z. Its digits show what a store cuts.
pub fn moment() -> Timestamp {
    Timestamp::from_microsecond(1_767_323_045_678_901).expect("the moment is a timestamp")
}

/// The year 2100: what ends then lives in every test.
pub fn far_future() -> Timestamp {
    Timestamp::from_second(4_102_444_800).expect("the year 2100 is a timestamp")
}

/// A team.
pub fn team(ids: &dyn IdSource) -> Team {
    Team {
        id: new_id(ids),
        name: TeamName::parse("Example team").expect("the name is valid"),
        created_at: moment(),
        suspended_at: None,
        version: 1,
    }
}

/// The ids of a new team's built-in roles.
pub fn built_in_role_ids(ids: &dyn IdSource) -> [RoleId; 4] {
    [new_id(ids), new_id(ids), new_id(ids), new_id(ids)]
}

/// A custom role of the team, named after its id.
pub fn role(ids: &dyn IdSource, team_id: TeamId, permissions: &[Permission]) -> Role {
    let id: RoleId = new_id(ids);
    Role {
        id,
        team_id,
        kind: RoleKind::Custom,
        name: RoleName::parse(&format!("Role {id}")).expect("the name is valid"),
        custom_permissions: permissions.iter().copied().collect(),
        version: 1,
    }
}

/// A key wrapped under the master key of that id; nothing can be opened with it, but its envelope has
/// the form of a real one.
pub fn wrapped_key_under(master_key_id: &str) -> WrappedKey {
    let length = u8::try_from(master_key_id.len()).expect("the test gives a short id");
    let mut bytes = vec![1, length];
    bytes.extend_from_slice(master_key_id.as_bytes());
    bytes.extend_from_slice(b"a wrapped key of no use");
    WrappedKey(bytes)
}

/// A key wrapped under the master key `mk_1`.
pub fn wrapped_key() -> WrappedKey {
    wrapped_key_under("mk_1")
}

/// The stored form of no token; differs from call to call.
pub fn token_hash(ids: &dyn IdSource) -> TokenHash {
    TokenHash {
        pepper_id: "pepper-1".to_owned(),
        mac: ids.uuid().as_bytes().repeat(2),
    }
}

/// A person who may sign in, without a second factor. The address is made of the id.
pub fn user(ids: &dyn IdSource) -> User {
    let id: UserId = new_id(ids);
    User {
        id,
        email: EmailAddress::parse(&format!("{id}@example.com")).expect("the address is valid"),
        name: PersonName::parse("Example person").expect("the name is valid"),
        password: PasswordHash("a password hash of no use".to_owned()),
        state: UserState::Active,
        is_operator: false,
        second_factor: None,
        created_at: moment(),
        version: 1,
    }
}

/// A confirmed second factor; no code is right for it.
pub fn second_factor() -> SecondFactor {
    SecondFactor {
        sealed_secret: SealedSecret(b"a sealed secret of no use".to_vec()),
        confirmed_at: Some(moment()),
        last_step: 1,
    }
}

/// A browser session of the person that just began and lives until the year 2100.
pub fn user_session(ids: &dyn IdSource, user_id: UserId) -> UserSession {
    UserSession {
        id: new_id(ids),
        user_id,
        hash: token_hash(ids),
        created_at: moment(),
        authenticated_at: moment(),
        last_used_at: moment(),
        expires_at: far_future(),
        ended_at: None,
        client_address: Some("192.0.2.7".to_owned()),
        user_agent: Some("example/1.0".to_owned()),
    }
}

/// A link that was mailed to the person and lives until the year 2100.
pub fn email_link(ids: &dyn IdSource, user_id: UserId, purpose: EmailLinkPurpose) -> EmailLink {
    EmailLink {
        id: new_id(ids),
        user_id,
        purpose,
        hash: token_hash(ids),
        created_at: moment(),
        expires_at: far_future(),
    }
}

/// An invitation into the team that lives until the year 2100. Panics when the address is not valid.
pub fn invitation(
    ids: &dyn IdSource,
    team_id: TeamId,
    email: &str,
    role_id: RoleId,
    invited_by: UserId,
) -> Invitation {
    Invitation {
        id: new_id(ids),
        team_id,
        email: EmailAddress::parse(email).expect("the test gives a valid address"),
        role_id,
        invited_by,
        hash: token_hash(ids),
        created_at: moment(),
        expires_at: far_future(),
    }
}

/// An offer of the team's ownership that lives until the year 2100.
pub fn ownership_offer(team_id: TeamId, from: UserId, to: UserId) -> OwnershipOffer {
    OwnershipOffer {
        team_id,
        from,
        to,
        created_at: moment(),
        expires_at: far_future(),
    }
}

/// The first step of deleting the team; the second may come until the year 2100.
pub fn team_deletion(ids: &dyn IdSource, team_id: TeamId, requested_by: UserId) -> TeamDeletion {
    TeamDeletion {
        team_id,
        requested_by,
        hash: token_hash(ids),
        expires_at: far_future(),
    }
}

/// A token of the person for the team with all scopes, live until the year 2100.
pub fn api_token(ids: &dyn IdSource, team_id: TeamId, user_id: UserId) -> ApiToken {
    ApiToken {
        id: new_id(ids),
        team_id,
        user_id,
        label: TokenLabel::parse("example").expect("the label is valid"),
        hash: token_hash(ids),
        scopes: PermissionSet::all(),
        allowed_networks: Vec::new(),
        created_at: moment(),
        expires_at: far_future(),
        revoked_at: None,
        last_used_at: None,
    }
}

/// Where a request came from.
pub fn origin(ids: &dyn IdSource) -> RequestOrigin {
    RequestOrigin {
        request_id: new_id(ids),
        client_address: Some("192.0.2.7".to_owned()),
        user_agent: Some("example/1.0".to_owned()),
    }
}

/// A caller of the team with just these rights, by a token.
pub fn actor(ids: &dyn IdSource, team_id: TeamId, permissions: &[Permission]) -> Actor {
    let permissions = permissions.iter().copied().collect();
    let principal = Principal::Token(new_id(ids));
    Actor::new(team_id, principal, permissions, origin(ids))
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
        uid_since: moment(),
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
        required_permissions: PermissionSet::NONE,
        payload: EncodedData("{}".to_owned()),
        progress: JobProgress::default(),
        waiting_for: None,
        failure: None,
        is_cancel_requested: false,
        attention: None,
        retry_of: None,
        trace_parent: TraceParent::parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
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
        is_pivot: false,
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
