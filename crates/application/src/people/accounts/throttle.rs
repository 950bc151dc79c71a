//! Counting attempts and mails. What is counted is never stored in clear: an address of a person is a
//! keyed hash. Counters are always raised in the order account, client, mail, so that no two
//! transactions wait for each other.

use super::Accounts;
use crate::UseCaseError;
use domain::access::RequestOrigin;
use domain::error_code::ErrorCode;
use domain::limits;
use domain::names::EmailAddress;
use domain::people::User;
use domain::ports::{StoreError, Transaction};
use std::fmt::Write as _;
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

/// A network of this many bits belongs to one customer of a provider: who has one has all its addresses.
const IPV6_NETWORK_BITS: u32 = 64;

impl Accounts {
    /// Counts an attempt to prove to be the person with the address, before anything is looked at, and
    /// finds the person. Too many are refused for an address that nobody has just as well.
    pub(in crate::people) async fn admit(
        &self,
        email: &EmailAddress,
        origin: &RequestOrigin,
    ) -> Result<Option<User>, UseCaseError> {
        let mut transaction = self.begin().await?;
        let limit = limits::LOGIN_ATTEMPTS_PER_ACCOUNT;
        let of_account = self.subject("account", email.as_str());
        let account = count(&mut *transaction, &of_account, limit).await?;
        let client = count_client(&mut *transaction, origin).await?;
        let user = transaction.people().find_user_by_email(email).await?;
        super::commit(transaction).await?;
        match account.max(client) {
            Some(wait) => Err(too_many(wait)),
            None => Ok(user),
        }
    }

    /// Counts a request of a client that nobody is known for.
    pub(in crate::people) async fn admit_client(
        &self,
        origin: &RequestOrigin,
    ) -> Result<(), UseCaseError> {
        let mut transaction = self.begin().await?;
        let wait = count_client(&mut *transaction, origin).await?;
        super::commit(transaction).await?;
        wait.map_or(Ok(()), |wait| Err(too_many(wait)))
    }

    /// Counts an attempt to have a credential checked by a platform: nobody guesses through us.
    pub(in crate::people) async fn admit_platform_login(
        &self,
        login: &str,
    ) -> Result<(), UseCaseError> {
        let mut transaction = self.begin().await?;
        let subject = self.subject("platform", login);
        let limit = limits::LOGIN_ATTEMPTS_PER_ACCOUNT;
        let wait = count(&mut *transaction, &subject, limit).await?;
        super::commit(transaction).await?;
        wait.map_or(Ok(()), |wait| Err(too_many(wait)))
    }

    /// Forgets the attempts at an account whose person has proved who they are.
    pub(in crate::people) async fn forget_attempts(
        &self,
        transaction: &mut dyn Transaction,
        email: &EmailAddress,
    ) -> Result<(), StoreError> {
        let subject = self.subject("account", email.as_str());
        transaction.login_throttle().forget_attempts(&subject).await
    }

    /// Whether one more mail may go to the address; counts it.
    pub(in crate::people) async fn may_mail(
        &self,
        transaction: &mut dyn Transaction,
        email: &EmailAddress,
    ) -> Result<bool, StoreError> {
        let subject = self.subject("mail", email.as_str());
        let wait = count(transaction, &subject, limits::MAILS_PER_ADDRESS).await?;
        Ok(wait.is_none())
    }

    fn subject(&self, kind: &str, name: &str) -> String {
        let input = format!("throttle\n{kind}\n{name}");
        let mut subject = format!("{kind}:");
        for byte in self.token_hasher.fingerprint(input.as_bytes()) {
            write!(subject, "{byte:02x}").expect("writing to a string cannot fail");
        }
        subject
    }
}

async fn count(
    transaction: &mut dyn Transaction,
    subject: &str,
    limit: i64,
) -> Result<Option<Duration>, StoreError> {
    let counters = transaction.login_throttle();
    counters
        .count_attempt(subject, limit, limits::LOGIN_WINDOW)
        .await
}

async fn count_client(
    transaction: &mut dyn Transaction,
    origin: &RequestOrigin,
) -> Result<Option<Duration>, StoreError> {
    let Some(address) = &origin.client_address else {
        return Ok(None);
    };
    let subject = format!("address:{}", network_of(address));
    count(transaction, &subject, limits::LOGIN_ATTEMPTS_PER_ADDRESS).await
}

fn network_of(address: &str) -> String {
    match address
        .parse::<IpAddr>()
        .map(|address| address.to_canonical())
    {
        Ok(IpAddr::V6(address)) => {
            let network = address.to_bits() >> IPV6_NETWORK_BITS << IPV6_NETWORK_BITS;
            format!("{}/{IPV6_NETWORK_BITS}", Ipv6Addr::from_bits(network))
        }
        Ok(IpAddr::V4(address)) => address.to_string(),
        Err(_) => address.to_owned(),
    }
}

/// Too many attempts; says how long to wait.
fn too_many(wait: Duration) -> UseCaseError {
    UseCaseError::new(
        ErrorCode::TooManyAttempts,
        "too many attempts; wait before trying again",
    )
    .retry_after(wait)
}
