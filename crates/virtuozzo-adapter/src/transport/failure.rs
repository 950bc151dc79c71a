//! Why there is no answer, and on which side of the line: nothing left, or something may have.

use super::Answer;
use http::StatusCode;

/// No byte of the request left.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotSentCause {
    #[error("no connection to the platform")]
    NoConnection,
    #[error("the send window closed")]
    WindowClosed,
    #[error("too many calls to the platform are open")]
    TooManyOpenCalls,
    #[error("too many calls of this account are open")]
    TooManyOpenCallsOfAccount,
    #[error("the platform has failed repeatedly and is left alone for a while")]
    HostLeftAlone,
}

/// Something left, and no whole answer came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DoubtCause {
    #[error("the send window closed while the request was leaving")]
    WindowClosedMidway,
    #[error("the connection broke before the answer")]
    ConnectionLost,
    #[error("no answer in time")]
    AnswerTimedOut,
    #[error("the answer was cut off")]
    AnswerCutOff,
    #[error("the answer is too large")]
    AnswerTooLarge,
    #[error("the answer comes too slowly")]
    AnswerTooSlow,
}

/// No answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    NotSent(#[from] NotSentCause),
    #[error(transparent)]
    InDoubt(#[from] DoubtCause),
}

/// Whether a read that ended so may fare better a moment later.
pub(super) fn is_worth_repeating(outcome: &Result<Answer, Failure>) -> bool {
    match outcome {
        Ok(answer) if answer.status.is_success() => !looks_like_json(answer),
        Ok(answer) => matches!(
            answer.status,
            StatusCode::TOO_MANY_REQUESTS
                | StatusCode::INTERNAL_SERVER_ERROR
                | StatusCode::BAD_GATEWAY
                | StatusCode::SERVICE_UNAVAILABLE
                | StatusCode::GATEWAY_TIMEOUT
        ),
        Err(Failure::NotSent(cause)) => *cause == NotSentCause::NoConnection,
        Err(Failure::InDoubt(cause)) => *cause != DoubtCause::AnswerTooLarge,
    }
}

/// A gateway's page comes with status 200 at times.
fn looks_like_json(answer: &Answer) -> bool {
    let first = answer.body.iter().find(|byte| !byte.is_ascii_whitespace());
    first == Some(&b'{')
}
