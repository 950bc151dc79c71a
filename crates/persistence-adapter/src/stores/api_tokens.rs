//! API tokens.

use crate::schema::{api_tokens, teams};
use crate::session::{Session, on_session};
use crate::sql::{Id, Moment};
use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::access::Permission;
use domain::ids::{ApiTokenId, TeamId};
use domain::ports::{ApiTokenStore, StoreError};
use domain::team::{ApiToken, TokenHash};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = api_tokens, treat_none_as_default_value = false)]
struct ApiTokenRow {
    id: Id<ApiTokenId>,
    team_id: Id<TeamId>,
    label: String,
    pepper_id: String,
    mac: Vec<u8>,
    scopes: String,
    created_at: Moment,
    expires_at: Moment,
    revoked_at: Option<Moment>,
}

impl From<&ApiToken> for ApiTokenRow {
    fn from(token: &ApiToken) -> Self {
        let scopes: Vec<_> = token.scopes.iter().map(Permission::as_str).collect();
        Self {
            id: Id(token.id),
            team_id: Id(token.team_id),
            label: token.label.clone(),
            pepper_id: token.hash.pepper_id.clone(),
            mac: token.hash.mac.clone(),
            scopes: scopes.join(" "),
            created_at: Moment(token.created_at),
            expires_at: Moment(token.expires_at),
            revoked_at: token.revoked_at.map(Moment),
        }
    }
}

impl From<ApiTokenRow> for ApiToken {
    /// A scope that this version does not know was written by a newer one; it gives no right here.
    fn from(row: ApiTokenRow) -> Self {
        Self {
            id: row.id.0,
            team_id: row.team_id.0,
            label: row.label,
            hash: TokenHash {
                pepper_id: row.pepper_id,
                mac: row.mac,
            },
            scopes: row
                .scopes
                .split(' ')
                .filter_map(Permission::parse)
                .collect(),
            created_at: row.created_at.0,
            expires_at: row.expires_at.0,
            revoked_at: row.revoked_at.map(|moment| moment.0),
        }
    }
}

#[async_trait]
impl ApiTokenStore for Session {
    async fn insert_api_token(&mut self, token: &ApiToken) -> Result<(), StoreError> {
        let row = ApiTokenRow::from(token);
        on_session!(self, c => diesel::insert_into(api_tokens::table)
            .values(&row)
            .execute(c)
            .await)?;
        Ok(())
    }
}

/// The token with one of the hashes (one for each pepper in use, so a handful).
pub(crate) async fn find_api_token(
    session: &mut Session,
    hashes: &[TokenHash],
) -> Result<Option<ApiToken>, StoreError> {
    for hash in hashes {
        let row: Option<ApiTokenRow> = on_session!(session, c => api_tokens::table
            .inner_join(teams::table)
            .filter(api_tokens::mac.eq(&hash.mac))
            .filter(api_tokens::pepper_id.eq(&hash.pepper_id))
            .select(ApiTokenRow::as_select())
            .first(c)
            .await
            .optional())?;
        if row.is_some() {
            return Ok(row.map(ApiToken::from));
        }
    }
    Ok(None)
}
