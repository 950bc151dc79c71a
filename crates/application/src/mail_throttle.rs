//! Mails that somebody causes to an address are counted, whoever causes them and for whatever: an
//! address is not flooded through us.

use crate::UseCaseError;
use domain::error_code::ErrorCode;
use domain::limits;
use domain::names::EmailAddress;
use domain::ports::{TokenHasher, Transaction};
use std::fmt::Write as _;

/// Counts one more mail to the address; `too-many-attempts` when it has had
/// [`limits::MAILS_PER_ADDRESS`] within [`limits::LOGIN_WINDOW`]. The address itself is not stored.
pub(crate) async fn count_mail(
    transaction: &mut dyn Transaction,
    hasher: &dyn TokenHasher,
    to: &EmailAddress,
) -> Result<(), UseCaseError> {
    let subject = hasher.fingerprint(to.as_str().as_bytes()).iter().fold(
        "mail:".to_owned(),
        |mut subject, byte| {
            write!(subject, "{byte:02x}").expect("writing to a string cannot fail");
            subject
        },
    );
    let waiting = transaction
        .login_throttle()
        .count_attempt(&subject, limits::MAILS_PER_ADDRESS, limits::LOGIN_WINDOW)
        .await?;
    match waiting {
        None => Ok(()),
        Some(wait) => Err(UseCaseError::new(
            ErrorCode::TooManyAttempts,
            "the address has been sent many mails just now; try again later",
        )
        .retry_after(wait)),
    }
}
