//! What is stored about a credential, read by one statement, and the rights that follow from it.

use super::{AccessSubject, Actor, PermissionSet, Person, Principal, RequestOrigin, Role};
use crate::api_token::ApiToken;
use crate::ids::TeamId;
use crate::people::{User, UserSession};
use crate::planted::{self, Fault};
use jiff::Timestamp;
use std::net::IpAddr;
use std::time::Duration;

#[cfg(test)]
mod tests;

/// The credential itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialRecord {
    /// A browser session.
    Session(UserSession),
    /// An API token.
    Token(ApiToken),
    /// None: the rights of a person were asked for.
    Person,
}

/// The person's place in a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamAccess {
    /// The team. A deleted team is not found at all.
    pub team_id: TeamId,
    /// Whether those who run the service have suspended the team.
    pub is_suspended: bool,
    /// The role of the person; absent when they are no member.
    pub role: Option<Role>,
}

/// What is stored about a credential and about its person in one team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRecord {
    /// The credential.
    pub credential: CredentialRecord,
    /// The person: who signed in, or who made the token.
    pub user: User,
    /// The team: the one that was asked for, or the token's. Absent when none was asked for or there
    /// is no such team.
    pub team: Option<TeamAccess>,
}

/// How the time counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessPolicy {
    /// A session that was not used for this long is over.
    pub session_idle: Duration,
    /// Whether a token that has expired, but was not revoked, still counts.
    pub allows_expired_tokens: bool,
}

impl AccessPolicy {
    /// For requests.
    pub fn of_requests(session_idle: Duration) -> Self {
        Self {
            session_idle,
            allows_expired_tokens: false,
        }
    }

    /// For the second look, in the transaction that does what the first look allowed: it is about what
    /// was taken away since.
    pub const SECOND_LOOK: Self = Self {
        session_idle: Duration::MAX,
        allows_expired_tokens: false,
    };

    /// For work that was accepted before: a token that expires while its job runs ends nothing, one
    /// that is revoked does.
    pub const ACCEPTED_WORK: Self = Self {
        session_idle: Duration::MAX,
        allows_expired_tokens: true,
    };
}

/// Why there are no rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RefusedAccess {
    /// The credential is not good (any more). One answer for every reason.
    #[error("the credential is not good")]
    Unauthenticated,
    /// The person has no place in the team, or there is no such team. One answer for both.
    #[error("there is no such team for this caller")]
    NotFound,
}

impl AccessRecord {
    /// The rights in `team`, by role and scopes, as they are at `now`. `client` is the address of the
    /// request; without one (a job goes on) the addresses of a token are not looked at.
    pub fn actor(
        &self,
        team: TeamId,
        policy: &AccessPolicy,
        now: Timestamp,
        client: Option<IpAddr>,
        origin: RequestOrigin,
    ) -> Result<Actor, RefusedAccess> {
        self.check_credential(policy, now, client)?;
        let access = self.team.as_ref().filter(|access| access.team_id == team);
        let access = access.ok_or(RefusedAccess::NotFound)?;
        let (principal, role) = match (&access.role, &self.credential) {
            (Some(role), CredentialRecord::Token(token)) => {
                let scopes = if planted::is_on(Fault::ScopeIgnored) {
                    PermissionSet::all()
                } else {
                    token.scopes
                };
                let rights = role.permissions().intersection(scopes);
                (Principal::Token(token.id), rights)
            }
            (Some(role), _) => (Principal::User(self.user.id), role.permissions()),
            // An operator looks into every team, by session only.
            (None, CredentialRecord::Session(_)) if self.user.is_operator => {
                let views = PermissionSet::all().views();
                (Principal::Operator(self.user.id), views)
            }
            // A token is only as good as the membership of its maker.
            (None, CredentialRecord::Token(_)) => return Err(RefusedAccess::Unauthenticated),
            (None, _) => return Err(RefusedAccess::NotFound),
        };
        let is_suspended = access.is_suspended;
        let permissions = if is_suspended { role.views() } else { role };
        let actor = Actor::new(team, principal, permissions, origin).of_person(self.user.id);
        let actor = match &self.credential {
            CredentialRecord::Session(session) => {
                actor.with_session(session, self.user.has_second_factor())
            }
            _ => actor,
        };
        Ok(if is_suspended {
            actor.in_suspended_team()
        } else {
            actor
        })
    }

    /// The person, when it is a session that is good at `now`.
    pub fn person(
        &self,
        policy: &AccessPolicy,
        now: Timestamp,
        origin: RequestOrigin,
    ) -> Result<Person, RefusedAccess> {
        self.check_credential(policy, now, None)?;
        match &self.credential {
            CredentialRecord::Session(session) => Ok(Person {
                user: self.user.clone(),
                session: session.clone(),
                origin,
            }),
            _ => Err(RefusedAccess::Unauthenticated),
        }
    }

    /// What the rights hang on.
    pub fn subject(&self) -> AccessSubject {
        match &self.credential {
            CredentialRecord::Session(session) => AccessSubject::Session(session.id),
            CredentialRecord::Token(token) => AccessSubject::Token(token.id),
            CredentialRecord::Person => AccessSubject::User(self.user.id),
        }
    }

    fn check_credential(
        &self,
        policy: &AccessPolicy,
        now: Timestamp,
        client: Option<IpAddr>,
    ) -> Result<(), RefusedAccess> {
        let is_good = self.user.may_sign_in()
            && match &self.credential {
                CredentialRecord::Session(session) => session.is_live(now, policy.session_idle),
                CredentialRecord::Token(token) => {
                    let is_live = if policy.allows_expired_tokens {
                        token.revoked_at.is_none()
                    } else {
                        token.is_live(now)
                    };
                    is_live && client.is_none_or(|client| token.may_come_from(client))
                }
                CredentialRecord::Person => true,
            };
        if is_good {
            Ok(())
        } else {
            Err(RefusedAccess::Unauthenticated)
        }
    }
}
