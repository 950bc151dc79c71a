//! Mail to people.

use crate::names::{EmailAddress, PersonName, RoleName, TeamName};
use crate::secret::SecretText;

/// What a mail says. Tokens become links of the configured public address.
#[derive(Clone)]
pub enum MailMessage {
    /// Open the link to prove that the address is yours.
    VerifyAddress {
        /// Whom to greet.
        name: PersonName,
        /// The token of the link.
        token: SecretText,
    },
    /// Somebody tried to register with this address, which has an account.
    AlreadyRegistered,
    /// Open the link to choose a new password.
    ResetPassword {
        /// The token of the link.
        token: SecretText,
    },
    /// The password was changed.
    PasswordChanged,
    /// The second factor was turned on or off.
    SecondFactorChanged {
        /// Whether it is on now.
        is_on: bool,
    },
    /// Somebody signed in with a recovery code.
    RecoveryCodeUsed,
    /// Open the link to join the team.
    Invitation {
        /// The team.
        team: TeamName,
        /// Who invites.
        invited_by: PersonName,
        /// The role that comes with it.
        role: RoleName,
        /// The token of the link.
        token: SecretText,
    },
    /// The owner offers the ownership of a team.
    OwnershipOffered {
        /// The team.
        team: TeamName,
        /// Who offers.
        from: PersonName,
    },
    /// The ownership of a team has passed to another member.
    OwnershipTransferred {
        /// The team.
        team: TeamName,
        /// The new owner.
        to: PersonName,
    },
}

/// A mail.
#[derive(Clone)]
pub struct Mail {
    /// To whom.
    pub to: EmailAddress,
    /// What it says.
    pub message: MailMessage,
}

/// Sends mail.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait Mailer: Send + Sync {
    /// Takes a mail and returns at once; it is sent afterwards, tried again for some minutes when the
    /// server does not take it, and given up with an error in the log then. Called after the commit of
    /// what the mail is about. Whoever waits for the mail can ask for another one, so none is kept over
    /// a restart: its token would lie around in clear.
    fn enqueue(&self, mail: Mail);
}
