//! A mutation with a session: sent once, and once more only when the platform said that the session
//! had ended before the call began and the send window is still open.

use super::VirtuozzoPlatforms;
use crate::calls::Call;
use crate::outcome::{Reading, Verdict, class_of, doubtful, judge_mutation};
use crate::transport::{Deadlines, Failure, NotSentCause};
use crate::wire::WireError;
use domain::platform_account::PlatformAccountRef;
use domain::ports::{MutationOutcome, MutationTicket, NotSentReason, SessionError, UnclearAnswer};

impl VirtuozzoPlatforms {
    /// A mutation whose answer says no more than that it happened.
    pub(super) async fn perform(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        call: Call,
    ) -> MutationOutcome<()> {
        self.mutate(account, ticket, call, Reading::Plain, |_| Ok(()))
            .await
    }

    pub(super) async fn mutate<Value>(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        call: Call,
        reading: Reading,
        decode: impl FnOnce(&[u8]) -> Result<Value, WireError>,
    ) -> MutationOutcome<Value> {
        let Some(transport) = self.transport(account) else {
            return MutationOutcome::NotSent(NotSentReason::NotConfigured);
        };
        let call = call.of_attempt(ticket.attempt);
        let deadlines = Deadlines {
            send_by: ticket.send_by,
            answer_within: ticket.answer_within,
        };
        let mut session = match self.sessions.current(account).await {
            Ok(session) => session,
            Err(error) => return MutationOutcome::NotSent(without_session(&error)),
        };
        let mut was_renewed = false;
        loop {
            let outgoing = call.outgoing(Some(&session.key), Some(account.account_id));
            let answer = match transport.send_once(&outgoing, deadlines).await {
                Ok(answer) => answer,
                Err(Failure::NotSent(cause)) => return MutationOutcome::NotSent(not_sent(&cause)),
                Err(Failure::InDoubt(cause)) => return doubtful(cause),
            };
            match judge_mutation(&answer, reading) {
                Verdict::SessionRefused(_) if !was_renewed => {
                    match self.sessions.renew(account, session.generation).await {
                        Ok(renewed) => session = renewed,
                        Err(error) => return MutationOutcome::NotSent(without_session(&error)),
                    }
                    was_renewed = true;
                }
                verdict => return settled(verdict, &answer.body, decode),
            }
        }
    }
}

/// The outcome behind a verdict.
fn settled<Value>(
    verdict: Verdict,
    body: &[u8],
    decode: impl FnOnce(&[u8]) -> Result<Value, WireError>,
) -> MutationOutcome<Value> {
    match verdict {
        Verdict::Success | Verdict::AlreadyDone => match decode(body) {
            Ok(value) => MutationOutcome::Done(value),
            Err(error) => MutationOutcome::MaybeApplied {
                reason: error.to_string(),
                answer: Some(unclear(0)),
            },
        },
        Verdict::Refused(refusal) | Verdict::SessionRefused(refusal) => {
            MutationOutcome::Refused(refusal)
        }
        Verdict::InDoubt { reason, result } => MutationOutcome::MaybeApplied {
            reason,
            answer: result.map(unclear),
        },
    }
}

fn unclear(result: i64) -> UnclearAnswer {
    UnclearAnswer {
        result,
        class: class_of(result),
    }
}

fn without_session(error: &SessionError) -> NotSentReason {
    match error {
        SessionError::NeedsReauthentication => NotSentReason::NeedsReauthentication,
        SessionError::AccountChanged => NotSentReason::AccountChanged,
        SessionError::Unavailable(_) => NotSentReason::Unavailable(error.to_string()),
    }
}

fn not_sent(cause: &NotSentCause) -> NotSentReason {
    match cause {
        NotSentCause::WindowClosed => NotSentReason::WindowClosed,
        NotSentCause::NoConnection
        | NotSentCause::TooManyOpenCalls
        | NotSentCause::TooManyOpenCallsOfAccount
        | NotSentCause::HostLeftAlone => NotSentReason::Unavailable(cause.to_string()),
    }
}
