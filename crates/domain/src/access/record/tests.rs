use super::{AccessPolicy, AccessRecord, CredentialRecord, RefusedAccess, TeamAccess};
use crate::access::{Actor, Permission, PermissionSet, Principal, RequestOrigin, Role, RoleKind};
use crate::api_token::ApiToken;
use crate::ids::{ApiTokenId, EntityId, RequestId, RoleId, TeamId, UserId, UserSessionId};
use crate::names::{EmailAddress, PersonName, RoleName, TokenLabel};
use crate::people::{PasswordHash, TokenHash, User, UserSession, UserState};
use jiff::Timestamp;
use std::time::Duration;
use uuid::Uuid;

const POLICY: AccessPolicy = AccessPolicy {
    session_idle: Duration::from_hours(1),
    allows_expired_tokens: false,
};

fn id<Id: EntityId>(number: u128) -> Id {
    Id::from_uuid(Uuid::from_u128(number))
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).expect("a time")
}

fn origin() -> RequestOrigin {
    RequestOrigin {
        request_id: id::<RequestId>(1),
        client_address: None,
        user_agent: None,
    }
}

fn team() -> TeamId {
    id(2)
}

fn hash() -> TokenHash {
    TokenHash {
        pepper_id: "pepper".to_owned(),
        mac: vec![1],
    }
}

fn user() -> User {
    User {
        id: id::<UserId>(3),
        email: EmailAddress::parse("anna@example.com").expect("an address"),
        name: PersonName::parse("Anna").expect("a name"),
        password: PasswordHash(String::new()),
        state: UserState::Active,
        is_operator: false,
        second_factor: None,
        created_at: at(0),
        version: 1,
    }
}

fn session() -> UserSession {
    UserSession {
        id: id::<UserSessionId>(4),
        user_id: id(3),
        hash: hash(),
        created_at: at(0),
        authenticated_at: at(0),
        last_used_at: at(0),
        expires_at: at(36_000),
        ended_at: None,
        client_address: None,
        user_agent: None,
    }
}

fn token(scopes: &[Permission]) -> ApiToken {
    ApiToken {
        id: id::<ApiTokenId>(5),
        team_id: team(),
        user_id: id(3),
        label: TokenLabel::parse("ci").expect("a label"),
        hash: hash(),
        scopes: scopes.iter().copied().collect(),
        allowed_networks: vec!["192.0.2.0/24".parse().expect("a range")],
        created_at: at(0),
        expires_at: at(36_000),
        revoked_at: None,
        last_used_at: None,
    }
}

fn role(kind: RoleKind, custom: PermissionSet) -> Role {
    Role {
        id: id::<RoleId>(6),
        team_id: team(),
        kind,
        name: RoleName::parse("a role").expect("a name"),
        custom_permissions: custom,
        version: 1,
    }
}

fn record(credential: CredentialRecord, role: Option<Role>) -> AccessRecord {
    AccessRecord {
        credential,
        user: user(),
        team: Some(TeamAccess {
            team_id: team(),
            is_suspended: false,
            role,
        }),
    }
}

fn of_session(kind: RoleKind) -> AccessRecord {
    let role = role(kind, PermissionSet::NONE);
    record(CredentialRecord::Session(session()), Some(role))
}

fn ask(record: &AccessRecord) -> Result<Actor, RefusedAccess> {
    record.actor(team(), &POLICY, at(60), None, origin())
}

#[test]
fn a_session_has_the_rights_of_the_role() {
    let actor = ask(&of_session(RoleKind::Developer)).expect("a member");
    assert_eq!(actor.permissions(), RoleKind::Developer.permissions());
    assert_eq!(actor.principal(), Principal::User(id(3)));
    assert!(actor.has_authenticated_within(Duration::from_mins(1), at(60)));
    assert!(!actor.has_authenticated_within(Duration::from_secs(59), at(60)));
}

