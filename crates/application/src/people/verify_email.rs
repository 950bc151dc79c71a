//! Opening the link that proves an address.

use super::accounts::{Accounts, link_invalid};
use crate::UseCaseError;
use domain::SecretText;
use domain::access::{Principal, RequestOrigin};
use domain::audit::AuditEvent;
use domain::people::{EmailLinkPurpose, UserState};
use domain::ports::{TokenKind, new_id};

#[cfg(test)]
mod tests;

/// Proves addresses.
#[derive(Clone)]
pub struct VerifyEmail {
    /// What use cases about people share.
    pub accounts: Accounts,
}

impl VerifyEmail {
    /// The person of the link may sign in from now on. `link-invalid` for every link that is not good,
    /// and for a person who is shut out.
    #[tracing::instrument(name = "usecase.people.verify_email", skip_all)]
    pub async fn run(
        &self,
        token: &SecretText,
        origin: &RequestOrigin,
    ) -> Result<(), UseCaseError> {
        let accounts = &self.accounts;
        let hashes = accounts
            .token_hasher
            .hashes_of(TokenKind::Verification, token);
        if hashes.is_empty() {
            return Err(link_invalid());
        }
        let mut transaction = accounts.begin().await?;
        let people = transaction.people();
        let now = accounts.clock.now();
        let link = people
            .use_email_link(EmailLinkPurpose::Verification, &hashes, now)
            .await?;
        let link = link.ok_or_else(link_invalid)?;
        let user = people.find_user(link.user_id).await?;
        let mut user = user.ok_or_else(link_invalid)?;
        match user.state {
            UserState::Disabled => return Err(link_invalid()),
            UserState::Active => {}
            UserState::Unverified => {
                user.state = UserState::Active;
                people.update_user(&user).await?;
            }
        }
        let target = user.id.to_string();
        let event = AuditEvent {
            principal: Principal::User(user.id),
            ..AuditEvent::at(new_id(&*accounts.ids), origin, "user.verify_email", target)
        };
        accounts.commit_with(transaction, &event).await
    }
}
