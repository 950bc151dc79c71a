//! When silence becomes proof: missing for long enough, often enough, after the last moment at which
//! an answer could have come, with nothing running, under the same identity.

use super::context::JobContext;
use super::payloads::{Findings, Intent, decode};
use super::refusal::not_done_after_read;
use super::step::{NotDone, Settled};
use domain::job::journal::StepAttempt;
use domain::planted::{self, Fault};
use jiff::Timestamp;

#[cfg(test)]
mod tests;

/// Whether the identity under which the attempt was made is the one that asks now. Only then does
/// not finding something mean anything.
pub(crate) fn is_same_identity(context: &JobContext<'_>, attempt: &StepAttempt) -> bool {
    if planted::is_on(Fault::OtherAccountBelieved) {
        return true;
    }
    attempt
        .baseline
        .as_ref()
        .and_then(|data| decode::<Intent>(data).ok())
        .is_some_and(|intent| {
            intent.platform_uid == context.account.platform_uid.0
                && intent.credential_version == context.account.credential_version
        })
}

/// Another identity cannot find out; a person has to.
pub(crate) fn other_identity() -> NotDone {
    NotDone::Attention {
        detail: "the platform account changed while an answer was outstanding, so the platform's \
                 silence proves nothing"
            .to_owned(),
    }
}

/// It was seen, or something about it is still running: earlier misses count no more.
pub(crate) fn forget_misses(findings: &mut Findings) {
    findings.misses = 0;
    findings.first_miss_at = None;
}

/// Whether the call may still be on its way: it was not answered, and its time is not over. A code
/// of the platform is an answer, even when it leaves open what happened.
pub(crate) fn may_still_be_answered(
    attempt: &StepAttempt,
    findings: &Findings,
    now: Timestamp,
) -> bool {
    findings.result.is_none() && now < attempt.answer_by
}

/// One more look found nothing and nothing running. Enough of them prove that nothing happened.
pub(crate) fn count_miss(
    context: &JobContext<'_>,
    attempt: &StepAttempt,
    findings: &mut Findings,
) -> Settled {
    let now = context.clock.now();
    if may_still_be_answered(attempt, findings, now) {
        return Settled::Unknown;
    }
    let first = *findings.first_miss_at.get_or_insert(now.as_microsecond());
    findings.misses += 1;
    let window_end = Timestamp::from_microsecond(first)
        .ok()
        .and_then(|first| first.checked_add(context.settings.absence_window).ok());
    let is_long_enough = window_end.is_some_and(|end| now >= end);
    let is_proved = is_long_enough && findings.misses >= context.settings.absence_misses;
    if is_proved || planted::is_on(Fault::AbsenceBelievedAtOnce) {
        findings.is_absence_proved = true;
        Settled::NotApplied
    } else {
        Settled::Unknown
    }
}

/// How an attempt ended, as far as the platform's tracking tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TrackedEnd {
    Running,
    Well,
    InError,
    /// It knows nothing of the attempt, or knows contradictory things.
    Untold,
}

/// Asks the tracking for the one attempt.
pub(crate) async fn tracked_end(
    context: &JobContext<'_>,
    attempt: &StepAttempt,
) -> Result<TrackedEnd, NotDone> {
    let tracked = context
        .platform
        .tracking()
        .find_actions_of(&context.reference, attempt.id, attempt.started_at)
        .await
        .map_err(|error| not_done_after_read(&error, context.settings))?;
    let mut results = tracked.iter().map(|action| action.result);
    Ok(if results.clone().any(|result| result.is_none()) {
        TrackedEnd::Running
    } else if tracked.is_empty() {
        TrackedEnd::Untold
    } else if results.clone().all(|result| result == Some(0)) {
        TrackedEnd::Well
    } else if results.all(|result| result != Some(0)) {
        TrackedEnd::InError
    } else {
        TrackedEnd::Untold
    })
}
