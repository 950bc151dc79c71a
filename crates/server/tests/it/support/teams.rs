//! More teams than the first start makes, put straight into the store.

use super::{App, Caller};
use custody_adapter::{EnvelopeVault, KeyRing, TokenForge};
use domain::SecretText;
use domain::access::PermissionSet;
use domain::names::TeamName;
use domain::ports::{SecretVault as _, TokenHasher as _, UnitOfWork as _, WritePriority};
use domain::team::{ApiToken, Team};
use persistence_adapter::{Database, DatabaseOptions, PostgresOptions};
use std::sync::Arc;

/// Adds a team with a token of those permissions. PostgreSQL only: the embedded database belongs to
/// the server process.
pub(crate) async fn add_team(app: &App, base: &str, name: &str, scopes: PermissionSet) -> Caller {
    let url = app.database_url.clone().expect("a shared database");
    let options = DatabaseOptions::Postgres(PostgresOptions::new(SecretText::new(url)));
    let database = Database::open(options).await.expect("the database opens");
    let ring = KeyRing::load(&app.data_folder().join("keys.json")).expect("the key ring");
    let ring = Arc::new(ring);
    let ids = testkit::ids::RandomIds;
    let team = Team {
        id: domain::ports::new_id(&ids),
        name: TeamName::parse(name).expect("a team name"),
        created_at: testkit::builders::moment(),
    };
    let key = EnvelopeVault::new(Arc::clone(&ring))
        .new_team_key(team.id)
        .expect("a key");
    let (token, hash) = TokenForge::new(ring).new_api_token().expect("a token");
    let stored = ApiToken {
        id: domain::ports::new_id(&ids),
        team_id: team.id,
        label: name.to_owned(),
        hash,
        scopes,
        created_at: team.created_at,
        expires_at: team.created_at + jiff::SignedDuration::from_hours(24 * 365 * 50),
        revoked_at: None,
    };
    let mut transaction = database
        .begin(WritePriority::Interactive)
        .await
        .expect("begun");
    transaction
        .teams()
        .insert_team(&team, &key)
        .await
        .expect("a new team");
    transaction
        .api_tokens()
        .insert_api_token(&stored)
        .await
        .expect("a new token");
    transaction.commit().await.expect("committed");
    Caller::new(
        base.to_owned(),
        team.id.to_string(),
        Some(token.expose().to_owned()),
    )
}
