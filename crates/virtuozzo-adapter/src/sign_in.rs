//! Signing in, and finding out what an account can do, without any session of ours.

use crate::calls::{self, Call};
use crate::codes::{self, CodeClass};
use crate::directory::PlatformDirectory;
use crate::outcome::judge_read;
use crate::transport::{Answer, Deadlines, Transport, random_digits};
use crate::wire;
use crate::wire::account::{Authentication, TokenAnswer};
use crate::wire::quota::QuotaList;
use async_trait::async_trait;
use domain::SecretText;
use domain::names::{PlatformLogin, PlatformName};
use domain::platform_account::{DeletionConfirmation, PlatformCredential, PlatformUid};
use domain::ports::{
    AccessTokenSpec, PlatformReadError, PlatformSignIn, RefusalClass, SignInError, SignedIn,
};
use std::sync::Arc;
use std::time::Duration;

#[cfg(test)]
mod tests;

/// The request must have left within this time.
const SEND_WITHIN: Duration = Duration::from_secs(5);

/// [`PlatformSignIn`] on the configured platforms.
pub struct VirtuozzoSignIn {
    directory: Arc<PlatformDirectory>,
}

/// Why a platform's answer is of no use, in words only: bodies are never kept.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct NoUsableAnswer(String);

fn unavailable(reason: impl Into<String>) -> SignInError {
    SignInError::Unavailable(Box::new(NoUsableAnswer(reason.into())))
}

impl VirtuozzoSignIn {
    /// On these platforms.
    pub fn new(directory: Arc<PlatformDirectory>) -> Self {
        Self { directory }
    }

    fn transport(&self, platform: &PlatformName) -> Result<&Transport, SignInError> {
        self.directory
            .find(platform)
            .ok_or(SignInError::UnknownPlatform)
    }
}

#[async_trait]
impl PlatformSignIn for VirtuozzoSignIn {
    async fn sign_in(
        &self,
        platform: &PlatformName,
        credential: &PlatformCredential,
    ) -> Result<SignedIn, SignInError> {
        let transport = self.transport(platform)?;
        match credential {
            PlatformCredential::Password { login, password } => {
                by_password(transport, login, password).await
            }
            PlatformCredential::AccessToken { token } => by_token(transport, token).await,
        }
    }

    async fn deletion_confirmation(
        &self,
        platform: &PlatformName,
        session_key: &SecretText,
        has_password: bool,
    ) -> Result<DeletionConfirmation, SignInError> {
        let transport = self.transport(platform)?;
        if !may_delete(transport, session_key).await? {
            return Ok(DeletionConfirmation::Unavailable);
        }
        let wanted = wanted_confirmation(transport, session_key).await?;
        Ok(match wanted {
            Wanted::Nothing => DeletionConfirmation::NotNeeded,
            Wanted::Name => DeletionConfirmation::EnvironmentName,
            Wanted::Password if has_password => DeletionConfirmation::AccountPassword,
            Wanted::Password => DeletionConfirmation::Unavailable,
        })
    }

    async fn sign_out(
        &self,
        platform: &PlatformName,
        session_key: &SecretText,
    ) -> Result<(), SignInError> {
        let transport = self.transport(platform)?;
        let answer = once(transport, &calls::sign_in::sign_out(), Some(session_key)).await?;
        match judge_read(&answer) {
            // There is no such session, which is what was wanted.
            Err(PlatformReadError::Refused(refusal)) if refusal.class == RefusalClass::Session => {
                Ok(())
            }
            judged => judged.map_err(refused),
        }
    }

    async fn create_access_token(
        &self,
        platform: &PlatformName,
        session_key: &SecretText,
        wanted: &AccessTokenSpec,
    ) -> Result<SecretText, SignInError> {
        let transport = self.transport(platform)?;
        let call = calls::sign_in::create_token(wanted);
        // Once: every success is a new token.
        let answer = once(transport, &call, Some(session_key)).await?;
        judge_read(&answer).map_err(refused)?;
        let created: TokenAnswer =
            wire::read(&answer.body).map_err(|error| unavailable(error.to_string()))?;
        let key = created.token.and_then(|token| token.key);
        key.map(|key| key.0)
            .ok_or_else(|| unavailable("the answer lacks `token.key`"))
    }
}

async fn by_password(
    transport: &Transport,
    login: &PlatformLogin,
    password: &SecretText,
) -> Result<SignedIn, SignInError> {
    // Once: a wrong password that is repeated locks the account.
    let answer = once(transport, &calls::sign_in::sign_in(login, password), None).await?;
    judge_read(&answer).map_err(refused)?;
    let identity: Authentication =
        wire::read(&answer.body).map_err(|error| unavailable(error.to_string()))?;
    if identity.wants_second_factor() {
        return Err(SignInError::SecondFactor);
    }
    let uid = identity
        .uid
        .ok_or_else(|| unavailable("the answer lacks `uid`"))?;
    let session = identity
        .session
        .ok_or_else(|| unavailable("the answer lacks `session`"))?;
    Ok(SignedIn {
        session_key: session.0,
        uid: PlatformUid(uid),
    })
}

