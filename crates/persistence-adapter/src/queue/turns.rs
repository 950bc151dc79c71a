//! Turns and the lines before them.

use crate::failure::parse_column;
use crate::schema::{turn_waits, turns};
use crate::session::{Session, on_session};
use crate::sql::{Id, Moment, PrepareOnce as _};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::JobId;
use domain::ports::StoreError;
use domain::turn::TurnScope;
use std::collections::BTreeSet;

/// Takes the next number of every line. The turn's row stays locked until the commit, so numbers
/// are in the order of commits, and in the same order in all lines that two jobs share.
pub(crate) async fn stand_in_line(
    session: &mut Session,
    job: JobId,
    scopes: &[TurnScope],
) -> Result<(), StoreError> {
    let ordered: BTreeSet<TurnScope> = scopes.iter().copied().collect();
    for scope in ordered {
        let scope = scope.to_string();
        let seq = next_seq(session, &scope).await? - 1;
        let place = (
            turn_waits::scope.eq(&scope),
            turn_waits::seq.eq(seq),
            turn_waits::job_id.eq(Id(job)),
        );
        on_session!(session, c => diesel::insert_into(turn_waits::table)
            .values(place)
            .prepared_once().execute(c)
            .await)?;
    }
    Ok(())
}

async fn next_seq(session: &mut Session, scope: &str) -> Result<i64, StoreError> {
    on_session!(session, c => diesel::insert_into(turns::table)
        .values((turns::scope.eq(scope), turns::epoch.eq(0), turns::next_seq.eq(2)))
        .on_conflict(turns::scope)
        .do_update()
        .set(turns::next_seq.eq(turns::next_seq + 1))
        .returning(turns::next_seq)
        .prepared_once().get_result(c)
        .await)
}

/// Gives up the job's place in every line; gives the scopes in the order in which they are locked.
pub(crate) async fn leave_lines(
    session: &mut Session,
    job: JobId,
) -> Result<BTreeSet<TurnScope>, StoreError> {
    let scopes: Vec<String> = on_session!(session, c => diesel::delete(turn_waits::table)
        .filter(turn_waits::job_id.eq(Id(job)))
        .returning(turn_waits::scope)
        .get_results(c)
        .await)?;
    scopes.iter().map(|scope| parse_scope(scope)).collect()
}

/// Frees a turn that the job holds.
pub(crate) async fn free_turn(
    session: &mut Session,
    job: JobId,
    scope: TurnScope,
) -> Result<(), StoreError> {
    on_session!(session, c => diesel::update(turns::table.find(scope.to_string()))
        .filter(turns::holder_job_id.eq(Id(job)))
        .set((
            turns::holder_job_id.eq(None::<Id<JobId>>),
            turns::held_since.eq(None::<Moment>),
        ))
        .prepared_once().execute(c)
        .await)?;
    Ok(())
}

pub(crate) fn parse_scope(text: &str) -> Result<TurnScope, StoreError> {
    parse_column("turns", "scope", text, TurnScope::parse)
}
