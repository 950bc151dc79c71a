//! From a credential to an actor of a team, or to a person, in one statement.

use crate::UseCaseError;
use crate::authorisation::refused;
use domain::SecretText;
use domain::access::{
    AccessPolicy, AccessRecord, Actor, CredentialRecord, Person, Principal, RefusedAccess,
    RequestOrigin,
};
use domain::audit::AuditEvent;
use domain::ids::TeamId;
use domain::limits;
use domain::people::TokenHash;
use domain::ports::{
    Clock, CommitError, IdSource, ReadModel, StoreError, TokenHasher, TokenKind, UnitOfWork,
    WritePriority, new_id,
};
use jiff::Timestamp;
use std::net::IpAddr;
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// What a request brings.
#[derive(Clone)]
pub enum PresentedCredential {
    /// An API token.
    Token(SecretText),
    /// The cookie of a browser session.
    Session(SecretText),
}

/// What is known of a request besides its credential.
#[derive(Debug, Clone)]
pub struct RequestFacts {
    /// For the audit trail.
    pub origin: RequestOrigin,
    /// The client's address, when it is known.
    pub client: Option<IpAddr>,
    /// Method and route, for what an operator does in a team that is not theirs.
    pub operation: String,
}

/// Authenticates requests.
#[derive(Clone)]
pub struct Authenticate {
    /// Credentials by hash.
    pub read_model: Arc<dyn ReadModel>,
    /// Notes of use, and what operators do.
    pub unit_of_work: Arc<dyn UnitOfWork>,
    /// Hashes of presented credentials.
    pub token_hasher: Arc<dyn TokenHasher>,
    /// Identifiers.
    pub ids: Arc<dyn IdSource>,
    /// Expiry.
    pub clock: Arc<dyn Clock>,
    /// How long sessions live.
    pub policy: AccessPolicy,
}

impl Authenticate {
    /// The caller of a team. One answer for every credential that is malformed, unknown, expired or
    /// revoked, and one for every team that is foreign or does not exist. What an operator does in a
    /// team of others is written into its trail first: without that it is not done.
    pub async fn actor(
        &self,
        credential: &PresentedCredential,
        team: TeamId,
        facts: RequestFacts,
    ) -> Result<Actor, UseCaseError> {
        let found = self.find(credential, Some(team)).await?;
        let now = self.clock.now();
        let operation = facts.operation;
        let actor = found
            .record
            .actor(team, &self.policy, now, facts.client, facts.origin)
            .map_err(refused)?;
        if let Principal::Operator(_) = actor.principal() {
            self.note_operator(&actor, operation).await?;
        }
        self.note_use(&found, now).await;
        Ok(actor)
    }

    /// The same caller, for a request that goes on: what was taken away meanwhile is gone. Nothing is
    /// noted again: an open stream is no use of a session by its person, and one look of an operator.
    pub async fn still(
        &self,
        credential: &PresentedCredential,
        team: TeamId,
        facts: RequestFacts,
    ) -> Result<Actor, UseCaseError> {
        let found = self.find(credential, Some(team)).await?;
        let now = self.clock.now();
        found
            .record
            .actor(team, &self.policy, now, facts.client, facts.origin)
            .map_err(refused)
    }

    /// The person behind a browser session.
    pub async fn person(
        &self,
        credential: &PresentedCredential,
        facts: RequestFacts,
    ) -> Result<Person, UseCaseError> {
        let found = self.find(credential, None).await?;
        let now = self.clock.now();
        let person = found
            .record
            .person(&self.policy, now, facts.origin)
            .map_err(refused)?;
        self.note_use(&found, now).await;
        Ok(person)
    }

