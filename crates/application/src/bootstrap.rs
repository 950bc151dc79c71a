//! The first start: one team and one owner token, printed once.

use crate::{CredentialCustody, UseCaseError};
use domain::SecretText;
use domain::access::PermissionSet;
use domain::audit::{AuditEvent, AuditOutcome};
use domain::error_code::ErrorCode;
use domain::ids::TeamId;
use domain::names::TeamName;
use domain::ports::{Clock, CommitError, IdSource, TokenHasher, UnitOfWork, WritePriority, new_id};
use domain::team::{ApiToken, Team};
use jiff::SignedDuration;
use std::sync::Arc;

/// How long the first token lives, in hours: a year, the longest life of any token.
const FIRST_TOKEN_LIFETIME: SignedDuration = SignedDuration::from_hours(365 * 24);

/// What the first start made.
pub struct FirstTeam {
    /// The team.
    pub team_id: TeamId,
    /// Its owner token; shown once and never stored in clear.
    pub owner_token: SecretText,
}

/// Creates the first team when there is none.
#[derive(Clone)]
pub struct CreateFirstTeam {
    /// Transactions.
    pub unit_of_work: Arc<dyn UnitOfWork>,
    /// Team keys.
    pub custody: CredentialCustody,
    /// Tokens.
    pub token_hasher: Arc<dyn TokenHasher>,
    /// Identifiers.
    pub ids: Arc<dyn IdSource>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

impl CreateFirstTeam {
    /// `None` when there is a team already. All in one transaction, so that two processes that start
    /// at once cannot leave half a team behind.
    pub async fn run(&self, name: TeamName) -> Result<Option<FirstTeam>, UseCaseError> {
        let mut transaction = self.unit_of_work.begin(WritePriority::Interactive).await?;
        if transaction.teams().count_teams().await? > 0 {
            return Ok(None);
        }
        let now = self.clock.now();
        let team = Team {
            id: new_id(&*self.ids),
            name,
            created_at: now,
        };
        let team_key = self.custody.new_team_key(team.id)?;
        let (owner_token, hash) = self.token_hasher.new_api_token()?;
        let token = ApiToken {
            id: new_id(&*self.ids),
            team_id: team.id,
            label: "first owner token".to_owned(),
            hash,
            scopes: PermissionSet::all(),
            created_at: now,
            expires_at: now + FIRST_TOKEN_LIFETIME,
            revoked_at: None,
        };
        transaction.teams().insert_team(&team, &team_key).await?;
        transaction.api_tokens().insert_api_token(&token).await?;
        let event = AuditEvent::by_system(
            new_id(&*self.ids),
            team.id,
            "team.bootstrap",
            team.id.to_string(),
            AuditOutcome::Succeeded,
        );
        transaction.audit().append_audit_event(&event).await?;
        transaction.commit().await.map_err(|error| match error {
            CommitError::RolledBack(error) => error.into(),
            CommitError::OutcomeUnknown(cause) => UseCaseError::new(
                ErrorCode::OutcomeUnknown,
                "whether the first team was stored is unknown; start again",
            )
            .caused_by(cause),
        })?;
        Ok(Some(FirstTeam {
            team_id: team.id,
            owner_token,
        }))
    }
}
