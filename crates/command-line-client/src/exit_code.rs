//! How a command ended, for scripts. The numbers are a promise.

use std::process::ExitCode;

/// How a command that did not succeed ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// A job failed, was cancelled or waits for a person; or the service failed.
    Failed = 1,
    /// The command line or a value in it is wrong.
    Usage = 2,
    /// No credential, or one that is not good for this.
    Unauthorised = 3,
    /// There is no such thing.
    NotFound = 4,
    /// The present state does not allow it, or something else has the turn.
    Conflict = 5,
    /// Too many requests.
    RateLimited = 6,
    /// What was waited for did not come in time.
    TimedOut = 124,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        Self::from(ending as u8)
    }
}

impl Ending {
    /// What an HTTP status that is no success comes to.
    pub(crate) fn of_status(status: u16) -> Self {
        match status {
            400 | 413 | 415 | 422 => Self::Usage,
            401 | 403 => Self::Unauthorised,
            404 => Self::NotFound,
            409 | 412 => Self::Conflict,
            429 => Self::RateLimited,
            _ => Self::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Ending;

    #[test]
    fn the_numbers_are_those_that_are_promised() {
        let cases = [
            (500, 1),
            (503, 1),
            (400, 2),
            (422, 2),
            (401, 3),
            (403, 3),
            (404, 4),
            (409, 5),
            (412, 5),
            (429, 6),
        ];
        for (status, code) in cases {
            assert_eq!(Ending::of_status(status) as u8, code, "{status}");
        }
        assert_eq!(Ending::TimedOut as u8, 124);
    }
}
