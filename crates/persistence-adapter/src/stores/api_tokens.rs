//! API tokens. One without a person was made before there were people; it is not found.

use crate::failure::inconsistent;
use crate::paging::{page_of, rows_to_read};
use crate::schema::api_tokens;
use crate::session::{Session, on_session};
use crate::sql::{Id, Moment};
use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::access::PermissionSet;
use domain::api_token::{ApiToken, Network};
use domain::ids::{ApiTokenId, TeamId, UserId};
use domain::names::TokenLabel;
use domain::page::{Page, PageRequest};
use domain::people::TokenHash;
use domain::ports::{ApiTokenStore, StoreError};
use jiff::Timestamp;

const TABLE: &str = "api_tokens";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = api_tokens, treat_none_as_default_value = false)]
pub(crate) struct ApiTokenRow {
    id: Id<ApiTokenId>,
    team_id: Id<TeamId>,
    label: String,
    pepper_id: String,
    mac: Vec<u8>,
    scopes: String,
    created_at: Moment,
    expires_at: Moment,
    revoked_at: Option<Moment>,
    user_id: Option<Id<UserId>>,
    allowed_networks: String,
    last_used_at: Option<Moment>,
}

impl From<&ApiToken> for ApiTokenRow {
    fn from(token: &ApiToken) -> Self {
        let networks: Vec<_> = token
            .allowed_networks
            .iter()
            .map(Network::to_string)
            .collect();
        Self {
            id: Id(token.id),
            team_id: Id(token.team_id),
            label: token.label.as_str().to_owned(),
            pepper_id: token.hash.pepper_id.clone(),
            mac: token.hash.mac.clone(),
            scopes: token.scopes.to_slugs(),
            created_at: Moment(token.created_at),
            expires_at: Moment(token.expires_at),
            revoked_at: token.revoked_at.map(Moment),
            user_id: Some(Id(token.user_id)),
            allowed_networks: networks.join(" "),
            last_used_at: token.last_used_at.map(Moment),
        }
    }
}

impl TryFrom<ApiTokenRow> for ApiToken {
    type Error = StoreError;

    fn try_from(row: ApiTokenRow) -> Result<Self, StoreError> {
        let user_id = row
            .user_id
            .ok_or_else(|| inconsistent(TABLE, "user_id", "the token belongs to nobody"))?;
        Ok(Self {
            id: row.id.0,
            team_id: row.team_id.0,
            user_id: user_id.0,
            label: TokenLabel::parse(&row.label)
                .map_err(|error| inconsistent(TABLE, "label", error))?,
            hash: TokenHash {
                pepper_id: row.pepper_id,
                mac: row.mac,
            },
            scopes: PermissionSet::parse_slugs(&row.scopes),
            allowed_networks: networks(&row.allowed_networks)?,
            created_at: row.created_at.0,
            expires_at: row.expires_at.0,
            revoked_at: row.revoked_at.map(|moment| moment.0),
            last_used_at: row.last_used_at.map(|moment| moment.0),
        })
    }
}

/// One that cannot be read is an error: left out, it could leave a list that allows everything.
fn networks(text: &str) -> Result<Vec<Network>, StoreError> {
    text.split_whitespace()
        .map(|network| {
            network
                .parse()
                .map_err(|error| inconsistent(TABLE, "allowed_networks", error))
        })
        .collect()
}

/// One token that was not revoked.
pub(crate) async fn find(
    session: &mut Session,
    team: TeamId,
    token: ApiTokenId,
) -> Result<Option<ApiToken>, StoreError> {
    let row: Option<ApiTokenRow> = on_session!(session, c => api_tokens::table
        .find(Id(token))
        .filter(api_tokens::team_id.eq(Id(team)))
        .filter(api_tokens::revoked_at.is_null())
        .filter(api_tokens::user_id.is_not_null())
        .select(ApiTokenRow::as_select())
        .first(c)
        .await
        .optional())?;
    row.map(ApiToken::try_from).transpose()
}

/// Tokens that were not revoked, by id.
pub(crate) async fn list(
    session: &mut Session,
    team: TeamId,
    page: PageRequest<ApiTokenId>,
) -> Result<Page<ApiToken, ApiTokenId>, StoreError> {
    let rows: Vec<ApiTokenRow> = on_session!(session, c => {
        let mut query = api_tokens::table
            .filter(api_tokens::team_id.eq(Id(team)))
            .filter(api_tokens::revoked_at.is_null())
            .filter(api_tokens::user_id.is_not_null())
            .select(ApiTokenRow::as_select())
            .into_boxed();
        if let Some(after) = page.after() {
            query = query.filter(api_tokens::id.gt(Id(after)));
        }
        query.order(api_tokens::id).limit(rows_to_read(&page)).load(c).await
    })?;
    let items = rows.into_iter().map(ApiToken::try_from);
    Ok(page_of(items.collect::<Result<_, _>>()?, &page, |token| {
        token.id
    }))
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

    async fn revoke_api_token(
        &mut self,
        team: TeamId,
        token: ApiTokenId,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let revoked = on_session!(self, c => diesel::update(api_tokens::table.find(Id(token)))
            .filter(api_tokens::team_id.eq(Id(team)))
            .filter(api_tokens::revoked_at.is_null())
            .set(api_tokens::revoked_at.eq(Moment(at)))
            .execute(c)
            .await)?;
        Ok(revoked == 1)
    }

    async fn note_api_token_use(
        &mut self,
        token: ApiTokenId,
        at: Timestamp,
        rehashed: Option<TokenHash>,
    ) -> Result<(), StoreError> {
        let row = api_tokens::table.find(Id(token));
        let used = api_tokens::last_used_at.eq(Moment(at));
        match rehashed {
            Some(hash) => {
                let changes = (
                    used,
                    api_tokens::pepper_id.eq(hash.pepper_id),
                    api_tokens::mac.eq(hash.mac),
                );
                on_session!(self, c => diesel::update(row).set(changes).execute(c).await)?;
            }
            None => {
                on_session!(self, c => diesel::update(row).set(used).execute(c).await)?;
            }
        }
        Ok(())
    }

    async fn count_live_api_tokens(
        &mut self,
        team: TeamId,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        on_session!(self, c => api_tokens::table
            .filter(api_tokens::team_id.eq(Id(team)))
            .filter(api_tokens::revoked_at.is_null())
            .filter(api_tokens::user_id.is_not_null())
            .filter(api_tokens::expires_at.gt(Moment(now)))
            .count()
            .get_result(c)
            .await)
    }
}
