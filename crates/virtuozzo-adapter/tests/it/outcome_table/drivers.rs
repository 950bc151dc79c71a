//! Every method of the ports, with the endpoint it calls and a good answer of that.

use domain::ports::{
    MutationOutcome, MutationTicket, NotSentReason, PlatformReadError, RefusalClass, SignInError,
};
use futures::future::BoxFuture;
use virtuozzo_adapter::{Endpoint, VirtuozzoPlatforms, VirtuozzoSignIn};

mod table;

pub(super) use table::{PORTS, SESSIONS_AND_SIGN_IN, all};

/// What is tested.
pub(super) struct Subject {
    pub(super) platforms: VirtuozzoPlatforms,
    pub(super) sign_in: VirtuozzoSignIn,
}

/// What sort of call it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Changes nothing.
    Read,
    /// Changes something.
    Mutation,
    /// Runs a manifest, which may return messages.
    Installation,
    /// Deletes; what is gone already is deleted.
    Deletion,
    /// Presents a credential, or finds out what one may do.
    Credential,
}

impl Kind {
    pub(super) fn changes_something(self) -> bool {
        match self {
            Self::Read | Self::Credential => false,
            Self::Mutation | Self::Installation | Self::Deletion => true,
        }
    }
}

/// How a call ended, as far as the policy speaks about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    Done,
    Refused(i64, RefusalClass),
    SignInRefused(i64),
    NotSent,
    WindowClosed,
    InDoubt(Option<(i64, RefusalClass)>),
    Unavailable,
    Other,
}

impl<Value> From<MutationOutcome<Value>> for Seen {
    fn from(outcome: MutationOutcome<Value>) -> Self {
        match outcome {
            MutationOutcome::Done(_) => Self::Done,
            MutationOutcome::Refused(refusal) => Self::Refused(refusal.result, refusal.class),
            MutationOutcome::NotSent(NotSentReason::WindowClosed) => Self::WindowClosed,
            MutationOutcome::NotSent(NotSentReason::Unavailable(_)) => Self::NotSent,
            MutationOutcome::NotSent(_) => Self::Other,
            MutationOutcome::MaybeApplied { answer, .. } => {
                Self::InDoubt(answer.map(|answer| (answer.result, answer.class)))
            }
        }
    }
}

impl<Value> From<Result<Value, PlatformReadError>> for Seen {
    fn from(outcome: Result<Value, PlatformReadError>) -> Self {
        match outcome {
            Ok(_) => Self::Done,
            Err(PlatformReadError::Refused(refusal)) => {
                Self::Refused(refusal.result, refusal.class)
            }
            Err(PlatformReadError::Unavailable(_)) => Self::Unavailable,
            Err(_) => Self::Other,
        }
    }
}

impl<Value> From<Result<Value, SignInError>> for Seen {
    fn from(outcome: Result<Value, SignInError>) -> Self {
        match outcome {
            Ok(_) => Self::Done,
            Err(SignInError::Refused { result }) => Self::SignInRefused(result),
            Err(SignInError::Unavailable(_)) => Self::Unavailable,
            Err(_) => Self::Other,
        }
    }
}

/// One method and one endpoint that it calls.
#[derive(Clone, Copy)]
pub(super) struct Driver {
    pub(super) method: &'static str,
    pub(super) endpoint: Endpoint,
    pub(super) kind: Kind,
    /// The answer under which it is done.
    pub(super) good: &'static str,
    /// Codes that are an answer to what it asks.
    pub(super) answers: &'static [i64],
    /// What other endpoints answer that it calls first.
    pub(super) earlier: &'static [(Endpoint, &'static str)],
    pub(super) run: for<'a> fn(&'a Subject, MutationTicket) -> BoxFuture<'a, Seen>,
}

impl Driver {
    fn answered_by(mut self, codes: &'static [i64]) -> Self {
        self.answers = codes;
        self
    }

    fn after(mut self, earlier: &'static [(Endpoint, &'static str)]) -> Self {
        self.earlier = earlier;
        self
    }
}
