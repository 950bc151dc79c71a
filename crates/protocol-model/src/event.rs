//! What happens, and how a story tells it.

use std::fmt::{self, Display, Formatter};

/// Something that happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    ItIs(u8),
    RedisForgets,
    HappensAndIsTold(usize),
    HappensUnheard(usize),
    Worker(usize, Deed),
}

/// Something that a worker does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    Claims(usize),
    StoresItsIntent,
    StoresNoIntent,
    LooksForItsCommitInVain,
    BelievesItsCommit,
    MaySend,
    RenewsItsLease,
    IsTooLateToSend,
    Sends(usize),
    WaitsNoLonger,
    FindsTheEffect(usize),
    FindsThatNothingHappened,
    StoresTheEnd(usize),
    SeesThatItWasReplaced,
    GivesTheTurnAway,
    Dies,
}

impl Display for Event {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::ItIs(time) => write!(f, "it is {time}"),
            Self::RedisForgets => f.write_str("Redis loses everything"),
            Self::HappensAndIsTold(job) => {
                write!(f, "the platform does what job {job} wanted, and answers")
            }
            Self::HappensUnheard(job) => {
                write!(
                    f,
                    "the platform does what job {job} wanted; nobody hears of it"
                )
            }
            Self::Worker(worker, deed) => write!(f, "worker {worker} {deed}"),
        }
    }
}

impl Display for Deed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Claims(job) => write!(f, "claims job {job}"),
            Self::StoresItsIntent => f.write_str("stores its intent"),
            Self::StoresNoIntent => f.write_str("stores no intent"),
            Self::LooksForItsCommitInVain => f.write_str("looks for its lost commit in vain"),
            Self::BelievesItsCommit => f.write_str("believes in its lost commit"),
            Self::MaySend => f.write_str("may send"),
            Self::RenewsItsLease => f.write_str("renews its lease"),
            Self::IsTooLateToSend => f.write_str("is too late to send, and stores that"),
            Self::Sends(job) => write!(f, "sends the call of job {job}"),
            Self::WaitsNoLonger => f.write_str("waits no longer for an answer"),
            Self::FindsTheEffect(job) => {
                write!(f, "finds the effect and stores the end of job {job}")
            }
            Self::FindsThatNothingHappened => f.write_str("finds that nothing happened"),
            Self::StoresTheEnd(job) => write!(f, "stores the end of job {job}"),
            Self::SeesThatItWasReplaced => f.write_str("sees that it was replaced"),
            Self::GivesTheTurnAway => f.write_str("lets the job wait and gives its turn away"),
            Self::Dies => f.write_str("dies"),
        }
    }
}
