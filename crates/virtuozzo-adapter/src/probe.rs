//! Whether a platform answers at all, without any account.

use crate::PlatformDirectory;
use crate::endpoint::Endpoint;
use domain::names::PlatformName;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// No answer after that is none.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// What a platform that answers says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlatformProbe {
    /// How long the answer took.
    pub took: Duration,
    /// How far the platform's clock is ahead of ours, to the second; `None` when it does not say.
    pub clock_ahead: Option<SignedDuration>,
}

/// Why a platform does not answer as a platform does.
#[derive(Debug, thiserror::Error)]
pub enum ProbeFailure {
    /// It is not configured.
    #[error("there is no such platform in the configuration")]
    Unknown,
    /// Nobody answers.
    #[error("no answer within {} s", ANSWER_WITHIN.as_secs())]
    TimedOut,
    /// No connection, or none that is trusted.
    #[error("no connection")]
    NoConnection(#[source] hyper_util::client::legacy::Error),
    /// Something answers that is no platform.
    #[error("it answers with HTTP status {0}, which a platform does not")]
    Status(u16),
}

impl PlatformDirectory {
    /// Asks who is signed in, as nobody: harmless, counted by no lock-out, and answered with an error by every
    /// platform. Goes past limits and breakers, and is not counted.
    ///
    /// <https://docs.jelastic.com/api/#!/api/users.Account-method-GetUserInfo>
    pub async fn probe(&self, platform: &PlatformName) -> Result<PlatformProbe, ProbeFailure> {
        let transport = self.find(platform).ok_or(ProbeFailure::Unknown)?;
        let clock = transport.clock();
        let began = clock.instant();
        let asked = transport.ask_as_nobody(Endpoint::GetUserInfo);
        let answered = tokio::time::timeout(ANSWER_WITHIN, asked);
        let head = answered
            .await
            .map_err(|_| ProbeFailure::TimedOut)?
            .map_err(ProbeFailure::NoConnection)?;
        let took = began.until(clock.instant());
        if !head.status.is_success() {
            return Err(ProbeFailure::Status(head.status.as_u16()));
        }
        let date = head.headers.get(http::header::DATE);
        let date = date.and_then(|date| date.to_str().ok()).and_then(moment);
        Ok(PlatformProbe {
            took,
            clock_ahead: date.map(|date| date.duration_since(clock.now())),
        })
    }
}

fn moment(date: &str) -> Option<Timestamp> {
    Some(jiff::fmt::rfc2822::parse(date).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn dates_of_answers_are_read() {
        let read = moment("Sun, 06 Nov 1994 08:49:37 GMT").expect("a date");
        assert_eq!(read.as_second(), 784_111_777);
        assert_eq!(moment("yesterday"), None);
    }
}
