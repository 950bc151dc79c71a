//! Which peppers are still in use, over everything that is stored under one.

use crate::schema::{api_tokens, email_links, invitations, recovery_codes, user_sessions};
use crate::session::{Session, on_session};
use crate::sql::Moment;
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ports::StoreError;
use jiff::Timestamp;
use std::collections::BTreeMap;

type Counts = Vec<(String, i64)>;

/// How many hashes that still mean something are stored under each pepper.
pub(crate) async fn count_by_pepper(
    session: &mut Session,
    now: Timestamp,
) -> Result<Counts, StoreError> {
    let now = Moment(now);
    let tokens: Counts = on_session!(session, c => api_tokens::table
        .filter(api_tokens::revoked_at.is_null())
        .filter(api_tokens::user_id.is_not_null())
        .filter(api_tokens::expires_at.gt(now))
        .group_by(api_tokens::pepper_id)
        .select((api_tokens::pepper_id, count_star()))
        .load(c)
        .await)?;
    let sessions: Counts = on_session!(session, c => user_sessions::table
        .filter(user_sessions::ended_at.is_null())
        .filter(user_sessions::expires_at.gt(now))
        .group_by(user_sessions::pepper_id)
        .select((user_sessions::pepper_id, count_star()))
        .load(c)
        .await)?;
    let links: Counts = on_session!(session, c => email_links::table
        .filter(email_links::expires_at.gt(now))
        .group_by(email_links::pepper_id)
        .select((email_links::pepper_id, count_star()))
        .load(c)
        .await)?;
    let invited: Counts = on_session!(session, c => invitations::table
        .filter(invitations::accepted_at.is_null())
        .filter(invitations::revoked_at.is_null())
        .filter(invitations::expires_at.gt(now))
        .group_by(invitations::pepper_id)
        .select((invitations::pepper_id, count_star()))
        .load(c)
        .await)?;
    let codes: Counts = on_session!(session, c => recovery_codes::table
        .group_by(recovery_codes::pepper_id)
        .select((recovery_codes::pepper_id, count_star()))
        .load(c)
        .await)?;
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for (pepper, count) in [tokens, sessions, links, invited, codes].concat() {
        *counts.entry(pepper).or_default() += count;
    }
    Ok(counts.into_iter().collect())
}
