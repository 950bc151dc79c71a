//! What a holder changes in the job's own row, kept until its hold or its transaction ends and written in one
//! statement: the row is wide, and each update of it would write all of it again. Reads of the same transaction do
//! not see it before.

use super::hold::HeldRow;
use super::log::{self, NewLine};
use crate::failure::inconsistent;
use crate::schema::jobs;
use crate::session::{Session, on_session};
use crate::sql::{Id, PrepareOnce as _, database_now};
use crate::stores::jobs::job_events::{self, RestedRow};
use crate::stores::jobs::remaining_as_text;
use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::job::{JobAttention, JobFailure, JobProgress, JobState, WaitReason};
use domain::ports::{JobHold, StoreError};

/// The changes of one transaction that are not written yet.
#[derive(Default)]
pub(crate) struct PendingChanges {
    pub(super) lines: Vec<NewLine>,
    progress: Option<JobProgress>,
    failure: Option<JobFailure>,
    attention: Option<JobAttention>,
}

/// How a hold ends, as the job's row shows it.
pub(super) enum EndOfHold<'a> {
    GivenBack(JobState, &'a WaitReason),
    AtRest(JobState),
}

impl PendingChanges {
    /// `percent` never falls.
    pub(super) fn set_progress(&mut self, progress: &JobProgress) {
        let before = self.progress.as_ref().map_or(0, |before| before.percent);
        let mut progress = progress.clone();
        progress.percent = progress.percent.max(before).min(100);
        self.progress = Some(progress);
    }

    pub(super) fn set_failure(&mut self, failure: &JobFailure) {
        self.failure = Some(failure.clone());
    }

    pub(super) fn set_attention(&mut self, attention: &JobAttention) {
        self.attention = Some(attention.clone());
    }

    fn is_empty(&self) -> bool {
        self.lines.is_empty()
            && self.progress.is_none()
            && self.failure.is_none()
            && self.attention.is_none()
    }

    /// Writes what there is, at the end of a transaction that goes on holding the job.
    pub(crate) async fn write(
        self,
        session: &mut Session,
        held: (JobHold, HeldRow),
    ) -> Result<(), StoreError> {
        if self.is_empty() {
            return Ok(());
        }
        self.write_with(session, held, None).await
    }

    /// Writes what there is together with the end of the hold.
    pub(super) async fn write_with(
        self,
        session: &mut Session,
        (hold, row): (JobHold, HeldRow),
        end: Option<EndOfHold<'_>>,
    ) -> Result<(), StoreError> {
        let count = i64::try_from(self.lines.len()).unwrap_or(i64::MAX);
        let progress = self.progress.as_ref().map(|progress| {
            let percent = i16::from(progress.percent);
            (
                jobs::percent
                    .eq(case_when(jobs::percent.gt(percent), jobs::percent).otherwise(percent)),
                jobs::step.eq(&progress.step),
                jobs::steps_done.eq(i32::from(progress.steps_done)),
                jobs::steps_total.eq(i32::from(progress.steps_total)),
            )
        });
        let failure = self.failure.as_ref().map(|failure| {
            (
                jobs::failure_code.eq(failure.code.as_str()),
                jobs::failure_step.eq(&failure.step),
                jobs::failure_platform_code.eq(failure.platform_code),
                jobs::failure_is_retryable.eq(failure.is_retryable),
                jobs::failure_detail.eq(&failure.detail),
                jobs::failure_remaining.eq(remaining_as_text(failure)),
            )
        });
        let attention = self.attention.as_ref().map(|attention| {
            (
                jobs::attention_code.eq(attention.code.as_str()),
                jobs::attention_step.eq(&attention.step),
                jobs::attention_detail.eq(&attention.detail),
            )
        });
        // A job that has got on waits for nothing, unless that is how its hold ends.
        let waiting_for = match &end {
            Some(EndOfHold::GivenBack(_, reason)) => Some(Some(reason.as_str())),
            Some(EndOfHold::AtRest(_)) => Some(None),
            None => (count > 0).then_some(None),
        };
        let state = match &end {
            Some(EndOfHold::GivenBack(state, _) | EndOfHold::AtRest(state)) => Some(*state),
            None => None,
        };
        let is_at_rest = matches!(end, Some(EndOfHold::AtRest(_)));
        let is_final = is_at_rest && state.is_some_and(JobState::is_final);
        let updated: Option<(i64, RestedRow)> = on_session!(session, c => diesel::update(jobs::table.find((Id(hold.team_id), Id(hold.job_id))))
            .filter(jobs::state.eq(row.job_state().as_str()))
            .set((
                jobs::version.eq(jobs::version + 1),
                (count > 0).then(|| jobs::log_sequence.eq(jobs::log_sequence + count)),
                progress,
                failure,
                attention,
                waiting_for.map(|reason| jobs::waiting_for.eq(reason)),
                state.map(|state| jobs::state.eq(state.as_str())),
                is_at_rest.then(|| jobs::last_fence.eq(hold.fence)),
                is_final.then(|| jobs::finished_at.eq(database_now().nullable())),
            ))
            .returning((jobs::log_sequence, (jobs::kind, jobs::environment_id)))
            .prepared_once()
            .get_result(c)
            .await
            .optional())?;
        let (last, rested) = updated.ok_or_else(|| {
            inconsistent("jobs", "state", "it is not that of a job which is held")
        })?;
        if let Some(EndOfHold::AtRest(state)) = end {
            job_events::tell_rest(session, (hold.team_id, hold.job_id), state, rested);
        }
        for (line, sequence) in self.lines.into_iter().zip(last - count + 1..) {
            log::insert(session, hold.job_id, Some(hold.fence), sequence, line).await?;
        }
        Ok(())
    }
}
