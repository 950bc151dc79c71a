//! Small stand-ins for the ports of custody and mail.

use super::secret;
use async_trait::async_trait;
use domain::SecretText;
use domain::people::{PasswordHash, TokenHash};
use domain::ports::{
    Mail, MailMessage, Mailer, MockOneTimePasswords, PasswordHashError, PasswordHasher,
    PasswordVerdict, TokenHasher, TokenKind, VaultError,
};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What the app of everybody shows, at the time step 7.
pub(in crate::people) const CODE: &str = "123456";

/// The stored form of a password is the password; `easy` ones are easy to guess, and stored forms that
/// begin with `old ` have lower costs than new ones.
#[derive(Default)]
pub(in crate::people) struct Passwords {
    hashes: AtomicUsize,
    verifications: AtomicUsize,
    /// Runs while a password is verified.
    pub(in crate::people) meanwhile: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl Passwords {
    /// How many passwords were hashed, and how many verified.
    pub(in crate::people) fn counts(&self) -> (usize, usize) {
        let read = |count: &AtomicUsize| count.load(Ordering::SeqCst);
        (read(&self.hashes), read(&self.verifications))
    }
}

#[async_trait]
impl PasswordHasher for Passwords {
    async fn hash(&self, password: SecretText) -> Result<PasswordHash, PasswordHashError> {
        self.hashes.fetch_add(1, Ordering::SeqCst);
        if password.expose().contains("busy") {
            return Err(PasswordHashError::Busy);
        }
        Ok(PasswordHash(password.expose().to_owned()))
    }

    async fn verify(
        &self,
        password: SecretText,
        stored: Option<PasswordHash>,
    ) -> Result<PasswordVerdict, PasswordHashError> {
        self.verifications.fetch_add(1, Ordering::SeqCst);
        if let Some(meanwhile) = self.meanwhile.lock().unwrap().take() {
            meanwhile();
        }
        let stored = stored.map(|stored| stored.0).unwrap_or_default();
        let current = stored.strip_prefix("old ");
        if current.unwrap_or(&stored) == password.expose() {
            let is_outdated = current.is_some();
            Ok(PasswordVerdict::Right { is_outdated })
        } else {
            Ok(PasswordVerdict::Wrong)
        }
    }

    fn weakness(&self, password: &SecretText, known: &[String]) -> Option<String> {
        let text = password.expose();
        let is_easy = text.contains("easy") || known.iter().any(|word| text.contains(word));
        is_easy.then(|| "is easy to guess".to_owned())
    }
}

/// Numbered tokens; the stored form of a token is the token.
#[derive(Default)]
pub(in crate::people) struct Tokens(AtomicUsize);

fn stored(text: &str) -> TokenHash {
    TokenHash {
        pepper_id: "p1".to_owned(),
        mac: text.as_bytes().to_vec(),
    }
}

impl TokenHasher for Tokens {
    fn new_token(&self, kind: TokenKind) -> Result<(SecretText, TokenHash), VaultError> {
        let number = self.0.fetch_add(1, Ordering::SeqCst);
        let token = format!("wdl_{}_{number}", kind.as_str());
        Ok((secret(&token), stored(&token)))
    }

    fn hashes_of(&self, kind: TokenKind, token: &SecretText) -> Vec<TokenHash> {
        let is_of_kind = token
            .expose()
            .starts_with(&format!("wdl_{}_", kind.as_str()));
        is_of_kind
            .then(|| stored(token.expose()))
            .into_iter()
            .collect()
    }

    fn new_webhook_secret(&self) -> Result<SecretText, VaultError> {
        Ok(SecretText::new("whsec_c2VjcmV0".to_owned()))
    }

    fn new_recovery_codes(&self, count: usize) -> Result<Vec<(SecretText, TokenHash)>, VaultError> {
        let code = |_| {
            let number = self.0.fetch_add(1, Ordering::SeqCst);
            let code = format!("code-{number}");
            (secret(&code), stored(&code))
        };
        Ok((0..count).map(code).collect())
    }

    fn hashes_of_recovery_code(&self, code: &SecretText) -> Vec<TokenHash> {
        let is_code = code.expose().starts_with("code-");
        is_code.then(|| stored(code.expose())).into_iter().collect()
    }

    fn csrf_token(&self, session: &SecretText) -> SecretText {
        secret(&format!("csrf of {}", session.expose()))
    }

    fn is_csrf_token(&self, session: &SecretText, presented: &SecretText) -> bool {
        self.csrf_token(session).expose() == presented.expose()
    }

    /// Nothing of the request can be read in it.
    fn fingerprint(&self, request: &[u8]) -> Vec<u8> {
        request.iter().map(|byte| byte ^ 0xa5).collect()
    }
}

/// Every app shows [`CODE`].
pub(super) fn codes() -> MockOneTimePasswords {
    let mut codes = MockOneTimePasswords::new();
    codes.expect_new_secret().returning(|| Ok(secret("SECRET")));
    codes
        .expect_matching_step()
        .returning(|shared, code, _, after| {
            (shared.expose() == "SECRET" && code == CODE && after < 7).then_some(7)
        });
    codes
        .expect_enrolment_uri()
        .returning(|shared, account| secret(&format!("otpauth {} {account}", shared.expose())));
    codes
}

/// Keeps what was mailed.
#[derive(Default)]
pub(in crate::people) struct Mailbox(Mutex<Vec<Mail>>);

impl Mailbox {
    /// What was mailed since the last look: to whom, which message, with which token.
    pub(in crate::people) fn take(&self) -> Vec<(String, &'static str, Option<SecretText>)> {
        let mails = std::mem::take(&mut *self.0.lock().unwrap());
        mails
            .into_iter()
            .map(|mail| {
                let (message, token) = match mail.message {
                    MailMessage::VerifyAddress { token, .. } => ("verify", Some(token)),
                    MailMessage::AlreadyRegistered => ("already registered", None),
                    MailMessage::ResetPassword { token } => ("reset", Some(token)),
                    MailMessage::PasswordChanged => ("password changed", None),
                    MailMessage::SecondFactorChanged { is_on: true } => ("factor on", None),
                    MailMessage::SecondFactorChanged { is_on: false } => ("factor off", None),
                    MailMessage::RecoveryCodeUsed => ("recovery code used", None),
                    MailMessage::Invitation { .. }
                    | MailMessage::OwnershipOffered { .. }
                    | MailMessage::OwnershipTransferred { .. } => panic!("a mail of a team"),
                };
                (mail.to.to_string(), message, token)
            })
            .collect()
    }

    /// Only the names of the messages.
    pub(in crate::people) fn messages(&self) -> Vec<&'static str> {
        self.take()
            .into_iter()
            .map(|(_, message, _)| message)
            .collect()
    }
}

impl Mailer for Mailbox {
    fn enqueue(&self, mail: Mail) {
        self.0.lock().unwrap().push(mail);
    }
}
