//! Sealing and opening platform credentials, second factors, secrets of jobs and of webhooks, at the one place
//! each belongs to.

use domain::SecretText;
use domain::ids::{EntityId, JobId, PlatformAccountId, TeamId, UserId, WebhookId};
use domain::names::PlatformLogin;
use domain::platform_account::{
    CredentialKind, DeletionConfirmation, PlatformAccount, PlatformCredential,
};
use domain::ports::{SealContext, SecretVault, VaultError};
use domain::sealed::{KeyOwner, SealedSecret, WrappedKey};
use domain::webhook::Webhook;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Between login and password in the sealed text; neither may hold it.
const SEPARATOR: char = '\n';

/// Seals and opens platform credentials, confirmation passwords, session keys, second factors and secrets
/// of jobs.
#[derive(Clone)]
pub struct CredentialCustody {
    vault: Arc<dyn SecretVault>,
}

fn context(column: &'static str, account: PlatformAccountId, team: TeamId) -> SealContext {
    let table = if column == "sealed_key" {
        "platform_sessions"
    } else {
        "platform_accounts"
    };
    SealContext {
        table,
        column,
        row: account.as_uuid(),
        owner: KeyOwner::Team(team),
    }
}

impl CredentialCustody {
    /// Custody on a vault.
    pub fn new(vault: Arc<dyn SecretVault>) -> Self {
        Self { vault }
    }

    /// A new team key.
    pub fn new_team_key(&self, team: TeamId) -> Result<WrappedKey, VaultError> {
        self.vault.new_key(KeyOwner::Team(team))
    }

    /// A new key of a person.
    pub fn new_user_key(&self, user: UserId) -> Result<WrappedKey, VaultError> {
        self.vault.new_key(KeyOwner::User(user))
    }

    /// Seals the secret of a person's second factor, under the person's own key.
    pub fn seal_second_factor(
        &self,
        key: &WrappedKey,
        user: UserId,
        secret: &SecretText,
    ) -> Result<SealedSecret, VaultError> {
        self.vault.seal(key, &second_factor_context(user), secret)
    }

    /// Opens the secret of a person's second factor.
    pub fn open_second_factor(
        &self,
        key: &WrappedKey,
        user: UserId,
        sealed: &SealedSecret,
    ) -> Result<SecretText, VaultError> {
        self.vault.open(key, &second_factor_context(user), sealed)
    }

    /// Seals a credential.
    pub fn seal_credential(
        &self,
        key: &WrappedKey,
        account: PlatformAccountId,
        team: TeamId,
        credential: &PlatformCredential,
    ) -> Result<SealedSecret, VaultError> {
        let context = context("sealed_credential", account, team);
        match credential {
            PlatformCredential::AccessToken { token } => self.vault.seal(key, &context, token),
            PlatformCredential::Password { login, password } => {
                let mut text = Zeroizing::new(String::with_capacity(
                    login.as_str().len() + 1 + password.expose().len(),
                ));
                text.push_str(login.as_str());
                text.push(SEPARATOR);
                text.push_str(password.expose());
                self.vault
                    .seal(key, &context, &SecretText::new(std::mem::take(&mut *text)))
            }
        }
    }

    /// Opens the credential of an account.
    pub fn open_credential(
        &self,
        key: &WrappedKey,
        account: &PlatformAccount,
    ) -> Result<PlatformCredential, VaultError> {
        let context = context("sealed_credential", account.id, account.team_id);
        let text = self.vault.open(key, &context, &account.sealed_credential)?;
        match account.credential_kind {
            CredentialKind::AccessToken => Ok(PlatformCredential::AccessToken { token: text }),
            CredentialKind::Password => {
                let (login, password) = text.expose().split_once(SEPARATOR).ok_or(VaultError)?;
                Ok(PlatformCredential::Password {
                    login: PlatformLogin::parse(login).map_err(|_| VaultError)?,
                    password: SecretText::new(password.to_owned()),
                })
            }
        }
    }

    /// Seals a password that confirms deletions.
    pub fn seal_confirmation(
        &self,
        key: &WrappedKey,
        account: PlatformAccountId,
        team: TeamId,
        password: &SecretText,
    ) -> Result<SealedSecret, VaultError> {
        self.vault.seal(
            key,
            &context("sealed_confirmation", account, team),
            password,
        )
    }

