//! Pauses. On PostgreSQL who reads them in a transaction holds the table's lock in the mode of a row
//! lock, and who pauses takes it against that mode: a row that is not there yet cannot be locked. SQLite
//! has one writer at a time.

use crate::failure::inconsistent;
use crate::schema::{mutation_pauses, platform_accounts};
use crate::session::{Session, on_session};
use crate::sql::{ForShare, Id, Moment};
use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use domain::access::Principal;
use domain::ids::TeamId;
use domain::names::PauseReason;
use domain::pause::{MutationPause, PauseScope, TeamPauses};
use domain::ports::{PauseStore, StoreError};
use jiff::Timestamp;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = mutation_pauses)]
#[diesel(treat_none_as_null = true)]
struct PauseRow {
    scope_kind: String,
    scope_id: String,
    reason: String,
    paused_by: String,
    paused_at: Moment,
    ended_at: Option<Moment>,
}

impl TryFrom<PauseRow> for MutationPause {
    type Error = StoreError;

    fn try_from(row: PauseRow) -> Result<Self, StoreError> {
        let table = "mutation_pauses";
        let unknown = |column| inconsistent(table, column, "it cannot be read");
        Ok(Self {
            scope: PauseScope::parse(&row.scope_kind, &row.scope_id)
                .ok_or_else(|| unknown("scope_id"))?,
            reason: PauseReason::parse(&row.reason)
                .map_err(|error| inconsistent(table, "reason", error))?,
            paused_by: Principal::parse(&row.paused_by).ok_or_else(|| unknown("paused_by"))?,
            paused_at: row.paused_at.0,
            ended_at: row.ended_at.map(|at| at.0),
        })
    }
}

/// The newest pauses of the team and of its platform.
macro_rules! of_team {
    ($team:expr) => {
        mutation_pauses::table
            .filter(
                mutation_pauses::scope_kind
                    .eq("team")
                    .and(mutation_pauses::scope_id.eq($team.to_string()))
                    .or(mutation_pauses::scope_kind.eq("platform").and(
                        mutation_pauses::scope_id.eq_any(
                            platform_accounts::table
                                .filter(platform_accounts::team_id.eq(Id($team)))
                                .select(platform_accounts::platform),
                        ),
                    )),
            )
            .select(PauseRow::as_select())
    };
}

fn sum_up(rows: Vec<PauseRow>) -> Result<TeamPauses, StoreError> {
    let pauses: Result<Vec<_>, _> = rows.into_iter().map(MutationPause::try_from).collect();
    Ok(TeamPauses::of(pauses?))
}

/// The same for readers, who lock nothing.
pub(crate) async fn find_of_team(
    session: &mut Session,
    team: TeamId,
) -> Result<TeamPauses, StoreError> {
    let rows: Vec<PauseRow> = on_session!(session, c => of_team!(team).load(c).await)?;
    sum_up(rows)
}

/// All that last, oldest first.
pub(crate) async fn list_lasting(session: &mut Session) -> Result<Vec<MutationPause>, StoreError> {
    let rows: Vec<PauseRow> = on_session!(session, c => mutation_pauses::table
        .filter(mutation_pauses::ended_at.is_null())
        .order((mutation_pauses::paused_at, mutation_pauses::scope_id))
        .select(PauseRow::as_select())
        .load(c)
        .await)?;
    rows.into_iter().map(MutationPause::try_from).collect()
}

#[async_trait]
impl PauseStore for Session {
    async fn lock_pauses(&mut self) -> Result<(), StoreError> {
        if self.is_postgres() {
            on_session!(self, c => c
                .batch_execute("LOCK TABLE mutation_pauses IN EXCLUSIVE MODE")
                .await)?;
        }
        Ok(())
    }

    async fn lock_pauses_of_team(&mut self, team: TeamId) -> Result<TeamPauses, StoreError> {
        let rows: Vec<PauseRow> = on_session!(self, c => ForShare(of_team!(team)).load(c).await)?;
        sum_up(rows)
    }

    async fn find_lasting_pause(
        &mut self,
        scope: &PauseScope,
    ) -> Result<Option<MutationPause>, StoreError> {
        let row: Option<PauseRow> = on_session!(self, c => mutation_pauses::table
            .find((scope.kind(), scope.id()))
            .filter(mutation_pauses::ended_at.is_null())
            .select(PauseRow::as_select())
            .first(c)
            .await
            .optional())?;
        row.map(MutationPause::try_from).transpose()
    }

    async fn put_pause(&mut self, pause: &MutationPause) -> Result<(), StoreError> {
        let row = PauseRow {
            scope_kind: pause.scope.kind().to_owned(),
            scope_id: pause.scope.id(),
            reason: pause.reason.as_str().to_owned(),
            paused_by: pause.paused_by.as_text(),
            paused_at: Moment(pause.paused_at),
            ended_at: pause.ended_at.map(Moment),
        };
        on_session!(self, c => diesel::insert_into(mutation_pauses::table)
            .values(&row)
            .on_conflict((mutation_pauses::scope_kind, mutation_pauses::scope_id))
            .do_update()
            .set(&row)
            .execute(c)
            .await)?;
        Ok(())
    }

    async fn end_pause(&mut self, scope: &PauseScope, at: Timestamp) -> Result<bool, StoreError> {
        let ended = on_session!(self, c => diesel::update(
                mutation_pauses::table.find((scope.kind(), scope.id())),
            )
            .filter(mutation_pauses::ended_at.is_null())
            .set(mutation_pauses::ended_at.eq(Some(Moment(at))))
            .execute(c)
            .await)?;
        Ok(ended == 1)
    }
}
