//! What an answer of the platform means for a step.

use super::settings::WorkflowSettings;
use super::step::{NotDone, Output, Sent};
use domain::error_code::ErrorCode;
use domain::job::{JobFailure, WaitReason};
use domain::ports::{MutationOutcome, NotSentReason, PlatformReadError, Refusal, RefusalClass};
use std::time::Duration;

#[cfg(test)]
mod tests;

/// Nothing stands in the way, so soon; a lasting cause must not make the worker spin.
const TRY_AGAIN_SOON: Duration = Duration::from_millis(200);
/// Waiting for the platform to be reachable again: long enough not to add to its trouble.
const UNAVAILABLE_RETRY: Duration = Duration::from_secs(5);

fn failure(code: ErrorCode, refusal: &Refusal, is_retryable: bool) -> JobFailure {
    JobFailure {
        remaining: Vec::new(),
        code,
        step: None,
        platform_code: Some(refusal.result),
        is_retryable,
        detail: if refusal.text.is_empty() {
            format!("the platform refused with code {}", refusal.result)
        } else {
            refusal.text.clone()
        },
    }
}

/// A failure without an answer of the platform behind it.
pub(crate) fn failure_without_answer(code: ErrorCode, detail: impl Into<String>) -> JobFailure {
    JobFailure {
        remaining: Vec::new(),
        code,
        step: None,
        platform_code: None,
        is_retryable: false,
        detail: detail.into(),
    }
}

/// What a refusal means: the call surely did not run.
pub(crate) fn not_done_after(refusal: &Refusal, settings: &WorkflowSettings) -> NotDone {
    let later = |reason, after, detail: &str| NotDone::Later {
        reason,
        after,
        detail: detail.to_owned(),
    };
    match refusal.class {
        RefusalClass::Busy => later(
            WaitReason::PlatformWork,
            settings.poll_interval,
            "the platform is busy with the environment",
        ),
        RefusalClass::Session => later(
            WaitReason::PlatformUnavailable,
            UNAVAILABLE_RETRY,
            "the platform does not accept a fresh session",
        ),
        RefusalClass::Credentials => later(
            WaitReason::Reauthentication,
            settings.reauthentication_poll,
            "the owner has to connect the platform account again",
        ),
        RefusalClass::Quota => {
            NotDone::Failed(failure(ErrorCode::PlatformQuotaExceeded, refusal, false))
        }
        RefusalClass::NotFound
        | RefusalClass::Permission
        | RefusalClass::Invalid
        | RefusalClass::CommandFailed
        | RefusalClass::NodeDown
        | RefusalClass::DomainBusy
        | RefusalClass::Script
        | RefusalClass::Mount
        | RefusalClass::Image
        | RefusalClass::Container
        | RefusalClass::Topology
        | RefusalClass::Package
        | RefusalClass::Other => {
            NotDone::Failed(failure(ErrorCode::PlatformRefused, refusal, false))
        }
    }
}

/// What a failed read means: nothing is lost by asking again.
pub(crate) fn not_done_after_read(
    error: &PlatformReadError,
    settings: &WorkflowSettings,
) -> NotDone {
    match error {
        PlatformReadError::Refused(refusal) => not_done_after(refusal, settings),
        PlatformReadError::Unavailable(detail) => NotDone::Later {
            reason: WaitReason::PlatformUnavailable,
            after: UNAVAILABLE_RETRY,
            detail: detail.clone(),
        },
        PlatformReadError::NeedsReauthentication => {
            not_sent(&NotSentReason::NeedsReauthentication, settings)
        }
        PlatformReadError::AccountChanged => not_sent(&NotSentReason::AccountChanged, settings),
    }
}

fn not_sent(reason: &NotSentReason, settings: &WorkflowSettings) -> NotDone {
    let (reason, after, detail) = match reason {
        NotSentReason::Unavailable(detail) => (
            WaitReason::PlatformUnavailable,
            UNAVAILABLE_RETRY,
            detail.clone(),
        ),
        NotSentReason::WindowClosed => (
            WaitReason::PlatformUnavailable,
            TRY_AGAIN_SOON,
            "the request could not leave in time".to_owned(),
        ),
        NotSentReason::NeedsReauthentication => (
            WaitReason::Reauthentication,
            settings.reauthentication_poll,
            "the owner has to connect the platform account again".to_owned(),
        ),
        NotSentReason::AccountChanged => (
            WaitReason::PlatformUnavailable,
            TRY_AGAIN_SOON,
            "the platform account has changed".to_owned(),
        ),
        NotSentReason::NotConfigured => {
            return NotDone::Failed(failure_without_answer(
                ErrorCode::ActionNotConfigured,
                "nothing is configured for this on the platform",
            ));
        }
    };
    NotDone::Later {
        reason,
        after,
        detail,
    }
}

/// How a mutation's outcome ends its attempt; `output` makes the step's output of the value.
pub(crate) fn sent<Value>(
    outcome: MutationOutcome<Value>,
    settings: &WorkflowSettings,
    output: impl FnOnce(Value) -> Output,
) -> Sent {
    match outcome {
        MutationOutcome::Done(value) => Sent::Done(output(value)),
        MutationOutcome::Refused(refusal) => Sent::NotDone(not_done_after(&refusal, settings)),
        MutationOutcome::NotSent(reason) => Sent::NotDone(not_sent(&reason, settings)),
        MutationOutcome::MaybeApplied { reason, answer } => Sent::InDoubt { reason, answer },
    }
}
