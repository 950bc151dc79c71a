//! First steps of deleting a team, waiting for the second.

use crate::schema::team_deletions;
use crate::session::{Session, on_session};
use crate::sql::{Id, Moment};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::{TeamId, UserId};
use domain::people::TokenHash;
use domain::ports::StoreError;
use domain::team::TeamDeletion;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = team_deletions)]
struct TeamDeletionRow {
    team_id: Id<TeamId>,
    requested_by: Id<UserId>,
    pepper_id: String,
    mac: Vec<u8>,
    expires_at: Moment,
}

pub(super) async fn put(session: &mut Session, deletion: &TeamDeletion) -> Result<(), StoreError> {
    let row = TeamDeletionRow {
        team_id: Id(deletion.team_id),
        requested_by: Id(deletion.requested_by),
        pepper_id: deletion.hash.pepper_id.clone(),
        mac: deletion.hash.mac.clone(),
        expires_at: Moment(deletion.expires_at),
    };
    on_session!(session, c => diesel::insert_into(team_deletions::table)
        .values(&row)
        .on_conflict(team_deletions::team_id)
        .do_update()
        .set(&row)
        .execute(c)
        .await)?;
    Ok(())
}

pub(super) async fn find(
    session: &mut Session,
    team: TeamId,
) -> Result<Option<TeamDeletion>, StoreError> {
    let row: Option<TeamDeletionRow> = on_session!(session, c => team_deletions::table
        .find(Id(team))
        .select(TeamDeletionRow::as_select())
        .first(c)
        .await
        .optional())?;
    Ok(row.map(|row| TeamDeletion {
        team_id: row.team_id.0,
        requested_by: row.requested_by.0,
        hash: TokenHash {
            pepper_id: row.pepper_id,
            mac: row.mac,
        },
        expires_at: row.expires_at.0,
    }))
}
