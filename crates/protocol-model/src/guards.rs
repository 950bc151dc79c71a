//! What keeps the protocol in order, each to be taken away alone.

/// A guard of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Guard {
    /// Every write of a worker tests its fence on the row that a claimer would change.
    FenceOnEveryWrite,
    /// The intent is committed before the call leaves.
    IntentBeforeCall,
    /// No byte leaves when the send window is over.
    SendWindow,
    /// A call leaves soon after its intent was stored, or never: the intent says until when it may happen.
    SentSoonAfterIntent,
    /// A commit whose answer was lost is looked up before the call leaves.
    LostCommitLookedUp,
    /// That nothing happened is believed only when nothing can happen any more.
    AbsenceProved,
    /// What became of an attempt is found out before another one is made.
    SettledBeforeSentAgain,
    /// The turn is a row that is changed in the transaction of the claim.
    TurnInClaim,
    /// A job keeps its turn until its end, whatever it waits for.
    TurnKeptUntilEnd,
}

impl Guard {
    /// Every guard.
    pub const ALL: [Self; 9] = [
        Self::FenceOnEveryWrite,
        Self::IntentBeforeCall,
        Self::SendWindow,
        Self::SentSoonAfterIntent,
        Self::LostCommitLookedUp,
        Self::AbsenceProved,
        Self::SettledBeforeSentAgain,
        Self::TurnInClaim,
        Self::TurnKeptUntilEnd,
    ];
}

/// The guards that stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Guards {
    missing: Option<Guard>,
}

impl Guards {
    /// All of them.
    pub const fn all() -> Self {
        Self { missing: None }
    }

    /// All but one.
    pub const fn without(guard: Guard) -> Self {
        Self {
            missing: Some(guard),
        }
    }

    pub(crate) fn stands(self, guard: Guard) -> bool {
        self.missing != Some(guard)
    }
}
