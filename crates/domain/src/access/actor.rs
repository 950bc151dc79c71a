//! Callers: on whose behalf a use case runs, and with which rights.

use super::{Permission, PermissionSet};
use crate::ids::{ApiTokenId, RequestId, TeamId, UserId, UserSessionId};
use crate::people::{User, UserSession};
use jiff::Timestamp;
use std::time::Duration;

/// On whose behalf something is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Principal {
    /// A person.
    User(UserId),
    /// An API token of the team.
    Token(ApiTokenId),
    /// One of those who run the service, in a team that is not theirs.
    Operator(UserId),
    /// Whoever has a shell on the machine: `windlass admin`.
    CommandLine,
    /// Nobody who is known: a sign-in that failed, a registration.
    Anonymous,
    /// Windlass itself: recovery, undo, background work.
    System,
}

impl Principal {
    /// The stable text form, for audit rows and idempotency scopes.
    pub fn as_text(&self) -> String {
        match self {
            Self::User(id) => id.to_string(),
            Self::Token(id) => id.to_string(),
            Self::Operator(id) => format!("operator:{id}"),
            Self::CommandLine => "command_line".to_owned(),
            Self::Anonymous => "anonymous".to_owned(),
            Self::System => "system".to_owned(),
        }
    }

    /// Reads the stable text form.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "system" => Some(Self::System),
            "command_line" => Some(Self::CommandLine),
            "anonymous" => Some(Self::Anonymous),
            _ => match text.strip_prefix("operator:") {
                Some(id) => id.parse().ok().map(Self::Operator),
                None => (text.parse().ok().map(Self::Token))
                    .or_else(|| text.parse().ok().map(Self::User)),
            },
        }
    }

    /// Whose rights have to be looked at when work of theirs goes on; `None` for Windlass itself and
    /// for whoever is at the machine, who need none.
    pub fn subject(self) -> Option<AccessSubject> {
        match self {
            Self::User(id) | Self::Operator(id) => Some(AccessSubject::User(id)),
            Self::Token(id) => Some(AccessSubject::Token(id)),
            Self::CommandLine | Self::Anonymous | Self::System => None,
        }
    }
}

/// What rights hang on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccessSubject {
    /// A browser session, its person and their membership.
    Session(UserSessionId),
    /// An API token, its maker and their membership.
    Token(ApiTokenId),
    /// A person and their membership, whichever way they came.
    User(UserId),
}

impl AccessSubject {
    /// The id of the credential, for audit rows; absent when it is a person.
    pub fn credential_text(self) -> Option<String> {
        match self {
            Self::Session(id) => Some(id.to_string()),
            Self::Token(id) => Some(id.to_string()),
            Self::User(_) => None,
        }
    }
}

/// Where a request came from, for the audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestOrigin {
    /// The request.
    pub request_id: RequestId,
    /// The client's address as text, after trusted proxies were taken into account.
    pub client_address: Option<String>,
    /// The `User-Agent`, cut to 200 characters.
    pub user_agent: Option<String>,
}

/// An authenticated caller of one team.
#[derive(Debug, Clone)]
pub struct Actor {
    team_id: TeamId,
    principal: Principal,
    subject: Option<AccessSubject>,
    user_id: Option<UserId>,
    permissions: PermissionSet,
    is_team_suspended: bool,
    has_second_factor: bool,
    authenticated_at: Option<Timestamp>,
    origin: RequestOrigin,
}

/// The caller lacks a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("permission `{}` is missing", permission.as_str())]
pub struct PermissionDenied {
    /// The permission that is missing.
    pub permission: Permission,
    /// Whether it is missing because the team is suspended.
    pub is_team_suspended: bool,
}

impl Actor {
    /// Puts together what authentication found out.
    pub fn new(
        team_id: TeamId,
        principal: Principal,
        permissions: PermissionSet,
        origin: RequestOrigin,
    ) -> Self {
        Self {
            team_id,
            principal,
            subject: principal.subject(),
            user_id: match principal {
                Principal::User(id) | Principal::Operator(id) => Some(id),
                _ => None,
            },
            permissions,
            is_team_suspended: false,
            has_second_factor: false,
            authenticated_at: None,
            origin,
        }
    }

    /// The person behind a token.
    #[must_use]
    pub fn of_person(mut self, user: UserId) -> Self {
        self.user_id = Some(user);
        self
    }

    /// The session that the caller came with.
    #[must_use]
    pub fn with_session(mut self, session: &UserSession, has_second_factor: bool) -> Self {
        self.subject = Some(AccessSubject::Session(session.id));
        self.authenticated_at = Some(session.authenticated_at);
        self.has_second_factor = has_second_factor;
        self
    }

    /// Notes that the team is suspended.
    #[must_use]
    pub fn in_suspended_team(mut self) -> Self {
        self.is_team_suspended = true;
        self
    }

    /// Whether the team is suspended: it can be looked at and nothing else.
    pub fn is_team_suspended(&self) -> bool {
        self.is_team_suspended
    }

    /// The team the credential belongs to.
    pub fn team_id(&self) -> TeamId {
        self.team_id
    }

    /// On whose behalf.
    pub fn principal(&self) -> Principal {
        self.principal
    }

    /// What the rights hang on; absent for Windlass itself.
    pub fn subject(&self) -> Option<AccessSubject> {
        self.subject
    }

    /// The person: who signed in, or who made the token.
    pub fn user_id(&self) -> Option<UserId> {
        self.user_id
    }

    /// Whether the person has confirmed a second factor; false for tokens.
    pub fn has_second_factor(&self) -> bool {
        self.has_second_factor
    }

    /// Whether the caller proved who they are within the time before `now`. Never true for a token.
    pub fn has_authenticated_within(&self, window: Duration, now: Timestamp) -> bool {
        self.authenticated_at
            .is_some_and(|at| now.duration_since(at).unsigned_abs() <= window)
    }

    /// What the caller may do.
    pub fn permissions(&self) -> PermissionSet {
        self.permissions
    }

    /// Where the request came from.
    pub fn origin(&self) -> &RequestOrigin {
        &self.origin
    }

    /// Passes only when the caller has the permission. Called before anything is looked up.
    pub fn demand(&self, permission: Permission) -> Result<(), PermissionDenied> {
        if self.permissions.contains(permission) {
            Ok(())
        } else {
            Err(PermissionDenied {
                permission,
                is_team_suspended: self.is_team_suspended,
            })
        }
    }
}

/// A person who signed in with a browser, apart from any team.
#[derive(Debug, Clone)]
pub struct Person {
    /// Who.
    pub user: User,
    /// The session.
    pub session: UserSession,
    /// Where the request came from.
    pub origin: RequestOrigin,
}

impl Person {
    /// On whose behalf.
    pub fn principal(&self) -> Principal {
        Principal::User(self.user.id)
    }

    /// Whether the person proved who they are within the time before `now`.
    pub fn has_authenticated_within(&self, window: Duration, now: Timestamp) -> bool {
        now.duration_since(self.session.authenticated_at)
            .unsigned_abs()
            <= window
    }
}
