//! Offers of ownership that wait for the receiver; at most one per team.

use crate::schema::ownership_offers;
use crate::session::{Session, on_session};
use crate::sql::{ForUpdate, Id, Moment};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::{TeamId, UserId};
use domain::ports::StoreError;
use domain::team::OwnershipOffer;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = ownership_offers)]
struct OwnershipOfferRow {
    team_id: Id<TeamId>,
    from_user_id: Id<UserId>,
    to_user_id: Id<UserId>,
    created_at: Moment,
    expires_at: Moment,
}

impl From<OwnershipOfferRow> for OwnershipOffer {
    fn from(row: OwnershipOfferRow) -> Self {
        Self {
            team_id: row.team_id.0,
            from: row.from_user_id.0,
            to: row.to_user_id.0,
            created_at: row.created_at.0,
            expires_at: row.expires_at.0,
        }
    }
}

pub(super) async fn put(session: &mut Session, offer: &OwnershipOffer) -> Result<(), StoreError> {
    let row = OwnershipOfferRow {
        team_id: Id(offer.team_id),
        from_user_id: Id(offer.from),
        to_user_id: Id(offer.to),
        created_at: Moment(offer.created_at),
        expires_at: Moment(offer.expires_at),
    };
    on_session!(session, c => diesel::insert_into(ownership_offers::table)
        .values(&row)
        .on_conflict(ownership_offers::team_id)
        .do_update()
        .set(&row)
        .execute(c)
        .await)?;
    Ok(())
}

/// The offer, as readers see it.
pub(crate) async fn find(
    session: &mut Session,
    team: TeamId,
) -> Result<Option<OwnershipOffer>, StoreError> {
    let row: Option<OwnershipOfferRow> = on_session!(session, c => ownership_offers::table
        .find(Id(team))
        .select(OwnershipOfferRow::as_select())
        .first(c)
        .await
        .optional())?;
    Ok(row.map(OwnershipOffer::from))
}

pub(super) async fn find_locked(
    session: &mut Session,
    team: TeamId,
) -> Result<Option<OwnershipOffer>, StoreError> {
    let row: Option<OwnershipOfferRow> = on_session!(session, c => ForUpdate(
            ownership_offers::table.find(Id(team)).select(OwnershipOfferRow::as_select()),
        )
        .get_result(c)
        .await
        .optional())?;
    Ok(row.map(OwnershipOffer::from))
}

pub(super) async fn delete(session: &mut Session, team: TeamId) -> Result<bool, StoreError> {
    let deleted = on_session!(session, c => diesel::delete(ownership_offers::table.find(Id(team)))
        .execute(c)
        .await)?;
    Ok(deleted == 1)
}
