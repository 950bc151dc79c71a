//! Ports about people, in a few lines: passwords that are stored as they are, an app that always shows
//! the same code, and a mailbox.

use application::CredentialCustody;
use application::people::Accounts;
use async_trait::async_trait;
use domain::SecretText;
use domain::people::PasswordHash;
use domain::ports::{
    Clock, IdSource, Mail, Mailer, MockOneTimePasswords, PasswordHashError, PasswordHasher,
    PasswordVerdict, TokenHasher, UnitOfWork,
};
use std::sync::{Arc, Mutex};

/// The ports of the use cases about people.
pub(super) fn accounts(
    (unit_of_work, hasher): (&Arc<dyn UnitOfWork>, &Arc<dyn TokenHasher>),
    custody: CredentialCustody,
    mailer: Arc<Mailbox>,
    (ids, clock): (Arc<dyn IdSource>, Arc<dyn Clock>),
) -> Accounts {
    Accounts {
        unit_of_work: Arc::clone(unit_of_work),
        token_hasher: Arc::clone(hasher),
        password_hasher: Arc::new(PlainPasswords),
        one_time_passwords: Arc::new(fixed_codes()),
        custody,
        mailer,
        ids,
        clock,
    }
}

/// The password of everybody whose stored form is this text.
pub(crate) const PASSWORD: &str = "a right long password";

/// The stored form of a password is the password; one with `easy` in it is easy to guess.
struct PlainPasswords;

#[async_trait]
impl PasswordHasher for PlainPasswords {
    async fn hash(&self, password: SecretText) -> Result<PasswordHash, PasswordHashError> {
        Ok(PasswordHash(password.expose().to_owned()))
    }

    async fn verify(
        &self,
        password: SecretText,
        stored: Option<PasswordHash>,
    ) -> Result<PasswordVerdict, PasswordHashError> {
        let is_right = stored.is_some_and(|stored| stored.0 == password.expose());
        Ok(if is_right {
            PasswordVerdict::Right { is_outdated: false }
        } else {
            PasswordVerdict::Wrong
        })
    }

    fn weakness(&self, password: &SecretText, _: &[String]) -> Option<String> {
        let is_easy = password.expose().contains("easy");
        is_easy.then(|| "is easy to guess; add a few words".to_owned())
    }
}

/// An app that always shows 123456.
fn fixed_codes() -> MockOneTimePasswords {
    let mut codes = MockOneTimePasswords::new();
    codes
        .expect_new_secret()
        .returning(|| Ok(SecretText::new("SECRETBASE32".to_owned())));
    codes
        .expect_matching_step()
        .returning(|_, code, _, after| (code == "123456").then_some(after + 1));
    codes.expect_enrolment_uri().returning(|secret, account| {
        SecretText::new(format!(
            "otpauth://totp/{account}?secret={}",
            secret.expose()
        ))
    });
    codes
}

/// Keeps what was mailed.
#[derive(Default)]
pub(crate) struct Mailbox(Mutex<Vec<Mail>>);

impl Mailbox {
    pub(crate) fn take(&self) -> Vec<Mail> {
        std::mem::take(&mut *self.0.lock().expect("no panic while held"))
    }
}

impl Mailer for Mailbox {
    fn enqueue(&self, mail: Mail) {
        self.0.lock().expect("no panic while held").push(mail);
    }
}
