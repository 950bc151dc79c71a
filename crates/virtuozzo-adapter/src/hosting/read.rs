//! A read with a session: one renewal when the platform says that the session has ended.

use super::VirtuozzoPlatforms;
use crate::calls::Call;
use crate::outcome::{is_session_refusal, judge_read};
use crate::wire::WireError;
use domain::platform_account::PlatformAccountRef;
use domain::ports::{PlatformReadError, SessionError};

impl VirtuozzoPlatforms {
    pub(super) async fn read<Value>(
        &self,
        account: &PlatformAccountRef,
        call: Call,
        decode: impl FnOnce(&[u8]) -> Result<Value, WireError>,
    ) -> Result<Value, PlatformReadError> {
        let Some(transport) = self.transport(account) else {
            return Err(PlatformReadError::Unavailable(
                "no platform of that name is configured".into(),
            ));
        };
        let mut session = self
            .sessions
            .current(account)
            .await
            .map_err(|error| without_session(&error))?;
        let mut was_renewed = false;
        loop {
            let outgoing = call.outgoing(Some(&session.key), Some(account.account_id));
            let answer = transport
                .read(&outgoing)
                .await
                .map_err(|failure| PlatformReadError::Unavailable(failure.to_string()))?;
            if is_session_refusal(&answer) && !was_renewed {
                let renewed = self.sessions.renew(account, session.generation).await;
                session = renewed.map_err(|error| without_session(&error))?;
                was_renewed = true;
                continue;
            }
            judge_read(&answer)?;
            return decode(&answer.body)
                .map_err(|error| PlatformReadError::Unavailable(error.to_string()));
        }
    }
}

fn without_session(error: &SessionError) -> PlatformReadError {
    match error {
        SessionError::NeedsReauthentication => PlatformReadError::NeedsReauthentication,
        SessionError::AccountChanged => PlatformReadError::AccountChanged,
        SessionError::Unavailable(_) => PlatformReadError::Unavailable(error.to_string()),
    }
}
