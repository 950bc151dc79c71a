//! The states of a job and the only ways from one to another.

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobState {
    /// Accepted; nobody works on it.
    Queued,
    /// A worker works on it.
    Running,
    /// It waits for something and has given its worker back.
    Waiting,
    /// Cancelling was asked for; what was done is being undone.
    Cancelling,
    /// Done. Final.
    Succeeded,
    /// Failed, and undone as far as its steps promise. Final.
    Failed,
    /// Cancelled and undone. Final.
    Cancelled,
    /// Whether a step happened cannot be found out; a person decides.
    NeedsAttention,
}

/// What happens to a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobEvent {
    /// A worker takes it.
    Claimed,
    /// It gives its worker back until later.
    Parked,
    /// It gives its worker back without having been able to go on.
    Released,
    /// Somebody wants it cancelled.
    CancelRequested,
    /// All steps are done.
    Succeeded,
    /// A step failed and the steps before it are undone.
    Failed,
    /// The undo that a cancellation asked for is done.
    Cancelled,
    /// The truth about a step cannot be found out.
    AttentionNeeded,
    /// A person has looked: it goes on.
    Reopened,
    /// A person has looked: the undo that a cancellation asked for goes on.
    UndoReopened,
    /// A person has looked: it ends as it is.
    Closed,
}

/// An event that the present state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a job that is {} cannot take the event {event:?}", state.as_str())]
pub struct JobTransitionError {
    /// The present state.
    pub state: JobState,
    /// The event.
    pub event: JobEvent,
}

impl JobState {
    /// Every state.
    pub const ALL: &'static [Self] = &[
        Self::Queued,
        Self::Running,
        Self::Waiting,
        Self::Cancelling,
        Self::Succeeded,
        Self::Failed,
        Self::Cancelled,
        Self::NeedsAttention,
    ];

    /// The stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Cancelling => "cancelling",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::NeedsAttention => "needs_attention",
        }
    }

    /// Reads the stable text form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|state| state.as_str() == text)
    }

    /// Whether the job has ended: no worker will touch it again.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }

    /// Whether no worker will touch it on its own: it ended, or waits for a person.
    pub fn is_at_rest(self) -> bool {
        self.is_final() || self == Self::NeedsAttention
    }

    /// The state after the event, or why the event is not possible now.
    pub fn after(self, event: JobEvent) -> Result<Self, JobTransitionError> {
        use JobEvent as Event;
        let next = match (self, event) {
            (Self::Queued | Self::Waiting | Self::Running, Event::Claimed) => Some(Self::Running),
            (Self::Running, Event::Parked) => Some(Self::Waiting),
            (Self::Running, Event::Released) | (Self::NeedsAttention, Event::Reopened) => {
                Some(Self::Queued)
            }
            // An undo that waits or changes hands stays visible as a cancellation.
            (Self::Cancelling, Event::Claimed | Event::Parked | Event::Released)
            | (Self::Queued | Self::Running | Self::Waiting, Event::CancelRequested)
            | (Self::NeedsAttention, Event::UndoReopened) => Some(Self::Cancelling),
            (Self::Queued | Self::Cancelling, Event::Cancelled) => Some(Self::Cancelled),
            (Self::Running, Event::Succeeded) => Some(Self::Succeeded),
            (Self::Running, Event::Failed) | (Self::NeedsAttention, Event::Closed) => {
                Some(Self::Failed)
            }
            (Self::Running | Self::Cancelling, Event::AttentionNeeded) => {
                Some(Self::NeedsAttention)
            }
            _ => None,
        };
        next.ok_or(JobTransitionError { state: self, event })
    }
}
