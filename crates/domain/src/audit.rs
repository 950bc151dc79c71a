//! What is written down about every mutation, in the same transaction as the mutation itself.

use crate::access::{Actor, Principal};
use crate::ids::{AuditEventId, RequestId, TeamId};

/// Whether the recorded action was carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditOutcome {
    /// The action was accepted and stored.
    Accepted,
    /// The action ended well.
    Succeeded,
    /// The action failed or was undone.
    Failed,
}

impl AuditOutcome {
    /// The stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
        }
    }
}

/// One line of the audit trail. It never holds a secret value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// The event.
    pub id: AuditEventId,
    /// The team it belongs to.
    pub team_id: TeamId,
    /// Who acted.
    pub principal: Principal,
    /// What was done, `area.verb`.
    pub action: &'static str,
    /// What it was done to: the text form of an id.
    pub target: String,
    /// How it went.
    pub outcome: AuditOutcome,
    /// The request, when there was one.
    pub request_id: Option<RequestId>,
    /// The client's address.
    pub client_address: Option<String>,
    /// The client's `User-Agent`.
    pub user_agent: Option<String>,
}

impl AuditEvent {
    /// An accepted mutation of an authenticated caller.
    pub fn accepted(id: AuditEventId, actor: &Actor, action: &'static str, target: String) -> Self {
        let origin = actor.origin();
        Self {
            id,
            team_id: actor.team_id(),
            principal: actor.principal(),
            action,
            target,
            outcome: AuditOutcome::Accepted,
            request_id: Some(origin.request_id),
            client_address: origin.client_address.clone(),
            user_agent: origin.user_agent.clone(),
        }
    }

    /// Something Windlass did or found on its own.
    pub fn by_system(
        id: AuditEventId,
        team_id: TeamId,
        action: &'static str,
        target: String,
        outcome: AuditOutcome,
    ) -> Self {
        Self {
            id,
            team_id,
            principal: Principal::System,
            action,
            target,
            outcome,
            request_id: None,
            client_address: None,
            user_agent: None,
        }
    }
}