async fn by_token(transport: &Transport, token: &SecretText) -> Result<SignedIn, SignInError> {
    let answer = read(transport, &calls::accounts::user_info(), token).await?;
    judge_read(&answer).map_err(refused)?;
    let identity: Authentication =
        wire::read(&answer.body).map_err(|error| unavailable(error.to_string()))?;
    let uid = identity
        .uid
        .ok_or_else(|| unavailable("the answer lacks `uid`"))?;
    Ok(SignedIn {
        session_key: token.clone(),
        uid: PlatformUid(uid),
    })
}

/// Whether the session may delete environments: asks for the deletion of a name that cannot exist.
///
/// The name is random, so nothing can bear it, and the platform checks the permission for the method
/// before it looks for the environment \[inferred\]: a token without it gets 8202, everybody else
/// that the environment does not exist, or that a confirmation is missing.
async fn may_delete(transport: &Transport, session_key: &SecretText) -> Result<bool, SignInError> {
    let name = format!("wdl-probe-{}", random_digits());
    let call = calls::environments::delete_environment(&name, None);
    let answer = once(transport, &call, Some(session_key)).await?;
    match judge_read(&answer) {
        Ok(()) => Ok(true),
        Err(PlatformReadError::Refused(refusal)) => match refusal.class {
            RefusalClass::NotFound | RefusalClass::Invalid => Ok(true),
            RefusalClass::Permission => Ok(false),
            // The confirmation was looked at, so the method is allowed.
            RefusalClass::Credentials if refusal.result == 801 => Ok(true),
            _ => Err(refused(PlatformReadError::Refused(refusal))),
        },
        Err(error) => Err(refused(error)),
    }
}

/// What a deletion must be confirmed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Nothing,
    Name,
    Password,
}

impl Wanted {
    /// Behind the value of the quota. Its values are not public: what is not understood counts as the
    /// password, the most that can be asked for.
    fn behind(value: Option<&str>) -> Self {
        let value = value.unwrap_or_default().trim().to_ascii_lowercase();
        match value.as_str() {
            "" | "none" | "0" => Self::Nothing,
            text if text.contains("pass") => Self::Password,
            text if text.contains("name") => Self::Name,
            _ => Self::Password,
        }
    }
}

async fn wanted_confirmation(
    transport: &Transport,
    session_key: &SecretText,
) -> Result<Wanted, SignInError> {
    let name = calls::accounts::DELETION_CONFIRMATION;
    let answer = read(transport, &calls::accounts::quotas(&[name]), session_key).await?;
    match judge_read(&answer) {
        Ok(()) => {}
        // A token that may not read quotas: unknown, so the most that can be asked for.
        Err(PlatformReadError::Refused(refusal)) if refusal.class == RefusalClass::Permission => {
            return Ok(Wanted::Password);
        }
        Err(error) => return Err(refused(error)),
    }
    let list: QuotaList =
        wire::read(&answer.body).map_err(|error| unavailable(error.to_string()))?;
    let is_it = |quota: &wire::quota::Quota| quota.name.as_deref() == Some(name);
    let found = list
        .array
        .iter()
        .find(|entry| entry.quota.as_ref().is_some_and(is_it));
    Ok(Wanted::behind(
        found.and_then(|entry| entry.value.as_deref()),
    ))
}

async fn once(
    transport: &Transport,
    call: &Call,
    session: Option<&SecretText>,
) -> Result<Answer, SignInError> {
    let deadlines = Deadlines {
        send_by: transport.clock().instant().plus(SEND_WITHIN),
        answer_within: transport.settings().answer_timeouts.instant,
    };
    let outgoing = call.outgoing(session, None);
    let answer = transport.send_once(&outgoing, deadlines).await;
    answer.map_err(|failure| SignInError::Unavailable(Box::new(failure)))
}

async fn read(
    transport: &Transport,
    call: &Call,
    session: &SecretText,
) -> Result<Answer, SignInError> {
    let answer = transport.read(&call.outgoing(Some(session), None)).await;
    answer.map_err(|failure| SignInError::Unavailable(Box::new(failure)))
}

/// A refusal is final for the credential, unless the platform was in trouble itself.
fn refused(error: PlatformReadError) -> SignInError {
    match error {
        PlatformReadError::Refused(refusal) => match codes::class(refusal.result) {
            CodeClass::General | CodeClass::Script => unavailable(format!(
                "the platform failed with result {}",
                refusal.result
            )),
            _ => SignInError::Refused {
                result: refusal.result,
            },
        },
        error => unavailable(error.to_string()),
    }
}
