//! Claiming: which due jobs a process gets. Claims come one after the other, so that none takes a room that another
//! has just taken; nothing else here waits for a lock: what a holder has locked is left to a later claim.

mod candidates;
mod rooms;
mod take;

use super::turns::parse_scope;
use crate::schema::{turn_waits, turns};
use crate::session::{Session, on_session};
use crate::sql::{Id, SkipLocked};
use candidates::{Candidate, lock_candidates};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::JobId;
use domain::ports::{ClaimRequest, ClaimedJob, StoreError};
use domain::turn::TurnScope;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A job that may be taken, with the scopes of its turns.
struct Eligible {
    candidate: Candidate,
    turns: Vec<TurnScope>,
}

/// Candidates are first in their lines, and stay so: numbers are given out under the lock of the
/// turn's row, so nobody can come before them any more. Whether a turn is free is believed only
/// under that lock.
pub(super) async fn claim_jobs(
    session: &mut Session,
    request: &ClaimRequest,
) -> Result<Vec<ClaimedJob>, StoreError> {
    if request.kinds.is_empty() || request.limit == 0 {
        return Ok(Vec::new());
    }
    let taken = rooms::lock(session).await?;
    let candidates = lock_candidates(session, request, &taken).await?;
    if candidates.is_empty() {
        return Ok(Vec::new());
    }
    let mut scopes = scopes_of(session, &candidates).await?;
    let holders = lock_turns(session, &scopes).await?;
    let mut eligible = Vec::new();
    for candidate in candidates {
        let job = candidate.job_id.0;
        let wanted = scopes.remove(&job).unwrap_or_default();
        let is_free_or_mine = |scope| match holders.get(scope) {
            Some(holder) => holder.is_none_or(|holder| holder == job),
            None => false,
        };
        if wanted.iter().all(is_free_or_mine) {
            let turns: Result<BTreeSet<_>, _> =
                wanted.iter().map(|scope| parse_scope(scope)).collect();
            let turns = turns?.into_iter().collect();
            eligible.push(Eligible { candidate, turns });
        }
    }
    let eligible = taken.let_in(request, eligible);
    take::take(session, request.process_id, eligible).await
}

async fn scopes_of(
    session: &mut Session,
    candidates: &[Candidate],
) -> Result<HashMap<JobId, Vec<String>>, StoreError> {
    let jobs: Vec<_> = candidates
        .iter()
        .map(|candidate| candidate.job_id)
        .collect();
    let rows: Vec<(Id<JobId>, String)> = on_session!(session, c => turn_waits::table
        .filter(turn_waits::job_id.eq_any(&jobs))
        .select((turn_waits::job_id, turn_waits::scope))
        .load(c)
        .await)?;
    let mut scopes: HashMap<JobId, Vec<String>> = HashMap::new();
    for (job, scope) in rows {
        scopes.entry(job.0).or_default().push(scope);
    }
    Ok(scopes)
}

/// The turns that could be locked, each with the job that holds it.
async fn lock_turns(
    session: &mut Session,
    scopes: &HashMap<JobId, Vec<String>>,
) -> Result<BTreeMap<String, Option<JobId>>, StoreError> {
    let wanted: BTreeSet<&String> = scopes.values().flatten().collect();
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(String, Option<Id<JobId>>)> = on_session!(session, c => SkipLocked(
        turns::table
            .filter(turns::scope.eq_any(wanted.clone()))
            .select((turns::scope, turns::holder_job_id))
            .order(turns::scope),
    )
    .load(c)
    .await)?;
    Ok(rows
        .into_iter()
        .map(|(scope, holder)| (scope, holder.map(|job| job.0)))
        .collect())
}
