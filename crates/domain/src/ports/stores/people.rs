//! People, their keys, recovery codes and the links that were mailed to them.

use crate::ids::UserId;
use crate::names::EmailAddress;
use crate::people::{EmailLink, EmailLinkPurpose, TokenHash, User};
use crate::ports::StoreError;
use crate::sealed::WrappedKey;
use async_trait::async_trait;
use jiff::Timestamp;

/// People.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait PeopleStore: Send {
    /// Adds a person and their wrapped key. [`super::super::Conflict::EmailAddress`] when the address
    /// is taken.
    async fn insert_user(&mut self, user: &User, key: &WrappedKey) -> Result<(), StoreError>;
    /// The person.
    async fn find_user(&mut self, user: UserId) -> Result<Option<User>, StoreError>;
    /// The person with the address.
    async fn find_user_by_email(
        &mut self,
        email: &EmailAddress,
    ) -> Result<Option<User>, StoreError>;
    /// Writes all mutable columns when the stored version is `user.version`, raising it by one;
    /// otherwise [`StoreError::VersionChanged`]. Waits for transactions that hold the person's rights.
    async fn update_user(&mut self, user: &User) -> Result<(), StoreError>;
    /// The person's wrapped key.
    async fn find_user_key(&mut self, user: UserId) -> Result<Option<WrappedKey>, StoreError>;
    /// Makes these the recovery codes of the person; older ones are gone.
    async fn replace_recovery_codes(
        &mut self,
        user: UserId,
        hashes: &[TokenHash],
    ) -> Result<(), StoreError>;
    /// Uses up the person's code with one of these hashes; `false` when there is none. Of two at once
    /// one gets it.
    async fn use_recovery_code(
        &mut self,
        user: UserId,
        hashes: &[TokenHash],
    ) -> Result<bool, StoreError>;
    /// Adds a link.
    async fn insert_email_link(&mut self, link: &EmailLink) -> Result<(), StoreError>;
    /// Uses up the unexpired link of the purpose with one of these hashes, and all other links of its
    /// person for the purpose. Of two at once one gets it.
    async fn use_email_link(
        &mut self,
        purpose: EmailLinkPurpose,
        hashes: &[TokenHash],
        now: Timestamp,
    ) -> Result<Option<EmailLink>, StoreError>;
}
