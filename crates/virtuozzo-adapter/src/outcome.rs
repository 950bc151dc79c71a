//! From an answer to what it means: a mutation surely did not run only when the platform said so
//! before it began; everything else that is not a success is in doubt. It must not know how calls
//! are sent.

use crate::codes;
use crate::envelope::{Envelope, Failure};
use crate::transport::{Answer, DoubtCause};
use domain::ports::{MutationOutcome, PlatformReadError, Refusal, RefusalClass};
use telemetry::redact::foreign_text;

#[cfg(test)]
mod tests;

/// Which answers of a mutation count as success besides a plain 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// None.
    Plain,
    /// 11: what should be deleted is gone already.
    Deletion,
    /// Messages that an installation returns instead of a 0.
    Marketplace,
}

/// What an answer to a mutation means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It happened; the payload is worth reading.
    Success,
    /// There was nothing left to do.
    AlreadyDone,
    /// It surely did not run, because the platform does not know us, or not any more.
    SessionRefused(Refusal),
    /// It surely did not run.
    Refused(Refusal),
    /// Find out.
    InDoubt {
        /// What was seen; redacted.
        reason: String,
        /// The code, when there was one.
        result: Option<i64>,
    },
}

/// Judges the answer to a mutation.
pub(crate) fn judge_mutation(answer: &Answer, reading: Reading) -> Verdict {
    let envelope = match readable(answer) {
        Ok(envelope) => envelope,
        Err(reason) => {
            return Verdict::InDoubt {
                reason,
                result: None,
            };
        }
    };
    if reading == Reading::Marketplace
        && let Some(verdict) = judge_installation(&envelope)
    {
        return verdict;
    }
    let Some(failure) = envelope.failure() else {
        return Verdict::Success;
    };
    match envelope.bare_outer_code() {
        Some(codes::NO_SUCH_APPLICATION) if reading == Reading::Deletion => Verdict::AlreadyDone,
        Some(code) if codes::surely_did_not_run(code) => {
            let refusal = refusal(code, &envelope);
            let is_about_confirmation =
                reading == Reading::Deletion && codes::may_doubt_confirmation(code);
            if codes::doubts_identity(code) && !is_about_confirmation {
                Verdict::SessionRefused(refusal)
            } else {
                Verdict::Refused(refusal)
            }
        }
        _ => in_doubt(failure, &envelope),
    }
}

/// Judges what a manifest may say besides the plain codes; `None` leaves it to the common rules.
///
/// A manifest returns custom responses: a code with a `type`. `success` and `info` are messages, not
/// errors, and 11039 is what an action gets that returned a bare text. Any other `type` shows that
/// the manifest ran, so the code no longer proves that nothing did.
fn judge_installation(envelope: &Envelope) -> Option<Verdict> {
    let is_message = |failure: &Failure| match failure.kind.as_deref() {
        Some("success" | "info") => true,
        Some(_) => false,
        None => failure.code == Some(codes::SCRIPT_RETURNED_TEXT),
    };
    if envelope.failures.is_empty() {
        return envelope
            .kinds
            .iter()
            .any(|kind| kind == "error")
            .then(|| Verdict::InDoubt {
                reason: described("the installation reports an error", None, &envelope.text),
                result: Some(0),
            });
    }
    if envelope.failures.iter().all(is_message) {
        return Some(Verdict::Success);
    }
    let failure = envelope.failure()?;
    (!envelope.kinds.is_empty()).then(|| in_doubt(failure, envelope))
}

/// Judges the answer to a read: `Ok` when its payload is worth reading.
pub(crate) fn judge_read(answer: &Answer) -> Result<(), PlatformReadError> {
    let envelope = readable(answer).map_err(PlatformReadError::Unavailable)?;
    match envelope.failure() {
        None => Ok(()),
        Some(Failure {
            code: Some(code), ..
        }) => Err(PlatformReadError::Refused(refusal(*code, &envelope))),
        Some(Failure { code: None, .. }) => Err(PlatformReadError::Unavailable(
            "the result is no number".into(),
        )),
    }
}

/// Whether a read was refused because of its session, in a way that a new session can mend.
pub(crate) fn is_session_refusal(answer: &Answer) -> bool {
    readable(answer).is_ok_and(|envelope| {
        envelope
            .bare_outer_code()
            .is_some_and(codes::doubts_identity)
    })
}

/// The outcome of a mutation that left and got no usable answer.
pub(crate) fn doubtful<Value>(cause: DoubtCause) -> MutationOutcome<Value> {
    MutationOutcome::MaybeApplied {
        reason: cause.to_string(),
        answer: None,
    }
}

/// The envelope, or why there is none.
fn readable(answer: &Answer) -> Result<Envelope, String> {
    if !answer.status.is_success() {
        return Err(format!("HTTP status {}", answer.status.as_u16()));
    }
    let envelope = Envelope::read(&answer.body).map_err(|error| error.to_string())?;
    if envelope.has_result {
        Ok(envelope)
    } else {
        Err("the answer lacks `result`".into())
    }
}

fn refusal(code: i64, envelope: &Envelope) -> Refusal {
    Refusal {
        class: class_of(code),
        result: code,
        text: foreign_text(&envelope.text),
    }
}

pub(crate) fn class_of(code: i64) -> RefusalClass {
    codes::class(code).refusal_class()
}

fn in_doubt(failure: &Failure, envelope: &Envelope) -> Verdict {
    Verdict::InDoubt {
        reason: described(
            "the platform reports a failure",
            failure.code,
            &envelope.text,
        ),
        result: failure.code,
    }
}

fn described(what: &str, code: Option<i64>, text: &str) -> String {
    let code = code.map_or(String::new(), |code| format!(" (result {code})"));
    if text.is_empty() {
        format!("{what}{code}")
    } else {
        format!("{what}{code}: {}", foreign_text(text))
    }
}
