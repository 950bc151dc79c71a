//! Registering: a person, perhaps with their first team and the platform account they bring.

mod founding;
#[cfg(test)]
mod tests;

use super::accounts::{Accounts, commit};
use crate::account_policy::{AccountPolicy, Registration};
use crate::platform_accounts::{CheckedCredential, ConnectPlatformAccount};
use crate::{CredentialCustody, UseCaseError};
use domain::SecretText;
use domain::access::RequestOrigin;
use domain::audit::AuditEvent;
use domain::error_code::ErrorCode;
use domain::ids::UserId;
use domain::names::{EmailAddress, PersonName, PlatformName, TeamName};
use domain::people::{EmailLinkPurpose, NewPassword, PasswordHash, User, UserState};
use domain::platform_account::PlatformCredential;
use domain::ports::{Conflict, MailMessage, StoreError, Transaction, new_id};
use founding::Founding;

/// A platform account that somebody has already and brings along.
pub struct BroughtAccount {
    /// The configured platform.
    pub platform: PlatformName,
    /// The credential; checked with the platform before anything is stored.
    pub credential: PlatformCredential,
    /// A password that confirms deletions, for accounts connected by token.
    pub confirmation_password: Option<SecretText>,
}

/// Who registers.
pub struct RegisterCommand {
    /// Their address; it is proved afterwards by a link in a mail.
    pub email: EmailAddress,
    /// Their password.
    pub password: NewPassword,
    /// Their name.
    pub name: PersonName,
    /// A first team that they own; made, too, when an account is brought.
    pub team_name: Option<TeamName>,
    /// The platform account of that team.
    pub platform_account: Option<BroughtAccount>,
}

/// Registers people.
#[derive(Clone)]
pub struct RegisterPerson {
    /// What use cases about people share.
    pub accounts: Accounts,
    /// Takes the brought account into custody.
    pub connect: ConnectPlatformAccount,
    /// Who may register.
    pub policy: AccountPolicy,
}

impl RegisterPerson {
    /// Says the same whether the address was free or taken: only the mail to it tells, and the password
    /// is hashed in both cases. Person, team and account are stored together or not at all. Refuses:
    /// `registration-closed`, a password that is easy to guess, `platform-credential-refused`,
    /// `too-many-attempts`.
    #[tracing::instrument(name = "usecase.people.register_person", skip_all)]
    pub async fn run(
        &self,
        command: RegisterCommand,
        origin: &RequestOrigin,
    ) -> Result<(), UseCaseError> {
        let (name, email) = (&command.name, &command.email);
        self.accounts
            .check_strength(&command.password, name, email)?;
        self.accounts.admit_client(origin).await?;
        self.check_open(email).await?;
        let founding = Founding::of(self, &command).await?;
        let password = self.accounts.hash(command.password.text()).await?;
        let user = self.user(&command, password);
        match self.store(&user, founding.as_ref(), origin).await? {
            Some(token) => {
                let name = user.name.clone();
                let message = MailMessage::VerifyAddress { name, token };
                self.accounts.mail(user.email, message);
            }
            // A session of a brought account is left to end by itself: ending it would show in the time.
            None => self.answer_taken(&user.email, origin).await?,
        }
        Ok(())
    }

    async fn check_open(&self, email: &EmailAddress) -> Result<(), UseCaseError> {
        if self.policy.registration == Registration::Open {
            return Ok(());
        }
        let mut transaction = self.accounts.begin().await?;
        let now = self.accounts.clock.now();
        if transaction.invitations().is_invited(email, now).await? {
            return Ok(());
        }
        Err(UseCaseError::new(
            ErrorCode::RegistrationClosed,
            "registration is by invitation only; ask somebody in a team to invite this address",
        ))
    }

    fn user(&self, command: &RegisterCommand, password: PasswordHash) -> User {
        User {
            id: new_id(&*self.accounts.ids),
            email: command.email.clone(),
            name: command.name.clone(),
            password,
            state: UserState::Unverified,
            is_operator: false,
            second_factor: None,
            created_at: self.accounts.clock.now(),
            version: 1,
        }
    }

    /// The token of the link for the mail; `None` when the address is taken and nothing was stored.
    async fn store(
        &self,
        user: &User,
        founding: Option<&Founding<'_>>,
        origin: &RequestOrigin,
    ) -> Result<Option<SecretText>, UseCaseError> {
        let accounts = &self.accounts;
        let (link, token) = accounts.new_link(user.id, EmailLinkPurpose::Verification)?;
        let key = accounts.custody.new_user_key(user.id)?;
        let mut transaction = accounts.begin().await?;
        // The first mail is owed to who registers; it counts all the same.
        accounts.may_mail(&mut *transaction, &user.email).await?;
        match transaction.people().insert_user(user, &key).await {
            Err(StoreError::Conflict(Conflict::EmailAddress)) => return Ok(None),
            outcome => outcome?,
        }
        transaction.people().insert_email_link(&link).await?;
        if let Some(founding) = founding {
            founding.store(&mut *transaction, user, origin).await?;
        }
        let event = event(accounts, user.id, origin);
        accounts.commit_with(transaction, &event).await?;
        Ok(Some(token))
    }

    /// Tells the owner of the address, and nobody else, that it has an account.
    async fn answer_taken(
        &self,
        email: &EmailAddress,
        origin: &RequestOrigin,
    ) -> Result<(), UseCaseError> {
        let accounts = &self.accounts;
        let mut transaction = accounts.begin().await?;
        let may_mail = accounts.may_mail(&mut *transaction, email).await?;
        let Some(known) = find(&mut *transaction, email).await? else {
            // Whoever had the address is gone since; the mail to a repeated registration tells.
            return commit(transaction).await;
        };
        let event = event(accounts, known.id, origin).with_detail("address-taken");
        accounts.commit_with(transaction, &event).await?;
        if may_mail {
            accounts.mail(known.email, MailMessage::AlreadyRegistered);
        }
        Ok(())
    }
}

async fn find(
    transaction: &mut dyn Transaction,
    email: &EmailAddress,
) -> Result<Option<User>, StoreError> {
    transaction.people().find_user_by_email(email).await
}

fn event(accounts: &Accounts, user: UserId, origin: &RequestOrigin) -> AuditEvent {
    let id = new_id(&*accounts.ids);
    AuditEvent::at(id, origin, "user.register", user.to_string())
}
