//! What is published on the channels: who sent it, so that nobody hears itself, and what it is
//! about. Identifiers only, never a secret.

use domain::ports::JobChanged;

/// Channel on which workers of all processes are woken.
pub(super) const WAKE_CHANNEL: &str = "windlass:wake";
/// Channel on which changed jobs are told.
pub(super) const JOBS_CHANNEL: &str = "windlass:jobs";

/// Names one sender among all, and also a holder of a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Origin(String);

impl Origin {
    /// 128 random bits, so that no two are alike.
    pub(super) fn new() -> Result<Self, getrandom::Error> {
        let (high, low) = (getrandom::u64()?, getrandom::u64()?);
        Ok(Self(format!("{high:016x}{low:016x}")))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// `<origin> <team> <job>`.
    pub(super) fn message_about(&self, notice: JobChanged) -> String {
        format!("{} {} {}", self.0, notice.team_id, notice.job_id)
    }

    /// What the message says, unless it is our own. A message that cannot be read, from a newer
    /// version perhaps, is as good as a lost one.
    pub(super) fn read(&self, message: &str) -> Received {
        let mut words = message.split(' ');
        if words.next() == Some(self.as_str()) {
            return Received::Own;
        }
        let team_id = words.next().and_then(|word| word.parse().ok());
        let job_id = words.next().and_then(|word| word.parse().ok());
        match (team_id, job_id, words.next()) {
            (Some(team_id), Some(job_id), None) => Received::Notice(JobChanged { team_id, job_id }),
            _ => Received::Unreadable,
        }
    }
}

/// What a message on the channel of jobs is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Received {
    /// Sent by this process, which has told its own listeners already.
    Own,
    /// A notice of another process.
    Notice(JobChanged),
    /// Something else.
    Unreadable,
}

#[cfg(test)]
mod tests;
