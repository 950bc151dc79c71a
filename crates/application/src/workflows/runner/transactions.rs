//! The transactions of a run: every one begins by renewing the lease and testing the fence.

use super::{Run, RunEnd, RunError, WorkflowRunner};
use crate::workflows::step::NotDone;
use domain::ids::StepAttemptId;
use domain::job::journal::{Direction, NewStepAttempt, StepAttempt};
use domain::job::{JobEvent, JobLogLevel, WaitReason};
use domain::limits;
use domain::planted::{self, Fault};
use domain::ports::{
    BoxedSource, CommitError, HeldTransaction, Instant, JobChanged, MutationTicket, StoreError,
};
use std::time::Duration;

/// How long a started attempt is looked for after a commit whose answer was lost.
const COMMIT_LOOKUP: Duration = Duration::from_secs(2);
const COMMIT_LOOKUP_INTERVAL: Duration = Duration::from_millis(100);
/// How often the lease is renewed before a call is put off because commits take too long.
const TICKET_RENEWALS_MAX: u32 = 3;

/// An open transaction of a run, with the moment from which its renewal of the lease counts.
pub(super) struct Held {
    pub(super) transaction: Box<dyn HeldTransaction>,
    begun_at: Instant,
}

/// Whether an attempt may go on.
pub(super) enum Started {
    Yes {
        attempt: StepAttempt,
        /// The call leaves before, or never.
        leaves_by: Instant,
    },
    CancelRequested,
    /// What the job needs is not allowed any more, or not just now.
    NotAllowed(NotDone),
}

impl WorkflowRunner {
    pub(super) async fn begin(&self, run: &Run<'_>) -> Result<Held, RunError> {
        if run.lease.is_lost() {
            return Err(RunError::HoldLost);
        }
        let begun_at = self.clock.instant();
        let transaction = self.unit_of_work.begin_held(&run.claimed.hold).await?;
        Ok(Held {
            transaction,
            begun_at,
        })
    }

    pub(super) async fn commit(&self, run: &Run<'_>, held: Held) -> Result<(), RunError> {
        match held.transaction.commit().await {
            Ok(()) => {
                run.lease
                    .renewed_until(held.begun_at.plus(limits::JOB_LEASE));
                self.events
                    .publish(JobChanged {
                        team_id: run.job.team_id,
                        job_id: run.job.id,
                    })
                    .await;
                Ok(())
            }
            Err(CommitError::RolledBack(error)) => Err(RunError::Store(error)),
            Err(CommitError::OutcomeUnknown(cause)) => Err(RunError::CommitUnknown(cause)),
        }
    }

    /// Gives the job back until later; it keeps its turns.
    pub(super) async fn give_back(
        &self,
        run: &Run<'_>,
        event: JobEvent,
        reason: WaitReason,
        after: Duration,
    ) -> Result<RunEnd, RunError> {
        let mut held = self.begin(run).await?;
        held.transaction
            .journal()
            .give_back(event, reason, after)
            .await?;
        self.commit(run, held).await?;
        Ok(RunEnd::GivenBack)
    }

    /// Commits the intent of an attempt. When the answer of that commit is lost, the journal is
    /// asked; only an intent that is known to be stored lets a call out.
    pub(super) async fn start(
        &self,
        run: &Run<'_>,
        attempt: &NewStepAttempt,
        message: &str,
    ) -> Result<Started, RunError> {
        let mut held = self.begin(run).await?;
        let leaves_by = held.begun_at.plus(limits::CALL_LEAVES_WITHIN);
        if attempt.direction == Direction::Forward {
            let transaction = &mut *held.transaction;
            if let Some(lost) = self.lost_rights(run, transaction).await? {
                return Ok(Started::NotAllowed(lost));
            }
            if let Some(paused) = self.paused(run, transaction).await? {
                return Ok(Started::NotAllowed(paused));
            }
        }
        let journal = held.transaction.journal();
        let stored = match journal.start_attempt(attempt).await {
            Ok(stored) => stored,
            Err(StoreError::VersionChanged) => return Ok(Started::CancelRequested),
            Err(error) => return Err(error.into()),
        };
        journal
            .append_log(JobLogLevel::Info, Some(attempt.step.clone()), message)
            .await?;
        let started = Started::Yes {
            attempt: stored,
            leaves_by,
        };
        match self.commit(run, held).await {
            Ok(()) => Ok(started),
            Err(RunError::CommitUnknown(_)) if planted::is_on(Fault::LostCommitBelieved) => {
                Ok(started)
            }
            Err(RunError::CommitUnknown(cause)) => {
                self.look_up(run, attempt.id, cause).await.map(|()| started)
            }
            Err(error) => Err(error),
        }
    }

    async fn look_up(
        &self,
        run: &Run<'_>,
        attempt: StepAttemptId,
        cause: BoxedSource,
    ) -> Result<(), RunError> {
        let deadline = self.clock.instant().plus(COMMIT_LOOKUP);
        loop {
            if let Ok(attempts) = self.job_queue.load_journal(run.job.id).await
                && attempts.iter().any(|stored| stored.id == attempt)
            {
                return Ok(());
            }
            if self.clock.instant() >= deadline {
                return Err(RunError::CommitUnknown(cause));
            }
            self.clock.sleep(COMMIT_LOOKUP_INTERVAL).await;
        }
    }

    /// Permission to send, when the send window fits into what is left of the lease; the lease is
    /// renewed first where needed. `None` when commits are too slow for that just now, or the intent is
    /// older than a call may be that leaves.
    pub(super) async fn ticket(
        &self,
        run: &Run<'_>,
        attempt: StepAttemptId,
        leaves_by: Instant,
        answer_within: Duration,
    ) -> Result<Option<MutationTicket>, RunError> {
        for _ in 0..TICKET_RENEWALS_MAX {
            let now = self.clock.instant();
            let is_ignored = planted::is_on(Fault::SendWindowIgnored);
            let is_late = now.plus(limits::SEND_WINDOW) > leaves_by;
            if is_late && !is_ignored && !planted::is_on(Fault::OldIntentSent) {
                return Ok(None);
            }
            let has_room = run.lease.left(now) >= limits::SEND_WINDOW + limits::SEND_MARGIN;
            if has_room || is_ignored {
                let send_by = now.plus(limits::SEND_WINDOW);
                return Ok(Some(MutationTicket {
                    attempt,
                    send_by,
                    answer_within,
                }));
            }
            let held = self.begin(run).await?;
            self.commit(run, held).await?;
        }
        Ok(None)
    }
}
