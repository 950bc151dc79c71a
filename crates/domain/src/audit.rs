//! What is written down about every mutation, in the same transaction as the mutation itself, and
//! about refusals. The lines of a team are a chain: each carries a keyed hash over itself and the one
//! before, so that a line that was changed, left out or put in is found.

use crate::access::{AccessSubject, Actor, Person, Principal, RequestOrigin};
use crate::error_code::ErrorCode;
use crate::ids::{AuditEventId, EntityId as _, RequestId, TeamId};
use jiff::Timestamp;

#[cfg(test)]
mod tests;

/// How the recorded action went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditOutcome {
    /// The action was accepted and stored.
    Accepted,
    /// The action ended well.
    Succeeded,
    /// The action failed or was undone.
    Failed,
    /// The action was refused.
    Refused,
}

impl AuditOutcome {
    /// The stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Refused => "refused",
        }
    }

    /// Reads the stable text form.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Accepted, Self::Succeeded, Self::Failed, Self::Refused]
            .into_iter()
            .find(|outcome| outcome.as_str() == text)
    }
}

/// One line of the audit trail. It never holds a secret value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// The event.
    pub id: AuditEventId,
    /// The team whose trail it belongs to; none for the trail of the system.
    pub team_id: Option<TeamId>,
    /// Who acted.
    pub principal: Principal,
    /// The session or token that was used, as text.
    pub credential: Option<String>,
    /// What was done, `area.verb`.
    pub action: String,
    /// What it was done to: the text form of an id.
    pub target: String,
    /// How it went.
    pub outcome: AuditOutcome,
    /// Why it was refused, or what else is worth a word: a code, never a value.
    pub detail: Option<String>,
    /// The request, when there was one.
    pub request_id: Option<RequestId>,
    /// The client's address.
    pub client_address: Option<String>,
    /// The client's `User-Agent`.
    pub user_agent: Option<String>,
}

impl AuditEvent {
    /// An accepted mutation of an authenticated caller.
    pub fn accepted(
        id: AuditEventId,
        actor: &Actor,
        action: impl Into<String>,
        target: impl Into<String>,
    ) -> Self {
        Self {
            team_id: Some(actor.team_id()),
            principal: actor.principal(),
            credential: actor.subject().and_then(AccessSubject::credential_text),
            ..Self::at(id, actor.origin(), action, target)
        }
    }

    /// A refused wish of an authenticated caller.
    pub fn refused(
        id: AuditEventId,
        actor: &Actor,
        action: impl Into<String>,
        target: impl Into<String>,
        code: ErrorCode,
    ) -> Self {
        Self {
            outcome: AuditOutcome::Refused,
            detail: Some(code.as_str().to_owned()),
            ..Self::accepted(id, actor, action, target)
        }
    }

    /// Something a person did that belongs to no team.
    pub fn by_person(
        id: AuditEventId,
        person: &Person,
        action: impl Into<String>,
        target: impl Into<String>,
    ) -> Self {
        Self {
            principal: person.principal(),
            credential: Some(person.session.id.to_string()),
            ..Self::at(id, &person.origin, action, target)
        }
    }

    /// Something that happened to a request nobody is known for yet: a registration, a sign-in.
    pub fn at(
        id: AuditEventId,
        origin: &RequestOrigin,
        action: impl Into<String>,
        target: impl Into<String>,
    ) -> Self {
        Self {
            id,
            team_id: None,
            principal: Principal::Anonymous,
            credential: None,
            action: action.into(),
            target: target.into(),
            outcome: AuditOutcome::Accepted,
            detail: None,
            request_id: Some(origin.request_id),
            client_address: origin.client_address.clone(),
            user_agent: origin.user_agent.clone(),
        }
    }

    /// Something Windlass did or found on its own.
    pub fn by_system(
        id: AuditEventId,
        team_id: TeamId,
        action: impl Into<String>,
        target: impl Into<String>,
        outcome: AuditOutcome,
    ) -> Self {
        Self {
            id,
            team_id: Some(team_id),
            principal: Principal::System,
            credential: None,
            action: action.into(),
            target: target.into(),
            outcome,
            detail: None,
            request_id: None,
            client_address: None,
            user_agent: None,
        }
    }

    /// Something whoever has a shell on the machine did.
    pub fn at_command_line(
        id: AuditEventId,
        action: impl Into<String>,
        target: impl Into<String>,
    ) -> Self {
        Self {
            id,
            team_id: None,
            principal: Principal::CommandLine,
            credential: None,
            action: action.into(),
            target: target.into(),
            outcome: AuditOutcome::Accepted,
            detail: None,
            request_id: None,
            client_address: None,
            user_agent: None,
        }
    }

    /// The same event in the trail of a team.
    #[must_use]
    pub fn in_team(mut self, team: TeamId) -> Self {
        self.team_id = Some(team);
        self
    }

    /// The same event with a word on it: a code, never a value.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

/// A keyed hash that ties a line to the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditSeal {
    /// Which audit key of the ring was used.
    pub key_id: String,
    /// The keyed hash.
    pub mac: Vec<u8>,
}

/// A line as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its number in its trail; without a gap.
    pub sequence: i64,
    /// The database's time when it was written.
    pub at: Timestamp,
    /// What happened.
    pub event: AuditEvent,
    /// What ties it to the line before; absent on lines that are older than the chain.
    pub seal: Option<AuditSeal>,
}

impl AuditRecord {
    /// The bytes that the seal is about: every part with its length before it, so that no two lines
    /// have the same.
    pub fn sealed_bytes(&self) -> Vec<u8> {
        let event = &self.event;
        let mut bytes = Vec::with_capacity(256);
        let mut part = |text: &[u8]| {
            bytes.extend_from_slice(&(text.len() as u64).to_be_bytes());
            bytes.extend_from_slice(text);
        };
        part(b"windlass/audit/v1");
        part(&self.sequence.to_be_bytes());
        part(&self.at.as_microsecond().to_be_bytes());
        part(event.id.as_uuid().as_bytes());
        part(
            event
                .team_id
                .map(|id| *id.as_uuid().as_bytes())
                .unwrap_or_default()
                .as_slice(),
        );
        part(event.principal.as_text().as_bytes());
        part(event.action.as_bytes());
        part(event.target.as_bytes());
        part(event.outcome.as_str().as_bytes());
        let request = event.request_id.map(|id| id.to_string());
        for optional in [
            &event.credential,
            &event.detail,
            &request,
            &event.client_address,
            &event.user_agent,
        ] {
            part(&[u8::from(optional.is_some())]);
            part(optional.as_deref().unwrap_or_default().as_bytes());
        }
        bytes
    }
}
