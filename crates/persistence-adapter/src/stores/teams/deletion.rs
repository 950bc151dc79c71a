//! The end of a team: its secrets are destroyed and nobody acts in it any more. The order is that in
//! which rights are locked (`stores/access/locked_rows.rs`), so that neither side waits for the other in a
//! circle.

use crate::schema::{
    api_tokens, invitations, memberships, ownership_offers, roles, team_deletions, team_keys,
    teams, webhooks,
};
use crate::session::{Session, on_session};
use crate::sql::{Id, Moment};
use crate::stores::platform_accounts::destroy_credential;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::TeamId;
use domain::ports::StoreError;
use jiff::Timestamp;

pub(super) async fn delete(
    session: &mut Session,
    team: TeamId,
    at: Timestamp,
) -> Result<(), StoreError> {
    let id = Id(team);
    // Who acts in the team ends first; then who accepts an invitation; then what they became.
    delete_members(session, team).await?;
    on_session!(session, c => diesel::delete(invitations::table)
        .filter(invitations::team_id.eq(id)).execute(c).await)?;
    delete_members(session, team).await?;
    on_session!(session, c => diesel::delete(ownership_offers::table.find(id)).execute(c).await)?;
    on_session!(session, c => diesel::delete(team_deletions::table.find(id)).execute(c).await)?;
    on_session!(session, c => diesel::delete(roles::table)
        .filter(roles::team_id.eq(id)).execute(c).await)?;
    let deleted = on_session!(session, c => diesel::update(teams::table.find(id))
        .filter(teams::deleted_at.is_null())
        .set((teams::deleted_at.eq(Moment(at)), teams::version.eq(teams::version + 1)))
        .execute(c)
        .await)?;
    if deleted == 0 {
        return Err(StoreError::VersionChanged);
    }
    on_session!(session, c => diesel::update(api_tokens::table)
        .filter(api_tokens::team_id.eq(id))
        .filter(api_tokens::revoked_at.is_null())
        .set(api_tokens::revoked_at.eq(Moment(at)))
        .execute(c)
        .await)?;
    on_session!(session, c => diesel::delete(webhooks::table)
        .filter(webhooks::team_id.eq(id)).execute(c).await)?;
    on_session!(session, c => diesel::delete(team_keys::table.find(id)).execute(c).await)?;
    destroy_credential(session, team).await
}

async fn delete_members(session: &mut Session, team: TeamId) -> Result<(), StoreError> {
    on_session!(session, c => diesel::delete(memberships::table)
        .filter(memberships::team_id.eq(Id(team))).execute(c).await)?;
    Ok(())
}