    /// What confirms a deletion of the environment with that name on the platform; `None` when
    /// nothing is asked for.
    pub fn deletion_confirmation(
        &self,
        key: &WrappedKey,
        account: &PlatformAccount,
        short_domain: &str,
    ) -> Result<Option<SecretText>, VaultError> {
        match account.deletion {
            DeletionConfirmation::NotNeeded => Ok(None),
            DeletionConfirmation::EnvironmentName => {
                Ok(Some(SecretText::new(short_domain.to_owned())))
            }
            DeletionConfirmation::Unavailable => Err(VaultError),
            DeletionConfirmation::AccountPassword => {
                if let Some(sealed) = &account.sealed_confirmation {
                    let context = context("sealed_confirmation", account.id, account.team_id);
                    return self.vault.open(key, &context, sealed).map(Some);
                }
                match self.open_credential(key, account)? {
                    PlatformCredential::Password { password, .. } => Ok(Some(password)),
                    PlatformCredential::AccessToken { .. } => Err(VaultError),
                }
            }
        }
    }

    /// Seals a session key.
    pub fn seal_session_key(
        &self,
        key: &WrappedKey,
        account: PlatformAccountId,
        team: TeamId,
        session_key: &SecretText,
    ) -> Result<SealedSecret, VaultError> {
        self.vault
            .seal(key, &context("sealed_key", account, team), session_key)
    }

    /// Opens a session key.
    pub fn open_session_key(
        &self,
        key: &WrappedKey,
        account: PlatformAccountId,
        team: TeamId,
        sealed: &SealedSecret,
    ) -> Result<SecretText, VaultError> {
        self.vault
            .open(key, &context("sealed_key", account, team), sealed)
    }

    /// Seals a secret that a job needs, under the job.
    pub fn seal_job_secret(
        &self,
        key: &WrappedKey,
        job: JobId,
        team: TeamId,
        secret: &SecretText,
    ) -> Result<SealedSecret, VaultError> {
        self.vault.seal(key, &job_context(job, team), secret)
    }

    /// Opens a secret of a job.
    pub fn open_job_secret(
        &self,
        key: &WrappedKey,
        job: JobId,
        team: TeamId,
        sealed: &SealedSecret,
    ) -> Result<SecretText, VaultError> {
        self.vault.open(key, &job_context(job, team), sealed)
    }

    /// Seals what messages to a webhook are signed with.
    pub fn seal_webhook_secret(
        &self,
        key: &WrappedKey,
        webhook: WebhookId,
        team: TeamId,
        secret: &SecretText,
    ) -> Result<SealedSecret, VaultError> {
        let context = webhook_context("sealed_secret", webhook, team);
        self.vault.seal(key, &context, secret)
    }

    /// Opens what messages to a webhook are signed with.
    pub fn open_webhook_secret(
        &self,
        key: &WrappedKey,
        webhook: &Webhook,
    ) -> Result<SecretText, VaultError> {
        let context = webhook_context("sealed_secret", webhook.id, webhook.team_id);
        self.vault.open(key, &context, &webhook.sealed_secret)
    }

    /// Seals what they were signed with before.
    pub fn seal_previous_webhook_secret(
        &self,
        key: &WrappedKey,
        webhook: WebhookId,
        team: TeamId,
        secret: &SecretText,
    ) -> Result<SealedSecret, VaultError> {
        let context = webhook_context("previous_sealed_secret", webhook, team);
        self.vault.seal(key, &context, secret)
    }

    /// Opens what they were signed with before.
    pub fn open_previous_webhook_secret(
        &self,
        key: &WrappedKey,
        webhook: &Webhook,
        sealed: &SealedSecret,
    ) -> Result<SecretText, VaultError> {
        let context = webhook_context("previous_sealed_secret", webhook.id, webhook.team_id);
        self.vault.open(key, &context, sealed)
    }
}

fn webhook_context(column: &'static str, webhook: WebhookId, team: TeamId) -> SealContext {
    SealContext {
        table: "webhooks",
        column,
        row: webhook.as_uuid(),
        owner: KeyOwner::Team(team),
    }
}

fn second_factor_context(user: UserId) -> SealContext {
    SealContext {
        table: "users",
        column: "second_factor",
        row: user.as_uuid(),
        owner: KeyOwner::User(user),
    }
}

fn job_context(job: JobId, team: TeamId) -> SealContext {
    SealContext {
        table: "jobs",
        column: "payload",
        row: job.as_uuid(),
        owner: KeyOwner::Team(team),
    }
}
