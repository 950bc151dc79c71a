//! Links in mails: each is good once, and only its keyed hash is stored.

use super::Accounts;
use crate::UseCaseError;
use domain::SecretText;
use domain::ids::UserId;
use domain::limits;
use domain::people::{EmailLink, EmailLinkPurpose};
use domain::ports::{TokenKind, new_id};

impl Accounts {
    /// A new link of the person and the token that goes into the mail.
    pub(in crate::people) fn new_link(
        &self,
        user_id: UserId,
        purpose: EmailLinkPurpose,
    ) -> Result<(EmailLink, SecretText), UseCaseError> {
        let (kind, lifetime) = match purpose {
            EmailLinkPurpose::Verification => {
                (TokenKind::Verification, limits::VERIFICATION_LIFETIME)
            }
            EmailLinkPurpose::PasswordReset => {
                (TokenKind::PasswordReset, limits::PASSWORD_RESET_LIFETIME)
            }
        };
        let (token, hash) = self.token_hasher.new_token(kind)?;
        let created_at = self.clock.now();
        let link = EmailLink {
            id: new_id(&*self.ids),
            user_id,
            purpose,
            hash,
            created_at,
            expires_at: created_at + lifetime,
        };
        Ok((link, token))
    }
}
