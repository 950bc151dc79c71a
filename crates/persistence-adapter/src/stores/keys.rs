//! The wrapped keys of teams and people, for those who rotate master keys. Under which master key one
//! is wrapped stands in its bytes; the database reads it there.

use crate::schema::{team_keys, user_keys};
use crate::session::{Session, on_session};
use crate::sql::Id;
use async_trait::async_trait;
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::{TeamId, UserId};
use domain::ports::{KeyStore, StoreError};
use domain::sealed::{KeyOwner, WrappedKey};
use std::collections::BTreeMap;

/// What keys are counted under whose bytes do not say it.
const UNKNOWN: &str = "unknown";

macro_rules! list_not_under {
    ($session:expr, $table:ident::$owner:ident, $master:expr, $after:expr, $limit:expr) => {
        on_session!($session, c => {
            let mut query = $table::table
                .filter($table::master_key_id.ne($master).or($table::master_key_id.is_null()))
                .select(($table::$owner, $table::wrapped_key))
                .into_boxed();
            if let Some(after) = $after {
                query = query.filter($table::$owner.gt(Id(after)));
            }
            query.order($table::$owner).limit($limit).load(c).await
        })
    };
}

/// Teams come before people.
async fn list_not_under(
    session: &mut Session,
    master_key_id: &str,
    after: Option<KeyOwner>,
    limit: u32,
) -> Result<Vec<(KeyOwner, WrappedKey)>, StoreError> {
    let (after_team, after_user) = match after {
        None => (Some(None), None),
        Some(KeyOwner::Team(team)) => (Some(Some(team)), None),
        Some(KeyOwner::User(user)) => (None, Some(user)),
    };
    let limit = i64::from(limit);
    let mut keys = Vec::new();
    if let Some(after_team) = after_team {
        let rows: Vec<(Id<TeamId>, Vec<u8>)> = list_not_under!(
            session,
            team_keys::team_id,
            master_key_id,
            after_team,
            limit
        )?;
        let owned = |(id, key): (Id<TeamId>, _)| (KeyOwner::Team(id.0), WrappedKey(key));
        keys.extend(rows.into_iter().map(owned));
    }
    let left = limit.saturating_sub(i64::try_from(keys.len()).unwrap_or(limit));
    if left > 0 {
        let rows: Vec<(Id<UserId>, Vec<u8>)> =
            list_not_under!(session, user_keys::user_id, master_key_id, after_user, left)?;
        let owned = |(id, key): (Id<UserId>, _)| (KeyOwner::User(id.0), WrappedKey(key));
        keys.extend(rows.into_iter().map(owned));
    }
    Ok(keys)
}

/// How many keys are wrapped under each master key.
pub(crate) async fn count_by_master_key(
    session: &mut Session,
) -> Result<Vec<(String, i64)>, StoreError> {
    let teams: Vec<(Option<String>, i64)> = on_session!(session, c => team_keys::table
        .group_by(team_keys::master_key_id)
        .select((team_keys::master_key_id, count_star()))
        .load(c)
        .await)?;
    let people: Vec<(Option<String>, i64)> = on_session!(session, c => user_keys::table
        .group_by(user_keys::master_key_id)
        .select((user_keys::master_key_id, count_star()))
        .load(c)
        .await)?;
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for (id, count) in teams.into_iter().chain(people) {
        *counts
            .entry(id.unwrap_or_else(|| UNKNOWN.to_owned()))
            .or_default() += count;
    }
    Ok(counts.into_iter().collect())
}

#[async_trait]
impl KeyStore for Session {
    async fn list_keys_not_under(
        &mut self,
        master_key_id: &str,
        after: Option<KeyOwner>,
        limit: u32,
    ) -> Result<Vec<(KeyOwner, WrappedKey)>, StoreError> {
        list_not_under(self, master_key_id, after, limit).await
    }

    async fn replace_wrapped_key(
        &mut self,
        owner: KeyOwner,
        old: &WrappedKey,
        new: &WrappedKey,
    ) -> Result<bool, StoreError> {
        let replaced = match owner {
            KeyOwner::Team(team) => {
                on_session!(self, c => diesel::update(team_keys::table.find(Id(team)))
                    .filter(team_keys::wrapped_key.eq(&old.0))
                    .set(team_keys::wrapped_key.eq(&new.0))
                    .execute(c)
                    .await)?
            }
            KeyOwner::User(user) => {
                on_session!(self, c => diesel::update(user_keys::table.find(Id(user)))
                    .filter(user_keys::wrapped_key.eq(&old.0))
                    .set(user_keys::wrapped_key.eq(&new.0))
                    .execute(c)
                    .await)?
            }
        };
        Ok(replaced == 1)
    }
}