    /// The team and the caller of a token, whichever team that is: for asking who one is.
    pub async fn token_bearer(
        &self,
        credential: &PresentedCredential,
        facts: RequestFacts,
    ) -> Result<(Actor, AccessRecord), UseCaseError> {
        let found = self.find(credential, None).await?;
        let CredentialRecord::Token(token) = &found.record.credential else {
            return Err(refused(RefusedAccess::Unauthenticated));
        };
        let actor = found
            .record
            .actor(
                token.team_id,
                &self.policy,
                self.clock.now(),
                facts.client,
                facts.origin,
            )
            .map_err(refused)?;
        Ok((actor, found.record))
    }

    async fn find(
        &self,
        credential: &PresentedCredential,
        team: Option<TeamId>,
    ) -> Result<Found, UseCaseError> {
        let (kind, text) = match credential {
            PresentedCredential::Token(text) => (TokenKind::Api, text),
            PresentedCredential::Session(text) => (TokenKind::Session, text),
        };
        let hashes = self.token_hasher.hashes_of(kind, text);
        let record = match kind {
            _ if hashes.is_empty() => None,
            TokenKind::Api => self.read_model.find_token_access(&hashes).await?,
            _ => self.read_model.find_session_access(&hashes, team).await?,
        };
        let record = record.ok_or_else(|| refused(RefusedAccess::Unauthenticated))?;
        Ok(Found { record, hashes })
    }

    async fn note_operator(&self, actor: &Actor, operation: String) -> Result<(), UseCaseError> {
        let mut transaction = self.unit_of_work.begin(WritePriority::Interactive).await?;
        let target = actor.team_id().to_string();
        let event = AuditEvent::accepted(new_id(&*self.ids), actor, "operator.access", target)
            .with_detail(operation);
        transaction.audit().append_audit_event(&event).await?;
        transaction.commit().await.map_err(|error| match error {
            CommitError::RolledBack(error) => error.into(),
            CommitError::OutcomeUnknown(cause) => {
                UseCaseError::from(StoreError::Unavailable(cause))
            }
        })
    }

    /// Notes now and then that the credential is in use. That it cannot be noted refuses nobody.
    async fn note_use(&self, found: &Found, now: Timestamp) {
        if let Some(note) = found.note(now)
            && let Err(error) = self.write_note(note, now).await
        {
            tracing::debug!(error = %error, "the use of a credential could not be noted");
        }
    }

    async fn write_note(&self, note: Note, now: Timestamp) -> Result<(), StoreError> {
        let mut transaction = self.unit_of_work.begin(WritePriority::Interactive).await?;
        match note {
            Note::Session(id) => {
                let sessions = transaction.user_sessions();
                sessions.note_user_session_use(id, now).await?;
            }
            Note::Token(id, rehashed) => {
                let tokens = transaction.api_tokens();
                tokens.note_api_token_use(id, now, rehashed).await?;
            }
        }
        // Lost notes are written again by the next request.
        transaction.commit().await.map_err(|error| match error {
            CommitError::RolledBack(error) => error,
            CommitError::OutcomeUnknown(cause) => StoreError::Unavailable(cause),
        })
    }
}

struct Found {
    record: AccessRecord,
    /// What was presented, under the active pepper first.
    hashes: Vec<TokenHash>,
}

enum Note {
    Session(domain::ids::UserSessionId),
    Token(domain::ids::ApiTokenId, Option<TokenHash>),
}

impl Found {
    /// What there is to note: a use a while after the last one, or a hash under an old pepper.
    fn note(&self, now: Timestamp) -> Option<Note> {
        let is_old = |last: Option<Timestamp>| {
            last.is_none_or(|last| {
                now.duration_since(last).unsigned_abs() >= limits::LAST_USED_PRECISION
            })
        };
        match &self.record.credential {
            CredentialRecord::Session(session) => {
                is_old(Some(session.last_used_at)).then_some(Note::Session(session.id))
            }
            CredentialRecord::Token(token) => {
                let active = self.hashes.first()?;
                let rehashed = (token.hash.pepper_id != active.pepper_id).then(|| active.clone());
                (rehashed.is_some() || is_old(token.last_used_at))
                    .then_some(Note::Token(token.id, rehashed))
            }
            CredentialRecord::Person => None,
        }
    }
}