#[test]
fn a_token_has_what_role_and_scopes_share_and_never_counts_as_a_fresh_proof() {
    let scopes = [Permission::JobView, Permission::TeamDelete];
    let role = role(RoleKind::Manager, PermissionSet::NONE);
    let record = record(CredentialRecord::Token(token(&scopes)), Some(role));
    let actor = ask(&record).expect("a member's token");
    assert_eq!(actor.permissions().to_slugs(), "job.view");
    assert_eq!(actor.user_id(), Some(id(3)));
    assert!(!actor.has_authenticated_within(Duration::MAX, at(60)));
    let client = Some("198.51.100.1".parse().expect("an address"));
    let elsewhere = record.actor(team(), &POLICY, at(60), client, origin());
    assert_eq!(elsewhere.err(), Some(RefusedAccess::Unauthenticated));
    let client = Some("192.0.2.9".parse().expect("an address"));
    assert!(
        record
            .actor(team(), &POLICY, at(60), client, origin())
            .is_ok()
    );
}

#[test]
fn a_custom_role_never_holds_what_only_the_owner_may() {
    let stored = role(RoleKind::Custom, PermissionSet::all());
    assert_eq!(stored.permissions(), RoleKind::Manager.permissions());
}

#[test]
fn a_suspended_team_can_be_looked_at() {
    let mut record = of_session(RoleKind::Owner);
    record.team.as_mut().expect("a team").is_suspended = true;
    let actor = ask(&record).expect("a member");
    assert!(actor.demand(Permission::EnvironmentView).is_ok());
    let denied = actor
        .demand(Permission::EnvironmentCreate)
        .expect_err("suspended");
    assert!(denied.is_team_suspended);
}

#[test]
fn who_is_no_member_finds_no_team_and_an_operator_only_looks() {
    let stranger = record(CredentialRecord::Session(session()), None);
    assert_eq!(ask(&stranger).err(), Some(RefusedAccess::NotFound));
    let other = stranger.actor(id(99), &POLICY, at(60), None, origin());
    assert_eq!(other.err(), Some(RefusedAccess::NotFound));
    let mut operator = stranger;
    operator.user.is_operator = true;
    let actor = ask(&operator).expect("an operator");
    assert_eq!(actor.principal(), Principal::Operator(id(3)));
    assert!(actor.permissions().iter().all(Permission::is_view));
    operator.credential = CredentialRecord::Token(token(&[Permission::JobView]));
    assert_eq!(ask(&operator).err(), Some(RefusedAccess::Unauthenticated));
    operator.credential = CredentialRecord::Person;
    assert_eq!(ask(&operator).err(), Some(RefusedAccess::NotFound));
}

#[test]
fn what_is_over_is_refused_whatever_ended_it() {
    let ends: &[fn(&mut AccessRecord)] = &[
        |it| it.user.state = UserState::Disabled,
        |it| it.user.state = UserState::Unverified,
        |it| {
            it.credential = CredentialRecord::Session(UserSession {
                ended_at: Some(at(1)),
                ..session()
            });
        },
        |it| {
            it.credential = CredentialRecord::Session(UserSession {
                expires_at: at(60),
                ..session()
            });
        },
        |it| {
            it.credential = CredentialRecord::Session(UserSession {
                last_used_at: at(60 - 3_600),
                ..session()
            });
        },
        |it| {
            it.credential = CredentialRecord::Token(ApiToken {
                revoked_at: Some(at(1)),
                ..token(&[])
            });
        },
        |it| {
            it.credential = CredentialRecord::Token(ApiToken {
                expires_at: at(60),
                ..token(&[])
            });
        },
    ];
    for end in ends {
        let mut record = of_session(RoleKind::Owner);
        end(&mut record);
        assert_eq!(ask(&record).err(), Some(RefusedAccess::Unauthenticated));
        assert!(record.person(&POLICY, at(60), origin()).is_err());
    }
    let token = CredentialRecord::Token(token(&[]));
    assert!(
        record(token, None)
            .person(&POLICY, at(60), origin())
            .is_err()
    );
}

#[test]
fn accepted_work_outlives_its_token_unless_that_is_revoked() {
    let expired = ApiToken {
        expires_at: at(1),
        ..token(&[Permission::JobView])
    };
    let revoked = ApiToken {
        revoked_at: Some(at(1)),
        ..expired.clone()
    };
    let policy = AccessPolicy::ACCEPTED_WORK;
    for (token, is_good) in [(expired, true), (revoked, false)] {
        let role = role(RoleKind::Owner, PermissionSet::NONE);
        let record = record(CredentialRecord::Token(token), Some(role));
        let actor = record.actor(team(), &policy, at(60), None, origin());
        assert_eq!(actor.is_ok(), is_good);
        assert!(ask(&record).is_err());
    }
}
