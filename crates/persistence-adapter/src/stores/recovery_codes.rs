//! Recovery codes of people. A used one is gone.

use crate::schema::recovery_codes;
use crate::session::{Session, on_session};
use crate::sql::{Id, hash_among};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::UserId;
use domain::people::TokenHash;
use domain::ports::StoreError;

pub(super) async fn replace(
    session: &mut Session,
    user: UserId,
    hashes: &[TokenHash],
) -> Result<(), StoreError> {
    on_session!(session, c => diesel::delete(recovery_codes::table)
        .filter(recovery_codes::user_id.eq(Id(user)))
        .execute(c)
        .await)?;
    for hash in hashes {
        let row = (
            recovery_codes::user_id.eq(Id(user)),
            recovery_codes::pepper_id.eq(&hash.pepper_id),
            recovery_codes::mac.eq(&hash.mac),
        );
        on_session!(session, c => diesel::insert_into(recovery_codes::table)
            .values(row)
            .execute(c)
            .await)?;
    }
    Ok(())
}

/// The row is deleted, so of two at once one finds it.
pub(super) async fn use_up(
    session: &mut Session,
    user: UserId,
    hashes: &[TokenHash],
) -> Result<bool, StoreError> {
    let is_one = hash_among(recovery_codes::mac, recovery_codes::pepper_id, hashes);
    let deleted = on_session!(session, c => diesel::delete(recovery_codes::table)
        .filter(recovery_codes::user_id.eq(Id(user)))
        .filter(is_one)
        .execute(c)
        .await)?;
    Ok(deleted > 0)
}

pub(crate) async fn count(session: &mut Session, user: UserId) -> Result<i64, StoreError> {
    on_session!(session, c => recovery_codes::table
        .filter(recovery_codes::user_id.eq(Id(user)))
        .count()
        .get_result(c)
        .await)
}
